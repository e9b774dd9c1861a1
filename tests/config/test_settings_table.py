"""Settings: one table, no name is ever ignored."""

import pytest

from lacydon.config import settings_table


def test_defaults_and_given_values():
    values = settings_table.read({"LACYDON_PORT": "9000", "PATH": "/bin"})
    assert (values["PORT"], values["HOST"]) == ("9000", "127.0.0.1")
    assert set(values) == {setting.name for setting in settings_table.SETTINGS}


def test_empty_means_default():
    assert settings_table.read({"LACYDON_PORT": ""})["PORT"] == "8000"


def test_an_unknown_name_stops_the_start_and_says_which_are_known():
    with pytest.raises(SystemExit) as stopped:
        settings_table.read({"LACYDON_PROT": "9000"})
    assert "LACYDON_PROT" in str(stopped.value) and "PORT" in str(stopped.value)


def test_an_obsolete_name_says_what_took_its_place(monkeypatch):
    monkeypatch.setattr(settings_table, "OBSOLETE", {"BIND": "use LACYDON_HOST"})
    with pytest.raises(SystemExit, match="LACYDON_HOST"):
        settings_table.read({"LACYDON_BIND": "0.0.0.0"})
