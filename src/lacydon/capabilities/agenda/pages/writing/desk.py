"""The desk of who writes actions: theirs, found and chosen; what was taken out and may come back."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.clock import today
from lacydon.kernel.french import plain

from ...queries.nouns import Action, Object
from ...queries.writing import past
from ...queries.writing.names import Names, name_of
from ...queries.writing.rights import actions_of, steers
from ...queries.writing.words import CHOICES
from .frame import actor_of, shown, whole

PAGE = 25
ICONS = {"vert": "check", "orange": "clock", "rouge": "alert"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to."""

    q: str = ""
    status: str = ""
    health: str = ""
    axis: str = ""
    late: bool = False

    @classmethod
    def of(cls, form: QueryDict) -> "Asked":
        return cls(
            form.get("q", "")[:100], form.get("avancement", "")[:40], form.get("sante", "")[:40],
            form.get("axe", "")[:80], bool(form.get("retard")),
        )  # fmt: skip

    def __str__(self) -> str:
        said = {"q": self.q, "avancement": self.status, "sante": self.health, "axe": self.axis}
        return urlencode(
            {name: value for name, value in said.items() if value} | ({"retard": "1"} if self.late else {})
        )

    def keeps(self, action: Action, words: str) -> bool:
        return (
            (not self.q or plain(self.q) in plain(words))
            and self.status in ("", action.status)
            and self.health in ("", action.health)
            and (not self.axis or any(share.axis == self.axis for share in action.axes))
            and (not self.late or bool(late(action)))
        )


def late(action: Action) -> int:
    """How many of its milestones are past their voted date and not done."""
    day = today()
    return sum(1 for each in action.milestones if each.actual is None and each.baseline < day)


def found_of(actions: tuple[Action, ...], asked: Asked) -> list[Action]:
    return [each for each in actions if asked.keeps(each, f"{each.code} {each.title.fr} {each.id}")]


@needs("agenda.write")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The actions this agent writes."""
    now, actor, asked = past.fresh(), actor_of(request), Asked.of(request.GET)
    names, mine = Names(now), actions_of(actor, now)
    found, at = found_of(mine, asked), max(1, whole(request.GET.get("page", "1")))
    steering = steers(actor, now)
    gone = [(state, each) for state, each in past.removed("action") if steering or _mine(each, actor.organisation)]
    query = str(asked)
    context = {
        "rows": [_row(each, now.numbers["action", each.id], names) for each in found[(at - 1) * PAGE : at * PAGE]],
        "count": len(found),
        "all": len(mine),
        "asked": asked,
        "query": query,
        "statuses": CHOICES["Action.status"].items(),
        "healths": CHOICES["Action.health"].items(),
        "axes": names.of("axis").items(),
        "previous": _page(query, at - 1) if at > 1 else "",
        "next": _page(query, at + 1) if at * PAGE < len(found) else "",
        "gone": [_gone(state, each) for state, each in gone],
        "steering": steering,
        "organisation": names.label("authority", actor.organisation),
        "agenda": now.agenda(),
    }
    return shown(request, "desk", context, title=_("Écrire l’agenda"))


def _gone(state: Any, each: Object) -> dict[str, Any]:
    return {
        "id": each.id, "name": name_of(each), "title": each.title.stored(), "state": state, "to": state.number - 1,
    }  # fmt: skip


def _mine(each: Any, organisation: str) -> bool:
    return isinstance(each, Action) and each.owner == organisation


def _row(action: Action, number: int, names: Names) -> dict[str, Any]:
    waiting = [each for each in action.decisions if each.answered is None]
    return {
        "id": action.id,
        "name": name_of(action),
        "title": action.title.stored(),
        "number": number,
        "address": reverse("agenda-writing-edit", kwargs={"kind": "actions", "id": action.id}),
        "status": CHOICES["Action.status"][action.status],
        "health": action.health,
        "health_said": CHOICES["Action.health"][action.health],
        "icon": ICONS[action.health],
        "late": late(action),
        "decisions": len(waiting),
        "owner": names.label("authority", action.owner),
        "internal": action.visibility == "internal",
    }


def _page(query: str, number: int) -> str:
    return f"?{query}{'&' if query else ''}page={number}"


urlpatterns = [path("agents/agenda", desk, name="agenda-writing")]
