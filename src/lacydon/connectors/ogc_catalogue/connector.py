"""A geographic service of OGC: **fetch** what it lists, **parse**, pure, and hand each layer or record to the harvest.

- OGC API Features: `GET collections`, one dataset for each collection;
- OGC API Records: `GET collections/{id}/items`, one dataset for each record of the collections of records;
- WFS 1.1.0 and 2.0.0: `GetCapabilities`, one dataset for each type of feature.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.capabilities.data.public import (
    NoCatalogue,
    Record,
    RecordFile,
    Visit,
    catalogues,
    day_told,
    moment_told,
    object_told,
    objects_told,
    source_healths,
    text_told,
    texts_told,
)
from lacydon.connectors import Check, check_of

from .capabilities import parse_capabilities

PAGE: Final = 100
JSON: Final = {"Accept": "application/json, application/geo+json;q=0.9"}
ITEMS: Final = ("http://www.opengis.net/def/rel/ogc/1.0/items", "items")
FEATURES: Final = "application/geo+json"
FILES: Final = frozenset({"enclosure", "data", "item", "service", "download", *ITEMS})
"""Relations of a record's links that lead to its data."""


class Ogc:
    """The kind of catalogue."""

    id = "ogc_catalogue"
    title = _l("Service géographique (OGC API ou WFS)")
    example = "https://geo.example.fr/ogcapi"
    options: Mapping[str, Any] = {
        "service": _l("api ou wfs, quand l’adresse ne le dit pas"),
    }

    def records(self, visit: Visit) -> Iterator[Record]:
        if is_wfs(visit.url, visit.options):
            yield from _of_wfs(visit)
        else:
            yield from _of_api(visit)
        visit.whole = True


def is_wfs(url: str, options: Mapping[str, Any]) -> bool:
    """Which of the two an address is of."""
    told = str(options.get("service", "")).lower()
    parts = urlsplit(url.lower())
    return told == "wfs" or (told != "api" and ("wfs" in parts.path or "service=wfs" in parts.query))


def capabilities_address(url: str) -> str:
    """GetCapabilities of a WFS, keeping what the address says besides (a map file, a key)."""
    parts = urlsplit(url)
    ours = {"service", "request", "version", "acceptversions"}
    others = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in ours]
    query = urlencode([*others, ("service", "WFS"), ("version", "2.0.0"), ("request", "GetCapabilities")])
    return parts._replace(query=query, fragment="").geturl()


def parse_collection(collection: Mapping[str, Any], *, url: str) -> Record:
    """A collection of features as a dataset; its addresses are relative to `url`."""
    id = text_told(collection, "id")
    here = f"{url.split('?')[0].rstrip('/')}/{quote(id, safe='')}"
    links = {text_told(each, "rel"): each for each in objects_told(collection, "links")}
    items = next((text_told(links[rel], "href") for rel in ITEMS if rel in links), "") or f"{here}/items"
    starts, ends = _interval(object_told(collection, "extent"))
    return Record(
        identifier=id,
        title=_french(text_told(collection, "title") or id),
        description=_french(text_told(collection, "description")),
        keywords=_words(collection),
        licence=text_told(links.get("license", {}), "href") or text_told(collection, "license"),
        publisher=text_told(collection, "attribution"),
        starts_on=starts,
        ends_on=ends,
        url=here,
        distributions=(
            RecordFile(title="OGC API Features", access_url=here, format="OGC API"),
            RecordFile(
                title="GeoJSON", access_url=urljoin(url, items), download_url=urljoin(url, items), media_type=FEATURES
            ),
        ),
    )


def parse_record(record: Mapping[str, Any], *, url: str) -> Record:
    """A record of OGC API Records (a GeoJSON feature) as a dataset."""
    told = object_told(record, "properties")
    contact = next(objects_told(told, "contacts"), {})
    concepts = [
        text_told(each, "id") for theme in objects_told(told, "themes") for each in objects_told(theme, "concepts")
    ]
    email = next((text_told(each, "value") for each in objects_told(contact, "emails")), "")
    links = list(objects_told(record, "links"))
    page = next(
        (text_told(each, "href") for each in links if text_told(each, "rel") in ("canonical", "alternate", "self")), ""
    )
    starts, ends = _interval(record)
    return Record(
        identifier=text_told(record, "id"),
        title=_french(text_told(told, "title")),
        description=_french(text_told(told, "description")),
        keywords=_words(told),
        themes=tuple(each for each in concepts if each),
        licence=text_told(told, "license"),
        rights=text_told(told, "rights"),
        publisher=text_told(contact, "organization"),
        issued=moment_told(text_told(told, "created")),
        modified=moment_told(text_told(told, "updated")),
        starts_on=starts,
        ends_on=ends,
        contact_name=text_told(contact, "name", "organization"),
        contact_email=email,
        url=urljoin(url, page) if page else "",
        distributions=tuple(
            RecordFile(
                title=text_told(each, "title", "rel"),
                access_url=urljoin(url, text_told(each, "href")),
                download_url=urljoin(url, text_told(each, "href")) if text_told(each, "rel") == "enclosure" else "",
                media_type=text_told(each, "type"),
            )
            for each in links
            if text_told(each, "rel") in FILES and text_told(each, "href")
        ),
    )


def check() -> Check:
    """Each source that uses it."""
    return check_of(source_healths(Ogc.id), nothing=_("Aucun service géographique n’est moissonné."))


def _of_wfs(visit: Visit) -> Iterator[Record]:
    address = capabilities_address(visit.url)
    yield from parse_capabilities(
        visit.get(address, headers={"Accept": "text/xml, application/xml"}).content, url=visit.url
    )


def _of_api(visit: Visit) -> Iterator[Record]:
    """A landing page, its list of collections, or the items of one of them."""
    path = urlsplit(visit.url).path.rstrip("/")
    if path.endswith("/items"):
        yield from _records(visit, visit.url)
        return
    start = visit.url if path.endswith("/collections") else f"{visit.url.split('?')[0].rstrip('/')}/collections"
    for page, url in _pages(visit, start, "collections", _("Cette adresse n’est pas celle d’un service OGC API.")):
        for each in objects_told(page, "collections"):
            if text_told(each, "itemType").lower() == "record":
                yield from _records(
                    visit, f"{start.split('?')[0].rstrip('/')}/{quote(text_told(each, 'id'), safe='')}/items"
                )
            else:
                yield parse_collection(each, url=url)


def _records(visit: Visit, address: str) -> Iterator[Record]:
    start = address if "?" in address else f"{address}?{urlencode({'limit': PAGE})}"
    for page, url in _pages(
        visit, start, "features", _("Cette adresse n’est pas celle d’un catalogue OGC API Records.")
    ):
        for each in objects_told(page, "features"):
            record = parse_record(each, url=url)
            if record.identifier:
                yield record
            else:
                visit.fault(_("Cette fiche n’a pas d’identifiant."), title=record.title.get("fr", ""))


def _pages(visit: Visit, address: str, name: str, wrong: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Each page of a list and its address, by the links `next`."""
    while address:
        answer = visit.get(address, headers=JSON)
        page = answer.json()
        if not isinstance(page, Mapping) or not isinstance(page.get(name), list):
            raise NoCatalogue(wrong)
        yield page, address
        following = (
            text_told(each, "href") for each in objects_told(page, "links") if text_told(each, "rel") == "next"
        )
        found = next(following, "")
        address = urljoin(address, found) if found else ""


def _interval(given: Mapping[str, Any]) -> tuple[Any, Any]:
    """The first interval of an extent (Features), or the time of a record (Records)."""
    told = object_told(given, "temporal") or object_told(given, "time")
    interval = told.get("interval")
    first = interval[0] if isinstance(interval, list) and interval and isinstance(interval[0], list) else interval
    if not isinstance(first, list) or len(first) != 2:
        return None, None
    starts, ends = ("" if each in (None, "..") else str(each) for each in first)
    return day_told(starts), day_told(ends, end=True)


def _words(given: Mapping[str, Any]) -> tuple[str, ...]:
    return texts_told(given, "keywords")


def _french(written: str) -> dict[str, str]:
    return {"fr": written} if written else {}


catalogues.plug(Ogc())
