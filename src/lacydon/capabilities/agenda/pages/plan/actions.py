"""One action: why, what, for whom, where it stands, what was promised, with whom, where, with what money."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.capabilities.data import public as data
from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.texts import said
from lacydon.kernel.ui import maps

from ...queries.nouns import (
    Action,
    Axis,
    Budget,
    Evaluation,
    Experience,
    LegalAct,
    Lever,
    LinkedPlan,
    Policy,
)
from ...queries.plan.comparing import end_of
from ...queries.plan.differences import owner_name
from ...queries.plan.overview import money, voted
from ...queries.plan.promises import judged
from ...queries.plan.words import (
    ACTION_KINDS,
    CALLS,
    COMMUNE_ROLES,
    DEPENDENCIES,
    FUNDERS,
    MILESTONE_KINDS,
    PARTICIPATION,
    PARTY_ROLES,
    PRIORITIES,
    SCALES,
    SECTIONS,
    STATUSES,
)
from ..tabs import maybe
from .cards import euros, slip_words, state_of, told
from .frame import Asked, asked, shown


@open_to_all
@require_safe
def action(request: HttpRequest, id: str) -> HttpResponse:
    """Everything the agenda says of it; each commitment with the act behind it."""
    given = asked(request)
    found = given.one(Action, id)
    chart = given.moment.chart
    context: dict[str, Any] = {
        "action": found,
        "state": state_of(found, healthy=not given.moment.rebuilt),
        "status": STATUSES[found.status],
        "kind": ACTION_KINDS[found.kind],
        "scale": SCALES[found.scale],
        "priority": PRIORITIES[found.priority],
        "owner": owner_name(found.owner),
        "axes": [
            (axis, share.weight, given.to("agenda-axis", id=axis.id))
            for share in found.axes
            if (axis := chart.get(Axis, share.axis))
        ],
        "levers": _named(given, Lever, found.levers, "agenda-lever"),
        "policies": [
            (policy, part.share, given.to("agenda-actions", {"politique": policy.id}))
            for part in found.policies
            if (policy := chart.get(Policy, part.policy))
        ],
        "plans": [
            (plan, given.to("agenda-actions", {"plan": plan.id}))
            for name in found.plans
            if (plan := chart.get(LinkedPlan, name))
        ],
        "parent": chart.get(Action, found.parent) if found.parent else None,
        "children": [each for each in chart.all(Action) if each.parent == id],
        "act": _act(given, found.decided_by),
        "dates": list(_dates(found, given)),
        "promises": [
            (told(judged(found, each, given.moment.day), given), MILESTONE_KINDS[each.kind])
            for each in found.milestones
        ],
        "dependencies": list(_dependencies(found, given)),
        "waiting": [
            each
            for each in chart.all(Action)
            if any(one.action == id and one.kind == "apres" for one in each.dependencies)
        ],
        "parties": [(owner_name(each.organisation), PARTY_ROLES[each.role]) for each in found.parties],
        "communes": _communes(found, given),
        "map": _map(found),
        "risks": [(each, _severity(each.likelihood * each.gravity)) for each in found.risks],
        "asked": [(each, not each.answered and each.by < given.moment.day) for each in found.decisions],
        "participation": (PARTICIPATION[found.participation.level], found.participation.effect)
        if found.participation
        else None,
        "money": _money(chart.budgets_of_action.get(id, ()), given),
        "indicators": [
            (each, maybe("agenda-indicator", id=each.id)) for each in chart.indicators_of_action.get(id, ())
        ],
        "evaluations": [
            (each, maybe("agenda-evaluation", id=each.id)) for each in chart.all(Evaluation) if id in each.actions
        ],
        "experiences": [
            (each, maybe("agenda-experience", id=each.id)) for each in chart.all(Experience)
            if id in (each.action, *each.actions)
        ],
        "calls": [(each, CALLS[each.kind]) for each in found.calls],
        "services": list(_services(found.services)),
        "datasets": list(_datasets(found.datasets)),
        "history": given.to("agenda-history", kind="action", id=id),
        "examples": found.example,
    }  # fmt: skip
    return shown(
        given, "agenda/plan/action.html", context, title=said(found.title), description=said(found.description)
    )  # fmt: skip


def _act(given: Asked, id: str | None) -> tuple[LegalAct, str] | None:
    """The act and where its page is."""
    found = given.moment.chart.get(LegalAct, id) if id else None
    return (found, given.to("agenda-act", id=found.id)) if found else None


def _named(given: Asked, kind: Any, ids: Sequence[str], page: str) -> list[tuple[Any, str]]:
    return [
        (each, given.to(page, id=each.id)) for name in ids if (each := given.moment.chart.get(kind, name)) is not None
    ]


def _dates(found: Action, given: Asked) -> Iterator[dict[str, Any]]:
    """What was voted, each revision with the act or the reason behind it, what was: in the order they came."""
    if found.planned.start or found.planned.end:
        yield {
            "what": _("Dates votées"), "start": found.planned.start, "end": found.planned.end,
            "act": _act(given, found.decided_by), "why": "",
        }  # fmt: skip
    for each in found.revised:
        yield {
            "what": _("Dates révisées"), "start": each.start, "end": each.end, "act": _act(given, each.act),
            "why": each.reason, "decided": each.decided,
        }  # fmt: skip
    if found.actual.start or found.actual.end:
        late = found.actual.end and found.planned.end and (found.actual.end - found.planned.end).days
        why = _("%s après la date votée") % slip_words(late) if late and late > 0 else ""
        yield {
            "what": _("Dates réelles"),
            "start": found.actual.start,
            "end": found.actual.end,
            "act": None,
            "why": why,
        }


def _dependencies(found: Action, given: Asked) -> Iterator[tuple[Any, Action | None, bool]]:
    """(how, the other action, whether it stops this one); an action that is not public has no name here."""
    for each in found.dependencies:
        other = given.moment.chart.get(Action, each.action)
        stops = other is not None and each.kind != "avec" and other.status in ("en-pause", "abandonnee")
        late = other is not None and each.kind == "apres" and _later(other, found)
        yield DEPENDENCIES[each.kind], other, stops or late


def _later(other: Action, found: Action) -> bool:
    """It ends after this one is to end."""
    first, second = end_of(other), end_of(found)
    return other.status not in ("realisee", "abandonnee") and bool(first and second and first > second)


def _communes(found: Action, given: Asked) -> list[tuple[Any, list[tuple[str, str]]]]:
    """By role, the most engaged first."""
    known = {each.code: each for each in territory.communes()}
    by: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for each in found.communes:
        if each.citycode in known:
            here = known[each.citycode]
            by[each.role].append((here.name, given.to("agenda-actions", {"commune": here.code})))
    return [(label, sorted(by[role])) for role, label in COMMUNE_ROLES.items() if role in by]


def _map(found: Action) -> str:
    """Where it is, among the communes; nothing when it names none."""
    roles = {each.citycode: list(COMMUNE_ROLES).index(each.role) + 1 for each in found.communes}
    communes = [each for each in territory.communes() if each.code in roles]
    if not communes:
        return ""
    return maps.drawn(
        maps.outline(territory.shapes().by_code),
        areas={
            each.code: maps.Area(label=each.name, category=roles.get(each.code, 0)) for each in territory.communes()
        },
        title=_("Les communes de cette action"),
        description=_("Leurs noms et leur rôle sont écrits à côté."),
        names={each.code: each.name for each in communes},
    )  # fmt: skip


def _severity(score: int) -> str:
    if score >= 15:
        return _("élevé")
    return _("moyen") if score >= 8 else _("faible")


def _money(budgets: Sequence[Budget], given: Asked) -> dict[str, Any] | None:
    """Its credits: each authorisation with its act, each year, each funder."""
    if not budgets:
        return None
    whole = money(budgets)
    years: dict[int, list[Any]] = defaultdict(list)
    for budget in budgets:
        for year in budget.years:
            years[year.year].append(year)
    funders: dict[str, list[Any]] = defaultdict(list)
    for budget in budgets:
        for fund in budget.funding:
            funders[fund.funder].append(fund)
    return {
        "voted": euros(whole.voted), "engaged": euros(whole.engaged), "paid": euros(whole.paid), "share": whole.share,
        "lines": [_line(each, given) for each in budgets],
        "years": [
            (
                year,
                euros(sum(each.voted if each.revised is None else each.revised for each in found)),
                euros(sum(each.engaged for each in found)),
                euros(sum(each.paid for each in found)),
                max(each.as_of for each in found),
            )
            for year, found in sorted(years.items())
        ],
        "funders": [
            (
                FUNDERS[name],
                euros(sum(each.asked for each in found)),
                euros(sum(each.granted for each in found)),
                euros(sum(each.received for each in found)),
            )
            for name, found in funders.items()
        ],
        "href": maybe("agenda-money"),
    }  # fmt: skip


def _line(budget: Budget, given: Asked) -> dict[str, Any]:
    given_ = budget.authorisation
    return {
        "kind": _("Autorisation de programme") if given_.kind == "AP" else _("Autorisation d’engagement"),
        "code": given_.code,
        "section": SECTIONS[budget.section],
        "first": euros(given_.voted),
        "now": euros(voted(budget)) if given_.revisions or given_.cancelled else "",
        "act": _act(given, given_.act),
        "revisions": [(euros(each.amount), each, _act(given, each.act)) for each in given_.revisions],
        "cancelled": given_.cancelled,
    }


def _services(ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    known = {each.id: each for each in services.services()}
    for id_ in ids:
        if id_ in known:
            yield said(known[id_].title), reverse("service", args=[id_])


def _datasets(ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    for id_ in ids:
        try:
            yield said(data.dataset(id_).title), reverse("dataset", args=[id_])
        except (Refused, NoReverseMatch):
            continue


urlpatterns = [path("agenda/actions/<slug:id>", action, name="agenda-action")]
