"""Row-level security on PostgreSQL: the second wall behind the filters of the code (see queries/wall.py)."""

from typing import Any

from django.db import migrations

ME = "nullif(current_setting('lacydon.person', true), '')::uuid"
PRINCIPAL = "nullif(current_setting('lacydon.principal', true), '')::uuid"
BODY = "nullif(current_setting('lacydon.organisation', true), '')"
HOUSE = "current_setting('lacydon.house', true) = 'on'"
MINE = f"person_id IN ({ME}, {PRINCIPAL})"
AN_AGENT = "purpose = 'agent'"
OF_A_MANDATE = (
    "EXISTS (SELECT 1 FROM trust_mandate m WHERE m.principal_id = trust_civilidentity.person_id"
    " OR m.holder_id = trust_civilidentity.person_id)"
)
SHARED = (
    "EXISTS (SELECT 1 FROM trust_consent c WHERE c.person_id = trust_proof.person_id"  # noqa: S608
    f" AND c.recipient_id = {BODY} AND c.withdrawn_at IS NULL)"
)

WALLS = {
    "trust_mandate": (
        f"principal_id IN ({ME}, {PRINCIPAL}) OR holder_id = {ME} OR created_by_id = {ME} OR organisation_id = {BODY}",
        None,
    ),
    "trust_mandatehelper": ("mandate_id IN (SELECT id FROM trust_mandate)", None),
    "trust_contest": (f"{MINE} OR organisation_id = {BODY}", None),
    "trust_consent": (f"{MINE} OR recipient_id = {BODY}", None),
    "trust_consentrequest": (f"{MINE} OR recipient_id = {BODY}", None),
    "trust_dataexport": (f"person_id = {ME}", None),
    "trust_proof": (f"{MINE} OR {SHARED}", MINE),
    "trust_civilidentity": (f"{MINE} OR {AN_AGENT} OR {OF_A_MANDATE}", MINE),
    "trust_contactpoint": (MINE, None),
}
"""For each table: the rows that are seen, and those that may be written when they are fewer."""


def raise_walls(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, (seen, written) in WALLS.items():
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        schema_editor.execute(
            f"CREATE POLICY lacydon_wall ON {table} USING ({HOUSE} OR {seen}) WITH CHECK ({HOUSE} OR {written or seen})"
        )


def lower_walls(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in WALLS:
        schema_editor.execute(f"DROP POLICY lacydon_wall ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    dependencies = [("trust", "0005_append_only")]
    operations = [migrations.RunPython(raise_walls, lower_walls)]
