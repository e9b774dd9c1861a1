"""Our own feed, harvested: the same datasets; and by the rules of udata, which national portals harvest with."""

from datetime import UTC, date, datetime

import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph

from lacydon.capabilities.data.actions.harvesting import harvest
from lacydon.capabilities.data.models import Dataset, Distribution
from lacydon.capabilities.data.public import datasets
from lacydon.capabilities.data.queries.vocabularies import licence_named
from lacydon.connectors.dcat_catalogue.datasets import HYDRA, PAGING, following_page
from lacydon.kernel.snapshots import moved
from tests.capabilities.conftest import small_territory  # noqa: F401
from tests.capabilities.data.harvesting.theirs import source
from tests.capabilities.trust import people
from tests.connectors.conftest import partner_server, server  # noqa: F401
from tests.kernel.http.test_client import send

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
KEPT = (
    "title", "description", "keywords", "themes", "licence", "rights", "coverage", "starts_on", "ends_on", "frequency",
    "hvd", "contact_name", "contact_email", "schema", "issued", "modified",
)  # fmt: skip
FILES = ("title", "description", "access_url", "download_url", "format", "media_type", "byte_size", "checksum", "modified")  # fmt: skip


def made(id: str, **fields) -> Dataset:
    told = {
        "title": {"fr": f"Quais « {id} »", "en": "Quays"},
        "description": {"fr": "Les quais.\n\nEt l’eau."},
        "keywords": ["eau", "port"],
        "themes": ["ENVI", "TRAN"],
        "licence": "lov2",
        "rights": "Citer la source.",
        "coverage": ["97001", "97002"],
        "starts_on": date(2020, 1, 1),
        "ends_on": date(2025, 12, 31),
        "frequency": "QUARTERLY",
        "hvd": "geospatial",
        "contact_name": "Pôle données",
        "contact_email": "donnees@anse.example",
        "schema": "https://schema.example/quais.json",
        "issued": AT,
        "modified": AT,
        "status": "published",
        "created_at": AT,
        "organisation_id": "commune-97001",
    }
    row = Dataset.objects.create(pk=id, **(told | fields))
    for at, (name, media) in enumerate((("CSV", "text/csv"), ("GEOJSON", "application/geo+json"))):
        Distribution.objects.create(
            dataset=row, position=at, title=f"Fichier {name}", description="Tel quel", format=name, media_type=media,
            access_url=f"https://anse.example/{id}/{at}", download_url=f"https://anse.example/{id}/{at}.file",
            byte_size=12 + at, checksum=f"sha256:{'ab' * 32}", modified=AT,
        )  # fmt: skip
    return row


@pytest.fixture
def feed(client, settings, small_territory, partner_server):  # noqa: F811
    """The pages of our feed, each as it was answered, now served by the machine of another platform."""
    people.organisation("commune-97001")

    def read(ending: str) -> dict[str, tuple[bytes, str]]:
        moved("datasets")
        settings.PUBLIC_URL = partner_server.url
        pages, address = {}, f"/donnees.{ending}"
        while address:
            answer = client.get(address)
            assert answer.status_code == 200
            pages[address] = answer.content, answer.headers["Content-Type"]
            graph = Graph().parse(data=answer.content, format={"ttl": "turtle", "jsonld": "json-ld"}.get(ending, "xml"))
            address = following_page(graph).removeprefix(partner_server.url)
        settings.PUBLIC_URL = ""  # from here on this is another platform: its own datasets would be left aside
        partner_server.reply = lambda handler: send(
            handler, body=pages[handler.path][0], Content_Type=pages[handler.path][1]
        )
        return pages

    return read


def facts(view) -> dict[str, object]:
    told = {name: getattr(view, name) for name in KEPT}
    files = [{name: getattr(each, name) for name in FILES} for each in view.distributions]
    told["distributions"] = sorted(files, key=str)
    return told | {name: sorted(told[name]) for name in ("keywords", "themes", "coverage")}


@pytest.mark.parametrize("ending", ["ttl", "jsonld", "rdf"])
def test_what_is_harvested_from_us_is_what_we_said(feed, partner_server, ending):  # noqa: F811
    made("quais")
    made(
        "bassins", licence="odbl", frequency="", hvd="", coverage=[], starts_on=None, ends_on=None, schema="", rights=""
    )
    pages = feed(ending)
    ours = {each.id: facts(each) for each in datasets()}
    source(kind="dcat_catalogue", url=f"{partner_server.url}{next(iter(pages))}")
    run = harvest(source="voisin")
    assert (run.failure, run.faults, run.whole) == ("", [], True)
    theirs = {each.origin["id"]: facts(each) for each in datasets() if each.source}
    assert theirs == ours
    again = harvest(source="voisin")
    assert (again.added, again.changed, again.same) == (0, 0, len(ours))


def test_udata_would_take_all_of_it(feed):
    """As udata.harvest.backends.dcat and udata.core.dataset.rdf read a feed."""
    made("quais")
    for content, _kind in feed("xml").values():
        graph = Graph().parse(data=content, format="xml")
        assert any((None, RDF.type, kind) in graph for kind, _following in PAGING), "pages are found by their class"
        assert (None, HYDRA.totalItems, None) in graph
        listed = set(graph.objects(None, DCAT.dataset))
        assert listed
        for node in listed:
            [identifier] = graph.objects(node, DCTERMS.identifier)
            assert str(identifier) and (node, DCTERMS.title, None) in graph
            assert licence_named(str(graph.value(node, DCTERMS.license)))
            files = list(graph.objects(node, DCAT.distribution))
            assert files
            for file in files:
                addresses = [graph.value(file, name) for name in (DCAT.downloadURL, DCAT.accessURL)]
                assert all(each is None or str(each).startswith("http") for each in addresses) and any(addresses)


def test_our_explore_api_is_a_portal_like_another(client, settings, small_territory, partner_server):  # noqa: F811
    """What opendatasoft_catalogue asks of any portal, our own answers."""
    people.organisation("commune-97001")
    made("quais")
    made("bassins", licence="odbl")
    moved("datasets")
    asked = "/api/explore/v2.1/catalog/datasets?limit=100&offset=0"
    answer = client.get(asked)
    assert answer.status_code == 200
    partner_server.reply = lambda handler: send(handler, body=answer.content, Content_Type="application/json")
    ours = {each.id: each for each in datasets()}
    source(kind="opendatasoft_catalogue", url=partner_server.url)
    run = harvest(source="voisin")
    assert [path for _method, path, _headers in partner_server.asked] == [asked]
    assert (run.failure, run.added, run.whole) == ("", 2, True)
    for each in datasets():
        if each.source:
            told = ours[each.origin["id"]]
            assert (each.title["fr"], each.licence, each.keywords) == (told.title["fr"], told.licence, told.keywords)
            assert (each.themes, each.contact_email) == (told.themes, told.contact_email)
