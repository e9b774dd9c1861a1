"""Feeds: received, put in force together, refused, returned to; what agents decide of quays; a night's fetch."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from lacydon.capabilities.mobility.actions.feeds import (
    describe_feed,
    receive_version,
    remerge,
    return_to_version,
    tidy,
    withdraw_feed,
)
from lacydon.capabilities.mobility.actions.fetching import fetch_feed
from lacydon.capabilities.mobility.actions.groupings import decide, take_back
from lacydon.capabilities.mobility.errors import FeedTaken, NoTimetable, UnknownFeed, UnreadableFeed
from lacydon.capabilities.mobility.models import Feed, FeedVersion, TimetableVersion
from lacydon.capabilities.mobility.queries import feeds as known
from lacydon.capabilities.mobility.queries.groupings import decisions, doubts
from lacydon.capabilities.mobility.queries.timetable import timetable
from lacydon.capabilities.trust.models import Entry
from lacydon.capabilities.trust.public import NotAllowed
from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import BadInput, Refused
from tests.capabilities.mobility.networks import STOPS, feed
from tests.capabilities.trust.people import actor, agent, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, settings) -> None:
    settings.HOME, settings.SNAPSHOT_SECONDS = tmp_path / "home", 0


def received(tmp_path: Path, id: str = "amp", prefix: str = "AMP", changed=None, **said) -> FeedVersion:
    describe_feed(actor=MACHINE, id=id, prefix=prefix, **said)
    path = feed(tmp_path / f"{id}.zip", changed or {})
    return receive_version(actor=MACHINE, feed=id, path=path, origin=path.name)


LESS = {"trips.txt": "route_id,service_id,trip_id\n1,tous,1-aller-01\n"}


def test_a_file_is_kept_and_its_timetable_is_in_force(tmp_path: Path) -> None:
    version = received(tmp_path)
    assert timetable().trip("AMP:1-aller-05") >= 0
    assert known.file_of("amp", version.content).read_bytes() == (tmp_path / "amp.zip").read_bytes()
    assert (version.counts["routes"], version.counts["trips"]) == (3, 194)
    assert [each["code"] for each in version.remarks] == ["elsewhere", "no-feed-info", "accessibility-unknown"]
    assert all(each["sentence"].endswith(".") for each in version.remarks)
    assert Entry.objects.filter(action="timetable.receive", object="feed:amp").count() == 1
    again = receive_version(actor=MACHINE, feed="amp", path=tmp_path / "amp.zip")
    assert again.pk == version.pk
    assert Entry.objects.filter(action="timetable.receive").count() == 1


def test_two_feeds_are_one_timetable_and_one_may_leave(tmp_path: Path) -> None:
    received(tmp_path)
    received(tmp_path, "bis", "BIS", {"routes.txt": "route_id,route_short_name,route_type\n1,9,3\n2,8,3\nbac,B,4\n"})
    assert {each.prefix for each in timetable().feeds} == {"AMP", "BIS"}
    assert timetable().trip("AMP:1-aller-05") >= 0 and timetable().trip("BIS:1-aller-05") >= 0
    withdraw_feed(actor=MACHINE, feed="amp")
    assert {each.prefix for each in timetable().feeds} == {"BIS"}
    withdraw_feed(actor=MACHINE, feed="bis")
    with pytest.raises(NoTimetable):
        timetable()


def test_an_example_leaves_when_a_real_feed_comes(tmp_path: Path) -> None:
    received(tmp_path, "exemple", "EX", example=True)
    assert timetable().feeds[0].example
    received(tmp_path)
    assert [each.prefix for each in timetable().feeds] == ["AMP"]
    assert [each.state for each in known.feeds_shown() if each.feed.pk == "exemple"] == ["aside"]


def test_what_cannot_be_read_is_refused_with_its_remarks_and_the_old_one_stays(tmp_path: Path) -> None:
    before = received(tmp_path)
    with pytest.raises(UnreadableFeed, match=r"stops\.txt"):
        received(tmp_path, changed={"stops.txt": None})
    assert Feed.objects.get(pk="amp").current_id == before.pk
    assert timetable().trip("AMP:1-aller-05") >= 0
    refused = FeedVersion.objects.exclude(refused="").get()
    assert [each["code"] for each in refused.remarks if each["severity"] == "fatal"] == ["missing-file"]
    shown = known.feed_shown("amp")
    assert [each.may_return for each in shown.versions if each.version.pk == refused.pk] == [False]


def test_one_goes_back_to_an_earlier_file_while_it_is_kept(tmp_path: Path) -> None:
    first = received(tmp_path)
    received(tmp_path, changed=LESS)
    assert timetable().trip("AMP:1-aller-05") < 0
    return_to_version(actor=MACHINE, feed="amp", content=first.content)
    assert timetable().trip("AMP:1-aller-05") >= 0
    for n in range(6):
        received(
            tmp_path, changed={**LESS, "calendar_dates.txt": f"service_id,date,exception_type\ntous,2026120{n + 1},2\n"}
        )
    assert tidy() >= 1
    assert not known.file_of("amp", first.content).exists()
    with pytest.raises(UnreadableFeed):
        return_to_version(actor=MACHINE, feed="amp", content=first.content)


def test_a_prefix_belongs_to_one_feed_and_stays(tmp_path: Path) -> None:
    received(tmp_path)
    with pytest.raises(FeedTaken):
        describe_feed(actor=MACHINE, id="other", prefix="amp")
    with pytest.raises(BadInput):
        describe_feed(actor=MACHINE, id="amp", prefix="NEW")
    assert describe_feed(actor=MACHINE, id="amp", name="Réseau").prefix == "AMP"
    with pytest.raises(UnknownFeed):
        receive_version(actor=MACHINE, feed="ghost", path=tmp_path / "amp.zip")


def test_only_a_steward_of_timetables_may(tmp_path: Path) -> None:
    received(tmp_path)
    ville = organisation()
    clerk = actor(agent(organisation=ville, roles=("mobility.operator",)), organisation=ville.pk)
    with pytest.raises(NotAllowed):
        withdraw_feed(actor=clerk, feed="amp")
    steward = actor(agent(organisation=ville, roles=("mobility.steward",)), organisation=ville.pk)
    withdraw_feed(actor=steward, feed="amp")
    assert Entry.objects.filter(action="timetable.withdraw").count() == 1


FAR = "pla2,Plateau,43.3145,5.3900,0,,1,\n"  # 500 m north of the other
WRITTEN = "gare2,Gare SNCF,43.3031,5.3801,0,,1,\n"  # a few steps from « Gare »
MORE = (
    "route_id,service_id,trip_id\n1,tous,t\n",
    "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "t,8:00:00,8:00:00,pla,1\nt,8:05:00,8:05:00,pla2,2\nt,8:10:00,8:10:00,gare,3\nt,8:12:00,8:12:00,gare2,4\n"
    "t,8:20:00,8:20:00,hdv1,5\nt,8:30:00,8:30:00,hdv2,6\n",
)


def test_what_the_rule_cannot_tell_is_asked_decided_and_taken_back(tmp_path: Path) -> None:
    received(tmp_path, changed={"stops.txt": STOPS + FAR + WRITTEN, "trips.txt": MORE[0], "stop_times.txt": MORE[1]})
    found = {each.why: each for each in doubts()}
    assert found["far"].pair == ("AMP:pla", "AMP:pla2") and 450 < found["far"].metres < 550
    assert found["alike"].pair == ("AMP:gare", "AMP:gare2")
    ville = organisation()
    steward = actor(agent(organisation=ville, roles=("mobility.steward",)), organisation=ville.pk)
    decide(actor=steward, stop="AMP:pla2", other="AMP:pla", together=True)
    decide(actor=steward, stop="AMP:hdv1", other="AMP:hdv2", together=False)
    assert {each.why for each in doubts()} == {"alike"}
    assert remerge()
    table = timetable()
    place = {stop.id: stop.place for stop in table.stops}
    assert place["AMP:pla"] == place["AMP:pla2"] and place["AMP:hdv1"] != place["AMP:hdv2"]
    assert {each.id for each in table.places} >= {"hotel-de-ville", "hotel-de-ville-2"}
    assert len(decisions()) == 2
    take_back(actor=steward, stop="AMP:pla", other="AMP:pla2")
    assert remerge() and not remerge()
    place = {stop.id: stop.place for stop in timetable().stops}
    assert place["AMP:pla"] != place["AMP:pla2"]
    assert set(Entry.objects.values_list("action", flat=True)) >= {"stops.together", "stops.apart", "stops.undecide"}


class Source(BaseHTTPRequestHandler):
    """A network that publishes its file, with an ETag."""

    content = b""
    status = 200
    asked: list[str] = []

    def do_GET(self) -> None:
        etag = f'"{hashlib.sha256(self.content).hexdigest()[:12]}"'
        self.asked.append(self.headers.get("If-None-Match", ""))
        same = self.headers.get("If-None-Match") == etag
        self.send_response(304 if same else self.status)
        self.send_header("ETag", etag)
        self.end_headers()
        if not same:
            self.wfile.write(self.content)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def source(settings) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Source)
    Source.asked, Source.status = [], 200
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.PARTNER_HOSTS = [f"127.0.0.1:{server.server_port}", "127.0.0.1"]
    yield f"http://127.0.0.1:{server.server_port}/gtfs.zip"
    server.shutdown()
    server.server_close()


def test_an_address_is_asked_again_only_for_what_is_new(tmp_path: Path, source: str) -> None:
    describe_feed(actor=MACHINE, id="amp", prefix="AMP", url=source)
    Source.content = feed(tmp_path / "one.zip").read_bytes()
    first = fetch_feed(feed="amp")
    assert first is not None and timetable().trip("AMP:1-aller-05") >= 0
    assert fetch_feed(feed="amp") is None
    assert Source.asked[-1] == Feed.objects.get(pk="amp").etag != ""
    Source.content = feed(tmp_path / "two.zip", LESS).read_bytes()
    assert fetch_feed(feed="amp") is not None
    assert timetable().trip("AMP:1-aller-05") < 0
    Source.content, Source.status = b"<html>", 500
    with pytest.raises(Refused):
        fetch_feed(feed="amp")
    row = Feed.objects.get(pk="amp")
    assert row.trouble and row.current is not None
    assert TimetableVersion.objects.filter(in_force=True).count() == 1


def test_an_address_inside_is_refused(tmp_path: Path, settings) -> None:
    settings.PARTNER_HOSTS = []
    describe_feed(actor=MACHINE, id="amp", prefix="AMP", url="https://127.0.0.1/gtfs.zip")
    with pytest.raises(Refused):
        fetch_feed(feed="amp")
    assert Feed.objects.get(pk="amp").trouble
