"""The locks pin everything, with hashes; the bill of materials names all of it, the same each time."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.product import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
NAMED = re.compile(r"([a-z0-9][a-z0-9.-]*)(?:\[[a-z,-]+\])?==([^ ;*]+)(?: ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def blocks(lock: str) -> dict[tuple[str, str], list[str]]:
    """The hashes of each package and version of a lock; every line must be one or the other."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in (ROOT / lock).read_text().splitlines():
        if named := NAMED.fullmatch(line):
            hashes = found.setdefault((named[1], named[2]), [])
        else:
            assert HASH.fullmatch(line), f"{lock}: {line}"
            hashes.append(line)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_each_line_is_an_exact_version_or_a_hash_of_it(lock):
    found = blocks(lock)
    assert len(found) > 40
    assert [name for name, hashes in found.items() if not hashes] == []
    text = (ROOT / lock).read_text()
    assert not re.search(r"https?:|git\+|file:|^-|--index|>=\s*\d[^']*\\$", text, re.MULTILINE), "from the index only"


def test_the_product_is_part_of_what_is_tested():
    assert set(blocks(LOCKS[0])) <= set(blocks(LOCKS[1]))


def test_installing_asks_for_hashes():
    script = (ROOT / "tools" / "install").read_text()
    installs = [line for line in script.splitlines() if re.search(r"pip install", line)]
    assert installs and all("--require-hashes" in line for line in installs)


def bill(path: Path) -> str:
    subprocess.run([ROOT / "tools" / "sbom", path], check=True, capture_output=True, text=True, timeout=120)
    return path.read_text()


def test_the_bill_of_materials_names_every_locked_package(tmp_path):
    written = bill(tmp_path / "one.json")
    read = json.loads(written)
    assert (read["bomFormat"], read["specVersion"]) == ("CycloneDX", "1.6")
    assert {(each["name"], each["version"]) for each in read["components"]} == set(blocks(LOCKS[0]))
    assert all(each["purl"].startswith("pkg:pypi/") for each in read["components"])
    assert read["metadata"]["component"]["name"] == "lacydon"
    assert written == bill(tmp_path / "two.json"), "the same lock gives the same file"


def test_it_says_where_to_write(tmp_path):
    told = subprocess.run([ROOT / "tools" / "sbom"], check=False, capture_output=True, text=True, timeout=60)
    assert told.returncode == 2 and "CHEMIN" in told.stderr
