"""What ties the plan together, for its steward: axes, levers, policies, plans, acts, indicators, credits."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import needs

from ...queries.nouns import SHAPES, Axis, Lever
from ...queries.writing import past
from ...queries.writing.names import name_of
from ...queries.writing.rights import house_of, steers
from ...queries.writing.words import ADDRESS_OF, KINDS, STEERED
from .frame import actor_of, shown


@needs("agenda.steer")
@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """Everything but actions, kind by kind."""
    now, actor = past.fresh(), actor_of(request)
    groups = []
    for kind in STEERED:
        found = sorted(now.all(SHAPES[kind]), key=_place)
        word = ADDRESS_OF[kind]
        gone = [
            {"id": each.id, "name": name_of(each), "state": state, "to": state.number - 1}
            for state, each in past.removed(kind)
        ]
        groups.append(
            {
                "kind": kind, "word": word, "title": KINDS[kind][1], "gone": gone,
                "new": reverse("agenda-writing-new", kwargs={"kind": word}),
                "rows": [
                    (
                        reverse("agenda-writing-edit", kwargs={"kind": word, "id": each.id}),
                        name_of(each),
                        each.title.stored(),
                    )
                    for each in found
                ],
            }
        )  # fmt: skip
    context = {"groups": groups, "steering": steers(actor, now), "house": house_of(now)}
    return shown(request, "plan", context, title=_("Le plan de l’agenda"), here="agenda-writing-plan")


def _place(each: object) -> tuple[int, str]:
    return (each.order, each.id) if isinstance(each, Axis | Lever) else (0, str(getattr(each, "id", "")))


urlpatterns = [path("agents/agenda/plan", plan, name="agenda-writing-plan")]
