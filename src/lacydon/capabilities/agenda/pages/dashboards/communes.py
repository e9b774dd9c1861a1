"""What the agenda does in one commune: its actions, its promises, its money, its lessons."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.french import at
from lacydon.kernel.ui import maps

from ...queries.dashboards.places import in_commune
from ...queries.nouns import Kit
from ...queries.plan.words import COMMUNE_ROLES
from ..money.words import meter, money_words
from ..plan.cards import bar_of, card_of, kept_words, told, words_of
from ..plan.frame import asked, shown
from ..tabs import maybe
from .blocks import STAGES

ALL = 8
PROMISES = 6


@open_to_all
@require_safe
def commune(request: HttpRequest, citycode: str) -> HttpResponse:
    """Parameter: `le`, a past date."""
    given = asked(request)
    town = territory.commune(citycode)
    chart, day = given.moment.chart, given.moment.day
    found = in_commune(chart, town.code, day)
    shape = territory.shapes().by_code.get(town.code)
    here = {each.id for each, _role in found.here}
    budgets = [one for id_ in here for one in chart.budgets_of_action.get(id_, ())]
    kits = {each.id: each for each in chart.all(Kit)}
    left = [each for each in found.promises if each.verdict in ("missed", "slipping", "coming")]
    context: dict[str, Any] = {
        "town": town, "sum": found.sum, "bar": bar_of(found.sum, name="actions"), "words": words_of(found.sum),
        "kept_told": kept_words(found.sum.tally) if found.promises else "",
        "groups": [
            (words, [card_of(each, given) for each, role in found.here if role.role == name])
            for name, words in COMMUNE_ROLES.items()
            if any(role.role == name for _each, role in found.here)
        ],
        "promises": [told(each, given) for each in left[:PROMISES]],
        "for_all": [card_of(each, given) for each in found.for_all[:ALL]], "for_all_count": len(found.for_all),
        "for_all_href": given.to("agenda-actions"),
        "money": money_words(found.sum.money) if budgets else "",
        "meter": meter(found.sum.money, name="money") if budgets else "",
        "experiences": [(each, maybe("agenda-experience", id=each.id)) for each in found.experiences],
        "kits": [
            (kits[id_], STAGES[stage](1) % 1, maybe("agenda-kit", id=id_))
            for id_, stage in found.adoptions.items()
            if id_ in kits
        ],
        "shape": maps.drawn(
            maps.close_up(shape), areas={"": maps.Area(label=town.name, category=1)}, title=town.name
        ) if shape is not None else "",
        "town_href": maybe("commune", slug=getattr(town, "slug", "")),
        "alike": maybe("agenda-communes-alike"),
    }  # fmt: skip
    count = found.sum.count
    message = ngettext("%d action de l’agenda y a lieu.", "%d actions de l’agenda y ont lieu.", count) % count
    title = _("L’agenda %s") % at(town.name)
    return shown(
        given, "agenda/dashboards/commune.html", context | {"message": message}, title=title, part="agenda-map",
        description=message,
    )  # fmt: skip


urlpatterns = [path("agenda/communes/<str:citycode>", commune, name="agenda-commune")]
