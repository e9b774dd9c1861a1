"""What is learnt, for all to read: evaluations and what became of them, what communes tried, which resemble mine."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.clock import today
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import page

from ..errors import UnknownObject
from ..queries.chart import Chart, chart
from ..queries.learning.experiences import Sought, deployed_in, experiences, kits_of, of_communes
from ..queries.learning.followup import Followed, follow_up
from ..queries.learning.likeness import alike, measures
from ..queries.learning.report import years_reported
from ..queries.learning.words import ANSWERS, KINDS, VERDICT_LOOKS, VERDICTS
from ..queries.nouns import Action, Evaluation, Experience, Object
from ..queries.plan.differences import owner_name
from ..queries.plan.twin import is_published, twin
from .tabs import maybe, tabs

SECTION = "agenda-evaluations"
MOST_AGENTS = 100_000
NEAR = 5


@open_to_all
@require_safe
def evaluations(request: HttpRequest) -> HttpResponse:
    """All evaluations, and what became of what they ask: what is late first."""
    now = chart()
    follow = follow_up(now, today=today())
    context = {
        "follow": follow,
        "kinds": KINDS,
        "published": [(each, KINDS[each.kind], follow.of(each.id)) for each in follow.published],
        "report": next(iter(years_reported(twin(now).chart)), None),
    }
    return _shown(request, "evaluations", context, title=_("Les évaluations"))


@open_to_all
@require_safe
def evaluation(request: HttpRequest, id: str) -> HttpResponse:
    """One: its questions, its method, its findings, what it asks and what was answered."""
    now = chart()
    found = _public(now.one(Evaluation, id))
    follow = follow_up(now, today=today())
    context = {
        "each": found,
        "kind": KINDS[found.kind],
        "published": is_published(found.published),
        "asked": [_answered(now, one) for one in follow.of(id)],
        "actions": [action for name in found.actions if (action := _action(now, name))],
    }
    return _shown(request, "evaluation", context, title=said(found.title.stored()))


@open_to_all
@require_safe
def all_experiences(request: HttpRequest) -> HttpResponse:
    """What communes tried: sought by words, by what they advise, by axis, by commune."""
    given = request.GET
    sought = Sought(
        words=given.get("q", "")[:200], verdict=given.get("avis", ""), axis=given.get("axe", ""),
        commune=given.get("commune", ""),
    )  # fmt: skip
    now = chart()
    context = {
        "sought": sought,
        "found": [_told(each) for each in experiences(now, sought)],
        "verdicts": VERDICTS.items(),
        "axes": now.axes,
        "communes": territory.communes(),
    }
    return _shown(request, "experiences", context, title=_("Ce que les communes ont appris"))


@open_to_all
@require_safe
def experience(request: HttpRequest, id: str) -> HttpResponse:
    """One: what worked, what failed, what it cost, and the communes that resemble the one which tells it."""
    now = chart()
    found = _public(now.one(Experience, id))
    here = territory.commune(found.commune)
    context = {
        "told": _told(found),
        "each": found,
        "near": alike(now, mine=here, among=territory.communes(), most=NEAR),
        "actions": [each for id in dict.fromkeys((found.action, *found.actions)) if id and (each := _action(now, id))],
        "kits": [(each, maybe("agenda-kit", id=each.id), each.id == found.kit) for each in kits_of(now, found)],
        "services": [(each, maybe("service", id=each.id)) for each in services.services() if each.id in found.services],
    }
    return _shown(request, "experience", context, title=said(found.title.stored()))


@open_to_all
@require_safe
def communes_alike(request: HttpRequest) -> HttpResponse:
    """Which communes resemble mine, why, and what worked there."""
    now, code = chart(), request.GET.get("commune", "")
    everywhere = {each.code: each for each in territory.communes()}
    mine, wrong = everywhere.get(code), ""
    given = request.GET.get("agents", "").strip().replace(",", ".").replace("\u00a0", "").replace(" ", "")
    staff = None
    if given:
        try:
            staff = float(given)
        except ValueError:
            staff = None
        if staff is None or not 0 < staff <= MOST_AGENTS:
            staff, wrong = None, _("Écrivez un nombre d’agents, par exemple 120.")
    near = alike(now, mine=mine, among=tuple(everywhere.values()), staff=staff, most=NEAR) if mine else ()
    told = of_communes(now, [each.commune.code for each in near])
    context = {
        "communes": everywhere.values(),
        "mine": mine,
        "own": measures(now, mine, staff=staff) if mine else None,
        "agents": request.GET.get("agents", ""),
        "wrong": wrong,
        "near": [
            (each, [_told(one) for one in told.get(each.commune.code, ())],
             [_action(now, one.id) for one in deployed_in(now, each.commune.code)])
            for each in near
        ],
    }  # fmt: skip
    title = _("Les communes comme la mienne")
    return _shown(request, "alike", context, title=title, status=422 if wrong else 200)


def _shown(request: HttpRequest, name: str, context: dict[str, Any], *, title: Any, status: int = 200) -> HttpResponse:
    html = page(
        f"agenda/learning/{name}.html", {**context, "title": title, "tabs": tabs(SECTION)},
        address=request.get_full_path(), section="agenda", title=title,
    )  # fmt: skip
    return HttpResponse(html, status=status)


def _answered(now: Chart, one: Followed) -> tuple[Followed, Any, tuple[Object, str] | None, str, str]:
    """A recommendation, its answer, the action that carries it out, who answers for it, the address of the proof."""
    held = one.asked.answer
    if held is None:
        return one, "", None, "", ""
    who = ", ".join(filter(None, (owner_name(held.owner) if held.owner else "", held.service or "")))
    return one, ANSWERS[held.answer], _action(now, one.action.id) if one.action else None, who, held.link


def _public(each: Any) -> Any:
    """Raises UnknownObject for what is kept inside."""
    if each.visibility != "public":
        raise UnknownObject(each.id)
    return each


def _action(now: Chart, id: str) -> tuple[Object, str] | None:
    """An action the public may see, and its address when it has a page."""
    found = now.get(Action, id)
    if found is None or found.visibility != "public":
        return None
    return found, maybe("agenda-action", id=id)


def _told(each: Experience) -> dict[str, Any]:
    icon, tone = VERDICT_LOOKS[each.verdict]
    return {
        "each": each,
        "commune": territory.commune(each.commune),
        "verdict": VERDICTS[each.verdict],
        "icon": icon,
        "tone": tone,
    }


urlpatterns = [
    path("agenda/evaluations", evaluations, name="agenda-evaluations"),
    path("agenda/evaluations/<slug:id>", evaluation, name="agenda-evaluation"),
    path("agenda/experiences", all_experiences, name="agenda-experiences"),
    path("agenda/experiences/communes-semblables", communes_alike, name="agenda-communes-alike"),
    path("agenda/experiences/<slug:id>", experience, name="agenda-experience"),
]
