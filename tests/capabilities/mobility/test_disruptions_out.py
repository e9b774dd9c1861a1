"""Disruptions for machines: CAP 1.2 field by field as its standard orders them, Atom, JSON; a dataset that says some."""

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from lacydon.capabilities.mobility.actions.disruptions import take_in
from lacydon.capabilities.mobility.actions.disruptions.datasets import take_in_dataset
from lacydon.capabilities.mobility.queries import disruptions as asked
from lacydon.capabilities.mobility.queries.live.alerts import Named, Severity
from lacydon.kernel.clock import now
from tests.capabilities.data import harbour

from .networks import network_in_force
from .test_disruptions import alert, seconds

pytestmark = pytest.mark.django_db
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
ALERT = ["identifier", "sender", "sent", "status", "msgType", "scope", "references", "info"]
INFO = [
    "language", "category", "event", "responseType", "urgency", "severity", "certainty", "effective", "onset",
    "expires", "senderName", "headline", "description", "web", "parameter", "area",
]  # fmt: skip
VALUES = {
    "status": {"Actual", "Exercise", "System", "Test", "Draft"},
    "msgType": {"Alert", "Update", "Cancel", "Ack", "Error"},
    "scope": {"Public", "Restricted", "Private"},
    "category": {"Transport"},
    "responseType": {"Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"},
    "urgency": {"Immediate", "Expected", "Future", "Past", "Unknown"},
    "severity": {"Extreme", "Severe", "Moderate", "Minor", "Unknown"},
    "certainty": {"Observed", "Likely", "Possible", "Unlikely", "Unknown"},
}
"""Sections 3.2.1 and 3.2.2 of the standard."""
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
COMPULSORY = {"identifier", "sender", "sent", "status", "msgType", "scope"}


@pytest.fixture(autouse=True)
def network(tmp_path, settings):
    settings.HOME = tmp_path
    settings.SNAPSHOT_SECONDS = 0
    return network_in_force(tmp_path)


def checked(body: bytes) -> ElementTree.Element:
    """The message, as the standard wants it; AssertionError when it is not."""
    root = ElementTree.fromstring(body)
    assert root.tag == f"{CAP}alert"
    names = [each.tag.removeprefix(CAP) for each in root]
    assert names == sorted(names, key=ALERT.index) and set(names) >= COMPULSORY
    assert not re.search(r"[\s,<&]", root.findtext(f"{CAP}identifier") + root.findtext(f"{CAP}sender"))
    for info in root.findall(f"{CAP}info"):
        inside = [each.tag.removeprefix(CAP) for each in info]
        assert inside == sorted(inside, key=INFO.index)
        assert {"category", "event", "urgency", "severity", "certainty"} <= set(inside)
        for area in info.findall(f"{CAP}area"):
            assert area[0].tag == f"{CAP}areaDesc" and area[0].text
    for each in root.iter():
        name = each.tag.removeprefix(CAP)
        if name in VALUES:
            assert each.text in VALUES[name], (name, each.text)
        if name in ("sent", "effective", "onset", "expires"):
            assert TIME.fullmatch(each.text or ""), each.text
    return root


def test_a_disruption_in_cap_from_its_beginning_to_its_end(client) -> None:
    take_in(source="rt", alerts=[alert(severity=Severity.SEVERE, description={"fr": "Signe \x0b interdit & < vrai"})])
    (view,) = asked.current()
    first = checked(client.get(f"/transports/perturbations/{view.id}.cap").content)
    assert first.findtext(f"{CAP}msgType") == "Alert"
    languages = [each.findtext(f"{CAP}language") for each in first.findall(f"{CAP}info")]
    assert languages == ["fr-FR", "en-GB"]
    codes = [each.findtext(f"{CAP}value") for each in first.iter(f"{CAP}geocode")]
    assert set(codes) == {"13055"} and first.find(f"{CAP}info").findtext(f"{CAP}severity") == "Severe"
    take_in(source="rt", alerts=[])
    last = checked(client.get(f"/transports/perturbations/{view.id}.cap").content)
    assert last.findtext(f"{CAP}msgType") == "Cancel"
    _sender, identifier, sent = last.findtext(f"{CAP}references").split(",")
    assert identifier == first.findtext(f"{CAP}identifier") and sent == first.findtext(f"{CAP}sent")


def test_the_feed_and_the_json_are_narrowed_to_a_line_a_stop_a_commune(client) -> None:
    take_in(
        source="rt",
        alerts=[alert(), alert("a2", routes=(), stops=(Named(id="AMP:gare"),), header={"fr": "Gare fermée"})],
    )
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(client.get("/transports/perturbations.atom").content)
    assert len(feed.findall(f"{atom}entry")) == 2
    links = {each.get("type") for each in feed.iter(f"{atom}link")}
    assert "application/cap+xml" in links
    one = ElementTree.fromstring(client.get("/transports/perturbations.atom?arret=gare-13055").content)
    assert [each.findtext(f"{atom}title") for each in one.findall(f"{atom}entry")] == ["Gare fermée"]
    told = client.get("/api/v1/mobility/disruptions?line=AMP:2").json()
    assert [(each["title"]["en"], each["effect"], each["state"]) for each in told] == [
        ("Line 2 diverted", "detour", "running")
    ]
    assert client.get("/api/v1/mobility/disruptions?citycode=13001").json() == []
    assert client.get(f"/api/v1/mobility/disruptions/{told[0]['id']}").json()["lines"] == [{"id": "AMP:2", "name": "2"}]


def test_a_dataset_of_the_harbour_says_disruptions_too() -> None:
    end = (now() + timedelta(days=2)).date()
    rows = f"""SELECT * FROM (VALUES
        ('P1', 'Travaux du quai', 'TRAVAUX', 'Critique', DATE '2026-01-01', DATE '{end}', 'AMP:2', '2'),
        ('P1', 'Travaux du quai', 'TRAVAUX', 'Critique', DATE '2026-01-01', DATE '{end}', 'x', 'Bac'),
        ('P2', 'Vieille', 'INFORMATION', 'Faible', DATE '2020-01-01', DATE '2020-01-02', 'AMP:1', '1'))
        AS t(id, title, category, criticity, startvalidity, endvalidity, lines_final_id, lines_final_sname)"""
    harbour.published("ol-perturbation-la-mobilite", rows, point=None)
    take_in_dataset("ol-perturbation-la-mobilite")
    (view,) = asked.on_line("AMP:bac")
    assert view.is_severe and {each.ref for each in view.routes} == {"AMP:2", "AMP:bac"}
    assert view.ends_at.date() >= end and asked.on_line("AMP:1") == ()
    assert isinstance(view.ends_at, datetime) and seconds(0)
    assert take_in_dataset("not-here") == 0
