"""Row-level security as migrations raise it: what a connection says of who asks, and the walls of tables.

Each setting (queries/wall.py) stands in a subquery, so that PostgreSQL asks it once for a statement and not for each
row, and compares columns with `=` only, which is leakproof: the statement's own filters still choose the index.
"""

from collections.abc import Mapping
from typing import Any

ME = "(SELECT nullif(current_setting('lacydon.person', true), '')::uuid)"
PRINCIPAL = "(SELECT nullif(current_setting('lacydon.principal', true), '')::uuid)"
BODY = "(SELECT nullif(current_setting('lacydon.organisation', true), ''))"
HOUSE = "(SELECT current_setting('lacydon.house', true) = 'on')"
BROUGHT = "(SELECT string_to_array(current_setting('lacydon.brought', true), ','))::text[]"
"""The hashes of the secrets that were brought: `secret_hash = ANY ({BROUGHT})`."""
PUBLIC = f"(SELECT 'public' = ANY ({BROUGHT}))"
"""Whether what everybody may see is asked for."""
NONE = "false"
"""Seen by the house only."""

Walls = Mapping[str, tuple[str, str]]
"""For each table: the rows that are seen, and those that may be changed."""


def raise_walls(schema_editor: Any, walls: Walls) -> None:
    """Nothing on SQLite, which has no such wall."""
    if schema_editor.connection.vendor != "postgresql":
        return
    run = schema_editor.execute
    for table, (seen, changed) in walls.items():
        mine = f"{HOUSE} OR {changed}"
        run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        run(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        run(f"CREATE POLICY lacydon_wall ON {table} FOR SELECT USING ({HOUSE} OR {seen})")
        # One for each verb: a policy for all of them would also show what may be changed.
        run(f"CREATE POLICY lacydon_wall_add ON {table} FOR INSERT WITH CHECK ({mine})")
        run(f"CREATE POLICY lacydon_wall_change ON {table} FOR UPDATE USING ({mine}) WITH CHECK ({mine})")
        run(f"CREATE POLICY lacydon_wall_remove ON {table} FOR DELETE USING ({mine})")


def lower_walls(schema_editor: Any, walls: Walls) -> None:
    """As if they had never been raised."""
    if schema_editor.connection.vendor != "postgresql":
        return
    run = schema_editor.execute
    for table in walls:
        for policy in ("", "_add", "_change", "_remove"):
            run(f"DROP POLICY lacydon_wall{policy} ON {table}")
        run(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        run(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
