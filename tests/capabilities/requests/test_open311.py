"""Open311 GeoReport v2, server: the standard's calls in XML and JSON, what it refuses, nothing personal in what it says.

Shapes are those of https://wiki.open311.org/GeoReport_v2.
"""

import json
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lacydon.capabilities.requests.actions import reports
from lacydon.capabilities.requests.actions.moving import changing
from lacydon.capabilities.requests.models import FormVersion, Outcome, Request
from lacydon.capabilities.requests.public import read_request
from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import now
from tests.capabilities.requests import made
from tests.kernel.uploads import samples

pytestmark = pytest.mark.django_db
FIELDS = [
    {"id": "lieu", "type": "place", "label": {"fr": "Où ?", "en": "Where?"}},
    {
        "id": "degat",
        "type": "choice",
        "label": {"fr": "Quoi ?", "en": "What?"},
        "options": [
            {"value": "trou", "label": {"fr": "Un trou", "en": "A hole"}},
            {"value": "bosse", "label": {"fr": "Une bosse", "en": "A bump"}},
        ],
    },
    {"id": "precisions", "type": "longtext", "required": False, "label": {"fr": "Autre ?", "en": "Else?"}},
    {
        "id": "photo",
        "type": "file",
        "required": False,
        "accept": ["jpeg", "png"],
        "label": {"fr": "Photo", "en": "Photo"},
    },
    {"id": "email", "type": "email", "required": False, "label": {"fr": "Courriel", "en": "E-mail"}},
]
HERE = {"lat": "43.10", "long": "5.10"}


@pytest.fixture
def street(small_territory):
    """A category of reports, and a client's key."""
    content = {
        "id": "nid-essai", "service": "bac-casse-ou-vole", "title": {"fr": "Bac cassé", "en": "Broken bin"}, "kind": "report",
        "pages": [{"id": "une", "title": {"fr": "Le problème", "en": "The problem"}, "fields": FIELDS}],
    }  # fmt: skip
    FormVersion.objects.create(
        form="nid-essai", number=1, digest="d" * 64, content=content, service_id="bac-casse-ou-vole", state="published",
        made_at=now(), published_at=now(),
    )  # fmt: skip
    return reports.make_api_key(name="appli de test")


@pytest.fixture
def machine():
    """A client that is no browser: no header says where it comes from."""
    return Client()


def post(machine, key, suffix="json", **fields):
    values = {"api_key": key, "service_code": "nid-essai", "attribute[degat]": "trou"} | HERE | fields
    return machine.post(
        f"/open311/v2/requests.{suffix}", {name: value for name, value in values.items() if value is not None}
    )


def number_of(answer):
    assert answer.status_code == 200, answer.content
    (told,) = answer.json()
    assert "token" not in told
    return told["service_request_id"]


def test_a_report_posted_is_a_request_of_the_competent_authority_and_can_be_asked_for(machine, street):
    number = number_of(post(machine, street, description="Devant le 3", email="moi@example.org"))
    row = Request.objects.get(number=number)
    assert (row.kind, row.source, row.citycode, row.state) == ("report", "open311", "97001", "received")
    (told,) = machine.get(f"/open311/v2/requests/{number}.json").json()
    assert told["status"] == "open" and told["service_code"] == "nid-essai"
    assert told["description"] == "Un trou\nDevant le 3"
    assert (told["lat"], told["long"]) == (43.1, 5.1)
    assert told["agency_responsible"] and told["requested_datetime"][-6] in "+-"


def test_xml_and_json_say_the_same(machine, street):
    number = number_of(post(machine, street, description="<b>&amp;</b>"))
    for address in ("services", "services/nid-essai", "requests", f"requests/{number}", "discovery"):
        as_json = machine.get(f"/open311/v2/{address}.json")
        as_xml = machine.get(f"/open311/v2/{address}.xml")
        assert as_json["Content-Type"].startswith("application/json")
        assert as_xml["Content-Type"] == "text/xml; charset=utf-8"
        assert _plain(ElementTree.fromstring(as_xml.content)) == _texts(as_json.json())


def _plain(element):
    """XML as texts: lists are elements of one name."""
    if len(element) == 0:
        return [] if element.tag in ("services", "service_requests", "values", "attributes") else element.text or ""
    if element.tag in ("services", "service_requests", "values", "attributes", "endpoints", "formats"):
        return [_plain(each) for each in element]
    return {each.tag: _plain(each) for each in element}


def _texts(told):
    if isinstance(told, dict):
        return {name: _texts(value) for name, value in told.items()}
    if isinstance(told, list):
        return [_texts(each) for each in told]
    if isinstance(told, bool):
        return "true" if told else "false"
    return "" if told is None else str(told)


def test_the_list_of_services_and_the_definition_of_one(machine, street):
    listed = machine.get("/open311/v2/services.json").json()
    (service,) = [each for each in listed if each["service_code"] == "nid-essai"]
    assert set(service) == {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
    assert (service["metadata"], service["type"]) == (True, "realtime")
    (attribute,) = machine.get("/open311/v2/services/nid-essai.json").json()["attributes"]
    assert attribute["datatype"] == "singlevaluelist" and attribute["required"] is True and attribute["order"] == 1
    assert attribute["values"][0] == {"key": "trou", "name": "Un trou"}


@pytest.mark.parametrize(
    ("wrong", "status", "about"),
    [
        ({"api_key": "x"}, 403, "api_key"),
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "rien"}, 404, "service_code"),
        ({"attribute[degat]": None}, 400, "attribute[degat]"),
        ({"attribute[degat]": "ailleurs"}, 400, "attribute[degat]"),
        ({"lat": None, "long": None}, 400, "lat"),
        ({"lat": "nord"}, 400, "lat"),
        ({"lat": "48.85", "long": "2.35"}, 404, ""),
        ({"description": "x" * 4001}, 400, ""),
        ({"jurisdiction_id": "ailleurs.example"}, 404, "jurisdiction_id"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_in_the_standards_form_and_nothing_is_kept(machine, street, wrong, status, about):
    answer = post(machine, street, **wrong)
    assert answer.status_code == status, answer.content
    (error,) = answer.json()
    assert error["code"] == status and error["description"].startswith(about)
    assert not Request.objects.exists()
    xml = ElementTree.fromstring(post(machine, street, "xml", **wrong).content)
    assert xml.tag == "errors" and xml[0].tag == "error"


def test_nothing_that_leads_to_somebody_is_public(machine, street):
    text = "Prévenez Mme Martin au 06 12 34 56 78 ou moi@example.org, plaque AB-123-CD"
    number = number_of(post(machine, street, description=text, email="secret@example.org"))
    said = machine.get("/open311/v2/requests.json").content + machine.get(f"/open311/v2/requests/{number}.xml").content
    for leak in ("Martin", "34 56", "example.org", "123-CD", "secret"):
        assert leak.encode() not in said
    agent = made.agent(Request.objects.get().organisation_id)
    assert read_request(actor=agent, number=number).contact == {"email": "secret@example.org"}


def test_a_photo_is_kept_without_its_location_and_shown_only_once_an_agent_looked(machine, street):
    gps = samples.jpeg(extra=samples.segment(0xE1, b"Exif\0\0GPS-HERE"))
    number = number_of(post(machine, street, media=SimpleUploadedFile("p.jpg", gps, content_type="image/jpeg")))
    row = Request.objects.get()
    from lacydon.capabilities.requests.actions.files import content_of

    assert b"GPS-HERE" not in content_of(row.attachments.get())
    assert machine.get(f"/open311/v2/requests/{number}.json").json()[0]["media_url"] is None
    reports.show_photo(actor=made.agent(row.organisation_id), number=number)
    assert machine.get(f"/open311/v2/requests/{number}.json").json()[0]["media_url"].endswith(f"{number}/photo")


def test_what_is_not_a_picture_is_refused(machine, street):
    answer = post(machine, street, media=SimpleUploadedFile("p.jpg", b"MZ" + b"\0" * 200, content_type="image/jpeg"))
    assert answer.status_code == 400 and not Request.objects.exists()


def test_the_same_key_sent_again_is_one_report(machine, street):
    values = {"api_key": street, "service_code": "nid-essai", "attribute[degat]": "trou"} | HERE
    numbers = {
        number_of(machine.post("/open311/v2/requests.json", values, headers={"Idempotency-Key": "k-1"})) for _ in "12"
    }
    assert len(numbers) == 1 and Request.objects.count() == 1


def test_reports_are_asked_for_by_code_status_dates_and_page(machine, street):
    numbers = [number_of(post(machine, street)) for _each in range(3)]
    with changing(actor=MACHINE, action="request.deliver", number=numbers[0]) as change:
        change.close(Outcome.SOLVED)

    def asked(**parameters):
        answer = machine.get("/open311/v2/requests.json", parameters)
        assert answer.status_code == 200, answer.content
        return [each["service_request_id"] for each in answer.json()]

    assert asked(status="closed") == [numbers[0]]
    assert sorted(asked(status="open")) == sorted(numbers[1:])
    assert asked(service_code="autre") == []
    assert sorted(asked(service_request_id=",".join(numbers[:2]), status="open")) == sorted(numbers[:2])
    assert asked(end_date="2020-01-01T00:00:00Z") == []
    assert len(asked(page_size="2")) == 2 and len(asked(page_size="2", page="2")) == 1
    assert (
        machine.get(
            "/open311/v2/requests.json", {"start_date": "2020-01-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}
        ).status_code
        == 400
    )
    endless = [{"page": "000000001" + "9" * 40}, {"start_date": "9999-12-31T00:00:00Z"}]
    endless += [{"end_date": "0001-01-02T00:00:00Z"}, {"start_date": "0001-01-01T00:00:00+14:00"}]
    for wrong in ({"status": "x"}, {"start_date": "hier"}, {"page": "0"}, {"page_size": "-1"}, *endless):
        assert machine.get("/open311/v2/requests.json", wrong).status_code == 400, wrong


def test_what_an_agent_hid_is_not_there(machine, street):
    number = number_of(post(machine, street))
    reports.hide_report(actor=made.agent(Request.objects.get().organisation_id), number=number)
    assert machine.get(f"/open311/v2/requests/{number}.json").status_code == 404
    assert machine.get("/open311/v2/requests.json").json() == []


def test_a_visitors_session_is_of_no_use_there(street):
    """The address is exempt from the token of forms: it must take nobody for anybody."""
    resident = made.resident()
    from tests.capabilities.trust import people

    client = people.signed_in(
        Client(headers={"Sec-Fetch-Site": "cross-site"}), people.Person.objects.get(pk=resident.person)
    )
    number = number_of(post(client, street))
    assert Request.objects.get(number=number).person_id is None


def test_discovery_in_both_forms(machine, street):
    told = json.loads(machine.get("/open311/v2/discovery.json").content)
    (endpoint,) = told["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"].endswith("/open311/v2") and endpoint["formats"] == ["text/xml", "application/json"]


def test_the_operator_makes_a_key_and_takes_it_back(machine, street, capsys):
    from lacydon.config.commands import open311_keys

    assert open311_keys.make("mairie") == 0
    key = capsys.readouterr().out.split()[-1]
    number_of(post(machine, key))
    assert open311_keys.make("mairie") == 1
    assert open311_keys.revoke("mairie") == 0
    assert post(machine, key).status_code == 403
    assert open311_keys.revoke("mairie") == 1
