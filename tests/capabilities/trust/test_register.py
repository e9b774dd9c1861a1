"""What anybody may read: the register of art. 30, the page of trust; neither sets a cookie."""

import pytest

from lacydon.kernel import plugs, signing
from lacydon.kernel.personal import Activity, PersonalData
from tests.markup import read

pytestmark = pytest.mark.django_db


def test_the_register_has_every_activity_with_all_that_article_30_asks(client):
    response = client.get("/registre")
    shown = read(response.content.decode()).one("main")
    assert not response.cookies
    declared = plugs.personal_data["trust"]().activities
    linked = {each.attributes["href"] for each in shown.all("a")}
    assert linked >= {f"/registre/{each.id}" for each in declared}
    for each in declared:
        told = read(client.get(f"/registre/{each.id}").content.decode()).one("main")
        assert len(told.one("dl").all("dt")) == 7 and all(part.words for part in told.one("dl").all("dd"))
    assert client.get("/registre/autre").status_code == 404


def test_the_same_for_machines(client):
    told = client.get("/registre.json").json()
    assert {"controller", "activities", "purposes"} <= told.keys()
    for each in told["activities"]:
        assert all(each[name] for name in ("purpose", "legal_basis", "people", "data", "recipients", "retention"))
    assert "trust.Proof.sealed" in next(each for each in told["activities"] if each["id"] == "proofs")["fields"]


def test_a_new_activity_is_in_it_by_itself(client):
    made = Activity("bees", "Ruches", "Compter", "x", "x", "x", "x", "x", "none: x", "x", fields=())
    with plugs.personal_data.temporarily("bees", lambda: PersonalData(activities=(made,))):
        assert "Ruches" in client.get("/registre").content.decode()
    assert "Ruches" not in client.get("/registre").content.decode()


def test_the_page_of_trust_gives_figures_and_the_public_key(client):
    response = client.get("/confiance")
    assert not response.cookies
    told = read(response.content.decode()).one("main").words
    assert signing.public_key() in told
    assert "Contestations répondues dans le mois" in told


def test_the_legal_notice_leads_there(client, small_territory):
    shown = read(client.get("/mentions-legales").content.decode()).one("main")
    assert {"/confiance", "/registre"} <= {each.attributes["href"] for each in shown.all("a")}
