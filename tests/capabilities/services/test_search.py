"""From words to services and to whoever is in charge here."""

import pytest

from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory

pytestmark = pytest.mark.usefixtures("small_territory")


def first(q, **more):
    found = services.search_services(q=q, **more)
    return found.hits[0] if found.hits else None


@pytest.mark.parametrize(
    "q", ["ma poubelle jaune est cassée", "poubele jaune", "POUBELLE", "bac cassé", "broken bin", "garbage"]
)
def test_everyday_words_find_the_bin(q):
    assert first(q).service.id == "bac-casse-ou-vole"


def test_the_authority_is_that_of_the_place():
    at = {code: first("poubelle cassée", citycode=code) for code in ("97001", "97002")}
    assert at["97001"].authority.id == "metropole-rade-bleue"
    assert at["97002"].authority.id == "commune-97002"
    assert "la mairie ramasse" in at["97002"].reason["fr"]


def test_without_a_place_there_is_no_authority():
    hit = first("poubelle")
    assert hit.resolution is None and hit.authority is None and hit.reason is None


def test_conditions_decide():
    asked = first("nid de poule", citycode="97001")
    assert asked.authority is None and asked.reason is None and asked.resolution.question.id == "voie.classe"
    known = first("nid de poule", citycode="97001", conditions={"voie.classe": "departementale", "autre": "x"})
    assert known.authority.id == "departement-97"


def test_a_place_found_from_an_address_answers_for_its_commune():
    hit = first("poubelle", place=territory.place_of("98202"))
    assert hit.resolution.citycode == "98001"


def test_services_of_another_commune_stay_out():
    assert first("emprunter un vélo", citycode="97001").service.id == "pret-de-velos"
    assert first("emprunter un vélo", citycode="97002") is None


def test_audience_narrows():
    assert first("carte identité", audience="jeune").service.id == "carte-identite"
    assert first("carte identité", audience="association") is None


def test_paging_is_stable_and_complete():
    whole = [hit.service.id for hit in services.search_services(q="", limit=100).hits]
    pages = [
        hit.service.id for start in range(0, 6, 2) for hit in services.search_services(q="", limit=2, offset=start).hits
    ]
    assert pages == whole and len(whole) == 6
