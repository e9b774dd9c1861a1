"""The list of datasets: words, facets, order, pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import NOBODY, Actor, open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shell import page

from ..queries import search
from ..queries.datasets import DatasetView
from ..queries.quality import Quality, quality
from ..queries.requesting import data_request
from ..queries.roles import READING
from ..queries.vocabularies import THEMES
from . import dataset

PER_PAGE = 10
LAST_PAGE = 500
SHOWN_VALUES = 8
"""Values of a facet that are shown; words narrow the rest."""
NAMES = {
    "theme": _l("Thème"),
    "organisation": _l("Organisme"),
    "licence": _l("Licence"),
    "format": _l("Format"),
    "commune": _l("Commune"),
    "quality": _l("Qualité"),
    "hvd": _l("Forte valeur (règlement européen)"),
    "access": _l("Accès"),
}
SORTS = {
    "relevance": _l("Pertinence"),
    "recent": _l("Les plus récents"),
    "title": _l("Titre"),
    "quality": _l("Qualité"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One dataset of the list; `quality` only for agents who can raise it."""

    dataset: DatasetView
    facts: str
    quality: Quality | None


@open_to_all
def catalogue(request: HttpRequest) -> HttpResponse:
    """Parameters: `q`, a value or several for each facet, `tri`, `page`."""
    if ending := dataset.ending_asked(request):
        return dataset.see_other(request, f"/donnees.{ending}")
    actor = dataset.visitor_of(request)
    asked = _Asked(request)
    trouble, found = "", None
    try:
        found = search.search_datasets(
            q=asked.q,
            chosen=asked.chosen,
            sort=asked.sort,
            actor=actor,
            lang=(get_language() or "fr")[:2],
            limit=PER_PAGE,
            offset=(asked.page - 1) * PER_PAGE,
        )
    except Refused as refusal:
        trouble = refusal.sentence
    publishes = bool(actor.roles & READING)
    context: dict[str, Any] = {
        "asked": asked,
        "trouble": trouble,
        "found": found,
        "tally": _tally(found.count) if found else "",
        "corrected": found.corrected if found and found.corrected != asked.q else None,
        "cards": [_card(each, actor=actor) for each in found.datasets] if found else (),
        "facets": [
            (NAMES[name], [(each, asked.to(name, each.id)) for each in values[:SHOWN_VALUES]])
            for name, values in (found.facets.items() if found else ())
        ],
        "narrowed": [
            (search.label_of(name, value), asked.to(name, value))
            for name, values in asked.chosen.items()
            for value in values
        ],
        "hidden": [(name, value) for name, values in asked.chosen.items() for value in values],
        "sorts": [
            (label, asked.sorted_by(name), name == (asked.sort or ("relevance" if asked.q else "recent")))
            for name, label in SORTS.items()
            if name != "relevance" or asked.q
        ],
        "before": asked.at(asked.page - 1) if asked.page > 1 else "",
        "after": asked.at(asked.page + 1) if found and found.count > asked.page * PER_PAGE else "",
        "themes": SimpleLazyObject(lambda: list(THEMES.values())),
        "publishes": publishes,
        "ask": reverse("data-ask") if data_request() else "",
    }
    head = '<link rel="alternate" type="application/atom+xml" href="/donnees/nouveautes.atom">'
    head += '<link rel="alternate" type="text/turtle" href="/donnees.ttl">'
    head += '<meta name="robots" content="noindex">' if asked.q or asked.chosen or asked.page > 1 else ""
    response = HttpResponse(
        page(
            "data/catalogue/list.html",
            context,
            address=request.get_full_path(),
            section="data",
            title=_("%s – Données ouvertes") % asked.q if asked.q else _("Données ouvertes"),
            description=_("Les jeux de données du territoire %s : les voir, les prendre, les interroger.")
            % territory.territory_name(),
            head=SafeString(head),
        ),
        status=422 if trouble else 200,
    )
    patch_vary_headers(response, ("Accept",))
    return response


class _Asked:
    """What the address asks for, and the addresses of its neighbours."""

    def __init__(self, request: HttpRequest) -> None:
        self.base = request.path
        self.q = " ".join(request.GET.get("q", "").split())
        self.sort = request.GET.get("tri", "")
        given = request.GET.get("page", "1")
        self.page = min(max(int(given), 1), LAST_PAGE) if given.isascii() and given.isdigit() and len(given) < 4 else 1
        named: Mapping[str, list[str]] = {name: request.GET.getlist(name)[:20] for name in search.FACETS}
        self.chosen = {
            name: list(dict.fromkeys(value for value in values if value))
            for name, values in named.items()
            if any(values)
        }

    def _address(self, **changes: Any) -> str:
        asked: dict[str, Any] = {"q": self.q, **self.chosen, "tri": self.sort, "page": ""}
        asked |= changes
        query = urlencode({name: value for name, value in asked.items() if value}, doseq=True)
        return f"{self.base}?{query}" if query else self.base

    def to(self, facet: str, value: str) -> str:
        """With this value chosen, or not any more."""
        values = self.chosen.get(facet, [])
        values = [each for each in values if each != value] if value in values else [*values, value]
        return self._address(**{facet: values})

    def sorted_by(self, sort: str) -> str:
        return self._address(tri=sort)

    def at(self, number: int) -> str:
        return self._address(page=number if number > 1 else "")


def _tally(count: int) -> str:
    return ngettext("%d jeu de données", "%d jeux de données", count) % count


def _card(found: DatasetView, *, actor: Actor) -> Card:
    own = actor is not NOBODY and actor.organisation == found.organisation and bool(actor.roles & READING)
    return Card(dataset=found, facts=dataset.facts_of(found), quality=quality(found) if own else None)


urlpatterns = [
    path("donnees", catalogue, name="datasets"),
    path("donnees/<slug:id>", dataset.dataset, name="dataset"),
]
