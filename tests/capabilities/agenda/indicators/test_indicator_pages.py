"""The pages of the indicators: what each says, grey when it is not that of now, and its proof one click away."""

import pytest
from django.test import Client

from lacydon.capabilities.agenda.models import Reading
from lacydon.capabilities.agenda.public import Wanted, measure, write
from lacydon.capabilities.agenda.queries.nouns import SHAPES
from lacydon.capabilities.trust.actions.publication import publish_checkpoint
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel.access import MACHINE
from tests.capabilities.data.harbour import published
from tests.capabilities.trust.people import agent, organisation, signed_in, visitor
from tests.markup import read

pytestmark = pytest.mark.django_db
PLACES = 'SELECT sum(places) AS value, count(*) AS n FROM "parkings"'
ONE, DESK = "/agenda/indicateurs/velos", "/agent/agenda/indicateurs"


@pytest.fixture(autouse=True)
def an_indicator(settings):
    settings.SNAPSHOT_SECONDS = 0
    published("parkings", _rows(10, 20, 30, 40, 50), point=None)
    base = {"title": {"fr": "Places de vélo"}, "definition": {"fr": "…"}, "kind": "resultat", "unit": {"fr": "places"}}
    said = [
        base | {
            "id": "velos", "targets": [{"date": "2099-01-01", "value": 300}],
            "baseline": {"value": 100, "date": "2019-01-01", "source": "Un document"},
            "source": {"dataset": "parkings", "query": PLACES},
        },
        base | {"id": "enquete", "baseline": {"value": 62, "date": "2019-01-01", "source": "Une délibération"}},
        base | {"id": "interne", "visibility": "internal"},
    ]  # fmt: skip
    made = [SHAPES["indicator"].model_validate(each) for each in said]
    write(wanted=[Wanted(kind="indicator", id=each.id, object=each) for each in made], actor=MACHINE, reason="essai")
    measure()


def _rows(*places: int, kind: str = "INTEGER") -> str:
    return " UNION ALL ".join(f"SELECT {each}::{kind} AS places" for each in places)


def _as(role: str) -> Client:
    of = organisation()
    return signed_in(visitor(), agent(organisation=of, roles=(role,)), organisation=of.id)


def text(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()
    html = response.content.decode()
    read(html)
    return " ".join(html.replace("\u202f", " ").replace("\u00a0", " ").split())


def test_the_list_says_what_is_measured_and_what_is_not(client):
    page = text(client, "/agenda/indicateurs")
    assert "150 places" in page and "En chemin" in page and "cible : 300 places en 2099" in page
    assert '<li class="stale"> <h3><a href="/agenda/indicateurs/enquete">' in page
    assert "interne" not in page
    grey = text(client, "/agenda/indicateurs?etat=gris")
    assert "/agenda/indicateurs/enquete" in grey and "/agenda/indicateurs/velos" not in grey
    # Nothing of it was known on a day before.
    assert "Aucun indicateur" in text(client, "/agenda/indicateurs?le=2015-01-01")


def test_a_value_leads_to_its_proof_and_is_computed_again(client):
    page = text(client, ONE)
    reading = Reading.objects.get()
    for proof in (reading.content, reading.query_hash, "parkings@1", "/donnees/sql?q=", "recalculer=1#preuve"):
        assert proof in page
    assert "Recalculée à l’instant : la même valeur, 150 places" in text(client, f"{ONE}?recalculer=1")
    Reading.objects.update(value=151)
    assert "La valeur gardée est 151 places ; le calcul donne 150 places." in text(client, f"{ONE}?recalculer=1")
    assert "pas de valeur numéro 9" in text(client, f"{ONE}?recalculer=9", status=404)
    assert client.get("/agenda/indicateurs/interne").status_code == 404


def test_columns_that_changed_are_shown_grey_until_an_agent_accepts_them(client):
    steward = _as("agenda.steward")
    published("parkings", _rows(10, 20, 30, 40, 90, kind="DOUBLE"), point=None)
    measure()
    page = text(client, ONE)
    assert "150 places" in page and "parkings.places (integer → number)" in page and "Périmé" in page
    desk = steward.get(DESK).content.decode()
    assert f"{DESK}/velos/accepter" in desk
    answered = steward.post(f"{DESK}/velos/accepter")
    assert answered.status_code == 302
    assert "190 places" in text(client, ONE) and "Périmé" not in text(client, ONE)
    assert Entry.objects.filter(action="agenda.accept-columns", object="indicator:velos").count() == 1
    again = steward.post(f"{DESK}/velos/accepter", follow=True)
    assert "n’ont pas changé" in again.content.decode()


def test_only_those_who_keep_the_agenda_measure(client):
    writer = _as("agenda.writer")
    assert writer.get(DESK).status_code == 403
    steward = _as("agenda.steward")
    answered = steward.post(f"{DESK}/mesurer", follow=True)
    assert "1 indicateur regardé. Aucune valeur n’a changé." in answered.content.decode().replace("\u00a0", " ")


def test_what_moved_it_is_said_on_its_page_among_the_changes_and_in_the_feed(client):
    published("parkings", _rows(10, 20, 30, 40, 60), point=None)
    measure(dataset="parkings")
    publish_checkpoint()
    line = Entry.objects.get(action="agenda.measure", basis="parkings@2 : 150 → 160").position + 1
    told = f'<b>150 places → 160 places</b>, version 2 de « Marchés forains » · <a href="/journal">ligne {line} du journal</a>'
    page = text(client, ONE)
    assert told in page and "première valeur, <b>150 places</b>" in page
    changes = text(client, "/agenda/changements")
    assert '<a href="/agenda/indicateurs/velos">Places de vélo</a> : <b>150 places → 160 places</b>' in changes
    assert f"ligne {line} du journal" in changes and "La plateforme" in changes
    assert changes.index("150 places → 160 places") < changes.index("première valeur") < changes.index("essai")
    feed = client.get("/agenda/changements.atom").content.decode().replace("\u00a0", " ")
    assert "Places de vélo : 150 places → 160 places" in feed and "interne" not in feed
    # The same value of another version is no move, and a past day does not know what came after.
    published("parkings", _rows(160), point=None)
    measure(dataset="parkings")
    assert text(client, ONE).count("du journal</a>") == 2
    assert "160 places" not in text(client, "/agenda/changements?le=2015-01-01")
