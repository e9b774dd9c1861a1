"""Loading and checking a folder: everything wrong is named with its place, nothing wrong is loaded, twice is once."""

import shutil
from pathlib import Path

import pytest

from lacydon.capabilities.territory import models
from lacydon.capabilities.territory import public as territory
from lacydon.config.commands import folder as command
from lacydon.kernel.snapshots import version_of

SMALL = Path(__file__).parents[2] / "territory"
REAL = Path(__file__).parents[3] / "territories" / "aix-marseille-provence"


@pytest.fixture
def copy(tmp_path):
    """A copy of the small territory to break."""
    return Path(shutil.copytree(SMALL, tmp_path / "territory"))


def edit(folder: Path, name: str, old: str, new: str) -> int:
    """Replace a text of a file that is there just once; its line."""
    text = (folder / name).read_text()
    assert text.count(old) == 1, (old, text.count(old))
    (folder / name).write_text(text.replace(old, new))
    return text[: text.index(old)].count("\n") + 1


def faults(folder: Path, capsys) -> list[str]:
    assert command.check(folder) == 1
    return typed(capsys.readouterr().out).splitlines()[:-1]


def typed(said: str) -> str:
    """As on a typewriter: the tests do not depend on the kind of a space or of an apostrophe."""
    return said.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def test_the_real_territory_is_total(capsys):
    assert command.check(REAL) == 0
    said = typed(capsys.readouterr().out)
    assert said.startswith("Aucune faute : 92 communes")
    assert "une réponse et une seule" in said


def test_an_overlap_is_named_on_both_sides(copy, capsys):
    edit(copy, "competences/rue.yaml", "        until: 2022-12-31\n", "")
    told = faults(copy, capsys)
    assert [each.split(" : ")[0] for each in told] == ["competences/rue.yaml:6", "competences/rue.yaml:11"]
    assert "un recouvrement" in told[0]
    assert "voirie.entretien/commune (competences/rue.yaml:11)" in told[0]
    assert "depuis le 2023-01-01" in told[0] and "voie.classe = communale" in told[0]


def test_a_hole_is_named_with_its_dates_and_conditions(copy, capsys):
    edit(copy, "competences/rue.yaml", "from: 2023-01-01", "from: 2024-01-01")
    (told,) = faults(copy, capsys)
    assert told.startswith("competences/rue.yaml:2 : trouvé un trou")
    assert "du 2023-01-01 au 2023-12-31" in told and "97001, 97002" in told


def test_a_hole_in_one_commune_only(copy, capsys):
    edit(copy, "competences/rue.yaml", '{communes: ["97002"]}', '{communes: ["97003"]}')
    told = faults(copy, capsys)
    assert len(told) == 1 and "dechets.bacs, 97002" in told[0]


def test_a_rule_that_decides_nowhere_is_a_fault(copy, capsys):
    edit(
        copy,
        "competences/ecole.yaml",
        "rules:\n      - {id: papiers.identite/etat,",
        """rules:
      - {id: papiers.identite/jamais, competent: commune, until: 2015-01-01, legal_basis: "x", sentence: {fr: "x", en: "x"}}
      - {id: papiers.identite/etat,""",
    )
    (told,) = faults(copy, capsys)
    assert "papiers.identite/jamais" in told and "jamais appliquée" in told


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("competences/rue.yaml", "competent: departement", "competent: departments", "« departments »"),
        ("competences/rue.yaml", "follows: voirie.entretien", "follows: voirie.rien", "voirie.rien"),
        ("competences/rue.yaml", "until: 2022-12-31", "until: 2022-13-41", "une date comme 2023-01-01"),
        ("competences/rue.yaml", "{voie.classe: privee}", "{voie.classe: prive}", "« prive »"),
        ("competences/rue.yaml", "{voie.classe: privee}", "{ecole.type: lycee}", "l'un des faits du thème"),
        ("competences/rue.yaml", '["98"]', '["99"]', "un code du territoire"),
        ("competences/rue.yaml", "handled_by: eaux-de-la-rade", "handled_by: personne", "« personne »"),
        ("competences/rue.yaml", "id: dechets.bacs/le-galet", "id: dechets.bacs/metropole", "une seconde fois"),
        ("competences/facts.yaml", "{value: lycee,", "{valeur: lycee,", "le champ « valeur »"),
        (
            "communes.csv",
            "97003,Les Salines-sur-Rade,219700037,97",
            "97003,Les Salines-sur-Rade,219700037,13",
            "le département 13",
        ),
        ("communes.csv", "219700029", "219700011", "le SIREN de Olivette"),
        (
            "communes.csv",
            "98001,Port-Clair,219800019,98,300000",
            "98001,Port-Clair,219800019,98,beaucoup",
            "« beaucoup »",
        ),
        ("communes.csv", ",5.20,43.20", ",5.20", "8 colonnes"),
        ("arrondissements.csv", "98202,Port-Clair 2e arrondissement,98001", "98202,x,98009", "98009"),
        ("territory.toml", 'metropole = "metropole-rade-bleue"', 'metropole = "region-mistral"', "region-mistral"),
        ("territory.toml", "since = 2016-01-01", 'since = "hier"', "une date"),
        ("territory.toml", 'siren = "999999901"', "siren = 999999901", "entre guillemets"),
        ("authorities.yaml", "id: commune-97001", "id: commune-97009", "une commune de communes.csv"),
        ("authorities.yaml", "https://olivette.example", "javascript:alert(1)", "javascript:alert(1)"),
        ("services/rue.yaml", "theme: dechets.bacs", "theme: dechets.rien", "« dechets.rien »"),
        ("services/rue.yaml", "sector: voirie", "sector: rues", "un secteur de sectors.yaml"),
        ("services/rue.yaml", "audience: [famille]", "audience: [tous]", "« tous »"),
        ("services/rue.yaml", "id: carte-identite", "id: bac-casse-ou-vole", "une seconde fois"),
        ("services/rue.yaml", "duration: P10D", "duration: dix", "« dix »"),
        ("services/rue.yaml", "facts: {ecole.type: college}", "facts: {voie.classe: privee}", "voie.classe: privee"),
        ("services/rue.yaml", "  falc: {fr:", "  description: {fr:", "écrit deux fois"),
        ("services/communes/97001.yaml", "bac-casse-ou-vole:", "bac-bleu:", "« bac-bleu »"),
        ("words/fr.txt", "poubelle = bac", "poubelle bac", "words/fr.txt:1"),
        ("events.yaml", "life_events:", "life_event:", "le champ « life_events »"),
    ],
)
def test_each_fault_is_named_with_its_file_and_line(copy, capsys, name, old, new, words):
    line = edit(copy, name, old, new)
    told = faults(copy, capsys)
    assert any(words in each for each in told), told
    assert any(each.startswith(name) for each in told), told
    if name.endswith(".yaml") and "écrit deux fois" not in words and "life_event" not in old:
        assert any(each.startswith(f"{name}:{at}") for each in told for at in range(line - 3, line + 2)), told


def test_all_faults_are_named_at_once(copy, capsys):
    edit(copy, "competences/rue.yaml", "competent: departement", "competent: departments")
    edit(copy, "services/rue.yaml", "sector: voirie", "sector: rues")
    edit(copy, "communes.csv", "219700029", "219700011")
    assert {each.split(":")[0] for each in faults(copy, capsys)} == {
        "competences/rue.yaml",
        "services/rue.yaml",
        "communes.csv",
    }


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"- {id: [", b"\x00\x01", b"a: &a [1]\nb: *c", b"- x: 1\n- y", b"! ! !", b"just text", b""],
)
def test_a_file_that_is_not_yaml_is_a_fault_not_a_crash(copy, capsys, content):
    (copy / "authorities.yaml").write_bytes(content)
    assert any(each.startswith(("authorities.yaml", "territory.toml")) for each in faults(copy, capsys))


def test_anchors_that_multiply_are_refused(copy, capsys):
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    (copy / "events.yaml").write_text(bomb)
    assert any("se multiplient" in each for each in faults(copy, capsys))


def test_missing_files_and_folders_are_said(copy, capsys):
    (copy / "communes.csv").unlink()
    assert any(each.startswith("communes.csv : trouvé aucun fichier") for each in faults(copy, capsys))


@pytest.mark.django_db
def test_loading_twice_changes_nothing(capsys):
    assert command.load(SMALL) == 0
    first = capsys.readouterr().out
    before = version_of("territory"), version_of("services")
    assert command.load(SMALL) == 0
    assert "communes 4" in first
    assert "rien n’a changé" in capsys.readouterr().out
    assert (version_of("territory"), version_of("services")) == before


@pytest.mark.django_db
def test_a_changed_file_changes_just_that(copy, capsys):
    command.load(copy)
    assert territory.commune("97002").population == 900
    edit(copy, "communes.csv", ",900,", ",950,")
    capsys.readouterr()
    assert command.load(copy) == 0
    assert capsys.readouterr().out.split("; ")[1] == "communes 1.\n"
    assert territory.commune("97002").population == 950


@pytest.mark.django_db
def test_a_faulty_folder_loads_nothing(copy, capsys):
    command.load(SMALL)
    edit(copy, "communes.csv", ",900,", ",950,")
    edit(copy, "competences/rue.yaml", "competent: departement", "competent: departments")
    assert command.load(copy) == 1
    assert territory.commune("97002").population == 900


@pytest.mark.django_db
def test_what_is_removed_from_the_folder_goes_away(copy):
    command.load(SMALL)
    (copy / "services/communes/97001.yaml").unlink()
    text = (copy / "authorities.yaml").read_text()
    (copy / "authorities.yaml").write_text(text.split("- id: commune-97001")[0])
    assert command.load(copy) == 0
    assert [each["type"] for each in territory.authority("commune-97001").channels] == ["post", "counter"]
    assert models.Authority.objects.count() == 10
