"""Who is in charge: the answer, the question, or nobody."""

from datetime import date

import pytest

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.errors import OutsideTerritory

pytestmark = pytest.mark.usefixtures("small_territory")


def test_one_authority_with_the_rule_that_says_so():
    found = territory.resolve(theme="dechets.bacs", citycode="97001")
    assert found.authority.id == "metropole-rade-bleue"
    assert [each.rule for each in found.because] == ["dechets.bacs/metropole"]
    assert found.because[0].status == "verified"
    assert found.question is None and not found.nobody


def test_a_commune_that_kept_the_competence():
    found = territory.resolve(theme="dechets.bacs", citycode="97002")
    assert found.authority.id == "commune-97002"
    assert found.because[0].sentence["fr"] == "au Galet, la mairie ramasse elle-même les déchets."


def test_the_question_is_asked_when_the_answer_depends_on_it():
    found = territory.resolve(theme="voirie.nid-de-poule", citycode="97001", on=date(2026, 1, 1))
    assert found.authority is None
    assert found.question.id == "voie.classe"
    assert [each.value for each in found.question.values] == ["communale", "departementale", "privee"]
    assert len(found.because) == 3


@pytest.mark.parametrize(
    ("value", "on", "authority"),
    [
        ("communale", date(2022, 12, 31), "metropole-rade-bleue"),
        ("communale", date(2023, 1, 1), "commune-97001"),
        ("departementale", date(2023, 1, 1), "departement-97"),
    ],
)
def test_roads_went_back_to_the_communes_on_the_day_the_law_says(value, on, authority):
    found = territory.resolve(theme="voirie.nid-de-poule", citycode="97001", conditions={"voie.classe": value}, on=on)
    assert found.authority.id == authority


def test_nobody_is_an_answer_with_a_reason():
    found = territory.resolve(theme="voirie.entretien", citycode="97001", conditions={"voie.classe": "privee"})
    assert found.nobody and found.authority is None
    assert "propriétaires" in found.because[0].sentence["fr"]


def test_the_departement_of_the_place_answers():
    for code, name in (("97003", "Département des Calanquettes"), ("98001", "Département du Ponant")):
        found = territory.resolve(theme="voirie.entretien", citycode=code, conditions={"voie.classe": "departementale"})
        assert found.authority.name["fr"] == name
        assert name in found.because[0].sentence["fr"]


def test_an_operator_does_the_work_for_the_authority():
    found = territory.resolve(theme="eau.potable", citycode="97001")
    assert (found.authority.kind, found.handled_by.id) == ("metropole", "eaux-de-la-rade")
    assert territory.resolve(theme="eau.potable", citycode="98001").handled_by is None


def test_an_arrondissement_is_a_place_of_its_commune():
    assert territory.resolve(theme="dechets.bacs", citycode="98201").citycode == "98001"


def test_a_point_is_resolved_by_its_commune_and_says_how():
    found = territory.resolve(theme="dechets.bacs", lon=5.101, lat=43.101)
    assert (found.citycode, found.located.how) == ("97001", "centre")


@pytest.mark.parametrize(
    ("asked", "refusal", "words"),
    [
        ({"theme": "x", "citycode": "97001"}, territory.UnknownTheme, "«\u00a0x\u00a0»"),
        ({"theme": "dechets.bacs", "citycode": "75056"}, OutsideTerritory, "hors de la Rade bleue"),
        ({"theme": "dechets.bacs", "citycode": "abc"}, territory.UnknownCommune, "«\u00a0abc\u00a0»"),
        ({"theme": "dechets.bacs"}, territory.UnknownCommune, "Dites où"),
        ({"theme": "dechets.bacs", "lon": 2.35, "lat": 48.85}, OutsideTerritory, "hors de la Rade bleue"),
        (
            {"theme": "dechets.bacs", "citycode": "97001", "conditions": {"a": "b"}},
            territory.UnknownCondition,
            "ne dépend pas",
        ),
        (
            {"theme": "voirie.entretien", "citycode": "97001", "conditions": {"voie.classe": "autoroute"}},
            territory.UnknownCondition,
            "communale, departementale, privee",
        ),
        ({"theme": "dechets.bacs", "citycode": "97001", "on": date(2015, 12, 31)}, territory.WrongDate, "2016-01-01"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(asked, refusal, words):
    with pytest.raises(refusal) as told:
        territory.resolve(**asked)
    assert words in str(told.value.sentence)
