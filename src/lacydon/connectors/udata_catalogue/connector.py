"""A udata portal, as data.gouv.fr: **fetch** its datasets page by page, **parse** each, pure, for the harvest.

`GET /api/1/datasets/`, where each dataset has its files; or `/api/2/datasets/`, where it has an address that lists
them. An option names an organisation.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

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
    number_told,
    object_told,
    objects_told,
    source_healths,
    text_told,
    texts_told,
)
from lacydon.connectors import Check, check_of

PAGE: Final = 100
FILTERS: Final = ("organization", "tag", "geozone", "q")


class Udata:
    """The kind of catalogue."""

    id = "udata_catalogue"
    title = _l("Portail udata, comme data.gouv.fr")
    example = "https://www.data.gouv.fr"
    options: Mapping[str, Any] = {
        "organization": _l("L’identifiant de l’organisation, tel que l’API du portail l’écrit"),
        "tag": _l("Un mot-clé"),
        "geozone": _l("Une zone, par exemple fr:commune:97001"),
        "q": _l("Des mots à chercher"),
        "version": _l("1 (par défaut) ou 2 : la version de l’API"),
    }

    def records(self, visit: Visit) -> Iterator[Record]:
        resumed = isinstance(visit.cursor, str)
        address = visit.cursor if resumed else first_page(visit.url, visit.options)
        seen = 0
        while True:
            found, following, total = parse(visit.get(address, headers={"Accept": "application/json"}).json())
            for each in found:
                seen += 1
                record = record_of(each, files=list(_files(visit, each)))
                if record is not None:
                    yield record
            if not following:
                break
            address = following
            visit.at(address)
        visit.whole = resumed or total is None or seen >= total


def first_page(url: str, options: Mapping[str, Any]) -> str:
    """The address of the first page of the listing."""
    parts = urlsplit(url)
    version = "2" if str(options.get("version", "")) == "2" or "/api/2" in parts.path else "1"
    asked = {name: options[name] for name in FILTERS if options.get(name)}
    # By creation: what changes meanwhile does not move from one page to another.
    query = urlencode({**asked, "page": 1, "page_size": PAGE, "sort": "created"})
    return f"{parts.scheme}://{parts.netloc}/api/{version}/datasets/?{query}"


def parse(answer: Any) -> tuple[list[Mapping[str, Any]], str, int | None]:
    """The datasets of a page, the address of the next one, how many there are in all. Raises NoCatalogue."""
    if not isinstance(answer, Mapping) or not isinstance(answer.get("data"), list):
        raise NoCatalogue(_("Cette adresse n’est pas celle d’un portail udata : elle ne liste pas de jeux de données."))
    return list(objects_told(answer, "data")), text_told(answer, "next_page"), number_told(answer, "total")


def record_of(dataset: Mapping[str, Any], *, files: list[Mapping[str, Any]]) -> Record | None:
    """One dataset; None when it is not shown to all."""
    if dataset.get("private") is True or dataset.get("deleted") or dataset.get("archived"):
        return None
    contact = next(objects_told(dataset, "contact_points"), {}) or object_told(dataset, "contact_point")
    period, place = object_told(dataset, "temporal_coverage"), object_told(dataset, "spatial")
    harvested = object_told(dataset, "harvest")
    schema = next((text_told(object_told(each, "schema"), "name", "url") for each in files if each.get("schema")), "")
    owner = object_told(dataset, "owner")
    person = " ".join(filter(None, (text_told(owner, "first_name"), text_told(owner, "last_name"))))
    return Record(
        identifier=text_told(dataset, "id"),
        title=_french(dataset, "title"),
        description=_french(dataset, "description"),
        keywords=texts_told(dataset, "tags"),
        themes=texts_told(dataset, "tags"),
        licence=text_told(dataset, "license") or text_told(object_told(dataset, "license"), "id", "title"),
        publisher=text_told(object_told(dataset, "organization"), "name") or person,
        issued=moment_told(text_told(harvested, "created_at", "issued_at") or text_told(dataset, "created_at")),
        modified=moment_told(text_told(dataset, "last_update", "last_modified")),
        starts_on=day_told(text_told(period, "start")),
        ends_on=day_told(text_told(period, "end"), end=True),
        coverage=texts_told(place, "zones"),
        frequency=text_told(dataset, "frequency") or text_told(object_told(dataset, "frequency"), "id"),
        contact_name=text_told(contact, "name"),
        contact_email=text_told(contact, "email"),
        url=text_told(dataset, "page"),
        schema=schema,
        distributions=tuple(_file(each) for each in files),
    )


def check() -> Check:
    """Each source that uses it."""
    return check_of(source_healths(Udata.id), nothing=_("Aucun portail udata n’est moissonné."))


def _files(visit: Visit, dataset: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The files of a dataset: in it, or in the pages of the address it gives."""
    yield from objects_told(dataset, "resources")
    elsewhere = object_told(dataset, "resources")
    address = text_told(elsewhere, "href") if number_told(elsewhere, "total") else ""
    while address:
        found, address, _total = parse(visit.get(address, headers={"Accept": "application/json"}).json())
        yield from found


def _file(resource: Mapping[str, Any]) -> RecordFile:
    digest = object_told(resource, "checksum")
    url = text_told(resource, "url")
    is_page = text_told(resource, "type") in ("api", "documentation") or text_told(resource, "format") in (
        "html",
        "url",
    )
    return RecordFile(
        title=text_told(resource, "title"),
        description=text_told(resource, "description"),
        access_url=url,
        download_url="" if is_page else url,
        format=text_told(resource, "format"),
        media_type=text_told(resource, "mime"),
        byte_size=number_told(resource, "filesize"),
        checksum=f"{text_told(digest, 'type')}:{text_told(digest, 'value')}" if text_told(digest, "value") else "",
        modified=moment_told(text_told(resource, "last_modified")),
    )


def _french(dataset: Mapping[str, Any], name: str) -> dict[str, str]:
    written = text_told(dataset, name)
    return {"fr": written} if written else {}


catalogues.plug(Udata())
