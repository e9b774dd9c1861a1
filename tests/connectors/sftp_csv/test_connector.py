"""CSV files by SFTP against a real server on this machine: honest, silent, full, somebody else's."""

import csv
import io

import paramiko
import pytest

from lacydon.connectors import FOLDER
from lacydon.connectors.sftp_csv import sessions, tables
from lacydon.connectors.sftp_csv.connector import Settings, SftpCsv
from lacydon.kernel.errors import Refused, Unavailable
from lacydon.kernel.http import AddressRefused, Breaker, OutsideUnavailable
from tests import sftp_server
from tests.connectors import parcels

SAMPLES = FOLDER / "sftp_csv" / "samples"
STEM = "R-2026-7KQ4M2-abcdefabcdef"
channel = SftpCsv()


@pytest.fixture
def theirs(settings, tmp_path, monkeypatch):
    for name in ("depot", "retour"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(sessions, "breaker", Breaker(failures=50))
    with sftp_server.running(tmp_path) as running:
        settings.PARTNER_HOSTS = (f"127.0.0.1:{running.port}",)
        yield running


def way(theirs, **fields):
    told = {
        "host": "127.0.0.1",
        "port": theirs.port,
        "user": sftp_server.USER,
        "host_key": theirs.host_key,
        "folder": "depot",
        "password": sftp_server.PASSWORD,
    }
    return Settings(**(told | fields))


def names(theirs, folder="depot"):
    return sorted(path.relative_to(theirs.folder / folder).as_posix() for path in (theirs.folder / folder).rglob("*"))


def test_a_request_is_one_file_and_its_documents_beside_it(theirs):
    receipt = channel.send(parcels.parcel(files=(parcels.photo(),), contact=parcels.CONTACT), way(theirs))
    assert (receipt.state, receipt.reference) == ("accepted", STEM)
    assert names(theirs) == [STEM, f"{STEM}.csv", f"{STEM}/01-bac « vert ».jpeg"]
    assert (theirs.folder / "depot" / STEM / "01-bac « vert ».jpeg").read_bytes() == parcels.PHOTO
    content = (theirs.folder / "depot" / f"{STEM}.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    [row] = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    assert (row["number"], row["citycode"], row["lat"]) == (parcels.NUMBER, "97001", "43.101100")
    assert (row["phone"], row["files"]) == ("+33612345678", f"{STEM}/01-bac « vert ».jpeg")
    assert row["Quelle taille ?"] == "Grand"


def test_what_the_resident_does_since_is_a_file_more_and_only_one(theirs):
    for _try in range(2):
        assert channel.tell(parcels.parcel(), STEM, parcels.news(files=(parcels.photo(),)), way(theirs)) is True
    assert names(theirs) == [f"{STEM}-4", f"{STEM}-4.csv", f"{STEM}-4/01-bac « vert ».jpeg"]
    content = (theirs.folder / "depot" / f"{STEM}-4.csv").read_text(encoding="utf-8-sig")
    [row] = csv.DictReader(io.StringIO(content), delimiter=";")
    assert (row["kind"], row["number"]) == ("message", parcels.NUMBER) and row["message"].startswith("Il est")


def test_nothing_has_its_name_before_it_is_whole_and_the_csv_comes_last(theirs):
    channel.send(parcels.parcel(files=(parcels.photo(),)), way(theirs))
    assert [path.rpartition("/")[2] for path in theirs.written] == ["01-bac « vert ».jpeg", f".{STEM}.csv.part"]
    assert [new for _old, new in theirs.renamed] == [STEM, f"{STEM}.csv"]


def test_the_same_request_twice_is_written_once(theirs):
    for _try in range(2):
        channel.send(parcels.parcel(files=(parcels.photo(),)), way(theirs))
    assert len(theirs.written) == 2


def test_what_was_interrupted_is_taken_up_again(theirs):
    (theirs.folder / "depot" / f".{STEM}.part").mkdir()
    (theirs.folder / "depot" / f".{STEM}.part" / "01-bac « vert ».jpeg").write_bytes(b"half")
    (theirs.folder / "depot" / f".{STEM}.csv.part").write_bytes(b"half")
    channel.send(parcels.parcel(files=(parcels.photo(),)), way(theirs))
    assert names(theirs) == [STEM, f"{STEM}.csv", f"{STEM}/01-bac « vert ».jpeg"]
    assert (theirs.folder / "depot" / STEM / "01-bac « vert ».jpeg").read_bytes() == parcels.PHOTO


def test_a_full_disk_leaves_nothing_that_looks_whole(theirs):
    theirs.mode = "full"
    with pytest.raises(Unavailable):
        channel.send(parcels.parcel(), way(theirs))
    assert not [name for name in names(theirs) if not name.startswith(".")]
    theirs.mode = "up"
    channel.send(parcels.parcel(), way(theirs))
    assert f"{STEM}.csv" in names(theirs)


@pytest.mark.parametrize("mode", ["silent", "slow"])
def test_a_server_that_keeps_us_waiting_is_left(theirs, monkeypatch, mode):
    monkeypatch.setattr(sessions, "CONNECT", 0.2)
    monkeypatch.setattr(sessions, "TOTAL", 0.5)
    theirs.mode = mode
    with pytest.raises(OutsideUnavailable):
        channel.send(parcels.parcel(), way(theirs))


def test_nothing_is_said_to_a_server_with_another_key(theirs):
    other = paramiko.ECDSAKey.generate()
    with pytest.raises(OutsideUnavailable, match="host_key"):
        channel.send(parcels.parcel(), way(theirs, host_key=f"{other.get_name()} {other.get_base64()}"))
    assert theirs.written == []


def test_a_wrong_secret_can_be_mended(theirs):
    with pytest.raises(OutsideUnavailable, match="secret"):
        channel.send(parcels.parcel(), way(theirs, password="faux"))
    with pytest.raises(OutsideUnavailable, match="private_key"):
        channel.send(parcels.parcel(), way(theirs, private_key="faux"))


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_key_opens_too(theirs, kind):
    theirs.known = paramiko.RSAKey.generate(2048) if kind == "rsa" else paramiko.ECDSAKey.generate()
    written = io.StringIO()
    theirs.known.write_private_key(written)
    channel.send(parcels.parcel(), way(theirs, password="", private_key=written.getvalue().replace("\n", "\\n")))
    assert names(theirs) == [f"{STEM}.csv"]


def test_a_server_with_an_rsa_key(settings, tmp_path):
    (tmp_path / "depot").mkdir()
    with sftp_server.running(tmp_path, key=paramiko.RSAKey.generate(2048)) as theirs:
        settings.PARTNER_HOSTS = ("127.0.0.1",)
        channel.send(parcels.parcel(), way(theirs))
        assert names(theirs) == [f"{STEM}.csv"]


def test_a_machine_inside_is_refused_unless_the_operator_named_it(theirs, settings):
    settings.PARTNER_HOSTS = ()
    with pytest.raises(AddressRefused):
        channel.send(parcels.parcel(), way(theirs))
    assert theirs.sessions == 0


def test_what_comes_back_is_read(theirs):
    mine = way(theirs, returns="retour")
    assert channel.send(parcels.parcel(), mine).state == "sent"
    assert channel.pull(STEM, mine) is None
    (theirs.folder / "retour" / f"{STEM}.csv").write_bytes((SAMPLES / "return.csv").read_bytes())
    told = channel.pull(STEM, mine)
    assert (told.state, told.outcome, told.words) == ("closed", "solved", "Bac remplacé.")
    assert channel.pull(STEM, way(theirs)) is None


@pytest.mark.parametrize(
    "content", [b"", b"x", b"state\n", b"state;message\nperdu;x\n", b"\xff\xfe", b'state\n"', b"state\n" + b"\0"]
)
def test_another_file_is_said(content):
    with pytest.raises(OutsideUnavailable):
        tables.parse_return(content)


def test_check_looks_into_the_folders(theirs):
    assert channel.check(way(theirs)).ok
    told = channel.check(way(theirs, folder="nulle-part"))
    assert not told.ok and "dossier" in told.sentence
    theirs.mode = "silent"


@pytest.mark.parametrize("value", ["=1+1", "+cmd", "-2+3", "@x", "\t=1", " =x"])
def test_no_answer_is_a_formula(value):
    assert tables.harmless(value) == f"'{value}"


@pytest.mark.parametrize("value", ["+33612345678", "-12,5", "5", "", "a=b", "12 rue"])
def test_other_answers_are_left_alone(value):
    assert tables.harmless(value) == value


def test_the_sample_is_such_a_file():
    made = tables.table(parcels.parcel(), files=[], delimiter=";")
    assert made == (SAMPLES / "request.csv").read_bytes()


@pytest.mark.parametrize(
    "changed", [{"host": "a b"}, {"host_key": "ssh-dss AAAA"}, {"port": 0}, {"user": ""}, {"folder": "a\nb"}]
)
def test_settings_of_another_form_are_refused(changed):
    told = {"host": "sftp.example", "user": "u", "host_key": "ssh-ed25519 AAAA"}
    Settings(**told)
    with pytest.raises(ValueError):
        Settings(**(told | changed))
    assert issubclass(OutsideUnavailable, Refused)
