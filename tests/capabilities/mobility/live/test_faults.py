"""A source that is killed, slow, empty, truncated or not itself: named in a sentence, and nobody is misled meanwhile."""

import re
from datetime import date

import pytest

from lacydon.capabilities.mobility.models import LiveHour, LiveSource, LiveTurn
from lacydon.capabilities.mobility.public import live
from lacydon.capabilities.mobility.queries.live import SourceStatus
from lacydon.capabilities.mobility.queries.live.health import without_machines
from tests.capabilities.mobility.servers.messages import message, update
from tests.capabilities.mobility.servers.source import failing, page_of_a_portal, slow
from tests.capabilities.trust import people
from tests.capabilities.trust.people import signed_in, visitor

DAY = date(2026, 11, 25)


def well(held) -> bytes:
    return message(*(update(f"1-aller-{n}", {"sequence": 2, "late": 60}, day=DAY) for n in range(11, 40)), at=held())


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (page_of_a_portal, "page web"),
        (slow(0.6), "ne répond pas"),
        (failing(500), "code 500|ne répond pas"),
        (failing(404), "code 404"),
        (b"", "réponse vide"),
        (b'{"header": {}}', "JSON ou XML"),
        (b"\x0a\x02", "illisible|en-tête"),
        (b"\xff" * 500, "illisible"),
    ],
    ids=["web page", "slow", "500", "404", "empty", "json", "truncated", "noise"],
)
def test_what_is_not_an_answer_is_named(network, held, server, asked, page, said):
    server.pages["/tu"] = page
    turn = asked()
    assert turn.failures == 1
    assert re.search(said, turn.error), turn.error
    assert (turn.next_at - held()).total_seconds() == 10


def test_a_message_cut_in_two_is_named(network, held, server, asked):
    whole = well(held)
    server.pages["/tu"] = whole[: len(whole) // 2]
    assert "tronqué" in asked().error


def test_killing_it_degrades_honestly(network, held, server, asked):
    server.pages["/tu"] = well(held)
    asked()
    server.kill()
    held.forward(15)
    turn = asked()
    assert turn.failures == 1 and len(live().trips) == 29
    assert live().sources[0].status is SourceStatus.UP, "what it said is still young enough"
    held.forward(110)
    for _n in range(2):
        turn = asked()
    [health] = live().sources
    assert len(live().trips) == 0 and health.status is SourceStatus.DOWN
    assert "depuis 8 h\u00a000" in health.reason
    assert (turn.next_at - held()).total_seconds() == 40, "it is left alone longer and longer"
    hour = LiveHour.objects.get()
    assert (hour.asked, hour.answered, hour.failed) == (4, 1, 3)


def test_coming_back(network, held, server, asked):
    server.pages["/tu"] = failing(503)
    for _n in range(3):
        asked()
    server.pages["/tu"] = well(held)
    LiveTurn.objects.update(next_at=held())
    turn = asked()
    assert (turn.failures, turn.failing_since) == (0, None) and turn.error
    assert live().sources[0].status is SourceStatus.UP


def test_a_source_of_a_whole_network_is_tried_each_minute_however_long_it_is_dead(network, held, server, asked):
    server.kill()
    turn = asked()
    for _n in range(9):
        turn = asked()
    assert turn.failures == 10 and (turn.next_at - held()).total_seconds() == 60


def test_riders_read_which_source_is_down_and_agents_which_machine(network, held, server, asked, client):
    server.pages["/tu"] = well(held)
    asked(name="Bus de la Rade")
    held.forward(130)
    LiveSource.objects.update(urls=["http://bus.example:81/tu?key=1"])
    turn = asked()
    assert "bus.example" in turn.error
    [health] = live().sources
    assert health.reason.replace("\u00a0", " ") == "« Bus de la Rade » ne répond pas depuis 8 h 02."
    assert "bus.example" in health.detail
    for address in ("/transports/arrets/carenage-13055", "/transports/sources", "/transports/ponctualite/sources"):
        page = client.get(address).content.decode()
        assert "Bus de la Rade" in page and "bus.example" not in page, address
    body = people.organisation("exploitant-exemple", kind="operator")
    steward = signed_in(visitor(), people.agent(organisation=body, roles=("mobility.steward",)), organisation=body.pk)
    assert "bus.example" in steward.get("/agents/transports/sources").content.decode()
    assert client.get("/agents/transports/sources").status_code in (302, 401, 403)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("« tr.example » ne répond pas.", "la source ne répond pas."),
        ("« siri-interne:8080 » ne répond pas.", "la source ne répond pas."),
        ("La réponse de « 10.0.0.1:80 » dépasse 3 octets.", "La réponse de la source dépasse 3 octets."),
        ("L’adresse « https://a.example/tu?key=1 » est mal formée.", "L’adresse la source est mal formée."),
        ("La source a répondu par le code 503.", "La source a répondu par le code 503."),
        ("Le message GTFS-RT est illisible : il est tronqué.", "Le message GTFS-RT est illisible : il est tronqué."),
    ],
)
def test_no_machine_is_named_to_everybody(error, told):
    assert without_machines(error) == told


def test_a_source_that_answers_anything_is_said_not_to_answer_as_it_should(network, held, server, asked):
    server.pages["/tu"] = page_of_a_portal
    asked()
    assert "ne répond pas comme il faut" in live().sources[0].reason
    server.pages["/tu"] = failing(503)
    asked()
    assert "comme il faut" not in live().sources[0].reason


def test_a_source_that_nobody_asks_is_said_to_be(network, held, server, asked):
    server.pages["/tu"] = well(held)
    asked()
    held.forward(600)
    assert live().sources[0].status is SourceStatus.DOWN and "Nous ne demandons plus rien" in live().sources[0].reason


def test_another_timetable_forgets_the_numbers_of_the_old_one(network, held, server, asked, tmp_path):
    from tests.capabilities.mobility.networks import network_in_force

    server.pages["/tu"] = well(held)
    asked()
    network_in_force(tmp_path, {"calendar_dates.txt": None, "transfers.txt": "from_stop_id,to_stop_id\nhdv1,hdv2\n"})
    assert len(live().trips) == 0 and "viennent de changer" in live().sources[0].reason
    asked()
    assert len(live().trips) == 29


def test_an_address_inside_is_refused(network, held, server, asked, settings):
    settings.PARTNER_HOSTS = ()
    assert "https" in asked().error
    assert "Internet" in asked(id="dedans", urls=["https://127.0.0.1:9/tu"]).error
    assert server.asked == []


def test_secrets_are_put_in_addresses_and_headers(network, held, server, asked, settings):
    settings.LIVE_SECRETS = {"essai.key": "abc", "autre.key": "no"}
    server.pages["/tu"] = well(held)
    asked(path="/tu?key={key}&x={autre}", options={"headers": {"X-Key": "{key}"}})
    assert server.asked[0][0] == "/tu?key=abc&x="
