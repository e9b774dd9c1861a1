"""Row-level security around who asked to be warned: the second wall, as trust has it (trust/queries/policies.py).

An address that is warned is seen by nobody but the house; the rest of transport is public.
"""

from typing import Any

from django.db import migrations

from lacydon.capabilities.trust.public import policies

NOBODY = (f"({policies.NONE})", f"({policies.NONE})")
WALLS: policies.Walls = {"mobility_alertsubscription": NOBODY, "mobility_alerttold": NOBODY}


def up(_apps: Any, schema_editor: Any) -> None:
    policies.raise_walls(schema_editor, WALLS)


def down(_apps: Any, schema_editor: Any) -> None:
    policies.lower_walls(schema_editor, WALLS)


class Migration(migrations.Migration):
    dependencies = [("mobility", "0002_tables_2"), ("trust", "0007_row_security_2")]
    operations = [migrations.RunPython(up, down)]
