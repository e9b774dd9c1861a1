"""Versions of forms as values: each is read once in a process (what is published now: see `forms`)."""

from dataclasses import dataclass
from functools import lru_cache

from lacydon.kernel import forms

from ..models import FormVersion

LIGHT = ("id", "form", "number", "digest", "service_id", "state", "withdrawn_at")
"""What tells a version: its content is long, and read once only."""


@dataclass(frozen=True, slots=True)
class Held:
    """A version, and what it asks."""

    version: FormVersion
    form: forms.Form


def held(row: FormVersion) -> Held:
    """What a version asks; its content is fetched the first time only, its state is that of `row`."""
    return Held(version=row, form=_read(row.pk, row.digest))


@lru_cache(maxsize=1_000)
def _read(pk: int, _digest: str) -> forms.Form:
    return forms.read_form(FormVersion.objects.values_list("content", flat=True).get(pk=pk))
