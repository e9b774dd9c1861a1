"""sources.yaml of a territory, and `lacydon data harvest`."""

import shutil

import pytest

from lacydon.capabilities.data.models import Source
from lacydon.capabilities.data.ports import catalogues
from lacydon.config.commands.data import data_harvest
from lacydon.config.commands.folder import load
from lacydon.kernel.http import OutsideUnavailable
from tests.capabilities.data.harvesting.theirs import Theirs, record, source
from tests.product import REAL_TERRITORY

pytestmark = pytest.mark.django_db
GOOD = """
- id: voisin
  organisation: commune-97001
  title: "Le voisin"
  kind: ckan_catalogue
  url: https://voisin.example
  options: {fq: "organization:o"}
"""


@pytest.fixture
def folder(territory_folder, tmp_path):
    return shutil.copytree(territory_folder, tmp_path / "territory")


def test_sources_are_loaded_once_and_changed_when_the_file_changes(folder, capsys):
    (folder / "sources.yaml").write_text(GOOD)
    assert load(folder) == 0, capsys.readouterr().out
    row = Source.objects.get()
    assert (row.kind, row.every_hours, row.options, row.active) == (
        "ckan_catalogue",
        24,
        {"fq": "organization:o"},
        True,
    )
    Source.objects.update(state={"x": 1}, failures=3)
    assert load(folder) == 0
    assert Source.objects.get().state == {"x": 1}
    (folder / "sources.yaml").write_text(GOOD.replace("voisin.example", "autre.example"))
    assert load(folder) == 0
    row.refresh_from_db()
    assert (row.url, row.state, row.failures) == ("https://autre.example", {}, 0)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("commune-97001", "commune-99999", "sources.yaml:3"),
        ("ckan_catalogue", "ckan", "dcat_catalogue"),
        ("https://voisin", "http://voisin", "https"),
        ("fq:", "color:", "color"),
        ("https://voisin.example", "https://voisin.example\n  every: 0", "every|greater"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(folder, capsys, before, after, said):
    (folder / "sources.yaml").write_text(GOOD.replace(before, after, 1))
    assert load(folder) != 0
    told = "".join(capsys.readouterr())
    assert any(each in told for each in said.split("|")), told
    assert not Source.objects.exists()


def test_the_examples_of_the_real_territory_are_well_written():
    text = (REAL_TERRITORY / "sources.yaml").read_text(encoding="utf-8")
    examples = "\n".join(line[2:] for line in text.splitlines() if line.startswith(("# - ", "#   ")))
    kinds = {line.split("kind: ")[1].split(",")[0].strip() for line in examples.splitlines() if "kind: " in line}
    assert kinds == {each.id for each in catalogues.all()}


def test_the_command_visits_and_tells(capsys):
    with catalogues.only(side := Theirs(listed=[record("a"), record("sans", title=" ")])):
        source()
        source("deux", title="Deux", active=False)
        assert data_harvest() == 0
        told = capsys.readouterr().out
        assert "voisin : 2 lus, 1 nouveaux" in told and "sans : Ce jeu n’a pas de titre" in told and "deux" not in told
        side.stops = OutsideUnavailable("En panne.")
        assert data_harvest(source="voisin") == 1
        assert "En panne." in capsys.readouterr().out
        assert data_harvest(source="inconnue") == 2
