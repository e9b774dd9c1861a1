"""Row-level security around what is not open here: the second wall, as trust has it (trust/queries/policies.py).

What is shown to all (published, not private) is seen by anybody; the rest by the organisation that publishes it and, once
it is published, by those that have a contract. A contract is seen by its two sides, what is on its way to be published
by its organisation, an address that follows a dataset by nobody but the house. Walls look one way only: contracts know
both their sides, so that a dataset may look at them and they at nothing.
"""

from typing import Any

from django.db import migrations

from lacydon.capabilities.trust.public import policies

BODY = policies.BODY
OF_MY_BODY = f"organisation_id = {BODY}"
SHOWN = "(status = 'published' AND access IN ('public', 'restricted'))"
"""Compared with `=` only, and first: the pages for everybody ask for nothing else."""
SHARED = (
    "(status = 'published' AND EXISTS (SELECT 1 FROM data_contract c WHERE c.dataset_id = data_dataset.id"  # noqa: S608
    f" AND c.organisation_id = {BODY} AND c.revoked_at IS NULL AND c.until >= CURRENT_DATE - 1))"
)


def with_dataset(table: str) -> tuple[str, str]:
    """What hangs on a dataset is seen with it, and changed by its organisation."""
    seen = f"EXISTS (SELECT 1 FROM data_dataset d WHERE d.id = {table}.dataset_id)"  # noqa: S608
    return seen, f"(EXISTS (SELECT 1 FROM data_dataset d WHERE d.id = {table}.dataset_id AND d.{OF_MY_BODY}))"  # noqa: S608


def both(rule: str) -> tuple[str, str]:
    return f"({rule})", f"({rule})"


WALLS: policies.Walls = {
    "data_contract": (f"({OF_MY_BODY} OR provider_id = {BODY})", f"({OF_MY_BODY} OR provider_id = {BODY})"),
    "data_reading": both("EXISTS (SELECT 1 FROM data_contract c WHERE c.id = data_reading.contract_id)"),
    "data_dataset": (f"({SHOWN} OR {OF_MY_BODY} OR {SHARED})", f"({OF_MY_BODY})"),
    "data_version": with_dataset("data_version"),
    "data_distribution": with_dataset("data_distribution"),
    "data_recipe": with_dataset("data_recipe"),
    # A view is kept by whoever is signed in: seen with its dataset, written by them.
    "data_savedview": (with_dataset("data_savedview")[0], f"(made_by_id = {policies.ME})"),
    "data_arrival": both(OF_MY_BODY),
    "data_hook": both(OF_MY_BODY),
    "data_subscription": both(policies.NONE),
    "data_reuse": ("(shown_at IS NOT NULL)", f"({policies.NONE})"),
}


def up(_apps: Any, schema_editor: Any) -> None:
    policies.raise_walls(schema_editor, WALLS)


def down(_apps: Any, schema_editor: Any) -> None:
    policies.lower_walls(schema_editor, WALLS)


class Migration(migrations.Migration):
    dependencies = [("data", "0002_tables_2"), ("trust", "0007_row_security_2")]
    operations = [migrations.RunPython(up, down)]
