"""The `lacydon` command, as an operator types it."""

import shutil

import pytest

from lacydon.config.command_line import main


def test_check_proves_a_good_folder(territory_folder, capsys):
    assert main(["check", str(territory_folder)]) == 0
    assert "situations prouvées" in capsys.readouterr().out


def test_check_names_every_fault_and_fails(territory_folder, tmp_path, capsys):
    folder = shutil.copytree(territory_folder, tmp_path / "folder")
    with (folder / "communes.csv").open("a") as communes:
        communes.write("nonsense,,,,,,,\n")
    (folder / "sectors.yaml").write_text("- {id: rue\n")
    assert main(["check", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "communes.csv:6" in told and "sectors.yaml:" in told


@pytest.mark.django_db
def test_load_says_what_changed_and_twice_changes_nothing(territory_folder, tmp_path, capsys):
    folder = shutil.copytree(territory_folder, tmp_path / "folder")
    (folder / "mobility").mkdir(exist_ok=True)
    (folder / "mobility" / "sources.yaml").write_text(
        "- {id: velos, name: Vélos, kind: gbfs, urls: ['https://velos.example/gbfs.json']}\n", encoding="utf-8"
    )
    assert main(["load", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "communes 4" in told and "sources de temps réel 1" in told
    assert main(["load", str(folder)]) == 0
    assert "rien n’a changé" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path, capsys):
    assert main(["check", str(tmp_path / "nowhere")]) == 1
    assert "n’existe pas" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["sail"], ["check"], ["check", "a", "--fast"]])
def test_what_is_not_understood_shows_the_usage(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "lacydon" in capsys.readouterr().err
