"""A request: the resident's story on the left, the acts on the right. Opening it is a line of the journal."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust import public as trust
from lacydon.kernel import forms
from lacydon.kernel.access import Actor, needs
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.errors import Refused
from lacydon.kernel.texts import said

from ...actions.attached import take_out
from ...actions.reading import File, read_request
from ...errors import ChangedMeanwhile, NobodyCompetent
from ...models import Request, RequestKind
from ...queries import answers, canned, delivery, desk, filters, queue, shown
from ...queries.appeal import UNFAVOURABLE, means_of_appeal
from ...queries.competence import competent
from ...queries.notes import hidden_notes
from ...queries.roles import MANAGER
from ...queries.timeline import Line, documents, timeline, title_of
from .queue import desk_page


@needs("desk.see")
@require_safe
def show_file(request: HttpRequest, number: str) -> HttpResponse:
    """The whole of a request, for who may see it."""
    return file_page(request, number)


@needs("desk.see")
@require_safe
def attachment(request: HttpRequest, number: str, attachment: UUID) -> HttpResponse:
    """A file of the request, to keep; never shown in our name."""
    taken = take_out(actor=request.actor, number=number, attachment=attachment)  # type: ignore[attr-defined]
    return as_attachment(taken.content, media_type=taken.media_type, name=taken.name)


def file_page(
    request: HttpRequest,
    number: str,
    *,
    act: str = "",
    refusal: Refused | None = None,
    typed: Mapping[str, str] | None = None,
    seen: int = 0,
) -> HttpResponse:
    """The page, with the form of an act open when it was refused: what was typed is kept, what changed is shown.

    `seen`: the last step that was there when the form was read.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    opened = read_request(actor=actor, number=number)
    row = opened.request
    asked = filters.read((typed or request.GET).get("de", ""))
    names = desk.colleagues(actor)
    lines = [each for each in timeline(row, viewer=actor, agent=True) if each.position not in hidden_notes(row, actor)]
    before, after = queue.neighbours(actor, asked, row)
    told = typed or {}
    context = {
        "row": row,
        "file": opened,
        "line": shown.in_words([row], actor=actor, names=names)[0],
        "sections": _answers(opened, lines),
        "computed": answers.computed_in_words(forms.read_form(row.form.content), opened.answers),
        "documents": documents(row),
        "lines": lines,
        "news": [each for each in lines if each.position > seen] if isinstance(refusal, ChangedMeanwhile) else [],
        "colleagues": names,
        "canned": desk.answers(actor),
        "bodies": _bodies(row),
        "suggested": told.get("to") or _suggested(row),
        "outcomes": _outcomes(row),
        "report": row.kind == RequestKind.REPORT,
        "appeal": means_of_appeal(row),
        "unfavourable": UNFAVOURABLE,
        "acts": bool(trust.can(actor, None, "request.handle", row)),
        "act": act,
        "typed": told,
        "de": str(asked),
        "before": before,
        "after": after,
        "away": delivery.away(row) if row.open else None,
        "manages": MANAGER in actor.roles,
        "merged": row.merged_into,
        "duplicates": list(row.merged.order_by("opened_at").values_list("number", flat=True)),
        "service": _service(row),
    }
    return desk_page(request, "file", context, title=f"{title_of(row)}, {row.number}", refusal=refusal)


def filled_answer(request: HttpRequest, number: str, answer: str) -> str:
    """An answer of the organisation with its places filled for this request; nothing for one it does not have."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = next((each for each in desk.answers(actor) if str(each.pk) == answer), None)
    return canned.filled(found.text, request=queue.one_of(actor, number), actor=actor) if found else ""


def _answers(opened: File, lines: list[Line]) -> list[answers.Section]:
    names = {str(each.id): each.name for line in lines for each in line.files}
    return answers.in_words(forms.read_form(opened.request.form.content), opened.answers, files=names)


def _outcomes(row: Request) -> list[tuple[str, str]]:
    if row.kind == RequestKind.REPORT:
        return [("solved", _("Résolu")), ("unsolved", _("Ne sera pas résolu"))]
    return [("accepted", _("Acceptée")), ("partly", _("Acceptée en partie")), ("refused", _("Refusée"))]


def _bodies(row: Request) -> list[tuple[str, str]]:
    """Where it can be sent on: every authority but this one, by name."""
    held = [(each.pk, said(each.name)) for each in trust.authorities() if each.pk != row.organisation_id]
    return sorted(held, key=lambda each: each[1].casefold())


def _suggested(row: Request) -> str:
    """Who is competent by the rules of the territory, when it is not who has it."""
    try:
        found = competent(service=row.service_id, citycode=row.citycode).organisation
    except (services.UnknownService, territory.UnknownCommune, NobodyCompetent):
        return ""
    return found if found != row.organisation_id else ""


def _service(row: Request) -> Any:
    try:
        return services.service(row.service_id)
    except services.UnknownService:
        return None
