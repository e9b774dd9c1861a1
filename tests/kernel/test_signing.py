"""Receipts are signed with a key made once, and anybody can check them."""

import subprocess
import sys

import pytest

from lacydon.kernel import signing


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"


def test_a_signature_holds_over_all_the_rest():
    document = signing.signed({"a": 1, "é": ["ï", {"b": None}]})
    assert signing.holds(document, public_key=signing.public_key())
    assert signing.holds(dict(reversed(document.items())), public_key=signing.public_key())


@pytest.mark.parametrize(
    "change",
    [{"a": 2}, {"b": 1}, {"signature": {"value": "AAAA"}}, {"signature": {"value": "é"}}, {"signature": 3}],
)
def test_a_changed_document_is_refused(change):
    document = signing.signed({"a": 1}) | change
    assert not signing.holds(document, public_key=signing.public_key())


@pytest.mark.parametrize("key", ["", "AAAA", "not base64", "A" * 44])
def test_another_key_is_refused(key):
    assert not signing.holds(signing.signed({"a": 1}), public_key=key)


def test_the_key_is_made_once_for_its_owner_only(settings):
    first = signing.public_key()
    assert signing.public_key() == first
    assert (settings.KEYS / signing.FILE).stat().st_mode & 0o777 == 0o600


def test_processes_that_make_it_at_once_agree(settings):
    code = (
        "import sys; from pathlib import Path; from django.conf import settings; "
        "settings.configure(KEYS=Path(sys.argv[1])); from lacydon.kernel import signing; print(signing.public_key())"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(settings.KEYS)], stdout=subprocess.PIPE) for _ in range(4)
    ]
    assert len({each.communicate()[0] for each in running}) == 1
