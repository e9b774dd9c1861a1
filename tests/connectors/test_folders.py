"""Every connector is whole: its files, its description, its answers to the rules, its documentation."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from lacydon.config.settings_table import SETTINGS
from lacydon.connectors import FOLDER, QUALITY, Check, checks, descriptions, faults_of
from tests.product import ROOT

EVERY = sorted(path.parent for path in FOLDER.glob("*/__init__.py"))


def test_each_folder_is_a_connector_with_settings_that_exist():
    assert [each.id for each in descriptions()] == [path.name for path in EVERY]
    assert {"ban", "address_index", "commune_contours"} <= {each.id for each in descriptions()}
    assert {name for each in descriptions() for name in each.settings} <= {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("folder", EVERY, ids=lambda path: path.name)
def test_a_connector_is_complete(folder):
    assert faults_of(folder) == []


@pytest.mark.parametrize("folder", EVERY, ids=lambda path: path.name)
def test_a_connector_is_documented_and_its_samples_are_read(folder):
    docs = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "operators").glob("*.md"))
    assert f"`{folder.name}`" in docs
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "connectors").rglob("*.py"))
    for sample in (folder / "samples").iterdir():
        assert f'"{sample.name}"' in tests or f'"{sample.stem}"' in tests, f"no test reads {sample.name}"


@pytest.mark.django_db
def test_each_connector_says_whether_it_can_work():
    told = {description.id: check for description, check in checks()}
    assert set(told) == {path.name for path in EVERY}
    assert all(isinstance(check, Check) and len(check.sentence) > 10 for check in told.values())
    assert told["ban"].ok is None and told["address_index"].ok is False


def new(*arguments: str, into: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "tools" / "new_connector", *arguments, "--into", into]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_new_connector_is_started_whole_but_for_its_rules(tmp_path):
    made = new("grand_livre", "territory.AddressSource", "Le grand livre", into=tmp_path)
    assert made.returncode == 0, made.stderr
    folder = tmp_path / "grand_livre"
    left = faults_of(folder)
    assert len(left) == len(QUALITY) and all('must be "done"' in each for each in left)
    (folder / "quality.toml").write_text("".join(f'{rule} = "done"\n' for rule in QUALITY))
    assert faults_of(folder) == []
    spec = importlib.util.spec_from_file_location("grand_livre", folder / "connector.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.parse({"things": [{"name": "un"}, {}, 3]}) == ["un"]


@pytest.mark.parametrize("id", ["../dehors", "Grand", "9", "a b", ""])
def test_a_name_that_cannot_be_a_folder_is_refused(tmp_path, id):
    assert new(id, "territory.AddressSource", "x", into=tmp_path / "in").returncode != 0
    assert not (tmp_path / "in").exists()


def test_an_existing_connector_is_not_touched(tmp_path):
    assert new("un", "p", "t", into=tmp_path).returncode == 0
    before = (tmp_path / "un" / "README.md").read_text()
    assert new("un", "p", "autre", into=tmp_path).returncode == 1
    assert (tmp_path / "un" / "README.md").read_text() == before


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("connector.toml", 'id = "autre"\n', "must say"),
        ("quality.toml", 'samples = "done"\n', "does not answer faults"),
        ("quality.toml", 'colour = "done"\n', "which is no rule"),
        ("quality.toml", 'samples = "exempt: no"\n', "samples must be"),
    ],
)
def test_what_a_folder_lacks_is_said(tmp_path, file, text, said):
    new("un", "p", "t", into=tmp_path)
    (tmp_path / "un" / file).write_text(text)
    (tmp_path / "un" / "README.md").unlink()
    faults = faults_of(tmp_path / "un")
    assert any(said in each for each in faults)
    assert "un/README.md is missing" in faults
