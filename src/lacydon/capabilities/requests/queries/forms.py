"""The forms: those published now, held in memory; each version as a value; what an editor sees of them.

A version that was once published never changes, so a form read from it is kept by the number of its row and its digest.
"""

import difflib
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import structlog
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from lacydon.kernel.forms import FaultyForm, Form, as_text
from lacydon.kernel.snapshots import Snapshot

from ..errors import UnknownForm
from ..models import FormState, FormVersion, Request
from .published import LIGHT, Held, held

SNAPSHOT = "requests.forms"
log = structlog.get_logger()


def published_forms() -> Mapping[str, Held]:
    """Every published form by id, in the order of the ids."""
    return _published()


def published_form(id: str) -> Held:
    """A published form. Raises UnknownForm."""
    found = _published().get(id)
    if found is None:
        raise UnknownForm(_("Cette démarche n’est pas proposée en ligne, ou ne l’est plus."))
    return found


def forms_of_service(service_id: str, *, citycode: str | None = None) -> list[Held]:
    """The forms by which a service is asked for at a commune; those a commune wrote for itself come first.

    A commune's own form stands for the general one of the same service: the general one is then left out.
    """
    found = [each for each in _published().values() if each.form.service == service_id]
    if citycode is None:
        return found
    own = [each for each in found if citycode in each.form.communes]
    return own or [each for each in found if not each.form.communes]


def forms_of_commune(citycode: str) -> list[Held]:
    """The published forms that this commune wrote for itself, or got from another."""
    return [each for each in _published().values() if each.form.communes == (citycode,)]


def requests_made_with(versions: Iterable[int]) -> int:
    """How many requests were made with these versions of forms."""
    return Request.objects.filter(form__in=list(versions)).count()


def form_of_version(pk: int) -> Form:
    """The form as it was in a version, whatever its state. Raises UnknownForm, FaultyForm for a draft with faults."""
    version = FormVersion.objects.filter(pk=pk).only(*LIGHT).first()
    if version is None:
        raise UnknownForm(_("Cette version n’existe pas."))
    return held(version).form


def _build() -> dict[str, Held]:
    found = {}
    for version in FormVersion.objects.filter(state=FormState.PUBLISHED).only(*LIGHT).order_by("form"):
        try:
            found[version.form] = held(version)
        except FaultyForm as fault:  # written for an older grammar: the others are still offered
            log.error("form unreadable", form=version.form, number=version.number, faults=len(fault.faults))
    return found


_published = Snapshot(SNAPSHOT, _build)


# What an editor sees


@dataclass(frozen=True, slots=True)
class Listed:
    """A form in the editor's list: its version in use, and the draft of the next one."""

    id: str
    published: FormVersion | None
    draft: FormVersion | None
    last: int


def listed_forms() -> list[Listed]:
    """Every form there is or was."""
    lasts = FormVersion.objects.values_list("form").annotate(last=Max("number")).order_by("form")
    rows = FormVersion.objects.filter(~Q(state=FormState.WITHDRAWN)).defer("text")
    states = {(row.form, row.state): row for row in rows}
    return [
        Listed(id, states.get((id, FormState.PUBLISHED)), states.get((id, FormState.DRAFT)), last) for id, last in lasts
    ]


def versions_of(form: str) -> list[FormVersion]:
    """The versions of a form, the last first. Raises UnknownForm."""
    rows = list(FormVersion.objects.filter(form=form).order_by("-number"))
    if not rows:
        raise UnknownForm(_("Ce formulaire n’existe pas."))
    return rows


def version_of(form: str, number: int) -> FormVersion:
    """One version of a form. Raises UnknownForm."""
    found = FormVersion.objects.filter(form=form, number=number).first()
    if found is None:
        raise UnknownForm(_("Cette version n’existe pas."))
    return found


def version_in(form: str, state: str) -> FormVersion | None:
    """The version of a form that is published, or its draft, if there is one."""
    return FormVersion.objects.filter(form=form, state=state).first()


def text_of(version: FormVersion) -> str:
    """The YAML a version was written as."""
    return version.text or as_text(held(version).form)


def mark_of(version: FormVersion | None) -> str:
    """What tells the text of a draft from another: a page that edits it gives it back."""
    return "" if version is None else hashlib.sha256(version.text.encode()).hexdigest()[:32]


class Line(NamedTuple):
    """A line of a comparison: `kind` is "same", "gone", "new" or "gap" (lines alike, left out)."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Line]:
    """What changed from one text to the next, line by line, with three lines around; empty when nothing did."""
    return list(_lines(before, after))


def _lines(before: str, after: str) -> Iterator[Line]:
    kinds = {" ": "same", "-": "gone", "+": "new"}
    for line in list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3))[2:]:
        if line.startswith("@@"):
            yield Line("gap", "")
        else:
            yield Line(kinds[line[0]], line[1:])
