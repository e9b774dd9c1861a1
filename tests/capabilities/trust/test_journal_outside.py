"""The journal as others see it: its addresses, the verifier that trusts nobody, witnesses that really sign."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction

from lacydon.capabilities.trust import jobs
from lacydon.capabilities.trust.actions.journal import record_all
from lacydon.capabilities.trust.actions.publication import publish_checkpoint
from lacydon.capabilities.trust.actions.witnesses import ask_witness, cosign
from lacydon.capabilities.trust.errors import WitnessRefused
from lacydon.capabilities.trust.models import Cosignature
from lacydon.capabilities.trust.queries import journal
from lacydon.capabilities.trust.queries.signing import public_key, signing_key
from lacydon.capabilities.trust.queries.witnesses import Witness, witnesses
from lacydon.config.commands.journal import journal_export, journal_publish, journal_witness
from lacydon.kernel.errors import BadInput
from lacydon.kernel.http.client import OutsideUnavailable
from lacydon.kernel.merkle.notes import Checkpoint, SigningKey
from tests.capabilities.trust.journals import administrator, drafts, entries, people
from tests.capabilities.trust.journals import journal as published
from tests.product import ROOT


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


def verifier(*arguments):
    """The stand-alone verifier, in a process that finds no Lacydon and no Django."""
    told = subprocess.run(
        [sys.executable, "-P", ROOT / "tools" / "verify_journal", *map(str, arguments)],
        env={"PATH": "", "PYTHONUTF8": "1"},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.stderr == ""
    return told.returncode, told.stdout


def test_the_verifier_stands_alone():
    source = (ROOT / "tools" / "verify_journal").read_text() + (ROOT / "tools" / "witness").read_text()
    assert "import lacydon" not in source and "from lacydon" not in source and "django" not in source


@pytest.fixture
def proof(db, tmp_path):
    """A function: the proof of the entry at a position, written to a file after a change."""
    mine = people(1)[0]
    published(300, 700, subjects=[mine])

    def write(position=417, **changes):
        document = journal.proof_of(entries()[position]) | changes
        path = tmp_path / "proof.json"
        path.write_text(json.dumps(document), "utf-8")
        return path

    return write


def test_a_resident_s_proof_is_accepted(proof):
    path = proof()
    code, told = verifier("proof", path, "--key", public_key())
    assert code == 0, told
    assert "request:R-417" in told and "Instruire la « demande »" in told and "commune-97001" in told
    code, told = verifier("proof", path)
    assert code == 0 and str(public_key()) in told, "without a key of one's own, the one to compare is shown"
    for position in (0, 255, 256, 299, 300, 699):
        assert verifier("proof", proof(position))[0] == 0


def test_the_file_a_resident_downloads(proof, tmp_path):
    proof()
    path = tmp_path / "file.json"
    path.write_bytes(journal.proof_file(entries()[3]))
    assert verifier("proof", path, "--key", public_key())[0] == 0


def test_forged_proofs_are_refused(proof):
    right = json.loads(proof().read_text())
    other = json.loads(proof(416).read_text())
    forger = SigningKey.new(name=public_key().name)
    head = Checkpoint(public_key().name, 700, b"\1" * 32)
    forged = {
        "leaf": right["leaf"].replace("commune-97001", "commune-97002"),
        "opened": right["opened"] | {"object": {"value": "request:R-1", "salt": right["opened"]["object"]["salt"]}},
        "index": 416,
        "size": 699,
        "path": right["path"][:-1],
        "checkpoint": right["checkpoint"].replace("\n700\n", "\n701\n"),
    }
    for name, value in forged.items():
        code, told = verifier("proof", proof(**{name: value}), "--key", public_key())
        assert (code, told[:4]) == (1, "FAUX"), name
    mixed = [
        other | {"leaf": right["leaf"], "opened": right["opened"]},
        right | {"checkpoint": f"{head.text}\n{forger.sign(head.text)}", "key": str(forger.verifier)},
        right | {"opened": right["opened"] | {"purpose": {"value": "x", "salt": ""}}},
        right | {"format": "other"},
        {"format": right["format"]},
        right | {"path": ["é"]},
        right | {"index": "417"},
        right | {"opened": []},
    ]
    for document in mixed:
        path = proof()
        path.write_text(json.dumps(document))
        code, told = verifier("proof", path, "--key", public_key())
        assert (code, told[:4]) == (1, "FAUX"), document
    path.write_text("{")
    assert verifier("proof", path)[0] == 1


@contextmanager
def served(folder) -> Iterator[str]:
    """A folder behind a plain web server, as a mirror of the journal would be."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def exported(db, tmp_path):
    """The folder of an exported journal of 600 entries, and the head it had at 300."""
    old = published(300)
    (tmp_path / "old").write_text(old.note)
    with transaction.atomic():
        record_all(drafts(300, first=300))
    folder = tmp_path / "export"
    assert journal_export(folder) == 0
    return folder


def test_the_whole_log_is_verified_from_a_folder_or_the_web(exported, tmp_path):
    for source in (exported, None):
        with served(exported) as url:
            code, told = verifier("log", source or url, "--key", public_key(), "--older", tmp_path / "old")
            assert (code, "600" in told) == (0, True), told


def test_an_export_grows_and_keeps_what_is_whole(exported):
    before = (exported / "tile/0/000").stat().st_mtime_ns
    with transaction.atomic():
        record_all(drafts(300))
    assert journal_export(exported) == 0
    assert (exported / "tile/0/000").stat().st_mtime_ns == before
    assert verifier("log", exported, "--key", public_key())[0] == 0
    assert (exported / "key").read_text() == f"{public_key()}\n"


@pytest.mark.parametrize("tile", ["tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"])
def test_a_log_that_was_tampered_with_is_refused(exported, tile):
    path = exported / tile
    raw = bytearray(path.read_bytes())
    raw[3] ^= 1
    path.write_bytes(raw)
    assert verifier("log", exported, "--key", public_key())[0] == 1
    path.write_bytes(raw[:-32])
    assert verifier("log", exported, "--key", public_key())[0] == 1
    path.unlink()
    assert verifier("log", exported, "--key", public_key())[0] == 1


def test_a_rewritten_past_is_refused(exported, tmp_path):
    key = signing_key()
    for size, root in ((300, b"\2" * 32), (900, b"\2" * 32)):
        head = Checkpoint(key.name, size, root)
        (tmp_path / "other").write_text(f"{head.text}\n{key.sign(head.text)}")
        code, told = verifier("log", exported, "--key", public_key(), "--older", tmp_path / "other")
        assert code == 1 and ("réécrit" in told or "tronqué" in told)
    assert verifier("log", exported, "--key", SigningKey.new(name=key.name).verifier)[0] == 1


@contextmanager
def witness(tmp_path, *, name="witness.example/w1", logs=()) -> Iterator[Witness]:
    """A real witness of ours, in a process of its own."""
    program = [sys.executable, "-P", str(ROOT / "tools" / "witness")]
    made = subprocess.run([*program, "new-key", name], capture_output=True, text=True, timeout=60, check=True)
    secret = tmp_path / "witness-key"
    secret.write_text(made.stdout)
    known = [part for log in logs or [public_key()] for part in ("--log", str(log))]
    running = subprocess.Popen(
        [*program, "serve", "--key", secret, "--state", tmp_path / "state", "--port", "0", *known],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        yield Witness(url=running.stdout.readline().strip(), key=made.stderr.strip())
    finally:
        running.terminate()
        running.wait(timeout=20)
        running.stdout.close()


def test_a_witness_signs_what_only_grew(db, tmp_path, client):
    published(10)
    with witness(tmp_path) as asked:
        first = ask_witness(asked)
        assert first.checkpoint_id == 10
        assert ask_witness(asked) == first
        record_all(drafts(290))
        publish_checkpoint()
        assert ask_witness(asked).checkpoint_id == 300
        with administrator() as cursor:
            cursor.execute("DELETE FROM trust_cosignature")
        record_all(drafts(5))
        publish_checkpoint()
        assert ask_witness(asked).checkpoint_id == 305, "it says where it was when we forgot"
        folder = tmp_path / "export"
        assert journal_export(folder) == 0
        code, told = verifier("log", folder, "--key", public_key(), "--witness", asked.key)
        assert code == 0 and str(asked) in told
        assert str(asked) in client.get("/journal").content.decode()
        assert f"— {asked} " in client.get("/journal/checkpoint").content.decode()


def test_a_witness_refuses_another_past(db, tmp_path):
    published(10)
    with witness(tmp_path) as asked:
        ask_witness(asked)
        key = signing_key()
        forked = Checkpoint(key.name, 10, b"\3" * 32)
        checkpoint = journal.latest_checkpoint()
        assert checkpoint is not None
        with administrator() as cursor:
            cursor.execute("DELETE FROM trust_cosignature")
            cursor.execute("UPDATE trust_checkpoint SET note = %s", [f"{forked.text}\n{key.sign(forked.text)}"])
        with pytest.raises(WitnessRefused, match="409"):
            ask_witness(asked)
    assert not Cosignature.objects.exists()


def test_a_witness_that_does_not_know_us_or_is_not_there(db, tmp_path):
    published(3)
    with (
        witness(tmp_path, logs=[SigningKey.new(name="other.example").verifier]) as asked,
        pytest.raises(WitnessRefused),
    ):
        ask_witness(asked)
    with pytest.raises(OutsideUnavailable):
        ask_witness(asked)


def test_witnesses_of_the_settings_are_asked_at_each_publication(db, tmp_path, settings, capsys):
    with witness(tmp_path) as asked:
        settings.JOURNAL_WITNESSES = f"{asked.url} {asked.key}"
        assert witnesses() == [asked]
        record_all(drafts(4))
        jobs.publish.call()
        assert Cosignature.objects.get().checkpoint_id == 4
        record_all(drafts(1))
        assert journal_publish() == 0
        assert "5" in capsys.readouterr().out
        assert journal_witness([asked.url, asked.key]) == 0
    record_all(drafts(1))
    jobs.publish.call()
    assert journal_witness([]) == 1
    settings.JOURNAL_WITNESSES = ""
    assert journal_witness([]) == 1
    settings.JOURNAL_WITNESSES = "http://127.0.0.1 x"
    with pytest.raises(BadInput):
        witnesses()


def test_only_the_signature_of_that_witness_is_kept(db):
    checkpoint = published(3)
    key, other = (SigningKey.new(name="w.example", type=4) for _ in range(2))
    text = checkpoint.note.partition("\n\n")[0] + "\n"
    right = key.sign(text, time=1_700_000_000)
    wrong = [
        (other.sign(text, time=1), key.verifier),
        (key.sign("x\n", time=1), key.verifier),
        ("", key.verifier),
        (right, other.verifier),
        (right, "x"),
        (signing_key().sign(text), public_key()),
    ]
    for line, who in wrong:
        with pytest.raises(WitnessRefused):
            cosign(checkpoint=checkpoint, line=line, witness=str(who))
    kept = cosign(checkpoint=checkpoint, line=right, witness=str(key.verifier))
    assert cosign(checkpoint=checkpoint, line=right, witness=str(key.verifier)) == kept
    assert journal.cosigned(checkpoint) == checkpoint.note + right


def test_the_addresses_of_the_published_journal(db, client):
    assert client.get("/journal/checkpoint").status_code == 404
    assert client.get("/journal").status_code == 200
    record_all(drafts(300))
    head = client.get("/journal/checkpoint")
    assert head["Content-Type"] == "text/plain; charset=utf-8"
    assert head.content.decode().splitlines()[1] == "300", "asking is enough for what waits to be published"
    full = client.get("/journal/tile/0/000")
    assert (full["Content-Type"], len(full.content)) == ("application/octet-stream", 8192)
    assert "immutable" in full["Cache-Control"]
    assert len(client.get("/journal/tile/0/001.p/44").content) == 44 * 32
    for path in ("0/001", "0/001.p/45", "0/002", "x", "0/0", "0/000.p/0", "../key", "64/000"):
        assert client.get(f"/journal/tile/{path}").status_code == 404, path
    assert client.get("/journal/key").content.decode() == f"{public_key()}\n"
    page = client.get("/journal").content.decode()
    assert "300" in page and str(public_key()) in page


def test_a_damaged_journal_still_shows_what_was_signed(db, client):
    published(300)
    with administrator() as cursor:
        cursor.execute("DELETE FROM trust_tile WHERE level = 1")
    record_all(drafts(1))
    assert client.get("/journal/checkpoint").content.decode().splitlines()[1] == "300"


def test_machines_are_limited(db, client, settings):
    settings.RATE_LIMIT = 2
    answers = [client.get("/journal/key").status_code for _ in range(4)]
    assert 429 in answers
    assert client.get("/journal").status_code == 200
