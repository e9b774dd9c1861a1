"""Notes, checkpoints, cosignatures: published vectors of the format, and everything that must be refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lacydon.kernel.merkle.notes import (
    WITNESS,
    BadNote,
    Checkpoint,
    Note,
    SigningKey,
    VerifierKey,
    opened,
    signature_lines,
)

PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
"""The published vector of the format's first implementation."""
LOG = SigningKey("lacydon.example/journal", 1, bytes(range(32)))
WITNESS_KEY = SigningKey("witness.example/w1", WITNESS, bytes(range(1, 33)))
CHECKPOINT = Checkpoint("lacydon.example/journal", 42, bytes(range(100, 132)))


def test_the_published_note():
    key = VerifierKey.parse(PETER)
    assert str(key) == PETER
    (signed,) = Note.parse(f"{TEXT}\n{LINE}").verified([key])
    assert (signed.key, signed.line) == (key, LINE)
    secret = SigningKey.parse(PETERS_SECRET)
    assert secret.secret() == PETERS_SECRET
    assert secret.verifier == key
    assert secret.sign(TEXT) == LINE


def test_no_other_text_is_that_key():
    for at in range(len(PETER)):
        for mangled in (PETER[:at], PETER[at + 1 :], PETER[:at] + chr(ord(PETER[at]) + 1) + PETER[at + 1 :]):
            with pytest.raises(BadNote):
                VerifierKey.parse(mangled)
    for secret in (PETER, PETERS_SECRET[:-4], f"x{PETERS_SECRET}", PETERS_SECRET.replace("c74f", "c74e")):
        with pytest.raises(BadNote):
            SigningKey.parse(secret)


def test_a_checkpoint_signed_and_cosigned():
    lines = LOG.sign(CHECKPOINT.text) + WITNESS_KEY.sign(CHECKPOINT.text, time=1_700_000_000)
    note = f"{CHECKPOINT.text}\n{lines}"
    found, signed = opened(note, log=LOG.verifier, witnesses=[WITNESS_KEY.verifier])
    assert found == CHECKPOINT
    assert [(each.key, each.time) for each in signed] == [
        (LOG.verifier, 0),
        (WITNESS_KEY.verifier, 1_700_000_000),
    ]
    assert "".join(each.line for each in signed) == lines


def test_what_a_witness_signs():
    """The layout of tlog-cosignature: eight bytes of time, then the signature of a text that holds that time."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    (found,) = signature_lines(WITNESS_KEY.sign(CHECKPOINT.text, time=1_679_315_147))
    assert found.signature[:8] == (1_679_315_147).to_bytes(8, "big")
    Ed25519PublicKey.from_public_bytes(WITNESS_KEY.verifier.public).verify(
        found.signature[8:], f"cosignature/v1\ntime 1679315147\n{CHECKPOINT.text}".encode()
    )


def test_who_signed_what_is_checked():
    line, other = LOG.sign(CHECKPOINT.text), SigningKey.new(name=LOG.name)
    forged = {
        "another size": f"{CHECKPOINT.text.replace('42', '43')}\n{line}",
        "another key of that name": f"{CHECKPOINT.text}\n{other.sign(CHECKPOINT.text)}",
        "a witness alone": f"{CHECKPOINT.text}\n{WITNESS_KEY.sign(CHECKPOINT.text, time=5)}",
        "another log's checkpoint": f"{CHECKPOINT.text.replace('lacydon', 'other')}\n"
        + LOG.sign(CHECKPOINT.text.replace("lacydon", "other")),
        "a cosignature that is false": f"{CHECKPOINT.text}\n{line}{WITNESS_KEY.sign('x', time=5)}",
        "another text signed": f"x\n\n{LOG.sign('x' + chr(10))}",
    }
    for why, note in forged.items():
        with pytest.raises(BadNote):
            opened(note, log=LOG.verifier, witnesses=[WITNESS_KEY.verifier])
            pytest.fail(why)
    unknown = f"{CHECKPOINT.text}\n{other.sign(CHECKPOINT.text)}{line}"
    assert opened(unknown, log=LOG.verifier)[0] == CHECKPOINT


@pytest.mark.parametrize(
    "note",
    [
        "",
        TEXT,
        TEXT + LINE,
        f"{TEXT}\n",
        f"{TEXT}\n{LINE[:-1]}",
        f"{TEXT}\n{LINE}".replace("—", "-"),
        f"{TEXT}\n{LINE}".replace("=", ""),
        f"{TEXT}\r\n\n{LINE}",
        f"{TEXT}\n— Peter Neumann AAAAAAAA\n",
        f"{TEXT}\n— Peter AAAA\n",
        f"{TEXT}\n{LINE * 101}",
        "x" * 1_000_001,
    ],
)
def test_what_is_not_a_note(note):
    with pytest.raises(BadNote):
        Note.parse(note)


@pytest.mark.parametrize(
    "text",
    [
        "a\n1\n",
        "a\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "a\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "a\n1\nAAAA\n",
        "\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
    ],
)
def test_what_is_not_a_checkpoint(text):
    with pytest.raises(BadNote):
        Checkpoint.parse(text)


def test_lines_after_the_third_are_left_aside():
    assert Checkpoint.parse(CHECKPOINT.text + "extension\n") == CHECKPOINT


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    for read in (Note.parse, Checkpoint.parse, VerifierKey.parse, SigningKey.parse, signature_lines):
        try:
            read(text)
        except BadNote:
            continue
