"""Catalogues that hang, loop, never end, or lead elsewhere: a visit ends in a sentence, and what was here stays."""

import gzip
import threading
import time

import pytest

from lacydon.capabilities.data.actions.harvesting import harvest
from lacydon.capabilities.data.models import Dataset, Harvest, Source
from lacydon.capabilities.data.ports import VisitLimits
from lacydon.kernel.http import Timeout, partners
from tests.capabilities.data.harvesting.theirs import source
from tests.connectors.conftest import partner_server, server  # noqa: F401
from tests.connectors.visits import answering, sample
from tests.kernel.http.test_client import send

pytestmark = pytest.mark.django_db
PACKAGES = sample("ckan_catalogue", "package_search.json")
TURTLE = sample("dcat_catalogue", "catalogue.ttl")


@pytest.fixture
def visit(partner_server, monkeypatch):  # noqa: F811
    """A visit to the server, read by this connector; the datasets of an earlier one are there."""
    monkeypatch.setattr("lacydon.kernel.http.client.random.uniform", lambda _a, _b: 0.01)

    def go(kind: str = "ckan_catalogue", path: str = "") -> Harvest:
        if not Source.objects.exists():
            source(kind=kind, url=partner_server.url + path)
        Source.objects.update(whole_at=None)
        run = harvest(source="voisin")
        assert run is not None and run.ended_at is not None
        return run

    return go


def test_a_catalogue_that_answers_then_hangs(visit, partner_server):  # noqa: F811
    partner_server.reply = answering({"/": PACKAGES})
    assert visit().added == 2
    release = threading.Event()
    answered: list[bool] = []
    partner_server.reply = lambda _handler: answered.append(release.wait(60))
    try:
        for _each in range(2):
            assert "ne répond pas" in visit().failure
        assert answered == [], "it was waited for to the end"
    finally:
        release.set()
    assert Dataset.objects.filter(status="published").count() == 2


def test_a_catalogue_that_drips_without_end(visit, partner_server, monkeypatch):  # noqa: F811
    monkeypatch.setattr(partners, "PATIENCE", Timeout(connect=0.3, read=0.3, total=0.3))
    partners.hang_up()

    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        for _each in range(100):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.02)

    partner_server.reply = drip
    assert "ne répond pas" in visit().failure


@pytest.mark.parametrize("announced", [True, False])
def test_ten_gigabytes_are_cut(visit, partner_server, announced, monkeypatch):  # noqa: F811
    monkeypatch.setattr("lacydon.capabilities.data.ports.LARGEST", 300_000)
    sent = []

    def endless(handler):
        handler.send_response(200)
        if announced:
            handler.send_header("Content-Length", "10000000000")
        handler.end_headers()
        while len(sent) < 10_000:
            handler.wfile.write(b" " * 65_536)
            sent.append(65_536)

    partner_server.reply = endless
    assert "dépasse" in visit().failure
    assert sum(sent) < 50_000_000


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/", "http://10.0.0.8/", "file:///etc"]
)
def test_a_redirection_inside_is_refused(visit, partner_server, target):  # noqa: F811
    partner_server.reply = lambda handler: send(handler, 302, Location=target)
    run = visit()
    assert run.failure and not Dataset.objects.exists()
    assert "Internet" in run.failure or "https://nom/chemin" in run.failure


@pytest.mark.parametrize("target", ["http://169.254.169.254/", "https://127.0.0.1/page", "gopher://x/"])
def test_a_next_page_inside_is_refused(visit, partner_server, target):  # noqa: F811
    page = TURTLE.replace(
        b"hydra:first <https://donnees.anse.example/catalogue.ttl?page=1>", b"hydra:next <%s>" % target.encode()
    )
    partner_server.reply = answering({"/": page}, media_type="text/turtle")
    run = visit("dcat_catalogue", "/c.ttl")
    assert run.added == 1 and not run.whole
    assert "https" in run.failure or "Internet" in run.failure


def test_pages_that_lead_back_are_left(visit, partner_server):  # noqa: F811
    page = TURTLE.replace(
        b"hydra:first <https://donnees.anse.example/catalogue.ttl?page=1>",
        f"hydra:next <{partner_server.url}/c.ttl>".encode(),
    )
    partner_server.reply = answering({"/": page}, media_type="text/turtle")
    run = visit("dcat_catalogue", "/c.ttl")
    assert "déjà lue" in run.failure and run.added == 1


def test_pages_without_end_are_counted(partner_server):  # noqa: F811
    asked = []

    def more(handler):
        asked.append(handler.path)
        following = f"{partner_server.url}/c.ttl?page={len(asked)}".encode()
        page = TURTLE.replace(
            b"hydra:first <https://donnees.anse.example/catalogue.ttl?page=1>", b"hydra:next <%s>" % following
        )
        send(handler, body=page, Content_Type="text/turtle")

    partner_server.reply = more
    source(kind="dcat_catalogue", url=f"{partner_server.url}/c.ttl")
    run = harvest(source="voisin", limits=VisitLimits(questions=5))
    assert "5 pages" in run.failure and len(asked) == 5


def test_a_bomb_of_gzip_is_cut(visit, partner_server, monkeypatch):  # noqa: F811
    monkeypatch.setattr("lacydon.capabilities.data.ports.LARGEST", 300_000)
    bomb = gzip.compress(b" " * 30_000_000)
    partner_server.reply = lambda handler: send(handler, body=bomb, Content_Encoding="gzip")
    assert "dépasse" in visit().failure
