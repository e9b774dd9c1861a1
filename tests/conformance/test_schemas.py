"""The examples of real French schemas get the verdict of their authors; where not, it is said why."""

from pathlib import Path

import pytest

from lacydon.capabilities.data.public import Report, schema_at, validate

SAMPLES = Path(__file__).parent / "schemas"
FILES = sorted(each.name.removesuffix(".csv") for each in SAMPLES.glob("*.csv"))
OTHERWISE = {
    # its SIRET has a wrong key, and the schema itself asks for the check (`custom_checks`)
    "stationnement.valide": ["french-siret-value"],
    # two columns too many, which are no fault elsewhere: warnings, as the examples called valid of four others need
    "stations-taxi.invalide": [],
}
WHY = {
    "comptage-mobilites-channel.invalide": ["constraint-error", "primary-key"],
    "comptage-mobilites-channel.invalide-type-compteur": ["missing-label"],
    "declaration-biens-valorisation.autre-version": ["missing-label"],
    "fontaine-eau.autre-version": ["missing-label"],
    "hautes-remunerations.autre-version": ["constraint-error"],
    "lieux-covoiturage.invalide": ["type-error"],
    "stationnement.invalide": ["incorrect-label", "missing-label"],
    "stations-taxi.autre-version": ["missing-label"],
}


def verdict(file: str, tmp_path: Path, change: tuple[str, str] | None = None) -> Report:
    content = (SAMPLES / f"{file}.csv").read_text(encoding="utf-8")
    if change:
        assert change[0] in content
        content = content.replace(*change, 1)
    (tmp_path / "file.csv").write_text(content, encoding="utf-8")
    return validate(file=tmp_path / "file.csv", schema=schema_at(SAMPLES / f"{file.split('.')[0]}.json"))


def codes(report: Report) -> list[str]:
    return sorted({each.code for each in report.findings})


@pytest.mark.parametrize("file", FILES)
def test_the_verdict_is_that_of_the_authors(file, tmp_path):
    found = codes(verdict(file, tmp_path))
    expected = OTHERWISE[file] if file in OTHERWISE else WHY.get(file, [])
    assert set(expected) <= set(found) if expected else not found


@pytest.mark.parametrize(
    ("file", "change", "code"),
    [
        ("arbres-urbains.valide", ("2018-05-12", "12/05/2018"), "type-error"),
        ("arbres-urbains.valide", (";Oui;Non;", ";Peut-être;Non;"), "type-error"),
        ("comptage-mobilites-channel.valide", ("C-C-01-Baix", ""), "primary-key"),
        ("comptage-mobilites-measure.valide", ("T13:30:00Z,20", "T13:30:00Z,vingt"), "type-error"),
        ("comptage-velo-dynamique.valide", (",20,15", ",,15"), "constraint-error"),
        ("espaces-naturels-sensibles.valide", ("fr-ENS069-000001", "fr-ENS69-1"), "constraint-error"),
        ("hautes-remunerations.valide", (";7;3;", ";11;3;"), "constraint-error"),
        ("impact-service-public-numerique.valide", (",barchart,", ",camembert,"), "constraint-error"),
        ("lieux-covoiturage.valide", ("217602176", "217602177"), "french-siren-value"),
        ("objets-importants.valide", ('""Classification C""]"\n45', '""Classification D""]"\n45'), "type-error"),
        ("objets-vie-quotidienne.valide", ("\n2,", "\n1,"), "primary-key"),
        ("passage-a-niveau.valide", ("CLASSE 20", "CLASSE 22"), "constraint-error"),
        ("vehicules-faibles-emissions-synthese.valide", (",5710,", ",571,"), "constraint-error"),
    ],
)
def test_one_fault_is_seen(file, change, code, tmp_path):
    assert code in codes(verdict(file, tmp_path, change))
