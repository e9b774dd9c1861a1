"""The fuzzer reaches each language: a few seconds of it, here and in continuous integration."""

import re
import subprocess
import sys

import pytest

from tests.product import ROOT

pytest.importorskip("atheris", reason="it is built for Linux on x86-64 alone")


@pytest.mark.parametrize("language", ["cql2", "odsql", "sql"])
def test_a_language_is_fuzzed(language, tmp_path):
    command = [sys.executable, ROOT / "tools" / "fuzz", language, "5", "--kept", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    counted = re.search(r"Done (\d+) runs", done.stderr)
    assert counted and int(counted[1]) > len(list((tmp_path / "texts").glob("seed-*")))
    assert not list(tmp_path.glob("crash-*"))
