"""All the actions: found by words, narrowed by choices, on as many pages as it takes."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import Text, said
from lacydon.kernel.ui.charts import printed

from ...queries.plan.listing import FACETS, LONGEST, SORTS, Choice, actions_found
from .cards import card_of
from .frame import Asked, asked, page_number, shown

PER_PAGE = 7
TITLES = {
    "axe": _l("Axe"), "statut": _l("État"), "sante": _l("Santé"), "politique": _l("Politique publique"),
    "levier": _l("Levier"), "plan": _l("Plan lié"), "porteur": _l("Qui la conduit"),
    "commune": _l("Commune"),
}  # fmt: skip
SORTED = {"code": _l("Ordre de l’agenda"), "fin": _l("Fin la plus proche"), "titre": _l("Ordre alphabétique")}


@open_to_all
@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """Parameters: `q`, `axe`, `statut`, `sante`, `politique`, `levier`, `plan`, `porteur`, `commune`, `tri`,
    `page`, `le`."""
    given = asked(request)
    q = " ".join(request.GET.get("q", "").split())[:LONGEST]
    chosen = {each.name: request.GET.get(each.name, "")[:80] for each in FACETS}
    sort = request.GET.get("tri", "")
    sort = sort if sort in SORTS else ""
    found = actions_found(given.moment.chart, q=q, chosen=chosen, sort=sort, lang=get_language() or "fr")
    count = len(found.actions)
    last = max(1, -(-count // PER_PAGE))
    number = min(page_number(request), last)
    told = {name: value for name, value in {"q": q, **chosen, "tri": sort, "le": given.moment.le}.items() if value}
    names = {name: next((each for each in choices if each.chosen), None) for name, choices in found.facets.items()}
    context: dict[str, Any] = {
        "q": q,
        "sort": sort,
        "sorts": [(name, label, name == (sort or ("" if q else "code"))) for name, label in SORTED.items()],
        "fields": [_field(name, choices) for name, choices in found.facets.items() if len(choices) > 1],
        "chips": [
            (TITLES[name], label_of(choice), given.to("agenda-actions", told | {name: ""}))
            for name, choice in names.items()
            if choice
        ],
        "cards": [card_of(each, given) for each in found.actions[(number - 1) * PER_PAGE :][:PER_PAGE]],
        "tally": ngettext("%s action", "%s actions", count) % printed(count),
        "corrected": found.corrected,
        "number": number,
        "total": last,
        "more": number < last,
        "query": urlencode(told),
        "anything": bool(q or any(chosen.values())),
        "all": given.to("agenda-actions"),
        "calendar": _calendar(given, told),
    }
    return shown(
        given, "agenda/plan/actions.html", context, title=_("Les actions de l’agenda"), part="agenda-actions",
        description=_("Toutes les actions de l’agenda numérique : où elles en sont, qui les conduit, pour quand."),
    )  # fmt: skip


def _calendar(given: Asked, told: dict[str, str]) -> str:
    """The same choices along the years: only those that the calendar has."""
    return given.to("agenda-calendar", {name: told[name] for name in ("axe", "statut") if name in told})


def _field(name: str, choices: tuple[Choice, ...]) -> dict[str, Any]:
    return {
        "name": name,
        "title": TITLES[name],
        "options": [(each.id, f"{label_of(each)} ({each.count})", each.chosen) for each in choices],
    }


def label_of(choice: Choice) -> str:
    """What a choice is called in the reader's language."""
    label = choice.label
    return said(label) if isinstance(label, dict | Text) else str(label)


urlpatterns = [path("agenda/actions", actions, name="agenda-actions")]
