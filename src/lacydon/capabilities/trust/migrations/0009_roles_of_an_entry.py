"""An agent may hold every role of every capability: their names no longer fit in 200 signs."""

from typing import Any

from django.db import migrations, models


def widen(_apps: Any, schema_editor: Any) -> None:
    """SQLite does not bound texts, and Django would make the table again there, without its triggers."""
    if schema_editor.connection.vendor != "postgresql":
        return
    # PostgreSQL alters no column that a trigger names: those that keep the journal are made again as they were.
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE tgrelid = 'trust_entry'::regclass AND NOT tgisinternal"
        )
        triggers = cursor.fetchall()
    for name, _made in triggers:
        schema_editor.execute(f'DROP TRIGGER "{name}" ON "trust_entry"')
    schema_editor.execute('ALTER TABLE "trust_entry" ALTER COLUMN "role" TYPE varchar(1000)')
    for _name, made in triggers:
        schema_editor.execute(made)


class Migration(migrations.Migration):
    dependencies = [("trust", "0008_journal_keys")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(widen, migrations.RunPython.noop)],
            state_operations=[
                migrations.AlterField("entry", "role", models.CharField(blank=True, max_length=1000)),
            ],
        ),
    ]
