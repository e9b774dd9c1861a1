"""The pages of the territory: its communes, and the choice of a place; through Django's client."""

import pytest

from tests.markup import read

pytestmark = pytest.mark.django_db


def test_the_communes_are_on_a_map_and_in_a_list_without_articles_in_their_order(get):
    page = get("/communes")

    assert page.one("h1").words == "4 communes"
    names = [each.words for each in page.one("ul", class_="list").all("a")]
    assert names == ["Le Galet", "Olivette", "Port-Clair", "Les Salines-sur-Rade"]
    assert {each.attributes["aria-label"] for each in page.one("svg", role="group").all("a")} == set(names)
    assert "Carte schématique" in page.one("figcaption").words


class TestPlace:
    def test_a_certain_place_leads_on(self, client, small_territory):
        response = client.get("/lieu", {"lieu": "olivete", "suite": "/qui-fait-quoi?theme=dechets.bacs"})

        assert response.status_code == 302
        assert response["Location"] == "/qui-fait-quoi?theme=dechets.bacs&citycode=97001"

    def test_without_anything_to_go_on_with_leads_to_the_commune(self, client, small_territory):
        assert client.get("/lieu", {"lieu": "Port-Clair"})["Location"] == "/communes/98001-port-clair"

    def test_an_arrondissement_stays_one(self, client, small_territory):
        response = client.get("/lieu", {"lieu": "98002", "suite": "/services/carte-identite"})

        page = read(response.content.decode())
        assert page.one("a", class_="pill").attributes["href"] == "/services/carte-identite?citycode=98202"

    def test_a_point_leads_on(self, client, small_territory):
        assert client.get("/lieu", {"lon": "5.10", "lat": "43.10"})["Location"] == "/communes/97001-olivette"

    def test_an_ambiguous_place_is_a_choice(self, get):
        page = get("/lieu", lieu="97100", suite="/services/carte-identite")

        links = {each.words: each.attributes["href"] for each in page.all("a", class_="pill")}
        assert links == {
            "Olivette": "/services/carte-identite?citycode=97001",
            "Le Galet": "/services/carte-identite?citycode=97002",
        }
        assert page.one("input", name="suite").attributes["value"] == "/services/carte-identite"

    @pytest.mark.parametrize("asked", [{"lieu": "x" * 300}, {"lon": "x", "lat": "43"}, {"lon": "5.1"}])
    def test_what_cannot_be_a_place_is_said(self, get, asked):
        assert get("/lieu", status=422, **asked).one("p", role="alert").words

    @pytest.mark.parametrize(
        "elsewhere",
        ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example"],
    )
    def test_only_addresses_of_this_site_are_followed(self, client, small_territory, elsewhere):
        response = client.get("/lieu", {"lieu": "Olivette", "suite": elsewhere})

        assert response["Location"] == "/communes/97001-olivette"
