"""Requests by the million, for the benches: rows straight into the tables, shaped as a metropolis would leave them.

    from bench.queue_rows import fill
    fill(1_000_000)                       # in a migrated, empty installation; django.setup() done

One organisation in ten holds four requests in ten; one request in eight is open. Nothing is sealed in them: a queue
reads no answer. `open_share` and `largest` bend the shape for the worst case.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from lacydon.capabilities.requests.models import FormVersion, Request
from lacydon.capabilities.trust.models import Membership, Organisation, Person, RoleGrant

BATCH = 10_000
COPIES, COPIED_FROM = 10, 100_000
"""From so many rows on, one in ten is drawn and the rest are copied from it."""
MOMENTS = ("opened_at", "changed_at", "closed_at", "due_at", "waiting_since")
SIGNS = "23456789ABCDEFGHJKMNPQRTUVWXYZ"
SERVICES = 40
AGENTS = 20
"""Of the largest organisation."""
LARGEST = "metropole"


def fill(
    count: int, *, organisations: int = 93, largest: float = 0.4, open_share: float = 0.125, seed: int = 4
) -> dict[str, Any]:
    """So many requests; who works at the largest organisation: {"organisation", "agents": [pseudonym…]}."""
    chance = random.Random(seed)
    moment = datetime.now(UTC)
    with transaction.atomic():
        bodies, agents = _bodies(organisations, moment)
        forms = _forms(moment)
    shape = _Shape(chance, moment, bodies, agents, forms, largest, open_share)
    copies = COPIES if connection.vendor == "postgresql" and count >= COPIED_FROM else 1
    drawn = count // copies
    with _without_indexes():
        for start in range(0, drawn, BATCH):
            with transaction.atomic():
                _insert(shape.rows(range(start, min(start + BATCH, drawn))))
        with transaction.atomic():
            for turn in range(1, copies):
                _copy(turn)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    return {"organisation": LARGEST, "agents": [str(each) for each in agents]}


@contextmanager
def _without_indexes() -> Iterator[None]:
    """An index made at the end costs a fraction of one that grows row by row."""
    with connection.schema_editor() as editor:
        for index in Request._meta.indexes:
            editor.remove_index(Request, index)
    yield
    with connection.schema_editor() as editor:
        for index in Request._meta.indexes:
            editor.add_index(Request, index)


def _insert(rows: Iterator[dict[str, Any]]) -> None:
    """By the driver: a row is a mapping of its columns."""
    made = [tuple(row.values()) for row in rows]
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {Request._meta.db_table} ({columns}) FROM STDIN") as copy:
                for row in made:
                    copy.write_row(row)
            return
        texts = [tuple(_text(value) for value in row) for row in made]
        marks = ", ".join(["%s"] * len(COLUMNS))
        cursor.executemany(f"INSERT INTO {Request._meta.db_table} ({columns}) VALUES ({marks})", texts)


def _copy(turn: int) -> None:
    """What was drawn, once more a little earlier, under numbers of other years: the database is quicker than a draw."""
    other = {
        "id": "gen_random_uuid()",
        "submission_key": "gen_random_uuid()",
        "number": f"'R-' || (substr(number, 3, 4)::int - {30 * turn}) || substr(number, 7)",
    } | {name: f"{name} - interval '{37 * turn} minutes'" for name in MOMENTS}
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    values = ", ".join(other.get(name, f'"{name}"') for name in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Request._meta.db_table} ({columns}) SELECT {values} FROM {Request._meta.db_table} "
            "WHERE substr(number, 3, 4)::int > 2000"
        )


def _text(value: Any) -> Any:
    """As Django writes it on SQLite."""
    if isinstance(value, UUID):
        return value.hex
    return str(value.replace(tzinfo=None)) if isinstance(value, datetime) else value


def _bodies(organisations: int, moment: datetime) -> tuple[list[str], list[UUID]]:
    ids = [LARGEST] + [f"commune-{number:05}" for number in range(organisations - 1)]
    Organisation.objects.bulk_create(
        Organisation(id=id, kind="metropole" if id == LARGEST else "commune", name={"fr": id}) for id in ids
    )
    people = Person.objects.bulk_create(Person(kind="agent", created_at=moment) for _each in range(AGENTS))
    members = Membership.objects.bulk_create(
        Membership(person=person, organisation_id=LARGEST, since=moment - timedelta(days=1)) for person in people
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(membership=member, role="requests.agent", granted_at=moment) for member in members
    )
    return ids, [person.pk for person in people]


def _forms(moment: datetime) -> list[FormVersion]:
    fields = [{"id": f"f{each}", "type": "text", "label": {"fr": "Un champ"}} for each in range(40)]
    pages = [{"id": "page", "title": {"fr": "Page"}, "fields": fields}]
    return FormVersion.objects.bulk_create(
        FormVersion(
            form=f"form-{number}",
            number=1,
            digest="0" * 64,
            service_id=f"service-{number}",
            state="published",
            made_at=moment,
            published_at=moment,
            content={"id": f"form-{number}", "title": {"fr": f"Démarche {number}"}, "pages": pages},
        )
        for number in range(SERVICES)
    )


@dataclass
class _Shape:
    """What the invented requests are like."""

    chance: random.Random
    moment: datetime
    bodies: list[str]
    agents: list[UUID]
    forms: list[FormVersion]
    largest: float
    open_share: float

    def rows(self, numbers: range) -> Iterator[dict[str, Any]]:
        return (self.row(number) for number in numbers)

    def row(self, number: int) -> dict[str, Any]:
        chance = self.chance
        body = LARGEST if chance.random() < self.largest else chance.choice(self.bodies[1:])
        is_open = chance.random() < self.open_share
        # What is open is young, and mostly not late; what is closed goes back six years.
        age = timedelta(days=chance.expovariate(1 / 40) if is_open else 20 + chance.random() * 2190)
        opened = self.moment - age
        state = chance.choices(("received", "sent", "in-progress", "waiting"), (3, 1, 4, 2))[0] if is_open else "closed"
        form = self.forms[min(int(chance.expovariate(1 / 9)), SERVICES - 1)]
        return {
            "id": UUID(int=chance.getrandbits(128), version=4),
            "number": f"R-{opened.year}-{_signs(number)}",
            "kind": chance.choice(("request", "report")),
            "form_id": form.pk,
            "service_id": form.service_id,
            "skill": f"skill-{form.pk % 9}",
            "secret_hash": "0" * 64,
            "organisation_id": body,
            "citycode": f"{13001 + int(chance.triangular(0, 92, 54)):05}",
            "state": state,
            "outcome": "" if is_open else chance.choice(("solved", "accepted", "refused")),
            "source": chance.choices(("web", "open311", "counter"), (8, 1, 1))[0],
            "opened_at": opened,
            "changed_at": opened,
            "closed_at": None if is_open else opened + timedelta(days=chance.expovariate(1 / 12)),
            "due_at": opened + timedelta(days=60) if chance.random() < 0.8 else None,
            "waiting_since": opened if state == "waiting" else None,
            "assignee_id": chance.choice(self.agents) if body == LARGEST and chance.random() < 0.7 else None,
            "silence": "",
            "urgent": False,
            "revision": 0,
            "steps_count": 1,
            "sealed": b"",
            "submission_key": UUID(int=chance.getrandbits(128), version=4),
            "reopened": 0,
        }


COLUMNS = (
    "id", "number", "kind", "form_id", "service_id", "skill", "secret_hash", "organisation_id", "citycode", "state",
    "outcome", "source", "opened_at", "changed_at", "closed_at", "due_at", "waiting_since", "assignee_id", "silence",
    "urgent", "revision", "steps_count", "sealed", "submission_key", "reopened",
)  # fmt: skip


def _signs(number: int) -> str:
    """Six signs, other for each number, that do not come in order."""
    left = (number * 7_368_787 + 12_345) % len(SIGNS) ** 6
    found = ""
    for _each in range(6):
        left, rest = divmod(left, len(SIGNS))
        found += SIGNS[rest]
    return found
