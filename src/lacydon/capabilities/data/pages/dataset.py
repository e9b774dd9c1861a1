"""All there is to know of one dataset: what it holds, how fresh and good it is, how to see it, take it, ask it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import site
from lacydon.kernel.access import NOBODY, Actor, open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.texts import said
from lacydon.kernel.ui import maps
from lacydon.kernel.ui.shell import page
from lacydon.kernel.ui.templatetags import ui

from ..actions.opening import open_table
from ..queries import addresses, datasets, lake, shelf
from ..queries import preview as previews
from ..queries.columns import Column
from ..queries.datasets import DatasetView, VersionView
from ..queries.quality import late, quality
from ..queries.vocabularies import ACCESS_RIGHTS, FREQUENCIES, HVD, LICENCES, THEMES, format_named
from .structured import dataset_block

LINKED_DATA = {"text/turtle": "ttl", "application/ld+json": "jsonld", "application/rdf+xml": "rdf"}
"""What programs may ask of the same addresses: they are sent to those with these endings."""
LONGEST_CELL = 60
VERSIONS = 5
LOOKS = (
    ("data-table", "doc", _l("Voir le tableau")),
    ("data-chart", "chart", _l("Faire un graphique")),
    ("data-map", "globe", _l("Voir la carte")),
)
"""Pages that others of this capability make of a dataset, when they are there."""
TYPES = {
    "text": _l("Texte"),
    "integer": _l("Nombre entier"),
    "number": _l("Nombre"),
    "boolean": _l("Oui ou non"),
    "date": _l("Date"),
    "datetime": _l("Date et heure"),
    "time": _l("Heure"),
    "point": _l("Point sur la carte"),
    "shape": _l("Forme sur la carte"),
    "json": _l("Données imbriquées (JSON)"),
}
KINDS = {
    "citycode": _l("Code INSEE d’une commune"),
    "departement": _l("Code d’un département"),
    "postcode": _l("Code postal"),
    "siren": _l("Numéro SIREN"),
    "siret": _l("Numéro SIRET"),
    "email": _l("Adresse électronique"),
    "phone": _l("Téléphone"),
    "url": _l("Adresse web"),
    "year": _l("Année"),
    "longitude": _l("Longitude"),
    "latitude": _l("Latitude"),
    "address": _l("Adresse postale"),
}
"""What a column is, said before its type when that says more."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the preview; numbers stand to the right."""

    text: str
    number: bool


@open_to_all
def dataset(request: HttpRequest, id: str) -> HttpResponse:
    """Parameter: `version`, the number of an earlier one."""
    actor = visitor_of(request)
    found = datasets.dataset(id, actor=actor)
    if ending := ending_asked(request):
        return see_other(request, f"/donnees/{found.id}.{ending}")
    version = _version(request, found)
    rows = _rows(found, version, actor=actor)
    columns = rows["lent"].columns if rows["lent"] else version.columns if version else ()
    context: dict[str, Any] = {
        "dataset": found,
        "version": version,
        "current": found.version,
        "columns": [(each, _type(each)) for each in columns if each.kind not in previews.HIDDEN_KINDS],
        "schema": shelf.shelved_named(found.schema) if found.schema else None,
        "schema_address": shelf.web_address(found.schema) if found.schema else "",
        "facts": [*_facts(found), *_checked(version)],
        "looks": list(_looks(found)) if version else (),
        "files": list(addresses.exports(found)) if version else (),
        "of_version": f"?version={version.number}" if version and version != found.version else "",
        "distributions": [(each, format_named(each.format)) for each in found.distributions],
        "interfaces": [(each, f"{site.address()}{each.path}") for each in addresses.interfaces(found)],
        "versions": datasets.versions(found) if found.version else (),
        "shown_versions": VERSIONS,
        "quality": quality(found),
        "late": late(found),
        "themes": [THEMES[code] for code in found.themes if code in THEMES],
        "hvd": HVD.get(found.hvd),
        "more": _more(found, actor=actor),
        "drawing": _drawing(found, version, actor=actor),
        **rows,
    }
    if context["closed"]:
        context["interfaces"] = []
    block = dataset_block(found, base=str(settings.PUBLIC_URL) or site.address()) if found.shown else ""
    head = SafeString(
        format_html('<link rel="alternate" type="text/turtle" href="/donnees/{}.ttl">', found.id)
        + format_html('<link rel="alternate" type="application/atom+xml" href="/donnees/{}.atom">', found.id)
        + block
        + ("" if found.shown else '<meta name="robots" content="noindex">')
    )
    response = HttpResponse(
        page(
            "data/catalogue/dataset.html",
            context,
            address=request.get_full_path(),
            section="data",
            title=said(found.title),
            description=said(found.description)[:300],
            head=head,
        )
    )
    patch_vary_headers(response, ("Accept",))
    return response


def ending_asked(request: HttpRequest) -> str:
    """The ending of the address for a program that would rather read linked data than a page (RFC 9110 §12.5.1)."""
    preferred = request.get_preferred_type(["text/html", *LINKED_DATA])
    return LINKED_DATA.get(preferred or "", "")


def see_other(request: HttpRequest, address: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponse(status=303, headers={"Location": f"{address}?{query}" if query else address})
    patch_vary_headers(response, ("Accept",))
    return response


def visitor_of(request: HttpRequest) -> Actor:
    """Who asks: whoever has no session costs no look at it, and the page stays the same for all of them."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return NOBODY
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor if actor.organisation else NOBODY


def facts_of(found: DatasetView) -> str:
    """One line: how many rows, how fresh, how often."""
    told = []
    if found.version:
        rows = found.version.rows
        told.append(ngettext("%s ligne", "%s lignes", rows) % ui.count(rows))
    elif found.distributions:
        links = len(found.distributions)
        told.append(ngettext("%d lien", "%d liens", links) % links)
    if found.modified:
        told.append(_("mis à jour le %s") % ui.day(found.modified))
    if found.frequency in FREQUENCIES and found.frequency != "UNKNOWN":
        told.append(said(FREQUENCIES[found.frequency].label))
    return " · ".join(told)


def _type(column: Column) -> Any:
    return KINDS.get(column.kind) or TYPES[column.type]


def _version(request: HttpRequest, found: DatasetView) -> VersionView | None:
    asked = request.GET.get("version", "")
    if asked:
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
        return datasets.version(found, number)
    return found.version


def _facts(found: DatasetView) -> Iterator[tuple[str, Any, Any, str]]:
    """(icon, name, value, address)."""
    yield "commune", _("Publié par"), said(found.organisation_name) or found.organisation, ""
    if found.modified:
        yield "clock", _("Mis à jour"), ui.day(found.modified), ""
    if found.frequency in FREQUENCIES:
        yield "clock", _("Rythme"), said(FREQUENCIES[found.frequency].label).capitalize(), ""
    if found.starts_on or found.ends_on:
        yield "clock", _("Période"), period_of(found), ""
    licence = LICENCES.get(found.licence)
    if licence or found.licence:
        yield "doc", _("Licence"), said(licence.label) if licence else found.licence, licence.page if licence else ""
    if found.access in ACCESS_RIGHTS:
        yield "key", _("Accès"), said(ACCESS_RIGHTS[found.access].label), ""
    yield "pin", _("Lieux"), _places(found), ""


def _checked(version: VersionView | None) -> Iterator[tuple[str, Any, Any, str]]:
    """What the schema said of this version, also when it was published with its faults."""
    checks = version.checks if version else {}
    if checks.get("valid"):
        yield "check", _("Conforme au schéma"), checks["schema"], ""
    elif counted := checks.get("faults"):
        told = ngettext("%d erreur par rapport à « %s »", "%d erreurs par rapport à « %s »", counted)
        yield "alert", _("Pas conforme au schéma"), told % (counted, checks["schema"]), ""


def period_of(found: DatasetView) -> str:
    """The days it is about; nothing when it does not say."""
    start, end = found.starts_on, found.ends_on
    if start and end:
        return _("du %(start)s au %(end)s") % {"start": ui.day(start), "end": ui.day(end)}
    if start:
        return _("depuis le %s") % ui.day(start)
    return _("jusqu’au %s") % ui.day(end) if end else ""


def _places(found: DatasetView) -> str:
    names = []
    for code in found.coverage[:4]:
        try:
            names.append(territory.commune(code).name)
        except Refused:
            names.append(code)
    if not names:
        return _("Tout le territoire")
    others = len(found.coverage) - len(names)
    return ", ".join(names) + (ngettext(" et %d autre", " et %d autres", others) % others if others else "")


def _looks(found: DatasetView) -> Iterator[tuple[str, str, Any]]:
    for name, icon, label in LOOKS:
        if name == "data-map" and not any(each.placed for each in found.columns):
            continue
        if address := _to(name, found.id):
            yield address, icon, label


def _more(found: DatasetView, *, actor: Actor) -> dict[str, str]:
    """Pages of others about this dataset; empty when they are not there."""
    return {
        "follow": _to("data-follow", found.id),
        "reuses": _to("data-reuses", found.id),
        "ask": _to("data-request", found.id),
        "publish": _to("data-publish", found.id) if datasets.is_of(actor, found) else "",
        "origin": _to("data-origin", found.id),
    }


def _to(name: str, *parts: str) -> str:
    try:
        return reverse(name, args=parts)
    except NoReverseMatch:
        return ""


def _rows(found: DatasetView, version: VersionView | None, *, actor: Actor) -> dict[str, Any]:
    """The preview, or why there is none. `lent`: the part of a private dataset that a contract lends, told alone."""
    if version is None:
        return {"preview": None, "closed": "", "lent": None}
    try:
        table = open_table(found, version, actor=actor)
        first = previews.preview(table)
    except Refused as refusal:
        return {"preview": None, "closed": refusal.sentence, "lent": None}
    whole = found.shown or (table.only is None and len(table.columns) == len(version.columns))
    rows = [[_cell(column, value) for column, value in zip(first.columns, row, strict=True)] for row in first.rows]
    told = {"preview": first if rows else None, "preview_rows": rows, "closed": ""}
    return {**told, "lent": None if whole else table, "counted": version.rows if whole else lake.count(table)}


def _cell(column: Column, value: Any) -> Cell:
    number = column.numeric and column.kind != "year"
    if value is None:
        return Cell("–", number)
    if isinstance(value, bool):
        return Cell(_("oui") if value else _("non"), False)
    if number:
        return Cell(_number(value), True)
    match column.type:
        case "date":
            return Cell(ui.day(value), False)
        case "datetime":
            return Cell(ui.moment(value), False)
        case "time":
            return Cell(ui.hour(value), False)
    text = str(value)
    return Cell(text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…", False)


def _number(value: float) -> str:
    """With the decimals it has, four at most."""
    decimals = f"{value:.4f}".rstrip("0").partition(".")[2]
    return str(number_format(value, decimal_pos=len(decimals), use_l10n=True, force_grouping=True))


def _drawing(found: DatasetView, version: VersionView | None, *, actor: Actor) -> SafeString | str:
    """A small map: the territory, the communes covered, and where some of the rows are. Decoration: facts are told."""
    spots: tuple[tuple[float, float], ...] = ()
    if version is not None:
        try:
            spots = previews.spots(open_table(found, version, actor=actor))
        except Refused:
            spots = ()
    if not spots and not found.coverage:
        return ""
    outline = maps.outline(territory.shapes().by_code)
    if not outline.edge:
        return ""
    covered = "".join(outline.paths[code] for code in found.coverage if code in outline.paths)
    at = [outline.at(lon, lat) for lon, lat in spots]
    dots = "".join(f"M{x} {y}h0" for x, y in sorted(set(at)) if 0 <= x <= maps.WIDTH and 0 <= y <= outline.height)
    return mark_safe(  # noqa: S308 (numbers of ours)
        f'<svg class="map small" viewBox="0 0 {maps.WIDTH} {outline.height}" aria-hidden="true">'
        f'<path class="k0" d="{outline.edge}"/>'
        + (f'<path class="k1" d="{covered}"/>' if covered else "")
        + (f'<path class="spots" d="{dots}"/>' if dots else "")
        + "</svg>"
    )
