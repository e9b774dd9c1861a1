"""Datasets of a territory folder: every fault is told with its line, and loading twice changes nothing."""

import json
import shutil

import pytest

from lacydon.capabilities.data.actions.opening import table_of
from lacydon.capabilities.data.models import Dataset, Series, Version
from lacydon.capabilities.data.queries import lake
from lacydon.capabilities.data.queries.datasets import dataset
from lacydon.capabilities.data.queries.logical import Question, col
from lacydon.config.commands.folder import check, load

pytestmark = pytest.mark.django_db

SAID = """organisation: commune-97001
title: {fr: "Fontaines", en: "Fountains"}
description: {fr: "Où boire.", en: "Where to drink."}
themes: [ENVI]
licence: lov2
frequency: ANNUAL
coverage: ["97001"]
series: eau
file: fontaines.csv
ordered_by: [ouverte_le]
columns:
  - {name: nom, label: "Nom", required: true, header: NOM}
  - {name: ouverte_le, label: "Ouverte le", type: date}
  - {name: debit, label: "Débit", type: number, description: "Litres par minute."}
  - {name: potable, label: "Potable", type: boolean}
  - {name: lon, label: "Longitude", type: number}
  - {name: lat, label: "Latitude", type: number}
  - {name: position, label: "Position", type: point, of: [lon, lat]}
links:
  - {title: "Plan", url: "https://x.example/plan.pdf", format: PDF}
"""
ROWS = """NOM,ouverte_le,debit,potable,lon,lat
Du port,2024-05-01,4.5,oui,5.1,43.1
Du haut,2021-01-31,,non,5.2,43.2
Sèche,,0,non,,
"""
SERIES = '- id: eau\n  title: {fr: "Eau", en: "Water"}\n  description: {fr: "L’eau.", en: "Water."}\n'


@pytest.fixture
def folder(tmp_path, territory_folder):
    made = tmp_path / "territory"
    shutil.copytree(territory_folder, made)
    (made / "datasets").mkdir()
    write(made, SAID, ROWS)
    (made / "dataset-series.yaml").write_text(SERIES)
    return made


def write(folder, said=None, rows=None):
    if said is not None:
        (folder / "datasets" / "fontaines.yaml").write_text(said)
    if rows is not None:
        (folder / "datasets" / "fontaines.csv").write_text(rows)


def test_a_folder_is_loaded_once(folder, capsys):
    assert load(folder) == 0, capsys.readouterr().out
    found = dataset("fontaines")
    assert (found.organisation, found.series, found.version.rows, found.distributions[0].format) == ("commune-97001", "eau", 3, "PDF")  # fmt: skip
    table = table_of("fontaines")
    rows = lake.answer(table, Question(columns=(col("nom"), col("debit"), col("potable"), col("_lon")))).rows
    assert rows == [("Du haut", None, False, 5.2), ("Du port", 4.5, True, 5.1), ("Sèche", 0.0, False, None)]
    assert table.column("debit").description == "Litres par minute."
    capsys.readouterr()
    assert load(folder) == 0
    assert "rien n’a changé" in capsys.readouterr().out.replace("\u00a0", " ")
    assert Version.objects.count() == 1


def test_only_what_changed_is_loaded(folder):
    load(folder)
    write(folder, rows=ROWS + "Neuve,2025-01-01,2,oui,5.1,43.3\n")
    load(folder)
    assert [each.number for each in Version.objects.order_by("number")] == [1, 2]
    write(folder, said=SAID.replace("Où boire.", "Où boire de l’eau."))
    load(folder)
    assert dataset("fontaines").description["fr"] == "Où boire de l’eau."
    assert Version.objects.count() == 2
    Dataset.objects.filter(pk="fontaines").update(licence="odbl")
    load(folder)
    assert Dataset.objects.get(pk="fontaines").licence == "odbl", "what an agent changed stays until the text changes"


def test_what_leaves_the_folder_is_withdrawn_and_may_come_back(folder):
    load(folder)
    shutil.move(folder / "datasets", folder / "aside")
    load(folder)
    assert Dataset.objects.get(pk="fontaines").status == "withdrawn"
    shutil.move(folder / "aside", folder / "datasets")
    load(folder)
    assert dataset("fontaines").version.number == 1
    assert Series.objects.get().title == {"fr": "Eau", "en": "Water"}


@pytest.mark.parametrize(
    ("old", "new", "where", "found", "expected"),
    [
        ("[ENVI]", "[ENVI, MER]", "fontaines.yaml:4", "MER", "AGRI"),
        ("lov2", "libre", "fontaines.yaml:5", "libre", "lov2, lov1"),
        ("ANNUAL", "PARFOIS", "fontaines.yaml:6", "PARFOIS", "DAILY"),
        ('"97001"]', '"13055"]', "fontaines.yaml:7", "13055", "code INSEE"),
        ("series: eau", "series: feu", "fontaines.yaml:8", "feu", "dataset-series.yaml"),
        ("organisation: commune-97001", "organisation: quelqu-un", "fontaines.yaml:1", "quelqu-un", "organisation"),
        ("file: fontaines.csv", "file: ../communes.csv", "fontaines.yaml:9", "../communes.csv", ".csv"),
        ("[ouverte_le]", "[age]", "fontaines.yaml:10", "age", "nom, ouverte_le"),
        ("of: [lon, lat]", "of: [lon, x]", "fontaines.yaml:18", "« x »", "nom"),
        ("{name: debit", "{name: nom", "fontaines.yaml:14", "une seconde fois", "nouveau"),
        ("format: PDF", "format: roman", "fontaines.yaml:20", "roman", "CSV"),
        ("type: date", "type: jour", "fontaines.yaml:13", "jour", "date"),
    ],
)
def test_a_wrong_word_is_told_with_its_line(folder, capsys, old, new, where, found, expected):
    assert old in SAID
    write(folder, said=SAID.replace(old, new, 1))
    assert check(folder) == 1
    told = next(line for line in capsys.readouterr().out.replace("\u00a0", " ").splitlines() if where in line)
    assert found in told
    assert expected in told


@pytest.mark.parametrize(
    ("old", "new", "line", "found"),
    [
        ("2024-05-01", "1er mai", 2, "1er mai"),
        ("4.5", "4,5", 2, "7 cellules"),
        (",0,", ",beaucoup,", 4, "beaucoup"),
        (",0,", ",inf,", 4, "inf"),
        ("Sèche", "", 4, "rien"),
        ("NOM,", "nom,", 1, "nom, ouverte_le"),
    ],
)
def test_a_wrong_cell_is_told_with_its_line(folder, capsys, old, new, line, found):
    write(folder, rows=ROWS.replace(old, new, 1))
    assert check(folder) == 1
    said = capsys.readouterr().out
    assert f"fontaines.csv:{line}" in said
    assert found in said


def test_a_file_is_checked_against_the_schema_it_names(folder, capsys, settings, tmp_path):
    settings.HOME = tmp_path
    (tmp_path / "schemas").mkdir()
    fields = [{"name": "NOM", "type": "string"}, {"name": "debit", "type": "number", "constraints": {"maximum": 4}}]
    schema = {"name": "essai-fontaines", "title": "Fontaines", "fields": fields}
    (tmp_path / "schemas" / "essai-fontaines.json").write_text(json.dumps(schema))
    address = "https://schema.data.gouv.fr/schemas/essai/fontaines/latest/schema.json"
    write(folder, SAID + f"schema: {address}\n", ROWS.replace("Du port", '"Du\n port"').replace("Du haut", "Haut"))

    assert check(folder) == 1
    told = capsys.readouterr().out.replace("\xa0", " ")
    assert "datasets/fontaines.csv:2" in told
    assert "debit : « 4.5 »" in told
    assert "schéma « Fontaines »" in told
    assert "1 faute" in told
    write(folder, rows=ROWS.replace("4.5", "3.5").replace("Sèche,,0", "Sèche,,9"))
    assert check(folder) == 1
    assert "datasets/fontaines.csv:4" in capsys.readouterr().out
    assert load(folder) == 0, "what a machine happens to know stops nobody"
