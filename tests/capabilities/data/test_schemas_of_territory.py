"""A territory brings the schemas its clerks check files against; what it no longer says goes."""

import json
from pathlib import Path

import pytest
from django.db import transaction
from django.test import TestCase

from lacydon.capabilities.data.loader import SchemasReader
from lacydon.capabilities.data.public import shelved, shelved_schema
from lacydon.kernel.folder import FaultyFolder, Folder

pytestmark = pytest.mark.django_db
SCHEMA = {"title": "Arbres", "fields": [{"name": "essence", "constraints": {"required": True}}]}


def _loaded(root: Path) -> dict[str, int]:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return _load(root)


def _load(root: Path) -> dict[str, int]:
    folder = Folder(root)
    read = SchemasReader().read(folder=folder, earlier={})
    folder.refuse_if_faulty()
    return SchemasReader().load(read)


def test_a_schema_of_the_territory_is_at_hand_once_it_is_loaded_and_goes_with_its_file(tmp_path, settings):
    settings.HOME = tmp_path / "home"
    file = tmp_path / "schemas" / "arbres.json"
    file.parent.mkdir()
    file.write_text(json.dumps(SCHEMA))
    assert _loaded(tmp_path) == {"schemas": 1}
    assert _loaded(tmp_path) == {"schemas": 0}
    assert [(each.id, each.source) for each in shelved()] == [("arbres", "ce territoire")]
    assert shelved_schema("arbres")[1].fields[0].name == "essence"
    file.unlink()
    assert _loaded(tmp_path) == {"schemas": 1}
    assert shelved() == []


def test_nothing_changes_when_the_loading_is_rolled_back(tmp_path, settings):
    settings.HOME = tmp_path / "home"
    file = tmp_path / "schemas" / "arbres.json"
    file.parent.mkdir()
    file.write_text(json.dumps(SCHEMA))
    with TestCase.captureOnCommitCallbacks(execute=True), pytest.raises(ZeroDivisionError), transaction.atomic():
        assert _load(tmp_path) == {"schemas": 1}
        raise ZeroDivisionError
    assert shelved() == []
    assert _loaded(tmp_path) == {"schemas": 1}


def test_one_of_the_installation_wins_over_that_of_the_territory(tmp_path, settings):
    settings.HOME = tmp_path / "home"
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "arbres.json").write_text(json.dumps(SCHEMA))
    _loaded(tmp_path)
    (settings.HOME / "schemas" / "arbres.json").write_text(json.dumps(SCHEMA | {"title": "Les nôtres"}))
    assert [each.title for each in shelved()] == ["Les nôtres"]


def test_what_is_no_schema_is_told_with_its_file(tmp_path, settings):
    settings.HOME = tmp_path / "home"
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "wrong.json").write_text("{}")
    with pytest.raises(FaultyFolder) as refusal:
        _loaded(tmp_path)
    assert refusal.value.faults[0].file == "schemas/wrong.json"
