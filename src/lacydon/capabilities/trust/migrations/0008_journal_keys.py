"""Where the keys of the journal name one another: append-only, as the rest of the journal (0005)."""

from typing import Any

from django.db import migrations, models

TABLE = "trust_keynote"
REFUSED = "The journal is append-only."


def install(_apps: Any, schema_editor: Any) -> None:
    run = schema_editor.execute
    if schema_editor.connection.vendor == "sqlite":
        for act in ("delete", "update"):
            run(
                f"CREATE TRIGGER {TABLE}_no_{act} BEFORE {act.upper()} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        return
    call = "EXECUTE FUNCTION trust_journal_refuse()"
    for act in ("delete", "update"):
        run(f"CREATE TRIGGER {TABLE}_no_{act} BEFORE {act.upper()} ON {TABLE} FOR EACH ROW {call}")
    run(f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} {call}")


def remove(_apps: Any, schema_editor: Any) -> None:
    acts = ("delete", "update") if schema_editor.connection.vendor == "sqlite" else ("delete", "update", "truncate")
    on = "" if schema_editor.connection.vendor == "sqlite" else f" ON {TABLE}"
    for act in acts:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_{act}{on}")


class Migration(migrations.Migration):
    dependencies = [("trust", "0007_row_security_2")]
    operations = [
        migrations.CreateModel(
            name="KeyNote",
            fields=[
                (
                    "number",
                    models.PositiveIntegerField(help_text="In order, from 1.", primary_key=True, serialize=False),
                ),
                ("note", models.TextField()),
                ("signed_at", models.DateTimeField()),
            ],
        ),
        migrations.RunPython(install, remove),
    ]
