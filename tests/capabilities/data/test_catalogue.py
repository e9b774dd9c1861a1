"""Finding a dataset, and its page."""

import json
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils.html import escape
from rdflib import DCTERMS, Graph, URIRef

from lacydon.capabilities.data.actions.publication import describe_dataset
from lacydon.capabilities.data.models import Dataset, Distribution, Series
from lacydon.capabilities.data.queries.datasets import dataset
from lacydon.capabilities.data.queries.quality import late, quality
from lacydon.capabilities.data.queries.rdf.terms import DCAT
from lacydon.capabilities.data.queries.search import documents, search_datasets
from lacydon.capabilities.data.queries.vocabularies import format_named, licence_named
from lacydon.kernel import snapshots
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.clock import now
from tests.markup import read

from .harbour import described, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbour(db):
    published("marches", themes=["ECON"], keywords=["forain", "commerce"], frequency="ANNUAL", coverage=["97001"])
    described("arbres", of="village", title={"fr": "Arbres remarquables"}, description={"fr": "Grands et vieux."},
              themes=["ENVI"], licence="odbl", keywords=["nature"])  # fmt: skip
    Distribution.objects.create(dataset_id="arbres", title="Plan", access_url="https://x.example/a.pdf", format="PDF")
    snapshots.moved("datasets")
    published("comptes", access="restricted", title={"fr": "Comptes"}, themes=["ECON"])
    published("secret", access="private", title={"fr": "Secret des marchés"})


def get(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, response.content.decode()
    return read(response.content.decode())


def titles(page):
    return [each.one("h2").words for each in page.all("li", class_="found")]


def test_words_find_datasets(client, harbour):
    assert titles(get(client, "/donnees?q=arbre")) == ["Arbres remarquables"]
    assert titles(get(client, "/donnees?q=forain")) == ["Marchés forains"]
    assert titles(get(client, "/donnees?tri=title")) == ["Arbres remarquables", "Comptes", "Marchés forains"]
    assert titles(get(client, "/donnees?q=donn%C3%A9es+ouvertes+arbres")) == ["Arbres remarquables"]
    empty = get(client, "/donnees?q=xylophone")
    assert not titles(empty)
    assert "Aucun jeu de données ne répond" in empty.one("main").words
    assert "On ne peut pas trier" in get(client, "/donnees?tri=taille", 422).one("p", role="alert").words
    assert {each.id for each in documents()} == {"marches", "arbres", "comptes"}


def test_facets_count_what_they_would_leave(client, harbour):
    found = search_datasets(chosen={"theme": ["ECON"]})
    counts = {name: {value.id: value.count for value in values} for name, values in found.facets.items()}
    assert counts["theme"] == {"ECON": 2, "ENVI": 1}
    assert counts["access"] == {"public": 1, "restricted": 1}
    assert "licence" not in counts, "a value that all of them have is no choice"
    assert {each.id for each in search_datasets(chosen={"commune": ["97002"]}).datasets} == {"arbres", "comptes"}
    assert {each.id for each in search_datasets(chosen={"format": ["PDF", "GEOJSON"]}).datasets} == {
        "arbres", "comptes", "marches"
    }  # fmt: skip
    page = get(client, "/donnees?theme=ENVI")
    assert titles(page) == ["Arbres remarquables"]
    assert page.one("ul", class_="pills chosen").one("a").attributes["href"] == "/donnees"
    both = next(each for each in page.all("a") if each.attributes["href"] == "/donnees?theme=ENVI&theme=ECON")
    assert both.words == "Économie et finances 2"


def test_pages_never_overlap(client, harbour):
    for number in range(12):
        described(f"autre-{number:02d}", title={"fr": f"Autre {number}"})
    seen = [title for page in (1, 2) for title in titles(get(client, f"/donnees?page={page}"))]
    assert len(seen) == len(set(seen)) == 15


def test_an_agent_finds_what_is_theirs(harbour):
    agent = Actor(person="x", kind="agent", organisation="ville", roles=frozenset({"data.publisher"}))
    other = Actor(person="y", kind="agent", organisation="village", roles=frozenset({"data.publisher"}))
    assert "secret" in {each.id for each in search_datasets(q="marchés", actor=agent).datasets}
    assert "secret" not in {each.id for each in search_datasets(q="marchés", actor=other).datasets}
    assert "secret" not in {each.id for each in search_datasets(q="marchés").datasets}


def test_the_page_of_a_dataset(client, harbour):
    page = get(client, "/donnees/marches")
    assert page.one("h1").words == "Marchés forains"
    table = page.one("table", class_="sample")
    assert [each.words for each in table.all("th")] == ["Citycode", "Nom", "Ouvert le", "Etals", "Note"]
    cells = [each.words for each in table.one("tbody").all("tr")[0].all("td")]
    assert cells == ["13055", "Marché de la Plaine", "2 mars 2024", "120", "4,5"]
    files = {each.attributes["href"].rsplit(".", 1)[-1] for each in page.one("ul", class_="takes").all("a")}
    assert files == {"csv", "xlsx", "json", "ndjson", "geojson", "parquet"}
    assert dataset("marches").version.content in page.one("main").words
    links = {each.attributes["href"] for each in page.one("main").all("a")}
    beside = {f"/donnees/marches/{each}" for each in ("table", "carte", "suivre", "demander", "reutilisations")}
    assert beside <= links
    assert not [each for each in links if each.startswith("/agent")], "publishing is for those who may"


def test_every_type_of_column_has_its_cell_on_the_page(client, db):
    rows = "SELECT TIME '08:05:00' AS heure, TIMESTAMPTZ '2024-01-01 08:05:00+00' AS quand, true AS oui, '{}' AS texte"
    published("heures", rows, point=None)
    table = get(client, "/donnees/heures").one("table", class_="sample")
    assert table.one("tbody").all("td")[0].words.split() == ["8", "h", "05"]


def test_what_search_engines_read(client, harbour):
    Dataset.objects.filter(pk="marches").update(description={"fr": "</script><b>x"})
    snapshots.moved("datasets")
    html = client.get("/donnees/marches").content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    told = json.loads(block)
    assert (told["@type"], told["name"], told["version"]) == ("Dataset", "Marchés forains", "1")
    assert told["description"] == "</script><b>x"
    assert escape("</script><b>x") in html
    assert {each["encodingFormat"] for each in told["distribution"]} >= {"text/csv", "application/geo+json"}


def test_an_earlier_version_is_still_there(client, harbour):
    published("marches", "SELECT 'neuf' AS nom")
    assert "neuf" in get(client, "/donnees/marches").one("table", class_="sample").words
    page = get(client, "/donnees/marches?version=1")
    assert "Marché de la Plaine" in page.one("table", class_="sample").words
    assert "Vous regardez la version 1" in page.one("p", class_="note warn").words
    assert client.get("/donnees/marches?version=7").status_code == 404
    assert client.get("/donnees/marches?version=x").status_code == 404


def test_what_a_version_changed_is_one_click_away(client, harbour):
    address = "/donnees/marches/versions/2"
    published("marches", "SELECT 'neuf' AS nom")
    assert address in {each.attributes["href"] for each in get(client, "/donnees/marches").one("main").all("a")}
    assert client.get(address).status_code == 200
    describe_dataset(id="marches", actor=MACHINE, fields={"access": "restricted"})
    assert address not in client.get("/donnees/marches").content.decode()


def test_a_schema_is_told_by_its_title_and_leads_where_it_is_described(client, harbour, settings):
    shelf = Path(settings.HOME) / "schemas"
    shelf.mkdir(parents=True, exist_ok=True)
    kept = shelf / "marches-de-plein-vent.json"
    kept.write_text(json.dumps({"title": "Marchés de plein vent", "homepage": "https://x.example/s", "fields": []}))
    try:
        describe_dataset(id="marches", actor=MACHINE, fields={"schema": "marches-de-plein-vent"})
        links = {each.words: each.attributes["href"] for each in get(client, "/donnees/marches").one("main").all("a")}
        assert links["Marchés de plein vent"] == "https://x.example/s"
        assert links["Vérifier un fichier"] == "/donnees/verifier?schema=marches-de-plein-vent"
        assert "<https://x.example/s> a dct:Standard" in client.get("/donnees/marches.ttl").content.decode()
    finally:
        kept.unlink()
    page = get(client, "/donnees/marches").one("main")
    assert "Schéma : marches-de-plein-vent" in page.words
    assert "marches-de-plein-vent" not in {each.attributes["href"] for each in page.all("a")}, "a name is no address"


def test_what_is_not_open_shows_no_row(client, harbour):
    page = get(client, "/donnees/comptes")
    assert not page.all("table", class_="sample")
    assert not page.all("ul", class_="takes")
    assert "ne sont pas ouvertes" in page.one("main").words
    assert client.get("/donnees/secret").status_code == 404


def test_quality_says_what_to_do(harbour):
    poor, rich = quality(dataset("arbres")), quality(dataset("marches"))
    assert 0 <= poor.score < rich.score <= 100
    assert sum(each.of for each in rich.criteria) == 100
    assert {each.id for each in poor.missing} >= {"contact", "format", "columns", "frequency"}
    assert poor.missing[0].lost >= poor.missing[-1].lost
    assert all(str(each.advice) for each in poor.missing)


@pytest.mark.parametrize(
    ("frequency", "days", "ends", "expected"),
    [
        ("WEEKLY", 5, None, False),
        ("WEEKLY", 20, None, True),
        ("ANNUAL", 300, None, False),
        ("ANNUAL", 500, None, True),
        ("ANNUAL", 500, date(2020, 12, 31), False),
        ("NEVER", 5000, None, False),
        ("IRREG", 800, None, True),
    ],
)
def test_lateness_follows_the_frequency(db, frequency, days, ends, expected):
    described("rythme", frequency=frequency, ends_on=ends)
    Dataset.objects.filter(pk="rythme").update(modified=now() - timedelta(days=days))
    snapshots.moved("datasets")
    assert late(dataset("rythme")) is expected


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Licence Ouverte / Open Licence version 2.0", "lov2"),
        ("fr-lo", "lov2"),
        ("https://spdx.org/licenses/etalab-2.0", "lov2"),
        ("http://creativecommons.org/licenses/by/4.0/deed.fr", "cc-by"),
        ("http://publications.europa.eu/resource/authority/licence/CC0", "cc0"),
        ("ODC-ODBL", "odbl"),
    ],
)
def test_licences_are_known_by_what_others_call_them(said, code):
    assert licence_named(said).code == code


def test_unknown_words_are_not_guessed():
    assert licence_named("à voir avec la mairie") is None
    assert licence_named("") is None
    assert format_named("roman") is None
    assert format_named("https://www.iana.org/assignments/media-types/text/csv").code == "CSV"
    assert format_named("application/zip").code == "ZIP"


def test_a_series_has_a_page_with_the_latest_first(client, db):
    Series.objects.create(pk="releves", title={"fr": "Relevés"}, description={"fr": "Année par année."})
    for year in (2023, 2025, 2024):
        ends, title = date(year, 12, 31), {"fr": f"Relevés {year}"}
        published(f"releves-{year}", series="releves", title=title, ends_on=ends)
    published("releves-secrets", series="releves", access="private")
    page = get(client, "/donnees/series/releves")

    assert [each.one("h3").words for each in page.all("li", class_="found")] == [
        "Relevés 2025", "Relevés 2024", "Relevés 2023",
    ]  # fmt: skip
    assert page.one("h1").words == "Relevés"
    links = {each.words: each.attributes["href"] for each in page.one("main").all("a")}
    asked = get(client, links["Interroger toute la série en SQL"])
    assert {"releves-2023", "releves-2025"} <= {each.words for each in asked.one("table").all("td")}
    back = {each.words: each.attributes["href"] for each in get(client, "/donnees/releves-2024").all("a")}
    assert back["Relevés"] == "/donnees/series/releves"
    feed = client.get(links["Suivre la série (Atom)"]).content.decode()
    assert feed.count("<entry>") == 3
    told = Graph().parse(data=client.get(links["Turtle"]).content, format="turtle")
    subject = URIRef("http://testserver/donnees/series/releves")
    assert (subject, DCAT.last, URIRef("http://testserver/donnees/releves-2025")) in told
    assert len(list(told.objects(subject, DCAT.seriesMember))) == 3
    assert [str(each) for each in told.objects(subject, DCTERMS.description)] == ["Année par année."]
    assert client.get("/donnees/series/releves", headers={"Accept": "text/turtle"})["Location"].endswith("releves.ttl")
    get(client, "/donnees/series/inconnue", 404)


def test_a_series_of_what_nobody_may_see_is_not_there(client, db):
    Series.objects.create(pk="secrets", title={"fr": "Secrets"}, description={"fr": "Secrets."})
    published("secret", series="secrets", access="private")
    get(client, "/donnees/series/secrets", 404)
    assert "series" not in client.get("/sitemap.xml").content.decode()


def test_pages_of_other_sites_read_the_files_of_a_dataset_and_not_its_page(client, harbour):
    for path in (
        "/donnees/marches.ttl",
        "/donnees/marches.jsonld",
        "/donnees/marches.atom",
        "/donnees/marches/export.csv",
    ):
        assert client.get(path)["Access-Control-Allow-Origin"] == "*", path
    for path in ("/donnees/marches", "/donnees/marches/table"):
        assert "Access-Control-Allow-Origin" not in client.get(path), path
    asked = {"Origin": "https://x.example", "Access-Control-Request-Method": "GET"}
    for path in ("/api/explore/v2.1/catalog/datasets", "/donnees/marches.ttl", "/donnees/marches/export.parquet"):
        answer = client.options(path, headers=asked | {"Access-Control-Request-Headers": "authorization, range"})
        assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*"), path
        assert {"Authorization", "Range"} <= set(answer["Access-Control-Allow-Headers"].split(", "))


def test_quality_narrows_the_list(client, harbour):
    levels = {each.id: quality(dataset(each.id)).level for each in search_datasets().datasets}
    values = search_datasets().facets["quality"]
    assert {value.id: value.count for value in values} == Counter(levels.values())
    chosen = values[0]
    found = {each.id for each in search_datasets(chosen={"quality": [chosen.id]}).datasets}
    assert found == {id for id, level in levels.items() if level == chosen.id}
    assert str(chosen.label) in get(client, f"/donnees?quality={chosen.id}").words
