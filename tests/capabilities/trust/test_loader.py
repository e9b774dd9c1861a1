"""The folder's organisations: every authority, the places of help, faults with their line, what goes is kept inactive."""

import shutil

import pytest

from lacydon.capabilities.trust.models import Organisation
from lacydon.config.commands.folder import check, load

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, territory_folder):
    return shutil.copytree(territory_folder, tmp_path / "territory")


def test_authorities_are_organisations_and_places_of_help_are_added(folder, capsys):
    assert load(folder) == 0
    commune = Organisation.objects.get(pk="commune-97001")
    assert (commune.kind, commune.siren, commune.themes) == ("commune", "219700011", ["papiers", "famille"])
    place = Organisation.objects.get(pk="maison-du-galet")
    assert (place.kind, place.siret, place.siren, place.citycode) == ("help", "99999990400011", "999999904", "97002")
    capsys.readouterr()
    assert load(folder) == 0
    assert "rien n’a changé" in capsys.readouterr().out


def test_what_leaves_the_folder_becomes_inactive_and_comes_back(folder):
    assert load(folder) == 0
    file = folder / "organisations.yaml"
    kept = file.read_text()
    file.write_text("- {id: commune-97001, themes: [papiers]}\n")
    assert load(folder) == 0
    assert not Organisation.objects.get(pk="maison-du-galet").active
    file.write_text(kept)
    assert load(folder) == 0
    assert Organisation.objects.get(pk="maison-du-galet").active


def test_a_folder_without_the_file_is_fine(folder):
    (folder / "organisations.yaml").unlink()
    assert load(folder) == 0
    assert Organisation.objects.filter(pk="commune-97001", themes=[]).exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {id: nulle-part}\n", "organisations.yaml:1"),
        ("- {id: commune-97001, themes: [astrologie]}\n", "« astrologie »"),
        ('- {id: commune-97001, siret: "123"}\n', "organisations.yaml:1"),
    ],
)
def test_faults_are_told_with_their_line(folder, capsys, text, told):
    (folder / "organisations.yaml").write_text(text)
    assert check(folder) == 1
    said = capsys.readouterr()
    assert told in said.out + said.err
