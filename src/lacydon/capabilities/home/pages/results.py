"""The results: for each service found, who is in charge here and why, and the next step."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lacydon.capabilities.data import public as data
from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shell import filled, framed
from lacydon.kernel.ui.templatetags import ui

PER_PAGE = 10
FEATURED = 12
"""Services proposed to who typed nothing."""
LAST_PAGE = 50
DATASETS = 3
"""Datasets shown under the services."""
LONGEST = 300
"""Characters of a question; a longer one is a text, not a question."""
KEPT_ANSWERS = 6_000
"""Answers (who is in charge of a subject in a commune) kept as HTML by one process: about 16 MB."""

HOLE = "\u2064"
"""An invisible sign that no text has."""

_words: dict[tuple[str, str, bool], tuple[services.ServiceView, str, str, str, str, str]] = {}
_answers: dict[tuple[Any, ...], tuple[tuple[Any, ...], SafeString]] = {}


@open_to_all
def results(request: HttpRequest) -> HttpResponse:
    q = " ".join(request.GET.get("q", "").split())
    here = territory.asked_place(request.GET)
    lang = get_language() or "fr"
    number = _page_number(request.GET)
    audience = request.GET.get("audience", "")
    found, trouble = None, ""
    if len(q) > LONGEST:
        trouble = _("Votre question est trop longue : dites-la en moins de %d caractères.") % LONGEST
        q = q[:LONGEST]
    elif q:
        try:
            found = services.search_services(
                q=q,
                place=here.place,
                audience=audience or None,
                lang=lang,
                limit=PER_PAGE,
                offset=(number - 1) * PER_PAGE,
            )
        except Refused as refusal:
            trouble = refusal.sentence
    links = _Links(request.path, q=q, here=here, audience=audience)
    label = here.place.label if here.place else ""
    context = {
        "q": q,
        "bar": filled(
            "home/search_bar.html",
            {"base": links.base, "q": q, "here.typed": here.typed, "citycode": here.citycode},
        ),
        "heading": _("Réponses pour « %s »") % q if q else _("Recherche"),
        "tally": ngettext("%d service", "%d services", found.count) % found.count if found else "",
        "for_place": _("pour %s") % label if label else "",
        "here": here,
        "place": here.place,
        "citycode": here.citycode,
        "trouble": trouble,
        "found": found,
        "corrected": found.corrected if found and found.corrected and found.corrected != q else "",
        "cards": _cards_of(found.hits, here=here, lang=lang, leads=number == 1) if found else "",
        "choices": [(each, links.to(place=each)) for each in here.choice.candidates] if here.choice else (),
        "audience": audience,
        "everyone": links.to(audience="") if audience else "",
        "before": links.to(page=number - 1) if number > 1 else "",
        "after": links.to(page=number + 1) if found and found.count > number * PER_PAGE and number < LAST_PAGE else "",
        "number": number,
        "data_found": _data_of(found.corrected or q, lang=lang) if found and number == 1 else "",
    }
    if found and not found.hits:
        context["sectors"] = services.sectors()
    if not q and not trouble:
        context["featured"] = services.featured_services()[:FEATURED]
    title = f"{q} – {label}" if label and q else q or _("Recherche")
    usual = found and found.hits and not (trouble or here.trouble or here.choice)
    answer = framed(
        _usual(context) if usual else get_template("home/results.html").render(context),
        address=request.get_full_path(),
        title=title,
        head='<meta name="robots" content="noindex">',
    )
    return HttpResponse(answer, status=422 if trouble else 200)


def _data_of(q: str, *, lang: str) -> SafeString:
    """The datasets that answer the same words, as HTML: how many, the first ones, where they all are."""
    found = data.first_found(q=q, lang=lang, limit=DATASETS)
    if not found.count:
        return SafeString("")
    tally = ngettext("%(count)d jeu de données pour « %(q)s »", "%(count)d jeux de données pour « %(q)s »", found.count)
    context = {
        "heading": tally % {"count": found.count, "q": q},
        "datasets": found.datasets,
        "all": f"{reverse('datasets')}?{urlencode({'q': q})}" if found.count > len(found.datasets) else "",
    }
    return SafeString(get_template("home/data_found.html").render(context))


def _usual(context: Mapping[str, Any]) -> SafeString:
    """The page of who gets answers and is asked nothing about the place: the template, filled instead of rendered."""
    place: territory.Place | None = context["place"]
    same = "heading bar tally for_place citycode corrected audience everyone before after cards data_found".split()
    return filled(
        "home/results.html",
        {name: context[name] for name in same}
        | {
            "found.count": "1",
            "place.label": place.label if place else "",
            "place.notice": (place.notice or "") if place else "",
            "place.near_boundary_m": "1" if place and place.near_boundary_m else "",
        },
    )


class _Links:
    """Addresses of this page with something changed."""

    def __init__(self, base: str, *, q: str, here: territory.Asked, audience: str) -> None:
        self.base = base
        self.asked = {"q": q, "lieu": here.typed, "audience": audience}
        if here.place:
            self.asked |= {"citycode": here.citycode, "connu": here.typed}

    def to(self, *, place: territory.Place | None = None, page: int = 1, **changes: str) -> str:
        asked: dict[str, Any] = self.asked | changes
        if place:
            code = place.arrondissement.code if place.arrondissement else place.commune.code
            asked |= {"lieu": place.label, "citycode": code, "connu": place.label}
        if page > 1:
            asked["page"] = page
        return f"{self.base}?{urlencode({name: value for name, value in asked.items() if value})}"


def _cards_of(hits: Iterable[services.Hit], *, here: territory.Asked, lang: str, leads: bool) -> SafeString:
    """The results as HTML; the first one has the filled button when it `leads`."""
    citycode = here.citycode
    return SafeString(
        "".join(
            [
                _card(hit, here=here, citycode=citycode, lang=lang, first=leads and at == 0)
                for at, hit in enumerate(hits)
            ]
        )
    )


def _card(hit: services.Hit, *, here: territory.Asked, citycode: str, lang: str, first: bool) -> str:
    """One result as HTML: the words of the service and its link, around who is in charge."""
    key = (hit.service.id, lang, first)
    kept = _words.get(key)
    if kept is None or kept[0] is not hit.service:
        kept = _words[key] = _words_of(hit.service, first=first)
    _service, sheet, start, before, after, end = kept
    where_to = f"?citycode={citycode}" if citycode else ""
    return f"{start}{where_to}{before}{_in_charge(hit, here=here, sheet=sheet, lang=lang)}{after}{where_to}{end}"


def _words_of(service: services.ServiceView, *, first: bool) -> tuple[services.ServiceView, str, str, str, str, str]:
    """What a result says of its service wherever it is: the service, its sheet, and the HTML around the three holes:
    the place in the first link, who is in charge, the place in the second link."""
    sheet = reverse("service", args=[service.id])
    html = filled(
        "services/hit.html",
        {
            "link": f"{sheet}{HOLE}",
            "title": ui.t(service.title),
            "title_tongue": ui.tongue(service.title),
            "summary": ui.t(service.summary),
            "summary_tongue": ui.tongue(service.summary),
            "in_charge": HOLE,
            "quiet": "" if first else " quiet",
        },
    )
    start, before, after, end = html.split(HOLE)
    return service, sheet, start, before, after, end


def _in_charge(hit: services.Hit, *, here: territory.Asked, sheet: str, lang: str) -> SafeString:
    """Who is in charge as HTML, kept until the answer is made of other objects (a load makes new ones).

    The services of a subject share it, unless there is a question: its form leads to the sheet of one of them.
    """
    resolution = hit.resolution
    if resolution is None:
        return SafeString("")
    form = (sheet, here.citycode) if resolution.question else ()
    key = (resolution.theme, resolution.citycode, lang, *resolution.conditions.items(), *form)
    shown = (hit.authority, resolution.handled_by, resolution.question, *(each.rule for each in resolution.because))
    kept = _answers.get(key)
    if kept and len(kept[0]) == len(shown) and all(old is new for old, new in zip(kept[0], shown, strict=True)):
        return kept[1]
    html = SafeString(
        get_template("services/in_charge.html").render(
            {
                "action": sheet,
                "kept": (("citycode", here.citycode),),
                "resolution": resolution,
                "authority": hit.authority,
                "reason": hit.reason,
                "place": here.place,
            }
        )
    )
    if len(_answers) >= KEPT_ANSWERS:
        _answers.pop(next(iter(_answers)), None)
    _answers[key] = (shown, html)
    return html


def _page_number(asked: Mapping[str, str]) -> int:
    given = asked.get("page", "1")
    return min(max(int(given), 1), LAST_PAGE) if given.isascii() and given.isdigit() and len(given) < 4 else 1
