"""tools/audit against what pip-audit says and does: green only when every locked package was answered for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.product import ROOT

LOCK = """\
django==5.2.19 \\
    --hash=sha256:aaaa
typing-extensions==4.16.0 ; python_full_version >= '3.11' \\
    --hash=sha256:bbbb
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:cccc
"""


def found(name: str, version: str, *weaknesses: dict[str, object]) -> dict[str, object]:
    return {"name": name, "version": version, "vulns": list(weaknesses)}


def skipped(name: str, version: str) -> dict[str, object]:
    """As pip-audit 2.10 wrote it when the index answered 404."""
    return {"name": name, "skip_reason": f"Dependency not found on PyPI and could not be audited: {name} ({version})"}


WEAK = {"id": "PYSEC-2026-1", "fix_versions": ["5.2.20"], "aliases": ["CVE-2026-1"], "description": "x"}
UNMENDED = {"id": "GHSA-xxxx", "fix_versions": [], "aliases": []}
DJANGO, TYPING = found("Django", "5.2.19"), found("typing_extensions", "4.16.0")
CASES = {
    "clean": ([DJANGO, TYPING], 0, 0),
    "vulnerable": ([found("django", "5.2.19", WEAK), TYPING], 1, 1),
    "vulnerable, not mended": ([found("django", "5.2.19", UNMENDED), TYPING], 1, 1),
    "skipped": ([DJANGO, skipped("typing-extensions", "4.16.0")], 0, 2),
    "all skipped": ([skipped("django", "5.2.19"), skipped("typing-extensions", "4.16.0")], 0, 2),
    "vulnerable and skipped": ([found("django", "5.2.19", WEAK), skipped("typing-extensions", "4.16.0")], 1, 1),
    "empty": ([], 0, 2),
    "one is not told of": ([DJANGO], 0, 2),
    "another version": ([found("django", "5.2.18"), TYPING], 0, 2),
}


@pytest.fixture
def lock(tmp_path) -> Path:
    path = tmp_path / "small.lock"
    path.write_text(LOCK)
    return path


def audit(lock: Path, *, says: str, code: int = 0, error: str = "") -> subprocess.CompletedProcess[str]:
    """tools/audit with a pip-audit that writes and returns this."""
    fake = lock.parent / "pip-audit"
    fake.write_text(
        f"#!{sys.executable}\nimport sys\n"
        "assert '--require-hashes' in sys.argv and 'json' in sys.argv\n"
        f"sys.stdout.write({says!r}); sys.stderr.write({error!r}); sys.exit({code})\n"
    )
    fake.chmod(0o755)
    command = [sys.executable, ROOT / "tools" / "audit", lock, "--pip-audit", fake]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("case", CASES)
def test_the_exit_code_says_what_is_proven(lock, case):
    dependencies, code, expected = CASES[case]
    told = audit(lock, says=json.dumps({"dependencies": dependencies, "fixes": []}), code=code)
    assert told.returncode == expected, told.stdout + told.stderr
    if case == "clean":
        assert "2 paquets examinés, 0 failles" in told.stdout and told.stderr == ""


def test_a_weakness_is_told_with_what_mends_it(lock):
    told = audit(lock, says=json.dumps({"dependencies": CASES["vulnerable"][0]}), code=1)
    assert "django 5.2.19 : PYSEC-2026-1 (corrigé : 5.2.20)" in told.stdout
    told = audit(lock, says=json.dumps({"dependencies": CASES["vulnerable, not mended"][0]}), code=1)
    assert "aucune version corrigée" in told.stdout


def test_what_was_skipped_is_named(lock):
    told = audit(lock, says=json.dumps({"dependencies": CASES["skipped"][0]}))
    assert "1 paquets n’ont pas pu être examinés (typing-extensions)" in told.stderr
    assert "rien n’est prouvé" in told.stderr


@pytest.mark.parametrize("says", ["", "No known vulnerabilities found", "{}", "[]", '{"dependencies": 3}', "null"])
def test_no_report_proves_nothing(lock, says):
    """The network is away: a traceback and no report, or nonsense."""
    error = "Traceback…\nrequests.exceptions.ConnectionError: Max retries exceeded\n"
    told = audit(lock, says=says, code=1, error=error)
    assert told.returncode == 2 and "ConnectionError" in told.stderr


def test_a_command_that_is_not_there_proves_nothing(lock):
    command = [sys.executable, ROOT / "tools" / "audit", lock, "--pip-audit", lock.parent / "nowhere"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 2 and "n’a pas pu travailler" in told.stderr


def test_a_lock_without_a_package_proves_nothing(tmp_path):
    path = tmp_path / "small.lock"
    path.write_text("# nothing\n")
    assert audit(path, says=json.dumps({"dependencies": []})).returncode == 2
