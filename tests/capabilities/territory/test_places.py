"""A place, however it is said."""

import pytest

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.errors import BadInput

pytestmark = pytest.mark.usefixtures("small_territory")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Olivette", "97001"),
        ("olivette", "97001"),
        ("  OLIVETTE ", "97001"),
        ("Olivete", "97001"),
        ("97100 Olivette", "97001"),
        ("Olivette (97)", "97001"),
        ("le galet", "97002"),
        ("galet", "97002"),
        ("les salines sur rade", "97003"),
        ("Salines", "97003"),
        ("port clair", "98001"),
    ],
)
def test_a_name_gives_its_commune(text, code):
    found = territory.find_place(text)
    assert isinstance(found, territory.Place)
    assert found.commune.code == code


def test_a_postal_code_never_designates_a_commune():
    shared = territory.find_place("97100")
    assert isinstance(shared, territory.PlaceChoice)
    assert {each.commune.code for each in shared.candidates} == {"97001", "97002"}
    alone = territory.find_place("97130")
    assert isinstance(alone, territory.PlaceChoice)
    assert [each.commune.code for each in alone.candidates] == ["97003"]
    assert territory.find_place("75001").candidates == ()


def test_an_arrondissement_is_found_by_its_number():
    found = territory.find_place("2e arrondissement")
    assert (found.commune.code, found.arrondissement.code) == ("98001", "98202")
    assert found.label == "Port-Clair 2e arrondissement"


def test_an_unknown_place_leaves_the_choice_empty_and_says_so():
    found = territory.find_place("Zanzibar")
    assert isinstance(found, territory.PlaceChoice)
    assert found.candidates == () and "Zanzibar" in found.sentence


@pytest.mark.parametrize("text", ["", "   ", "x" * 201])
def test_nothing_or_too_much_is_refused(text):
    with pytest.raises(BadInput):
        territory.find_place(text)


def test_the_grammar_of_names():
    assert territory.commune("97002").of == "du Galet"
    assert territory.commune("97002").at == "au Galet"
    assert territory.commune("97003").at == "aux Salines-sur-Rade"
    assert territory.commune("97001").of == "d’Olivette"
