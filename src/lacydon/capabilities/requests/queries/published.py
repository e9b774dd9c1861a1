"""Forms that can be filled in: each version read once in a process, and those that are published now."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from lacydon.kernel import forms

from ..errors import UnknownForm
from ..models import FormState, FormVersion

LIGHT = ("id", "form", "number", "digest", "service_id", "state", "withdrawn_at")
"""What tells a version: its content is long, and read once only."""


@dataclass(frozen=True, slots=True)
class Held:
    """A version, and what it asks."""

    version: FormVersion
    form: forms.Form


def published(id: str) -> Held:
    """The version of a form that is filled in today. Raises UnknownForm."""
    row = FormVersion.objects.filter(form=id, state=FormState.PUBLISHED).only(*LIGHT).first()
    if row is None:
        raise UnknownForm(_("Cette démarche n’est pas proposée en ligne, ou ne l’est plus."))
    return held(row)


def all_published(**fields: Any) -> list[Held]:
    """Those of today, in the order of their ids."""
    rows = FormVersion.objects.filter(state=FormState.PUBLISHED, **fields).only(*LIGHT)
    return [held(row) for row in rows.order_by("form")]


def held(row: FormVersion) -> Held:
    """What a version asks; its content is fetched the first time only, its state is that of `row`."""
    return Held(version=row, form=_read(row.pk, row.digest))


@lru_cache(maxsize=1_000)
def _read(pk: int, _digest: str) -> forms.Form:
    return forms.read_form(FormVersion.objects.values_list("content", flat=True).get(pk=pk))
