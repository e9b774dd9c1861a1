"""An agent may hold every role of every capability: their names no longer fit in 200 signs."""

from typing import Any

from django.db import migrations, models


def widen(_apps: Any, schema_editor: Any) -> None:
    """SQLite does not bound texts, and Django would make the table again there, without its triggers."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE "trust_entry" ALTER COLUMN "role" TYPE varchar(1000)')


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
