"""The journal can only grow: the database itself refuses to change or delete what is recorded and signed.

An entry may be given its position, once, with the seal of that position; a tile may get longer. A migration that alters
one of these tables on SQLite makes the table anew: it must end by `install` again.
"""

from typing import Any

from django.db import migrations

REFUSED = "The journal is append-only."
ALLOWED = {
    "trust_entry": ("position", "seal"),
    "trust_tile": ("hashes",),
    "trust_checkpoint": (),
    "trust_cosignature": (),
}
"""Columns of each table that an update may touch, under the condition of GROWS."""
GROWS = {
    "trust_entry": "OLD.position IS NULL AND NEW.position IS NOT NULL",
    "trust_tile": "length(NEW.hashes) > length(OLD.hashes) AND {prefix} = OLD.hashes",
    "trust_checkpoint": "1 = 0",
    "trust_cosignature": "1 = 0",
}
PREFIX = {
    "sqlite": "substr(NEW.hashes, 1, length(OLD.hashes))",
    "postgresql": "substring(NEW.hashes FROM 1 FOR length(OLD.hashes))",
}


def kept(schema_editor: Any, table: str) -> str:
    """The condition under which an update changes nothing but what may grow."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        columns = [each.name for each in connection.introspection.get_table_description(cursor, table)]
    same = "IS" if connection.vendor == "sqlite" else "IS NOT DISTINCT FROM"
    fixed = [f'NEW."{name}" {same} OLD."{name}"' for name in columns if name not in ALLOWED[table]]
    return " AND ".join([GROWS[table].format(prefix=PREFIX[connection.vendor]), *fixed])


def install(apps: Any, schema_editor: Any) -> None:
    remove(apps, schema_editor)
    if schema_editor.connection.vendor == "sqlite":
        for table in ALLOWED:
            refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            schema_editor.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
            condition = kept(schema_editor, table)
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT ({condition}) {refuse}"
            )
        return
    schema_editor.execute(
        "CREATE FUNCTION trust_journal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in ALLOWED:
        call = "EXECUTE FUNCTION trust_journal_refuse()"
        schema_editor.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {call}")
        schema_editor.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} {call}")
        condition = kept(schema_editor, table)
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN (NOT ({condition})) {call}"
        )


def remove(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for table in ALLOWED:
            for act in ("delete", "update"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}")
    else:
        schema_editor.execute("DROP FUNCTION IF EXISTS trust_journal_refuse() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("trust", "0004_links_2")]
    operations = [migrations.RunPython(install, remove)]
