"""Row-level security around what touches a person here: the second wall, as trust has it (trust/queries/policies.py).

A request is seen by who made it, by who holds a mandate of theirs in hand, by the organisation in charge, by who brings
its secret; what hangs on it, by the same. What everybody may see of a report is asked for as such (`bring_public`).
Each wall compares columns with `=` and nothing else, so that the queue keeps its indexes (bench/requests.py).
"""

from typing import Any

from django.db import migrations

from lacydon.capabilities.trust.public import policies

ME, PRINCIPAL, BODY, PUBLIC = policies.ME, policies.PRINCIPAL, policies.BODY, policies.PUBLIC
MINE = f"person_id IN ({ME}, {PRINCIPAL})"
OF_MY_BODY = f"organisation_id = {BODY}"
HELD = f"r.organisation_id = {BODY} OR r.person_id IN ({ME}, {PRINCIPAL}) OR r.secret_hash = ANY ({policies.BROUGHT})"
"""Of a request `r`: whose it is."""


def of_request(column: str) -> str:
    """What hangs on a request is seen and changed with it."""
    return f"EXISTS (SELECT 1 FROM requests_request r WHERE r.id = {column} AND ({HELD}))"  # noqa: S608


def of_step(column: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM requests_step s JOIN requests_request r ON r.id = s.request_id"  # noqa: S608
        f" WHERE s.id = {column} AND ({HELD}))"
    )


def by(secret: str) -> str:
    return f"{secret} = ANY ({policies.BROUGHT})"


REQUEST = HELD.replace("r.", "")
SHOWN_TO_ALL = f"{PUBLIC} AND kind = 'report'"
"""Which of them, the wall of reports says: PostgreSQL refuses two walls that look at each other."""
PHOTO = (
    "EXISTS (SELECT 1 FROM requests_report p WHERE p.photo_id = requests_attachment.id"
    " AND p.photo_shown_at IS NOT NULL AND p.hidden_at IS NULL)"
)
OF_DRAFT = "EXISTS (SELECT 1 FROM requests_draft d WHERE d.id = requests_attachment.draft_id)"
ATTACHED = f"{OF_DRAFT} OR {of_request('requests_attachment.request_id')}"
OF_A_STEP_SEEN = (
    "(requests_attachment.step_id IS NULL"
    " OR EXISTS (SELECT 1 FROM requests_step s WHERE s.id = requests_attachment.step_id))"
)
"""A file of a note is seen with the note."""
OF_PAYMENT = "EXISTS (SELECT 1 FROM requests_payment p WHERE p.id = requests_paymentattempt.payment_id)"
OF_DELIVERY = "EXISTS (SELECT 1 FROM requests_delivery d WHERE d.id = requests_callback.delivery_id)"
REPORT_HELD = of_request("requests_report.request_id")
OF_ALL_OR_MINE = f"{OF_MY_BODY} AND (owner_id IS NULL OR owner_id = {ME})"


def both(rule: str) -> tuple[str, str]:
    return f"({rule})", f"({rule})"


WALLS: policies.Walls = {
    "requests_request": (f"({REQUEST} OR ({SHOWN_TO_ALL}))", f"({REQUEST})"),
    "requests_report": (f"(({PUBLIC} AND hidden_at IS NULL) OR {REPORT_HELD})", REPORT_HELD),
    # What is not public on a timeline, notes above all, is for the organisation in charge.
    "requests_step": (
        "EXISTS (SELECT 1 FROM requests_request r WHERE r.id = requests_step.request_id"  # noqa: S608
        f" AND (requests_step.public OR r.organisation_id = {BODY}))",
        of_request("requests_step.request_id"),
    ),
    "requests_attachment": (
        f"(({ATTACHED}) AND {OF_A_STEP_SEEN} OR ({PUBLIC} AND {PHOTO}))",
        f"({ATTACHED})",
    ),
    "requests_draft": both(f"{MINE} OR {by('resume_hash')}"),
    "requests_askeddocument": both(of_request("requests_askeddocument.request_id")),
    "requests_decision": both(of_request("requests_decision.request_id")),
    "requests_preferences": both(f"{MINE} OR {of_request('requests_preferences.request_id')}"),
    "requests_pushsubscription": both(MINE),
    "requests_telling": both(of_step("requests_telling.step_id")),
    "requests_follower": both(f"person_id = {ME}"),
    "requests_appointment": both(f"{OF_MY_BODY} OR {MINE} OR {by('secret_hash')}"),
    "requests_payment": both(f"{OF_MY_BODY} OR {of_request('requests_payment.request_id')}"),
    "requests_paymentattempt": both(OF_PAYMENT),
    "requests_delivery": both(f"authority = {BODY} OR {of_request('requests_delivery.request_id')}"),
    "requests_callback": both(OF_DELIVERY),
    "requests_savedview": both(OF_ALL_OR_MINE),
    "requests_cannedanswer": both(OF_MY_BODY),
    "requests_bulk": both(OF_MY_BODY),
    "requests_routesecret": both(policies.NONE),
}


def up(_apps: Any, schema_editor: Any) -> None:
    policies.raise_walls(schema_editor, WALLS)


def down(_apps: Any, schema_editor: Any) -> None:
    policies.lower_walls(schema_editor, WALLS)


class Migration(migrations.Migration):
    dependencies = [("requests", "0007_agents_digest"), ("trust", "0007_row_security_2")]
    operations = [migrations.RunPython(up, down)]
