"""Row-level security, continued: what is read to know who asks, and the journal (see queries/wall.py).

To see a row and to change it are two rules here: an `USING` alone would let who sees a row delete it. Two walls of 0006
are mended in that way.
"""

from importlib import import_module
from typing import Any

from django.db import migrations

before = import_module("lacydon.capabilities.trust.migrations.0006_row_security")
ME, PRINCIPAL, BODY = before.ME, before.PRINCIPAL, before.BODY
HOUSE = "(SELECT current_setting('lacydon.house', true) = 'on')"
"""In a subquery, so that it is asked once and not for each row: the house reads the whole journal."""
MY_OWN = f"person_id = {ME}"
AN_AGENTS = (
    f"({ME} IS NOT NULL AND EXISTS"  # noqa: S608
    " (SELECT 1 FROM trust_person p WHERE p.id = trust_personkey.person_id AND p.kind = 'agent'))"
)
OF_A_MANDATE = (
    "EXISTS (SELECT 1 FROM trust_mandate m WHERE m.principal_id = trust_personkey.person_id"
    " OR m.holder_id = trust_personkey.person_id)"
)
CONTESTED = "id IN (SELECT entry_id FROM trust_contest)"
OF_MY_BODY = f"organisation_id = {BODY}"

WALLS = {
    "trust_membership": (f"{MY_OWN} OR {OF_MY_BODY}", OF_MY_BODY),
    "trust_rolegrant": (
        "membership_id IN (SELECT id FROM trust_membership)",
        f"membership_id IN (SELECT id FROM trust_membership WHERE {OF_MY_BODY})",  # noqa: S608
    ),
    "trust_identity": (MY_OWN, MY_OWN),
    "trust_localaccount": (MY_OWN, MY_OWN),
    "trust_authenticator": (MY_OWN, MY_OWN),
    "trust_passkey": (MY_OWN, MY_OWN),
    "trust_recoverycode": (MY_OWN, MY_OWN),
    "trust_emailchange": (MY_OWN, MY_OWN),
    "trust_onetimelink": (MY_OWN, MY_OWN),
    "trust_session": (MY_OWN, MY_OWN),
    "trust_personkey": (
        f"person_id IN ({ME}, {PRINCIPAL}) OR {BODY} IS NOT NULL OR {AN_AGENTS} OR {OF_A_MANDATE}",
        MY_OWN,
    ),
    "trust_entry": (
        f"subject_id IN ({ME}, {PRINCIPAL}) OR actor_id = {ME} OR organisation = {BODY} OR {CONTESTED}",
        "false",
    ),
}
"""For each table: the rows that are seen, and those that may be changed."""
ADDED = "trust_entry"
"""Whoever acts adds an entry, about anybody."""
MENDED = ("trust_proof", "trust_civilidentity")

SESSION_OF = """
CREATE FUNCTION lacydon_session_of(key text) RETURNS SETOF trust_session LANGUAGE plpgsql AS $$
DECLARE before text := coalesce(current_setting('lacydon.house', true), '');
BEGIN
    PERFORM set_config('lacydon.house', 'on', false);
    RETURN QUERY SELECT * FROM trust_session WHERE session_key = key;
    PERFORM set_config('lacydon.house', before, false);
END $$
"""
"""The one session whose hashed key is brought: the house, within this question only, and no round trip more.

Not by a `SET` of the function, which PostgreSQL lets only a superuser write for a setting of ours.
"""


def raise_walls(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    run = schema_editor.execute
    for table in WALLS:
        run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        run(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for table in MENDED:
        run(f"DROP POLICY lacydon_wall ON {table}")
    for table, (seen, changed) in (WALLS | {name: before.WALLS[name] for name in MENDED}).items():
        mine = f"{HOUSE} OR {changed}"
        run(f"CREATE POLICY lacydon_wall ON {table} FOR SELECT USING ({HOUSE} OR {seen})")
        run(f"CREATE POLICY lacydon_wall_change ON {table} USING ({mine}) WITH CHECK ({mine})")
    run(f"CREATE POLICY lacydon_wall_add ON {ADDED} FOR INSERT WITH CHECK (true)")
    run(SESSION_OF)


def lower_walls(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    run = schema_editor.execute
    run("DROP FUNCTION lacydon_session_of(text)")
    run(f"DROP POLICY lacydon_wall_add ON {ADDED}")
    for table in (*WALLS, *MENDED):
        run(f"DROP POLICY lacydon_wall ON {table}")
        run(f"DROP POLICY lacydon_wall_change ON {table}")
    for table in WALLS:
        run(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        run(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table in MENDED:
        seen, written = before.WALLS[table]
        run(
            f"CREATE POLICY lacydon_wall ON {table} USING ({before.HOUSE} OR {seen})"
            f" WITH CHECK ({before.HOUSE} OR {written})"
        )


class Migration(migrations.Migration):
    dependencies = [("trust", "0006_row_security")]
    operations = [migrations.RunPython(raise_walls, lower_walls)]
