"""Before sending, people read who gets their answers, by which way, with what of themselves, and why."""

import pytest

from lacydon.capabilities.requests.actions.delivery import queue_delivery
from lacydon.capabilities.requests.actions.routes import load_routes
from lacydon.capabilities.requests.models import Delivery, Request, Route, RouteState
from lacydon.capabilities.requests.ports import channels
from lacydon.kernel.clock import now
from tests.capabilities.requests.delivery.handing import Theirs
from tests.capabilities.requests.filling.made import Filler, field, page, published

pytestmark = pytest.mark.django_db
ABOUT = "Ce que deviennent vos réponses"
FORM = page(
    "vous",
    field("nom", datum="person.family-name", required=False),
    field("courriel", "email", required=False),
    field("mots", "longtext"),
    field("accord", "consent", required=False, datum="contact.share"),
)


class Published(Theirs):
    """A system that publishes what it gets."""

    id = "published"
    title = "Leur carte publique"
    carries = "open-text"


@pytest.fixture
def sides(small_territory):
    with channels.only(Theirs(), Published()):
        yield


def route_to(channel: str, **more) -> None:
    """The whole of deliveries.yaml: one way for the authority that answers the form of the tests."""
    row = {"id": "chez-eux", "authority": "metropole-rade-bleue", "channel": channel, "patience_days": 7, "position": 0}
    load_routes([Route(**(row | more))])


def summary(client, **typed) -> str:
    published(FORM)
    told = {"nom": "Lovelace", "courriel": "ada@exemple.fr", "mots": "Mon bac"} | typed
    there = Filler(client).send(**told)
    assert there.heading == "Vérifiez vos réponses"
    [told] = [each.words for each in there.page.all("div") if each.words.startswith(ABOUT)]
    assert "mission d’intérêt public" in told and 'href="/registre"' in there.text
    return " ".join(told.split())


def test_answers_that_stay_here(client, sides):
    told = summary(client)
    assert "restent sur cette plateforme" in told and "hors de cette plateforme" not in told


def test_answers_that_leave_are_told_with_what_names_who_asks(client, sides):
    route_to("theirs")
    told = summary(client)
    assert "hors de cette plateforme (Leur logiciel), avec vos documents" in told
    assert "disent qui vous êtes : La question nom, La question courriel." in told and "La question mots" not in told


def test_nobody_is_named_who_did_not_say_who_they_are(client, sides):
    route_to("theirs")
    assert "qui vous êtes" not in summary(client, nom="", courriel="")


def test_a_system_that_publishes_gets_no_contact_but_by_consent(client, sides):
    route_to("published")
    told = summary(client)
    assert "qui peut les publier" in told and "ne lui sont pas donnés" in told and "qui vous êtes" not in told
    assert "Vous acceptez que votre nom" in summary(client, accord="yes")


def test_it_says_what_happens_then(client, sides):
    """The way that is told is the way that is taken: by service, by skill, or none when the other side closed it."""
    route_to("theirs", services=["un-autre-service"])
    assert "restent sur cette plateforme" in summary(client)
    route_to("theirs")
    RouteState.objects.create(route="chez-eux", stopped_at=now())
    assert "restent sur cette plateforme" in summary(client)
    RouteState.objects.all().delete()
    published(FORM, skills=["dechets"])
    route_to("theirs", skills=["dechets"])
    there = Filler(client).send(mots="Mon bac")
    assert "hors de cette plateforme" in there.text
    there.send()
    assert Delivery.objects.get().route == "chez-eux" and queue_delivery(request=Request.objects.get())
