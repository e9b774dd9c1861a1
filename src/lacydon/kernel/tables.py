"""Make a table equal to a list of rows, touching only what differs."""

from collections.abc import Iterable
from typing import Any

from django.db import models


def make_equal(model: type[models.Model], rows: Iterable[models.Model]) -> int:
    """Insert, update and delete rows of `model` until it holds just `rows` (same primary keys, same values).

    Returns the number of rows changed. Meant for reference tables loaded whole from a folder, inside the caller's
    transaction; a row that somebody below still refers to by a protected key raises django's ProtectedError.
    """
    fields = list(model._meta.concrete_fields)
    wanted = {row.pk: row for row in rows}
    present = {row.pk: row for row in model._default_manager.all()}
    absent = [pk for pk in present if pk not in wanted]
    new = [row for pk, row in wanted.items() if pk not in present]
    changed = [
        row for pk, row in wanted.items() if pk in present and _values(row, fields) != _values(present[pk], fields)
    ]
    if absent:
        model._default_manager.filter(pk__in=absent).delete()
    model._default_manager.bulk_create(new, batch_size=500)
    others = [field.name for field in fields if not field.primary_key]
    if changed and others:
        model._default_manager.bulk_update(changed, others, batch_size=200)
    return len(absent) + len(new) + len(changed)


def _values(row: models.Model, fields: Iterable[Any]) -> list[Any]:
    return [getattr(row, field.attname) for field in fields]
