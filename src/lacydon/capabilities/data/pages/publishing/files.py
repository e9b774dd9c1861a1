"""A file from its arrival to its publication: sent, read, corrected, looked at, published."""

import contextlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lacydon.kernel.access import needs
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.ui.shown import done, show

from ...actions import arrivals as acts
from ...actions.conformity import check_of_arrival, is_faulty
from ...errors import NotPublishable, UnknownCheck
from ...models import Arrival, Dataset
from ...queries import arrivals
from ...queries.drawing.values import shown
from ...queries.encodings import spoken
from ...queries.intake import Guess
from ...queries.intake.guessing import KEYED
from ...queries.intake.inspection import KINDS, TYPES
from ...queries.unhandled import findings_of, must_be_handled
from .desk import dataset_page
from .owned import actor_of, dataset_of, file_of
from .uploads import ToTheWorkshop
from .words import KIND_WORDS, TYPE_WORDS

MOST_SHOWN = 300
"""Columns that one form shows; the others are taken as they were guessed."""
MOST_FAULTS = 8
"""Kinds of fault that the page tells before the report does."""
AGAIN = '<meta http-equiv="refresh" content="3">'


@needs("dataset.publish")
@require_POST
def send(request: HttpRequest, id: str) -> HttpResponse:
    """The file of a form."""
    row = dataset_of(request, id)
    file = request.FILES.get("file")
    try:
        if any(getattr(each, "full", False) for each in request.upload_handlers):
            raise NotPublishable(_("Il n’y a plus assez de place sur le disque : ce fichier n’a pas été reçu."))
        if file is None or not file.name:
            raise BadInput(_("Choisissez un fichier."), field="file")
        file.seek(0)
        made = acts.receive(dataset=row.pk, actor=actor_of(request), file=file, name=file.name)
    except Refused as refusal:
        return dataset_page(request, row, refusal=refusal)
    answer = _read(row, made)
    if instead := request.POST.get("instead", ""):
        _replaced(row, instead, made)
    return answer


def _replaced(row: Dataset, instead: str, made: Arrival) -> None:
    """The file that a mended one was sent for, when it is one of this dataset."""
    with contextlib.suppress(ValueError, Arrival.DoesNotExist, BadInput):
        acts.replace(arrival=Arrival.objects.get(pk=UUID(instead), dataset=row), by=made)


send.upload_handlers = (ToTheWorkshop,)  # type: ignore[attr-defined]


@needs("dataset.publish")
@require_POST
def send_address(request: HttpRequest, id: str) -> HttpResponse:
    """A file that stays elsewhere, fetched now."""
    row = dataset_of(request, id)
    url = request.POST.get("url", "").strip()[:2_000]
    try:
        if not url:
            raise BadInput(_("Écrivez l’adresse du fichier."), field="url")
        made = acts.fetch(dataset=row.pk, actor=actor_of(request), url=url)
    except Refused as refusal:
        return dataset_page(request, row, refusal=refusal, typed=url, at="url")
    if made is None:
        return done(request, _("Ce fichier n’a pas changé depuis la dernière publication."), "data-publish", id=row.pk)
    return _read(row, made)


def _read(row: Dataset, made: Arrival) -> HttpResponse:
    """A small file is read at once, a large one by a job."""
    if made.bytes <= arrivals.QUICK:
        acts.read(arrival=made)
    else:
        acts.leave_to_a_job(arrival=made)
    return _to("data-columns", row, made)


@needs("dataset.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, id: str, arrival: UUID) -> HttpResponse:
    """What was guessed of each column, all of it to be corrected in one form."""
    row, found = file_of(request, id, arrival)
    if found.state == Arrival.State.REFUSED:
        return _page(request, "refused", row, found, title=_("Ce fichier n’a pas pu être lu"))
    if found.state == Arrival.State.PUBLISHED:
        return _page(request, "published", row, found, title=_("C’est publié"))
    if found.state == Arrival.State.RECEIVED or found.progress > 0:
        return _under_way(request, row, found)
    if request.method != "POST":
        return _columns_page(request, row, found)
    said = _corrections(request, found)
    try:
        acts.correct(arrival=found, corrections=said)
    except BadInput as refusal:
        return _columns_page(request, row, found, said=said, refusal=refusal)
    if found.bytes > arrivals.QUICK:
        acts.leave_to_a_job(arrival=found, prepare=True)
        return _to("data-preview", row, found)
    try:
        acts.prepare(arrival=found)
    except Refused as refusal:
        return _columns_page(request, row, found, said=said, refusal=refusal)
    return _to("data-preview", row, found)


@needs("dataset.publish")
@require_POST
def read_again(request: HttpRequest, id: str, arrival: UUID) -> HttpResponse:
    """Another sheet, or another separator."""
    row, found = file_of(request, id, arrival)
    sheet, separator = request.POST.get("sheet", "")[:300], request.POST.get("separator", "")[:1]
    acts.read(arrival=found, sheet=sheet, separator="\t" if separator == "t" else separator)
    return _to("data-columns", row, found)


@needs("dataset.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, id: str, arrival: UUID) -> HttpResponse:
    """The first rows as they will be, what did not fit, and the button that publishes."""
    row, found = file_of(request, id, arrival)
    if found.state in (Arrival.State.REFUSED, Arrival.State.PUBLISHED):
        return _to("data-columns", row, found)
    if found.state == Arrival.State.RECEIVED or found.progress > 0:
        return _under_way(request, row, found)
    if not arrivals.is_prepared(found):
        return _to("data-columns", row, found)
    if request.method != "POST":
        return _preview_page(request, row, found)
    reason = request.POST.get("reason", "").strip()[:500]
    try:
        if not reason:
            raise BadInput(
                _("Dites pourquoi vous publiez : « mise à jour mensuelle », « correction »…"), field="reason"
            )
        anyway = bool(request.POST.get("anyway"))
        acts.publish(arrival=found, actor=actor_of(request), reason=reason, anyway=anyway)
    except Refused as refusal:
        return _preview_page(request, row, found, reason=reason, refusal=refusal)
    return _to("data-columns", row, found)


@needs("dataset.publish")
@require_POST
def drop(request: HttpRequest, id: str, arrival: UUID) -> HttpResponse:
    """This file is not wanted any more."""
    row, found = file_of(request, id, arrival)
    if found.state != Arrival.State.PUBLISHED:
        acts.drop(arrival=found)
    return done(request, _("Le fichier est abandonné. Rien n’a été publié."), "data-publish", id=row.pk)


def _corrections(request: HttpRequest, found: Arrival) -> dict[str, dict[str, Any]]:
    """What the form says and the guess did not."""
    said: dict[str, dict[str, Any]] = {}
    for each in arrivals.inspection_of(found).columns[:MOST_SHOWN]:
        n = each.position
        if f"name-{n}" not in request.POST:
            continue
        told: dict[str, Any] = {}
        for field, guessed in (("label", each.label), ("name", each.name), ("type", each.type), ("kind", each.kind)):
            value = request.POST.get(f"{field}-{n}", guessed).strip()
            if value != guessed:
                told[field] = value
        if request.POST.get(f"kept-{n}") is None:
            told["kept"] = False
        if told:
            said[str(n)] = told
    return said


def _columns_page(
    request: HttpRequest,
    row: Dataset,
    found: Arrival,
    *,
    said: Mapping[str, Mapping[str, Any]] | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    inspection = arrivals.inspection_of(found)
    said = arrivals.corrections_of(found) if said is None else said
    lines = [_line(each, said.get(str(each.position), {}), refusal) for each in inspection.doubtful_first[:MOST_SHOWN]]
    context = {
        "inspection": inspection,
        "encoding": spoken(inspection.encoding),
        "lines": lines,
        "others": len(inspection.columns) - len(lines),
        "doubts": sum(1 for each in inspection.columns if each.doubtful),
        "refusal": refusal,
        "separators": ((",", _("virgule")), (";", _("point-virgule")), ("t", _("tabulation")), ("|", _("barre"))),
        "separator": "t" if inspection.separator == "\t" else inspection.separator,
        "types": [(each, TYPE_WORDS[each]) for each in TYPES],
        "keyed": KEYED,
        "kinds": [(each, KIND_WORDS[each]) for each in KINDS],
    }
    status = refusal.status if refusal else 200
    return _page(request, "columns", row, found, context, title=_("Les colonnes du fichier"), status=status)


def _line(each: Guess, said: Mapping[str, Any], refusal: Refused | None) -> dict[str, Any]:
    n = each.position
    field = refusal.field if refusal else None
    return {
        "guess": each,
        "label": said.get("label", each.label),
        "name": said.get("name", each.name),
        "type": said.get("type", each.type),
        "kind": said.get("kind", each.kind),
        "kept": said.get("kept", True),
        "nearly": TYPE_WORDS.get(each.nearly, ""),
        "percent": int(each.share * 100),
        "wrong": refusal.sentence if refusal and field and field.endswith(f"-{n}") else "",
        "wrong_in": field.partition("-")[0] if field and field.endswith(f"-{n}") else "",
    }


def _preview_page(
    request: HttpRequest, row: Dataset, found: Arrival, *, reason: str = "", refusal: Refused | None = None
) -> HttpResponse:
    columns, rows = arrivals.first_rows(found)
    left = must_be_handled(found)
    context = {
        "columns": [(each, TYPE_WORDS[each.type]) for each in columns],
        "rows": [[shown(column, cell) for column, cell in zip(columns, row, strict=True)] for row in rows],
        "misfits": [{**each, "type": TYPE_WORDS[each["type"]]} for each in found.report.get("misfits", [])],
        "remarks": found.report.get("remarks", []),
        "total": found.report.get("rows", 0),
        "left": left,
        "doubtful": all(each.confirm for each in left),
        "found": findings_of(found),
        "faults": _faults(found),
        "faulty": is_faulty(found),
        "anyway": bool(request.POST.get("anyway")),
        "reason": reason,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return _page(request, "preview", row, found, context, title=_("Relire avant de publier"), status=status)


def _faults(found: Arrival) -> list[dict[str, Any]]:
    """The first kinds of fault that its schema finds; the report has the others."""
    if not is_faulty(found):
        return []
    with contextlib.suppress(UnknownCheck):
        return list(check_of_arrival(found).about["findings"][:MOST_FAULTS])
    return []


def _under_way(request: HttpRequest, row: Dataset, found: Arrival) -> HttpResponse:
    """How far it is, asked again by itself every few seconds, without JavaScript."""
    context = {"percent": int(found.progress * 100)}
    return _page(request, "under_way", row, found, context, title=_("Lecture du fichier"), head=AGAIN)


def _page(
    request: HttpRequest,
    name: str,
    row: Dataset,
    found: Arrival,
    context: Mapping[str, Any] | None = None,
    *,
    title: str,
    status: int = 200,
    head: str = "",
) -> HttpResponse:
    told = {"trouble": found.report.get("trouble", ""), "check": found.report.get("check")}
    shown = {"dataset": row, "arrival": found, **told, **(context or {})}
    return show(
        request,
        f"data/publishing/{name}.html",
        shown,
        title=title,
        status=status,
        section="agent",
        here="data",
        head=head,
    )


def _to(name: str, row: Dataset, found: Arrival) -> HttpResponse:
    response = HttpResponseRedirect(reverse(name, kwargs={"id": row.pk, "arrival": found.pk}))
    response.status_code = 303
    return response
