"""« Promis et tenu »: each date that was voted against what is; a frozen version against today."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import said
from lacydon.kernel.ui.charts import Chart as Drawing
from lacydon.kernel.ui.charts import Series, figure
from lacydon.kernel.ui.kept import kept
from lacydon.kernel.ui.templatetags.ui import day

from ...models import Frozen
from ...queries.chart import chart as at_moment
from ...queries.nouns import LegalAct
from ...queries.plan.comparing import Change, compared
from ...queries.plan.differences import owner_name
from ...queries.plan.history import frozen_versions
from ...queries.plan.promises import ORDER, Promise, Quarter, promises, quarters, tally
from ...queries.plan.twin import twin
from ...queries.plan.words import HEALTHS, STATUSES, VERDICTS
from .cards import card_of, euros, kept_words, slip_words, told
from .frame import Asked, asked, page_number, shown

PER_PAGE = 10
MOST = 12
"""Actions that changed, shown on one page of the comparison."""


@open_to_all
@require_safe
def promised(request: HttpRequest) -> HttpResponse:
    """Parameters: `verdict`, `axe`, `version` (the number of a frozen one), `page`, `le`."""
    if request.GET:
        return _page(request)
    return kept(request, lambda: _page(request), of="agenda-promises")


def _page(request: HttpRequest) -> HttpResponse:
    given = asked(request)
    chart = given.moment.chart
    agenda = chart.agenda()
    versions = frozen_versions(agenda.id, until=chart.at) if agenda and not given.moment.rebuilt else []
    wanted = request.GET.get("version", "")
    version = next((each for each in versions if str(each.number) == wanted), None)
    context: dict[str, Any] = {
        "versions": [
            (each, _act_words(each, given), given.to("agenda-promises", {"version": each.number}), each is version)
            for each in versions
        ],
        "version": version,
        "dates": given.to("agenda-promises"),
        "agenda": agenda,
    }
    context |= (
        against(given, version, number=page_number(request)) | _query(given, version) if version else _dates(given)
    )
    return shown(
        given, "agenda/plan/promises.html", context, title=_("Promis et tenu"), tab="agenda-promises",
        description=_("Chaque date votée, et ce qu’elle est devenue : tenue à l’heure, en retard, pas encore tenue."),
    )  # fmt: skip


def _dates(given: Asked) -> dict[str, Any]:
    """Each promise against the date that was voted for it."""
    request, chart = given.request, given.moment.chart
    axis, verdict = request.GET.get("axe", "")[:80], request.GET.get("verdict", "")
    all_ = [each for each in promises(chart, given.moment.day) if not axis or _serves(each, axis)]
    found = [each for each in all_ if each.verdict == verdict] if verdict in VERDICTS else all_
    found = sorted(found, key=_urgency)
    last = max(1, -(-len(found) // PER_PAGE))
    number = min(page_number(request), last)
    kept_ = {"axe": axis, "verdict": verdict if verdict in VERDICTS else ""}
    counts = {name: sum(each.verdict == name for each in all_) for name in ORDER}
    sum_ = tally(all_)
    query = {name: value for name, value in (kept_ | {"le": given.moment.le}).items() if value}
    return {
        "tally": sum_,
        "kept_words": kept_words(sum_),
        "slip": slip_words(sum_.slip) if sum_.slip else "",
        "chart": _trend(quarters(all_, given.moment.day)),
        "pills": [
            (VERDICTS[name], counts[name], given.to("agenda-promises", kept_ | {"verdict": name}), name == verdict)
            for name in ORDER
            if counts[name]
        ],
        "all": (len(all_), given.to("agenda-promises", {"axe": axis}), verdict not in VERDICTS),
        "axes": [
            (each.title, given.to("agenda-promises", kept_ | {"axe": each.id}), each.id == axis) for each in chart.axes
        ],
        "every_axis": (given.to("agenda-promises", {"verdict": kept_["verdict"]}), not axis),
        "rows": [told(each, given) for each in found[(number - 1) * PER_PAGE :][:PER_PAGE]],
        "number": number, "total": last, "more": number < last, "query": urlencode(query),
    }  # fmt: skip


def _serves(each: Promise, axis: str) -> bool:
    return any(share.axis == axis for share in each.action.axes)


def _urgency(each: Promise) -> tuple[int, int, date]:
    """What is missed first, the longest first; then what was late; then the next dates; then what was kept."""
    rank = {"missed": 0, "slipping": 1, "coming": 2, "late": 3, "kept": 4, "dropped": 5}[each.verdict]
    return rank, -each.slip if rank in (0, 3) else 0, each.milestone.baseline


def _trend(found: list[Quarter]) -> Any:
    """The last four quarters; nothing to draw without a promise due in two of them."""
    if sum(1 for each in found if each.tally.due) < 2:
        return ""
    return figure(
        Drawing(
            kind="stacked", title=_("Trimestre après trimestre"), axis=_("Trimestre"), measure=_("Promesses"),
            labels=[_quarter_words(each) for each in found],
            series=[
                Series(name=_("Tenues à l’heure"), values=[float(each.tally.kept) for each in found]),
                Series(name=_("Tenues en retard"), values=[float(each.tally.late) for each in found]),
                Series(name=_("Pas encore tenues"), values=[float(each.tally.missed) for each in found]),
            ],
        ),
        name="trend",
    )  # fmt: skip


def _quarter_words(each: Quarter) -> str:
    names = (_("1er trimestre"), _("2e trimestre"), _("3e trimestre"), _("4e trimestre"))
    return f"{names[each.number - 1]} {each.year}"


def _act_words(version: Frozen, given: Asked) -> str:
    act = given.moment.chart.get(LegalAct, version.act)
    words = {"number": version.number, "act": act.number if act else "", "day": day(version.at.date())}
    if act:
        return _("Version %(number)d, votée par %(act)s") % words
    return _("Version %(number)d, du %(day)s") % words


def _query(given: Asked, version: Frozen) -> dict[str, str]:
    return {"query": urlencode({"version": version.number} | ({"le": given.moment.le} if given.moment.past else {}))}


def against(given: Asked, version: Frozen, *, number: int = 1, most: int = MOST) -> dict[str, Any]:
    """A frozen version and the agenda of the moment, action by action: the page `number`, `most` of them on each."""
    chart = given.moment.chart
    found = compared(_frozen(version), chart)
    last = max(1, -(-len(found.changed) // most))
    number = min(number, last)
    return {
        "comparison": found,
        "act": chart.get(LegalAct, version.act),
        "sentence": _sentence(len(found.changed), len(found.added), len(found.removed), found.same),
        "voted": euros(found.voted), "now": euros(found.now), "money_moved": found.voted != found.now,
        "changed": [
            (card_of(each.action, given), [_words(change, given) for change in each.changes])
            for each in found.changed[(number - 1) * most :][:most]
        ],
        "added": [card_of(each, given) for each in found.added[:most]] if number == 1 else (),
        "removed": [
            (each, given.to("agenda-history", kind="action", id=each.id)) for each in found.removed[:most]
        ] if number == 1 else (),
        "number": number, "total": last, "more": number < last,
    }  # fmt: skip


def _frozen(version: Frozen) -> Any:
    """What was voted, without what is kept inside."""
    held = _held.get((version.pk, version.content))
    if held is None:
        _held.clear()
        held = _held[version.pk, version.content] = twin(at_moment(version.at)).chart
    return held


_held: dict[tuple[int, str], Any] = {}
"""The version last looked at: it never changes (its hash is in the key), and comparing it costs most of a page."""


def _sentence(changed: int, added: int, removed: int, same: int) -> str:
    parts = [
        (ngettext("%d action a changé", "%d actions ont changé", changed), changed),
        (ngettext("%d action a été ajoutée", "%d actions ont été ajoutées", added), added),
        (ngettext("%d action a été retirée", "%d actions ont été retirées", removed), removed),
        (ngettext("%d action est comme elle fut votée", "%d actions sont comme elles furent votées", same), same),
    ]
    return " ; ".join(words % many for words, many in parts if many) + "." if any(m for _w, m in parts) else ""


def _words(change: Change, given: Asked) -> dict[str, Any]:
    """One change, in words: what, what it was, what it is, by how much, because of what."""
    labels = {
        "status": _("État"), "health": _("Santé"), "owner": _("Qui la conduit"), "start": _("Début"), "end": _("Fin"),
        "money": _("Crédits votés"), "title": _("Titre"), "milestone": said(change.what) if change.what else "",
    }  # fmt: skip
    before, after = (" ; ".join(_side(change, value)) or "–" for value in (change.before, change.after))
    moved = ""
    if change.days:
        words = slip_words(abs(change.days))
        moved = _("%s plus tard") % words if change.days > 0 else _("%s plus tôt") % words
    elif change.topic == "money":
        more = change.after - change.before
        moved = ("+ " if more > 0 else "− ") + euros(abs(more))
    return {
        "what": labels[change.topic],
        "before": before,
        "after": after,
        "moved": moved,
        "worse": bool(change.days and change.days > 0),
        "reason": change.reason,
        "act": given.moment.chart.get(LegalAct, change.act) if change.act else None,
    }


def _side(change: Change, value: Any) -> Iterator[str]:
    if value is None:
        return
    if isinstance(value, date):
        yield str(day(value))
    elif isinstance(value, Decimal):
        yield euros(value)
    elif change.topic == "status":
        yield str(STATUSES[value])
    elif change.topic == "health":
        yield str(HEALTHS[value])
    elif change.topic == "owner":
        yield owner_name(value)
    else:
        yield said(value)


urlpatterns = [path("agenda/promesses", promised, name="agenda-promises")]
