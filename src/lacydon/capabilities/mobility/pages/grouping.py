"""Which quays are one stop: what the rule cannot tell, decided by a person, and taken back."""

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import Actor, needs
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import groupings as acts
from ..queries import groupings
from ..queries.timetable import known
from .front import SHEETS

PER_PAGE = 15
WHY = {
    "border": (_l("Même nom, deux communes"), _l("Le même arrêt, de part et d’autre de la limite ?")),
    "far": (_l("Même nom, à plus de 400 mètres"), _l("Le même arrêt, ou deux endroits du même nom ?")),
    "alike": (_l("Tout près, noms qui se ressemblent"), _l("Le même arrêt écrit de deux façons ?")),
    "wide": (_l("Un seul arrêt, très étendu"), _l("Peut-on vraiment y changer de ligne à pied ?")),
}


@needs("timetable.manage")
@require_safe
def grouping(request: HttpRequest) -> HttpResponse:
    """Parameters: `page`, `pourquoi` (one kind of doubt)."""
    doubts = groupings.doubts() if known() else []
    wanted = request.GET.get("pourquoi", "")
    kept = [each for each in doubts if each.why == wanted] if wanted in WHY else doubts
    typed = request.GET.get("page", "1")
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else 1
    start = (max(1, number) - 1) * PER_PAGE
    names = {each.code: each.name for each in territory.communes()}
    context = {
        "known": known(),
        "count": len(doubts),
        "doubts": [
            {
                "doubt": each,
                "why": WHY[each.why][0],
                "ask": WHY[each.why][1],
                "communes": (names.get(each.place.citycode, ""), names.get(each.other_place.citycode, "")),
            }
            for each in kept[start : start + PER_PAGE]
        ],
        "kinds": [(why, WHY[why][0], sum(each.why == why for each in doubts)) for why in WHY],
        "wanted": wanted if wanted in WHY else "",
        "before": number - 1 if number > 1 else 0,
        "after": number + 1 if start + PER_PAGE < len(kept) else 0,
        "decisions": groupings.decisions()[:50] if known() else [],
    }
    links = "".join(format_html('<link rel="stylesheet" href="{}">', static(each)) for each in SHEETS)
    return show(
        request, "mobility/desk/grouping.html", context, title=_("Quais et arrêts"), section="agent",
        here="mobility-grouping", head=links,
    )  # fmt: skip


@needs("timetable.manage")
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """`quai`, `autre`, `choix` (ensemble, separes, annuler)."""
    one, other = (request.POST.get(name, "")[:200] for name in ("quai", "autre"))
    chosen = request.POST.get("choix", "")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        if chosen == "annuler":
            acts.take_back(actor=actor, stop=one, other=other)
        else:
            acts.decide(actor=actor, stop=one, other=other, together=chosen == "ensemble")
    except Refused as refusal:
        return troubled(request, refusal.sentence, "mobility-grouping")
    left = len(groupings.doubts())
    said = ngettext(
        "C’est noté, et bientôt visible. Reste %d doute.", "C’est noté, et bientôt visible. Restent %d doutes.", left
    )
    return done(request, said % left, "mobility-grouping")


urlpatterns = [
    path("agents/transports/arrets", grouping, name="mobility-grouping"),
    path("agents/transports/arrets/decider", decide, name="mobility-grouping-decide"),
]
