"""The results: who is in charge here and why, places however they are said, nothing typed becomes HTML."""

import pytest

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.errors import Unavailable
from tests.capabilities.data.harbour import published
from tests.markup import read

pytestmark = pytest.mark.django_db
NASTY = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


class Source:
    """An address source that always gives these features; without any, it is down."""

    def __init__(self, id, rank, features):
        self.id, self.rank, self.features = id, rank, features

    def is_on(self):
        return True

    def search(self, q, **asked):
        if self.features is None:
            raise Unavailable("down")
        return {"type": "FeatureCollection", "features": self.features, "attribution": "", "licence": ""}


def address(label, *, citycode, score):
    properties = {"label": label, "score": score, "type": "street", "citycode": citycode, "city": label}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [5.1, 43.1]}, "properties": properties}


class TestResults:
    def test_says_who_is_in_charge_here_and_why(self, get):
        page = get("/recherche", q="ma poubelle jaune est cassée", lieu="Olivette")

        first = page.all("li", class_="hit")[0]
        assert first.one("h2").words == "Remplacer ou réparer un bac à déchets"
        assert first.one("p", class_="name").words == "Métropole de la Rade bleue"
        assert first.one("span", class_="badge").words == "Métropole"
        assert "ramasse les déchets dans presque toutes les communes" in first.one("p", class_="why").words
        assert "Loi d’essai, art. 4" in first.one("details").words.replace("'", "’")
        assert first.one("a", class_="btn").attributes["href"] == "/services/bac-casse-ou-vole?citycode=97001"

    def test_another_commune_has_another_answer(self, get):
        page = get("/recherche", q="poubelle", lieu="Le Galet")

        assert page.all("li", class_="hit")[0].one("p", class_="name").words == "Mairie du Galet"

    def test_a_question_is_a_small_form_that_leads_to_the_answer(self, client, get):
        card = get("/recherche", q="nid-de-poule", lieu="Olivette").all("li", class_="hit")[0]

        form = card.one("form")
        assert card.one("legend").words == "Quelle est cette route ?"
        kept = {each.attributes["name"]: each.attributes["value"] for each in form.all("input")}
        (private,) = [each for each in form.all("button") if each.words == "Un chemin privé"]
        answer = get(form.attributes["action"], **kept, **{private.attributes["name"]: private.attributes["value"]})
        assert answer.one("p", class_="name").words == "Aucun service public"
        assert answer.one("p", class_="why").words == "Un chemin privé est à la charge de ses propriétaires."

    def test_without_a_place_results_are_shown_and_the_place_is_asked(self, get):
        page = get("/recherche", q="poubelle")

        assert page.all("li", class_="hit")
        assert not page.all("div", class_="who")
        assert "Indiquer le lieu" in page.one("main").words

    def test_a_postal_code_gives_a_choice_and_still_results(self, get):
        page = get("/recherche", q="poubelle", lieu="97100")

        choices = page.all("a", class_="pill")
        assert [each.words for each in choices] == ["Olivette", "Le Galet"]
        assert page.all("li", class_="hit")
        chosen = get(choices[1].attributes["href"])
        assert chosen.all("p", class_="name")[0].words == "Mairie du Galet"
        assert chosen.one("input", id="q").attributes["value"] == "poubelle"

    def test_an_unknown_place_is_said_and_results_are_still_shown(self, get):
        page = get("/recherche", q="poubelle", lieu="Tombouctou")

        assert page.all("li", class_="hit")
        assert "Voir la liste des communes" in page.one("main").words
        assert page.one("input", id="lieu").attributes["value"] == "Tombouctou"

    def test_a_point_outside_says_whom_to_ask(self, get):
        page = get("/recherche", q="poubelle", lon="2.35", lat="48.85")

        assert "demandez à sa mairie" in page.one("p", role="alert").words
        assert page.all("li", class_="hit")

    def test_a_point_inside_gives_its_commune(self, get):
        page = get("/recherche", q="poubelle", lon="5.10", lat="43.10")

        assert page.all("p", class_="name")[0].words == "Métropole de la Rade bleue"
        assert "contours officiels ne sont pas chargés" in page.one("main").words

    @pytest.mark.parametrize("point", [{"lon": "x", "lat": "43"}, {"lon": "5"}, {"lon": "nan", "lat": "43"}])
    def test_a_point_that_is_none_is_said(self, get, point):
        assert get("/recherche", q="poubelle", **point).one("p", role="alert").words

    def test_who_types_another_place_beside_a_code_is_understood(self, get):
        page = get("/recherche", q="poubelle", lieu="Le Galet", connu="Olivette", citycode="97001")

        assert page.all("p", class_="name")[0].words == "Mairie du Galet"

    def test_the_place_can_be_remembered_by_the_browser(self, get):
        place = get("/recherche", q="poubelle", lieu="olivette").one("p", class_="place")

        assert (place.attributes["data-here"], place.attributes["data-label"]) == ("97001", "Olivette")

    def test_nothing_found_teaches_how_to_ask(self, get):
        page = get("/recherche", q="zzzzzz")

        assert "Rien ne correspond" in page.one("main").one("h2").words
        assert len(page.one("main").all("li")) == 3

    def test_nothing_asked_proposes_the_most_used(self, get):
        assert "Remplacer ou réparer un bac à déchets" in get("/recherche").one("main").words

    def test_a_typo_is_told(self, get):
        page = get("/recherche", q="carte idantité")

        assert page.all("p", class_="note")[0].one("b").words == "carte identité"

    def test_a_question_too_long_is_refused_with_a_sentence(self, get):
        page = get("/recherche", q="a" * 301, status=422)

        assert "moins de 300 caractères" in page.one("p", role="alert").words

    def test_long_lists_are_paged(self, get, monkeypatch):
        monkeypatch.setattr("lacydon.capabilities.home.pages.results.PER_PAGE", 1)

        first = get("/recherche", q="signaler", lieu="Olivette")
        second = get(first.one("a", rel="next").attributes["href"])

        assert first.one("li", class_="hit").one("h2").words != second.one("li", class_="hit").one("h2").words
        assert second.one("p", class_="place").attributes["data-here"] == "97001"
        assert second.one("a", rel="prev")

    @pytest.mark.parametrize("number", ["0", "-1", "x", "٣", "9" * 30])
    def test_a_page_number_that_is_none_is_the_nearest(self, get, number):
        assert get("/recherche", q="poubelle", page=number)

    def test_an_audience_narrows_and_can_be_left(self, get):
        page = get("/recherche", q="collège", audience="famille")

        assert page.one("p", class_="place").one("a").attributes["href"] == "/recherche?q=coll%C3%A8ge"

    def test_an_unknown_audience_is_said(self, get):
        assert "martien" in get("/recherche", q="x", audience="martien", status=422).one("p", role="alert").words

    def test_in_english(self, get):
        page = get("/en/recherche", q="garbage", lieu="Olivette")

        first = page.all("li", class_="hit")[0]
        assert first.one("h2").words == "Replace or repair a waste bin"
        assert first.one("p", class_="name").words == "Rade bleue Metropolis"
        assert first.one("a", class_="btn").attributes["href"].startswith("/en/services/")

    def test_the_address_service_down_is_said_when_the_index_answered(self, get):
        near = Source("near", 2, [address("12 Rue du Port 97100 Olivette", citycode="97001", score=0.97)])

        with territory.address_sources.only(Source("far", 1, None), near):
            page = get("/recherche", q="poubelle", lieu="12 rue du port")

        assert "ne répond pas" in page.one("p", class_="note").words
        assert page.all("p", class_="name")[0].words == "Métropole de la Rade bleue"

    def test_it_is_said_beside_a_choice_too(self, get):
        streets = [address(f"Rue du Port {code}", citycode=code, score=0.6) for code in ("97001", "97002")]

        with territory.address_sources.only(Source("far", 1, None), Source("near", 2, streets)):
            page = get("/recherche", q="poubelle", lieu="rue du port")

        assert "ne répond pas" in page.one("p", class_="note").words
        assert len(page.all("a", class_="pill")) == 2

    def test_an_address_of_elsewhere_says_whom_to_ask(self, get):
        far = address("1 Place Bellecour 69002 Lyon", citycode="69382", score=0.95)

        with territory.address_sources.only(Source("far", 1, [far])):
            page = get("/recherche", q="poubelle", lieu="1 place bellecour")

        said = page.one("p", role="alert").words
        assert "« 1 Place Bellecour 69002 Lyon » n’est pas dans le territoire" in said.replace("\xa0", " ")
        assert "demandez à sa mairie" in said
        assert page.all("li", class_="hit")


@pytest.mark.parametrize("name", ["q", "lieu", "citycode", "connu", "lon", "lat", "audience", "page", "unknown"])
def test_nothing_typed_becomes_html_in_the_results(client, small_territory, name):
    response = client.get("/recherche", {"q": "poubelle", "lieu": "Olivette"} | {name: NASTY})

    assert response.status_code in (200, 422)
    html = response.content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html
    read(html)


def test_datasets_stand_under_the_services_that_answer(get):
    for number in range(4):
        published(f"bacs-{number}", title={"fr": f"Bacs numéro {number}"}, description={"fr": "Chaque <bac> du port."})
    page = get("/recherche", q="bac")

    found = page.one("section", class_="block")
    assert found.one("h2").words == "4 jeux de données pour « bac »"
    assert [each.attributes["href"] for each in found.one("ul").all("a")] == [f"/donnees/bacs-{n}" for n in range(3)]
    assert page.words.index("Remplacer ou réparer un bac") < page.words.index("Bacs numéro")
    assert found.all("a", class_="more")[0].attributes["href"] == "/donnees?q=bac"
    assert get("/recherche", q="bac", page="2").all("section", class_="block") == []
    assert get("/recherche", q="zzyzx bacs").one("section", class_="block")
    assert get("/recherche", q="nid-de-poule", lieu="Olivette").all("section", class_="block") == []
