"""The front door: every page, communes, who does what, about, errors; through Django's client."""

import re

import pytest

from lacydon.capabilities.data.models import Series
from tests.capabilities.data.harbour import published
from tests.markup import read

pytestmark = pytest.mark.django_db
NASTY = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
PAGES = (
    "/",
    "/recherche",
    "/recherche?q=poubelle",
    "/recherche?q=poubelle&lieu=Olivette",
    "/recherche?q=nid-de-poule&citycode=98201",
    "/recherche?q=zzzzzz&lieu=zzzzzz",
    "/services",
    "/services?secteur=voirie",
    "/services/bac-casse-ou-vole",
    "/services/bac-casse-ou-vole?citycode=97001",
    "/services/signaler-un-nid-de-poule?citycode=97001",
    "/evenements-de-vie",
    "/evenements-de-vie/demenager",
    "/evenements-de-vie/demenager?citycode=97002",
    "/communes",
    "/communes/97001-olivette",
    "/qui-fait-quoi",
    "/qui-fait-quoi?secteur=voirie",
    "/qui-fait-quoi?secteur=dechets&citycode=97002",
    "/qui-fait-quoi?theme=voirie.entretien",
    "/qui-fait-quoi?theme=dechets.bacs&citycode=97002",
    "/lieu",
    "/lieu?lieu=97100",
    "/aide",
    "/accessibilite",
    "/mentions-legales",
    "/plan-du-site",
    "/api/v1/docs",
)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_well_made_and_names_its_other_language(get, path, lang):
    address = f"/en{path}" if lang == "en" else path

    page = get(address)

    assert page.one("html").attributes["lang"] == lang
    other = page.one("a", class_="tongue").attributes
    alternates = {each.attributes["hreflang"]: each.attributes["href"] for each in page.all("link", rel="alternate")}
    assert alternates == {"fr": path, "en": f"/en{path}"}
    assert other["href"] == alternates[other["hreflang"]]
    assert other["hreflang"] != lang


@pytest.mark.parametrize("path", PAGES)
def test_every_link_inside_leads_somewhere(client, get, path):
    page = get(path)

    links = {each.attributes["href"].partition("#")[0] for each in page.all("a")}
    for link in sorted(links):
        if link.startswith("/") and not link.startswith("/static/"):
            answer = client.get(link)
            to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/connexion?suite=")
            assert answer.status_code in (200, 303) or to_sign_in, link


ONLINE = ("/demarches", "/signaler", "/rendez-vous", "/suivi", "/signalements", "/chiffres")


def test_what_is_done_online_is_found_from_the_home_page_the_foot_of_every_page_and_the_plan(get, client):
    def led(element):
        return {each.attributes["href"] for each in element.all("a")}

    home, plan = get("/"), get("/plan-du-site")
    assert {*ONLINE[:4]} <= led(home.one("main"))
    assert {*ONLINE} <= led(home.one("footer"))
    assert {*ONLINE, "/verifier"} <= led(plan.one("main"))
    assert get("/chiffres").one("nav", aria_label="Rubriques").one("a", aria_current="true").words == "Démarches"
    told = client.get("/sitemap.xml").content.decode()
    for each in ("/demarches", "/signaler", "/rendez-vous", "/signalements", "/chiffres"):
        assert f"{each}</loc>" in told and f"/en{each}</loc>" in told


class TestWhoDoesWhat:
    def test_families_then_subjects_then_the_map(self, get):
        families = get("/qui-fait-quoi").all("a", class_="card")
        assert [each.words for each in families] == ["Déchets", "Rues", "Papiers et école"]
        subjects = get("/qui-fait-quoi" + families[0].attributes["href"])
        theme = get(subjects.one("ul", class_="rows").one("a").attributes["href"])
        said = theme.one("p", class_="lead").words
        assert said == "Métropole de la Rade bleue dans 3 communes, la mairie du Galet."

    def test_the_map_has_its_words_beside(self, get):
        page = get("/qui-fait-quoi", theme="dechets.bacs")

        drawn = page.one("svg", role="group")
        assert [each.attributes["aria-label"] for each in drawn.all("a")] == [
            "Olivette : Métropole de la Rade bleue",
            "Les Salines-sur-Rade : Métropole de la Rade bleue",
            "Port-Clair : Métropole de la Rade bleue",
            "Le Galet : Chaque mairie, chez elle",
        ]
        rows = [each.words for each in page.one("tbody").all("td")]
        assert rows == ["Olivette, Les Salines-sur-Rade, Port-Clair", "Le Galet"]

    def test_a_commune_of_the_map_says_why(self, get):
        page = get("/qui-fait-quoi", theme="dechets.bacs")
        galet = page.one("svg", role="group").all("a")[-1]

        chosen = get(galet.attributes["href"])

        assert chosen.one("p", class_="why").words == "Au Galet, la mairie ramasse elle-même les déchets."
        assert "Loi d" in chosen.one("div", class_="who").one("details").words

    def test_the_answer_to_a_question_changes_the_map_and_stays_chosen(self, get):
        asking = get("/qui-fait-quoi", theme="voirie.entretien")
        assert "cela dépend du cas" in asking.one("p", class_="lead").words
        (road,) = [each for each in asking.all("button", name="voie.classe") if "départementale" in each.words]

        answered = get("/qui-fait-quoi", theme="voirie.entretien", **{"voie.classe": road.attributes["value"]})

        assert "Département des Calanquettes dans 3 communes" in answered.one("p", class_="lead").words
        assert answered.one("button", aria_current="true").words == road.words

    @pytest.mark.parametrize(
        ("asked", "status"),
        [
            ({"theme": NASTY}, 404),
            ({"theme": "dechets.bacs", "citycode": NASTY}, 404),
            ({"theme": "dechets.bacs", "citycode": "75056"}, 404),
            ({"theme": "voirie.entretien", "voie.classe": NASTY}, 422),
            ({"secteur": NASTY}, 404),
        ],
    )
    def test_what_does_not_exist_is_refused_with_a_sentence(self, get, asked, status):
        page = get("/qui-fait-quoi", status=status, **asked)

        assert len(page.one("main").all("p", class_="lead")) == 2


class TestCommune:
    def test_what_the_town_hall_does_and_what_the_others_do(self, get):
        page = get("/communes/97001-olivette")

        levels = {each.one("h2").words: each.one("ul").words for each in page.all("section")}
        assert set(levels) == {"Métropole de la Rade bleue", "État", "Cela dépend du cas"}
        assert "Bacs et conteneurs" in levels["Métropole de la Rade bleue"]
        assert "47 000 habitants" in page.one("p", class_="lead").words.replace("\u202f", " ").replace("\xa0", " ")
        assert page.one("p", class_="contacts").all("a")[0].attributes["href"] == "https://olivette.example"

    def test_the_town_that_collects_itself(self, get):
        levels = {each.one("h2").words: each.words for each in get("/communes/97002-le-galet").all("section")}

        assert "Bacs et conteneurs" in levels["La mairie du Galet"]

    @pytest.mark.parametrize("path", ["/communes/97001", "/communes/97001-autre-nom", "/communes/98201"])
    def test_other_addresses_of_a_commune_lead_to_it(self, client, small_territory, path):
        response = client.get(path)

        assert response.status_code == 301
        assert response["Location"] in ("/communes/97001-olivette", "/communes/98001-port-clair")

    def test_a_commune_of_elsewhere_says_whom_to_ask(self, get):
        assert "demandez à sa mairie" in get("/communes/75056", status=404).one("main").words


class TestErrors:
    @pytest.mark.parametrize("path", ["/nulle-part", "/services/rien", "/evenements-de-vie/rien", "/communes/xyz"])
    def test_not_found_offers_to_search(self, get, path):
        page = get(path, status=404)

        assert page.one("form").attributes["action"] == "/recherche"
        assert page.one("meta", name="robots").attributes["content"] == "noindex"

    def test_in_english(self, get):
        page = get("/en/nulle-part", status=404)

        assert page.one("html").attributes["lang"] == "en"
        assert page.one("form").attributes["action"] == "/en/recherche"

    def test_a_control_character_is_told(self, get):
        assert "caractère de contrôle" in get("/recherche?q=a%00b", status=400).one("main").words

    def test_too_many_requests_is_a_page_for_people(self, client, small_territory, settings):
        settings.RATE_LIMIT = 1
        responses = [client.get("/catalogue", headers={"Accept": "text/html"}) for _ in range(3)]

        assert responses[-1].status_code == 429
        assert "Trop de demandes" in read(responses[-1].content.decode()).one("h1").words
        assert responses[-1]["Retry-After"]

    @pytest.mark.django_db(databases=[])
    def test_a_failure_needs_no_database_and_gives_a_reference(self, client, monkeypatch):
        def broken(*args, **kwargs):
            raise RuntimeError("the secret of the inside")

        monkeypatch.setattr("lacydon.capabilities.home.pages.front.services.events", broken)
        client.raise_request_exception = False

        response = client.get("/", headers={"X-Request-ID": "reference-1234"})

        assert response.status_code == 500
        html = response.content.decode()
        assert read(html).one("code").words == "reference-1234"
        assert "secret" not in html


class TestForMachines:
    def test_robots_know_what_not_to_read(self, client, small_territory):
        text = client.get("/robots.txt").content.decode()

        assert "Disallow: /recherche\n" in text
        assert text.endswith("Sitemap: http://testserver/sitemap.xml\n")

    def test_the_map_of_the_site_has_each_page_in_both_languages(self, client, small_territory):
        Series.objects.create(pk="releves", title={"fr": "Relevés"}, description={"fr": "Par année."})
        published("releves-2025", series="releves")
        text = client.get("/sitemap.xml").content.decode()

        locations = re.findall("<loc>http://testserver([^<]*)</loc>", text)
        assert len(locations) == len(set(locations))
        assert {"/", "/en/", "/services/carte-identite", "/en/communes/97002-le-galet"} <= set(locations)
        assert {"/donnees", "/en/donnees/releves-2025", "/donnees/series/releves"} <= set(locations)

    def test_the_icon_is_where_browsers_look(self, client, small_territory):
        assert client.get("/favicon.ico")["Location"] == "/static/ui/favicon.svg"


def test_the_accessibility_statement_says_the_state_the_contact_and_the_recourse(get):
    text = get("/accessibilite").one("main").words

    for said in ("pas encore conforme", "RGAA", "Nous contacter", "Défenseur des droits"):
        assert said in text


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("ici@ville.example", "mailto:ici@ville.example"),
        ("https://ville.example/ecrire", "https://ville.example/ecrire"),
    ],
)
@pytest.mark.parametrize("path", ["/aide", "/accessibilite", "/mentions-legales"])
def test_where_to_write_is_said_when_the_operator_says_it(get, settings, path, contact, link):
    assert link not in [each.attributes["href"] for each in get(path).all("a")]
    settings.CONTACT = contact

    assert link in [each.attributes["href"] for each in get(path).all("a")]


def test_the_legal_notice_names_who_publishes_and_who_hosts(get, settings):
    settings.PUBLISHER, settings.HOSTING = "Ville <d'Olivette>", "Chez nous, 1 quai Haut"

    text = get("/mentions-legales").one("main").words

    assert "Ville <d'Olivette>" in text
    assert "Chez nous, 1 quai Haut" in text
    assert "pas encore dit son nom" not in text


def test_a_contact_that_is_no_address_is_only_shown(get, settings):
    settings.CONTACT = "javascript:alert(1)"

    assert "javascript:alert(1)" in get("/mentions-legales").one("main").words


def test_before_anything_is_loaded_the_pages_stand(client, db):
    for path in ("/", "/services", "/communes", "/qui-fait-quoi", "/aide", "/recherche?q=poubelle"):
        response = client.get(path)
        assert response.status_code == 200, path
        read(response.content.decode())
