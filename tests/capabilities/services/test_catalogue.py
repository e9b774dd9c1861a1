"""The catalogue: one definition serves every commune, a commune may say otherwise."""

import pytest

from lacydon.capabilities.services import public as services

pytestmark = pytest.mark.usefixtures("small_territory")


def test_a_commune_overrides_some_fields_only():
    here = services.service("bac-casse-ou-vole", citycode="97001")
    elsewhere = services.service("bac-casse-ou-vole", citycode="97003")
    assert here.delay["duration"] == "P3D" and here.local_to == "97001"
    assert elsewhere.delay["duration"] == "P10D" and elsewhere.local_to is None
    assert here.title == elsewhere.title and here.falc == elsewhere.falc


def test_a_service_of_one_commune_is_unknown_elsewhere():
    assert services.service("pret-de-velos", citycode="97001").commune == "97001"
    with pytest.raises(services.UnknownService):
        services.service("pret-de-velos", citycode="97002")


def test_unknown_ones_are_refused():
    for ask, refusal in (
        (lambda: services.service("rien"), services.UnknownService),
        (lambda: services.event("rien"), services.UnknownEvent),
        (lambda: services.sector("rien"), services.UnknownSector),
        (lambda: services.search_services(q="x", audience="chats"), services.UnknownAudience),
    ):
        with pytest.raises(refusal):
            ask()


def test_sectors_and_events_list_their_services():
    assert [each.id for each in services.services_of_sector("voirie")] == ["signaler-un-nid-de-poule"]
    assert [each.id for each in services.services_of_event("demenager")] == ["bac-casse-ou-vole", "carte-identite"]
    assert [each.id for each in services.events("business")] == ["ouvrir-un-commerce"]


def test_french_typography_is_put_right():
    assert services.service("carte-identite").title["fr"] == "Carte nationale d’identité"
    assert services.service("bac-casse-ou-vole").summary["fr"].startswith("Votre bac est cassé ou volé\u00a0:")


def test_a_fact_fixed_by_the_service_needs_no_question():
    found = services.in_charge(services.service("travaux-dans-un-college"), citycode="97001")
    assert found.authority.id == "departement-97"
