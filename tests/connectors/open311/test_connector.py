"""Open311 against a server that speaks it: honest, down, slow, forgetful, misleading."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lacydon.capabilities.requests.public import ParcelRefused
from lacydon.connectors import FOLDER
from lacydon.connectors.open311 import answers, connector
from lacydon.connectors.open311.connector import Open311, Settings
from lacydon.kernel.errors import Refused, Unavailable
from lacydon.kernel.http import AddressRefused, OutsideUnavailable, Timeout, partners
from tests import open311_server
from tests.connectors import parcels

SAMPLES = FOLDER / "open311" / "samples"
channel = Open311()


def sample(name: str):
    return json.loads((SAMPLES / f"{name}.json").read_bytes())


@pytest.fixture
def theirs(settings, monkeypatch):
    monkeypatch.setattr(partners, "PATIENCE", Timeout(connect=0.5, read=0.3, total=0.5))
    partners.hang_up()
    with open311_server.running() as running:
        settings.PARTNER_HOSTS = (f"127.0.0.1:{running.port}",)
        yield running
        partners.hang_up()


def way(theirs, **fields):
    told = {"url": f"{theirs.url}/", "services": {"dechets.bac-casse": "BIN-BROKEN"}, "api_key": "secret-key"}
    return Settings(**(told | fields))


def tried(parcel, *, ago=timedelta(minutes=5)):
    """The same parcel, after a try whose end nobody knows."""
    return replace(parcel, tried_at=datetime.now(UTC) - ago)


def test_a_request_arrives_as_the_specification_writes_it(theirs):
    receipt = channel.send(
        parcels.parcel(files=(parcels.photo(),)),
        way(
            theirs, attributes={"SIZE": "taille", "DAYS": "jours", "URGENT": "urgent", "REF": "@number", "NONE": "rien"}
        ),
    )
    assert (receipt.state, receipt.reference, receipt.facts) == ("accepted", "1001", {"notice": "Merci."})
    form = theirs.sent["1001"]
    assert form["lat"] == ["43.101100"] and form["long"] == ["5.101200"]
    assert form["service_code"] == ["BIN-BROKEN"] and form["api_key"] == ["secret-key"]
    assert form["address_string"] == ["12 Rue de la République 97100 Olivette"]
    assert form["description"] == ["Le couvercle est arraché.\n\nRéf. R-2026-7KQ4M2"]
    assert form["media_url"] == ["https://lacydon.example/livraisons/pieces/x"]
    assert form["attribute[SIZE]"] == ["large"] and form["attribute[DAYS][]"] == ["lundi", "mardi"]
    assert form["attribute[URGENT]"] == ["true"] and form["attribute[REF]"] == [parcels.NUMBER]
    assert not any("NONE" in name for name in form)
    assert not {"email", "phone", "first_name"} & set(form), "nobody agreed to that"


def test_who_agreed_can_be_reached(theirs):
    channel.send(parcels.parcel(contact=parcels.CONTACT), way(theirs))
    form = theirs.sent["1001"]
    assert (form["email"], form["phone"], form["last_name"]) == (["nadia@exemple.fr"], ["+33612345678"], ["Bel"])


def test_photos_go_along_where_the_server_takes_them(theirs):
    large = parcels.photo(b"x" * 12_000_000, name="b.png")
    channel.send(parcels.parcel(files=(parcels.photo(), large)), way(theirs, media="multipart"))
    assert [(name, kind, content) for name, kind, content in theirs.media["1001"]] == [
        ("bac %C2%AB vert %C2%BB.jpeg", "image/jpeg", parcels.PHOTO)
    ]
    assert theirs.sent["1001"]["description"][0].endswith("Réf. R-2026-7KQ4M2")


def test_a_long_description_is_cut_before_our_number(theirs):
    channel.send(parcels.parcel(open_text="é" * 9_000), way(theirs))
    told = theirs.sent["1001"]["description"][0]
    assert len(told) == 4_000 and told.endswith("é\n\nRéf. R-2026-7KQ4M2")


def test_only_what_everybody_may_read_is_described(theirs):
    channel.send(parcels.parcel(open_text=""), way(theirs))
    assert theirs.sent["1001"]["description"] == ["Bac cassé\n\nRéf. R-2026-7KQ4M2"]


def test_a_request_without_a_place_is_not_for_open311(theirs):
    with pytest.raises(ParcelRefused):
        channel.send(parcels.parcel(lon=None, lat=None, address=""), way(theirs))
    assert theirs.asked == []


class TestTwice:
    """Nothing is made twice, however the first answer was lost."""

    def test_a_request_whose_answer_was_lost_is_found_there(self, theirs):
        theirs.mode = "forgetful"
        with pytest.raises(OutsideUnavailable):
            channel.send(parcels.parcel(), way(theirs))
        theirs.mode = "up"
        receipt = channel.send(tried(parcels.parcel()), way(theirs))
        assert (receipt.state, receipt.reference, len(theirs.kept)) == ("accepted", "1001", 1)

    def test_it_is_found_among_many(self, theirs):
        theirs.mode = "forgetful"
        with pytest.raises(OutsideUnavailable):
            channel.send(parcels.parcel(), way(theirs))
        theirs.mode = "up"
        for _each in range(450):
            theirs.make(
                {
                    "api_key": ["secret-key"],
                    "service_code": ["BIN-BROKEN"],
                    "lat": ["43"],
                    "long": ["5"],
                    "description": [f"autre, voir Réf. {parcels.NUMBER} aussi"],
                },
                [],
            )
        theirs.kept = dict(reversed(theirs.kept.items()))
        assert channel.send(tried(parcels.parcel()), way(theirs)).reference == "1001"
        assert len(theirs.kept) == 451

    def test_one_that_never_arrived_is_sent(self, theirs):
        receipt = channel.send(tried(parcels.parcel()), way(theirs))
        assert (receipt.reference, len(theirs.kept)) == ("1001", 1)

    def test_a_request_opened_again_is_another(self, theirs):
        channel.send(parcels.parcel(), way(theirs))
        assert channel.send(tried(parcels.parcel(round=2)), way(theirs)).reference == "1002"
        assert channel.send(tried(parcels.parcel(round=2)), way(theirs)).reference == "1002"

    def test_a_server_without_a_list_gets_it_again_rather_than_never(self, theirs):
        theirs.lists = False
        channel.send(tried(parcels.parcel()), way(theirs))
        assert len(theirs.kept) == 1

    @pytest.mark.parametrize("mode", ["down", "broken", "silent", "nonsense"])
    def test_while_it_cannot_be_looked_for_nothing_is_sent(self, theirs, mode):
        theirs.mode = mode
        with pytest.raises(OutsideUnavailable):
            channel.send(tried(parcels.parcel()), way(theirs))
        assert [method for method, _path in theirs.asked] == ["GET"]

    def test_an_answer_given_twice_is_one(self, theirs):
        theirs.mode = "twice"
        assert channel.send(parcels.parcel(), way(theirs)).reference == "1001"


@pytest.mark.parametrize("mode", ["down", "broken", "silent", "slow", "locked", "nonsense"])
def test_a_server_that_fails_is_tried_again_later(theirs, mode):
    theirs.mode = mode
    with pytest.raises(Unavailable):
        channel.send(parcels.parcel(), way(theirs))


def test_what_it_refuses_is_told_with_its_words(theirs):
    theirs.mode = "refusing"
    with pytest.raises(ParcelRefused, match="Le champ SIZE manque"):
        channel.send(parcels.parcel(), way(theirs))


def test_a_wrong_key_can_be_mended(theirs):
    with pytest.raises(Unavailable, match="api_key"):
        channel.send(parcels.parcel(), way(theirs, api_key=""))


def test_a_token_becomes_a_number_in_time(theirs):
    theirs.tokens = True
    receipt = channel.send(parcels.parcel(), way(theirs))
    assert (receipt.state, receipt.reference) == ("sent", "token:t-1001")
    assert channel.pull(receipt.reference, way(theirs)) is None
    theirs.numbered["t-1001"] = "1001"
    told = channel.pull(receipt.reference, way(theirs))
    assert (told.state, told.reference) == ("received", "1001")


def test_what_became_of_it_is_asked(theirs):
    reference = channel.send(parcels.parcel(), way(theirs)).reference
    assert channel.pull(reference, way(theirs)).state == "received"
    theirs.solve(reference, "Bac remplacé.")
    told = channel.pull(reference, way(theirs))
    assert (told.state, told.outcome, told.words) == ("closed", "solved", "Bac remplacé.")


def test_updates_say_more_where_they_are_offered(theirs):
    theirs.updates = True
    reference = channel.send(parcels.parcel(), way(theirs)).reference
    mine = way(theirs, updates=True, statuses={"planifié": "in-progress"})
    assert channel.pull(reference, mine).state == "received"
    theirs.move(reference, "planifié", "Mardi.")
    assert (channel.pull(reference, mine).state, channel.pull(reference, mine).words) == ("in-progress", "Mardi.")
    theirs.move(reference, "no_further_action", "Ce n’est pas à nous.")
    told = channel.pull(reference, mine)
    assert (told.state, told.outcome) == ("closed", "unsolved")


def test_what_the_resident_does_since_is_told_where_updates_are_taken(theirs):
    reference = channel.send(parcels.parcel(), way(theirs)).reference
    assert channel.tell(parcels.parcel(), reference, parcels.news(), way(theirs)) is False
    mine = way(theirs, updates=True)
    assert channel.tell(parcels.parcel(), reference, parcels.news(), mine) is False, "it says so, but takes none"
    theirs.updates = True
    assert channel.tell(parcels.parcel(), reference, parcels.news(), mine) is True
    assert channel.tell(parcels.parcel(), reference, parcels.news(kind="withdrawn", words=""), mine) is True
    message, withdrawal = theirs.heard
    assert (message["service_request_id"], message["status"], message["update_id"]) == (
        "1001",
        "OPEN",
        parcels.news().id,
    )
    assert message["description"] == "Il est toujours là. Rappelez-moi au [masqué]."
    assert (withdrawal["status"], withdrawal["description"]) == ("CLOSED", "L’habitant retire sa demande")
    theirs.mode = "down"
    with pytest.raises(Unavailable):
        channel.tell(parcels.parcel(), reference, parcels.news(), mine)


def test_check_says_what_is_missing_there(theirs):
    assert channel.check(way(theirs)).ok
    told = channel.check(way(theirs, services={"x": "LOST-DOG"}))
    assert not told.ok and "LOST-DOG" in told.sentence
    theirs.mode = "down"
    assert not channel.check(way(theirs)).ok


@pytest.mark.parametrize(
    "url", ["http://commune.example/v2", "ftp://x.example", "https://u:p@x.example", "https://", "http://[::1"]
)
def test_an_address_that_is_not_safe_is_refused(settings, url):
    settings.PARTNER_HOSTS = ()
    with pytest.raises(AddressRefused):
        channel.send(parcels.parcel(), Settings(url=url))


def test_a_machine_inside_is_refused_unless_the_operator_named_it(theirs, settings):
    settings.PARTNER_HOSTS = ()
    with pytest.raises(Refused):
        channel.send(parcels.parcel(), way(theirs))
    with pytest.raises(AddressRefused):
        channel.send(parcels.parcel(), way(theirs, url=f"https://127.0.0.1:{theirs.port}"))
    assert theirs.asked == []


def test_what_servers_answer_is_read():
    assert answers.parse_made(sample("made")) == ("638344", "", "Le service passe sous 3 jours.")
    assert answers.parse_made(sample("token"))[:2] == ("", "abcd-1234")
    told = answers.parse_status(sample("request"), reference="638344", statuses={})
    assert (told.state, told.outcome, told.words) == ("closed", "solved", "Bac remplacé.")
    assert told.at == datetime(2026, 3, 11, 15, 2, tzinfo=UTC) and told.expected_at
    update = answers.parse_updates(sample("updates"), reference="638344", statuses={})
    assert (update.outcome, update.words) == ("solved", "Remplacé ce matin.")
    assert answers.parse_services(sample("services")) == {"BIN-BROKEN"}
    assert answers.found(sample("request"), ending="Réf. R-2026-7KQ4M2") == "638344"
    assert "un lieu est obligatoire" in connector.found_error(
        type("Answer", (), {"json": lambda self: sample("refused")})()
    )


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        "x",
        3,
        [],
        [[]],
        [None],
        [{}],
        [{"service_request_id": True}],
        [{"service_request_id": "x" * 300}],
        [{"token": ""}],
    ],
)
def test_an_answer_without_a_number_may_have_made_it(answer):
    with pytest.raises(OutsideUnavailable):
        answers.parse_made(answer)


@pytest.mark.parametrize(
    "row", [{}, None, {"service_request_id": "2", "status": "closed"}, {"service_request_id": None}]
)
def test_a_list_without_ours_says_nothing(row):
    assert answers.parse_status([row], reference="1", statuses={}) is None


def test_an_unknown_status_is_going_on():
    told = answers.parse_status(
        [{"service_request_id": 1, "status": "zzz", "updated_datetime": "hier"}], reference="1", statuses={}
    )
    assert (told.state, told.outcome, told.at) == ("in-progress", "", None)
