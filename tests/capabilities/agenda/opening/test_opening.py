"""What is public of the agenda is open: JSON at any date, CSV, OC4IDS, goals, datasets; what is internal is nowhere."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import jsonschema
import pytest

from lacydon.capabilities.agenda.actions.opening import publish_agenda
from lacydon.capabilities.agenda.jobs import opening as job
from lacydon.capabilities.agenda.public import freeze
from lacydon.capabilities.agenda.queries.nouns import SHAPES
from lacydon.capabilities.agenda.queries.opening.shelf import shelves
from lacydon.capabilities.data.public import Question, answer, dataset, table_of, versions
from lacydon.kernel.access import MACHINE, NOBODY
from lacydon.kernel.clock import today
from tests.capabilities.agenda.writing.plan import METROPOLE, TOWN, action, put, small_plan, thing

pytestmark = pytest.mark.django_db
HERE = "/api/v1/agenda"
MOMENT = {"type": "string", "format": "date-time"}
TEXT = {"type": "string"}
VALUE = {
    "type": "object",
    "properties": {"amount": {"type": "number"}, "currency": {"const": "EUR"}},
    "required": ["amount", "currency"],
    "additionalProperties": False,
}


def closed(required: str = "", **properties: object) -> dict[str, object]:
    """A shape that has these properties and no other: a name the standard does not have is then seen."""
    return {
        "type": "object", "properties": properties, "required": required.split(), "additionalProperties": False,
    }  # fmt: skip


def many(items: object) -> dict[str, object]:
    return {"type": "array", "items": items, "minItems": 1}


PERIOD = closed(startDate=MOMENT, endDate=MOMENT)
REFERENCE = closed("id", id=TEXT, name={"type": "string", "minLength": 1})
OC4IDS = closed(
    "id",
    id=TEXT, updated=MOMENT, title=TEXT, description=TEXT, purpose=TEXT, period=PERIOD,
    status={"enum": ["identification", "preparation", "implementation", "completion", "completed", "cancelled"]},
    type={"enum": ["construction", "rehabilitation", "replacement"]},
    additionalClassifications={**many(closed("scheme id", scheme=TEXT, id=TEXT, description=TEXT)), "uniqueItems": True},
    locations=many(
        closed(
            "id", id={"type": "string", "minLength": 1}, description=TEXT,
            gazetteer=closed(scheme=TEXT, identifiers=many(TEXT)),
        )
    ),
    budget=closed(
        amount=VALUE, approvalDate=MOMENT,
        budgetBreakdown=many(
            closed("id", id=TEXT, description=TEXT, amount=VALUE, period=PERIOD, sourceParty=REFERENCE)
        ),
    ),
    parties=many(
        closed("id", id=TEXT, name=TEXT, roles=many(TEXT), identifier=closed(scheme=TEXT, id=TEXT, legalName=TEXT))
    ),
    documents=many(
        closed(
            "id", id=TEXT, documentType=TEXT, title=TEXT, datePublished=MOMENT, author=TEXT, language=TEXT, url=TEXT
        )
    ),
    contractingProcesses=many(closed("id", id=TEXT, summary=closed(ocid=TEXT, externalReference=TEXT))),
    completion=closed(endDate=MOMENT, endDateDetails=TEXT, finalValue=VALUE, finalScope=TEXT),
)  # fmt: skip
"""`project-schema.json` of OC4IDS 0.9, transcribed for what is exported here: names, types, closed lists."""
PACKAGE = closed(
    "uri publisher publishedDate projects version",
    uri=TEXT, publishedDate=MOMENT, version={"type": "string", "pattern": r"^(\d+\.)(\d+)$"}, license=TEXT,
    publisher=closed("name", name=TEXT, scheme=TEXT, uid=TEXT), projects={**many(OC4IDS), "uniqueItems": True},
)  # fmt: skip


@pytest.fixture(autouse=True)
def plan(small_territory):
    small_plan()
    put(
        ("policy", thing("policy", "reseaux", cofog="04.6", m57_function="57")),
        ("axis", thing("axis", "services", agenda="numerique", order=1, ambition={"fr": "…"}, sdg=["9.c", "11"])),
        ("action", action("secrete", code="Z9", visibility="internal", title={"fr": "=SECRET"})),
        (
            "action",
            action(
                "fibre", code="A4", kind="deploiement", status="realisee", title={"fr": "=Fibre"}, decided_by="vote",
                policies=[{"policy": "reseaux"}], contracts=["ocds-abc-1", "2026-44"], confidence=30,
                actual={"start": "2024-01-01", "end": "2025-06-30"}, documents=["https://exemple.fr/cctp.pdf"],
                parties=[{"organisation": TOWN, "role": "partenaire"}],
            ),
        ),
        (
            "budget",
            thing(
                "budget", "fibre", action="fibre", policy="reseaux", section="investissement", nature="21538",
                authorisation={"kind": "AP", "code": "AP-1", "voted": 1000, "act": "vote"},
                years=[{"year": 2025, "voted": 900, "engaged": 900, "paid": 850, "as_of": date(2025, 12, 31)}],
                funding=[{"funder": "Etat", "asked": 500, "granted": 400, "received": 100}],
            ),
        ),
    )  # fmt: skip


def get(client, address, *, status=200):
    answered = client.get(f"{HERE}{address}")
    assert answered.status_code == status, answered.content.decode()
    return answered


def test_the_whole_and_its_parts(client):
    whole = get(client, "").json()
    counts = {each["kind"]: (each["count"], each["withheld"]) for each in whole["kinds"]}
    assert counts["actions"] == (3, 1)
    assert whole["agenda"]["id"] == "numerique"
    listed = get(client, "/actions?axe=services&avancement=realisee").json()
    assert [each["id"] for each in listed["results"]] == ["fibre"]
    assert get(client, "/actions?q=titre&limit=1").json()["count"] == 2
    got = get(client, "/actions/fibre").json()
    assert got["object"]["code"] == "A4"
    assert "confidence" not in got["object"]
    assert client.get(got["history"]).json()[0]["reason"] == "essai"
    SHAPES["action"].model_validate(got["object"])
    jsonschema.validate(got["object"], get(client, "/schemas/actions").json())
    get(client, "/actions/secrete", status=404)
    get(client, "/actions/secrete/histoire", status=404)
    get(client, "/nimporte", status=404)
    get(client, "/axes?commune=97001", status=422)


def test_a_past_date_is_answered_as_it_was_known(client, monkeypatch):
    from lacydon.kernel import clock

    later = datetime.now(UTC) + timedelta(days=3)

    class Held(datetime):
        @classmethod
        def now(cls, tz=None):
            return later

    monkeypatch.setattr(clock, "datetime", Held)
    put(("action", action(status="abandonnee")))
    then = (today() - timedelta(days=2)).isoformat()
    assert get(client, "/actions/portail").json()["object"]["status"] == "abandonnee"
    past = get(client, f"/actions/portail?le={then}").json()
    assert (past["object"]["status"], past["le"], past["rebuilt"]) == ("en-cours", then, False)


def test_votes_are_told_with_their_hash(client):
    made = freeze(agenda="numerique", act="vote", actor=MACHINE)
    (told,) = get(client, "/versions").json()
    assert (told["number"], told["content"]) == (1, made.content)


def test_tables_as_csv(client):
    tables = {each["id"] for each in get(client, "/tables").json()}
    assert {"agenda-actions", "agenda-actions-jalons", "agenda-credits-credits-de-chaque-annee"} <= tables
    rows = list(csv.DictReader(io.StringIO(get(client, "/tables/agenda-actions.csv").content.decode())))
    by_id = {each["id"]: each for each in rows}
    assert set(by_id) == {"portail", "ecoles", "fibre"}
    assert (by_id["fibre"]["title_fr"], by_id["fibre"]["actual_end"]) == ("'=Fibre", "2025-06-30")
    get(client, "/tables/agenda-rien.csv", status=404)


def test_physical_works_in_oc4ids(client):
    package = get(client, "/oc4ids").json()
    jsonschema.validate(package, PACKAGE)
    (project,) = package["projects"]
    assert (project["id"], project["status"], project["type"]) == ("999999901-fibre", "completed", "construction")
    assert project["budget"]["amount"] == {"amount": 1000.0, "currency": "EUR"}
    assert project["completion"]["finalValue"]["amount"] == 850.0
    assert {"scheme": "COFOG", "id": "04.6", "description": "Titre de reseaux"} in project["additionalClassifications"]
    assert {each["id"]: each["roles"] for each in project["parties"]} == {
        METROPOLE: ["publicAuthority"], TOWN: ["partner"], "financeur-etat": ["funder"],
    }  # fmt: skip
    assert [each["summary"] for each in project["contractingProcesses"]] == [
        {"ocid": "ocds-abc-1"}, {"externalReference": "2026-44"},
    ]  # fmt: skip


def test_goals_lead_to_what_serves_them(client):
    found = {each["goal"]: each for each in get(client, "/odd").json()}
    assert list(found) == ["9", "11"]
    assert found["9"]["targets"] == ["9.c"]
    assert set(found["9"]["actions"]) == {"portail", "ecoles", "fibre"}


def test_the_public_agenda_is_in_the_harbour(client, settings, tmp_path):
    settings.HOME = tmp_path
    assert publish_agenda() > 8
    rows = answer(table_of("agenda-actions", actor=NOBODY), Question()).records()
    assert {each["id"] for each in rows} == {"portail", "ecoles", "fibre"}
    milestones = answer(table_of("agenda-actions-jalons", actor=NOBODY), Question()).records()
    assert milestones[0]["baseline"] == date(2026, 6, 30)
    assert dataset("agenda-actions").organisation == METROPOLE
    assert publish_agenda() == 0
    put(("action", action(priority=1)))
    job.publish.call()
    assert [each.number for each in versions(dataset("agenda-actions"))] == [2, 1]
    assert [each.number for each in versions(dataset("agenda-actions-jalons"))] == [1]


def test_each_table_has_an_address_of_its_own():
    ids = [each.id for each in shelves()]
    assert len(ids) == len(set(ids))
    for each in shelves():
        names = [column.name for column in each.columns()]
        assert len(names) == len(set(names))
        assert len(each.id) <= 100
