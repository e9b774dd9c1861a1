"""Who does what: a subject, a map coloured by who is in charge, a sentence; a commune, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import said
from lacydon.kernel.ui import maps
from lacydon.kernel.ui.shell import page
from lacydon.kernel.ui.templatetags.ui import at, of

from .subjects import family_of, subjects_of

SLOTS = {"metropole": 1, "commune": 2, "departement": 3, "region": 4, "etat": 5}
"""The colour of each level, when it is free: the same from one map to the next."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer given in some communes: a line of the legend, a colour of the map, a row of the table."""

    name: str
    kind: str
    category: int
    communes: tuple[str, ...]


@open_to_all
def who(request: HttpRequest) -> HttpResponse:
    """Parameters: `theme` (else `secteur`, else the families), `citycode`, and the conditions of the theme."""
    asked = request.GET.get("theme", "")
    if not asked:
        return _subjects(request)
    theme = territory.theme(asked)
    citycode = request.GET.get("citycode", "")
    place = territory.place_of(citycode) if citycode else None
    conditions = {fact.id: request.GET[fact.id] for fact in theme.facts if request.GET.get(fact.id)}
    resolutions = {
        each.code: territory.resolve(theme=theme.id, citycode=each.code, conditions=conditions)
        for each in territory.communes()
    }
    answers = _answers(resolutions)
    links = _Links(theme=theme.id, citycode=citycode, conditions=conditions)
    here = resolutions[place.commune.code] if place else None
    shapes = territory.shapes()
    context = {
        "theme": theme,
        "sector": services.sector(family_of(theme)),
        "place": place,
        "here": {"typed": ""},
        "resolution": here,
        "authority": here.authority if here else None,
        "reason": here.because[-1].sentence if here and here.because else None,
        "answers": answers,
        "legend": [(maps.swatch(each.category), each) for each in answers],
        "message": _message(answers, total=len(resolutions)),
        "questions": _questions(theme, links, resolutions),
        "action": links.base,
        "drawing": _drawing(shapes, answers, links, title=said(theme.title), chosen=place),
        "schematic": shapes.schematic,
        "next": links.to(citycode=""),
    }
    return HttpResponse(
        page(
            "home/who.html",
            context,
            address=request.get_full_path(),
            section="who",
            title=_("%s : qui s’en occupe ?") % said(theme.title),
            description=context["message"],
        )
    )


def _subjects(request: HttpRequest) -> HttpResponse:
    """The families, or the subjects of one; with `citycode`, who is in charge of each there."""
    asked = request.GET.get("secteur", "")
    citycode = request.GET.get("citycode", "")
    place = territory.place_of(citycode) if citycode else None
    sector = services.sector(asked) if asked else None
    themes = [
        (each, territory.resolve(theme=each.id, citycode=place.commune.code) if place else None)
        for each in (subjects_of(sector.id) if sector else ())
    ]
    context = {
        "sector": sector,
        "themes": themes,
        "sectors": [each for each in services.sectors() if subjects_of(each.id)] if not sector else (),
        "place": place,
        "citycode": citycode,
        "here": {"typed": ""},
        "next": f"{request.path}?{urlencode({'secteur': asked})}" if asked else request.path,
    }
    return HttpResponse(
        page(
            "home/subjects.html",
            context,
            address=request.get_full_path(),
            section="who",
            title=_("%s : qui fait quoi ?") % said(sector.title) if sector else _("Qui fait quoi ?"),
            description=_(
                "Commune, Métropole, Département, Région, État : sur une carte, qui s’occupe de quoi, et pourquoi."
            ),
        )
    )


class _Links:
    """Addresses of this page with something changed."""

    def __init__(self, *, theme: str, citycode: str, conditions: Mapping[str, str]) -> None:
        self.base = reverse("who")
        self.asked = {"theme": theme, **conditions, "citycode": citycode}

    def to(self, **changes: str) -> str:
        return f"{self.base}?{urlencode({name: value for name, value in (self.asked | changes).items() if value})}"


def _answers(resolutions: Mapping[str, territory.Resolution]) -> list[Answer]:
    """The different answers, most widespread first; each commune answering for itself is one answer."""
    names = {each.code: each.name for each in territory.communes()}
    found: dict[str, tuple[str, str, list[str]]] = {}
    for code, resolution in resolutions.items():
        key, kind, name = _answer(resolution)
        found.setdefault(key, (kind, name, []))[2].append(names[code])
    ranked = sorted(found.values(), key=lambda each: -len(each[2]))
    free = list(range(1, maps.CATEGORIES + 1))
    answers = []
    for kind, name, communes in ranked:
        wanted = 0 if kind in ("question", "nobody") else SLOTS.get(kind, 0)
        category = wanted if wanted in free else free[0] if free and kind not in ("question", "nobody") else 0
        if category in free:
            free.remove(category)
        answers.append(Answer(name=name, kind=kind, category=category, communes=tuple(communes)))
    return answers


def _answer(resolution: territory.Resolution) -> tuple[str, str, str]:
    """(key, kind, name) of an answer."""
    if resolution.question:
        return "question", "question", _("Cela dépend")
    if resolution.authority is None:
        return "nobody", "nobody", _("Aucun service public")
    if resolution.authority.kind == "commune":
        return "commune", "commune", _("Chaque mairie, chez elle")
    return resolution.authority.id, resolution.authority.kind, said(resolution.authority.name)


def _message(answers: list[Answer], *, total: int) -> str:
    """The map in one sentence."""
    if len(answers) == 1:
        only = answers[0]
        if only.kind == "question":
            return _("Partout, cela dépend du cas : répondez à la question.")
        if only.kind == "commune":
            return _("Dans les %d communes, chaque mairie s’en occupe chez elle.") % total
        return _("Dans les %(count)d communes : %(name)s.") % {"count": total, "name": only.name}
    return capfirst(f"{', '.join(_part(each) for each in answers)}.")


def _part(answer: Answer) -> str:
    """Who, and where: the commune itself when there is one only."""
    if answer.kind == "commune":
        if len(answer.communes) == 1:
            return _("la mairie %(of)s") % {"of": of(answer.communes[0])}
        return _("chaque mairie dans %(count)d communes") % {"count": len(answer.communes)}
    if len(answer.communes) == 1:
        return f"{answer.name} {at(answer.communes[0])}"
    return _("%(name)s dans %(count)d communes") % {"name": answer.name, "count": len(answer.communes)}


def _questions(theme: territory.ThemeView, links: _Links, resolutions: Mapping[str, territory.Resolution]) -> list[Any]:
    """The facts the answer depends on, with what else the form keeps and the value given: answered, and to ask."""
    pending = {each.question.id for each in resolutions.values() if each.question}
    questions = []
    for fact in theme.facts:
        chosen = links.asked.get(fact.id, "")
        if chosen or fact.id in pending:
            kept = [(name, value) for name, value in links.asked.items() if value and name != fact.id]
            questions.append((fact, kept, chosen))
    return questions


def _drawing(
    shapes: Any,
    answers: list[Answer],
    links: _Links,
    *,
    title: str,
    chosen: territory.Place | None,
) -> str:
    categories = {name: each for each in answers for name in each.communes}
    communes = territory.communes()
    areas = {
        each.code: maps.Area(
            label=f"{each.name} : {categories[each.name].name}",
            category=categories[each.name].category,
            href=links.to(citycode=each.code),
        )
        for each in communes
    }
    biggest = sorted(communes, key=lambda each: -each.population)[:6]
    names = {each.code: each.name for each in biggest}
    if chosen:
        names[chosen.commune.code] = chosen.commune.name
    return maps.drawn(
        maps.outline(shapes.by_code),
        areas=areas,
        title=_("%s : qui s’en occupe, commune par commune") % title,
        description="",
        names=names,
        highlight=chosen.commune.code if chosen else "",
    )
