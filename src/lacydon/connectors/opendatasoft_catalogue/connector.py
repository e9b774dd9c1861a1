"""An Opendatasoft portal: **fetch** its catalogue page by page, **parse** each dataset, pure, for the harvest.

`GET /api/explore/v2.1/catalog/datasets` gives a hundred datasets at a time and ten thousand at most. It promises no
order: the listing is whole when as many different datasets were seen as it announces.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

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
FURTHEST: Final = 10_000
"""offset + limit must stay below (Explore API v2.1)."""
FILES: Final = (("csv", "CSV", "text/csv"), ("json", "JSON", "application/json"), ("parquet", "Parquet", ""))
GEO_FILES: Final = (("geojson", "GeoJSON", "application/geo+json"),)


class Opendatasoft:
    """The kind of catalogue."""

    id = "opendatasoft_catalogue"
    title = _l("Portail Opendatasoft")
    example = "https://data.example.fr"
    options: Mapping[str, Any] = {
        "where": _l('Un filtre en ODSQL, par exemple publisher="Ville d’Olivette"'),
    }

    def records(self, visit: Visit) -> Iterator[Record]:
        base = base_of(visit.url)
        offset = visit.cursor if isinstance(visit.cursor, int) else 0
        repeated, seen = 0, set[str]()
        while True:
            found, total = parse(fetch(visit, base=base, offset=offset))
            for each in found:
                record = record_of(each, base=base)
                repeated += record.identifier in seen
                seen.add(record.identifier)
                yield record
            offset += len(found)
            if not found or offset >= total or offset + PAGE >= FURTHEST:
                break
            visit.at(offset)
        visit.whole = visit.since is None and offset >= total and not repeated
        if offset < total and offset + PAGE >= FURTHEST:
            visit.fault(_("Ce portail ne laisse lister que ses 10 000 premiers jeux : précisez un filtre."))


def fetch(visit: Visit, *, base: str, offset: int) -> Any:
    """One page. Raises OutsideUnavailable, AddressRefused, VisitOver."""
    filters = [str(visit.options["where"])] if visit.options.get("where") else []
    if visit.since is not None:
        filters.append(f"modified>=date'{visit.since:%Y-%m-%d}'")
    asked = {
        "limit": PAGE,
        "offset": offset,
        **({"where": " and ".join(f"({each})" for each in filters)} if filters else {}),
    }
    address = f"{base}/api/explore/v2.1/catalog/datasets?{urlencode(asked)}"
    return visit.get(address, headers={"Accept": "application/json"}).json()


def parse(answer: Any) -> tuple[list[Mapping[str, Any]], int]:
    """The datasets of a page, and how many there are in all. Raises NoCatalogue."""
    if not isinstance(answer, Mapping) or not isinstance(answer.get("results"), list):
        why = text_told(answer, "message")
        raise NoCatalogue(_("Cette adresse n’est pas celle d’un portail Opendatasoft. %s") % why[:200])
    return list(objects_told(answer, "results")), number_told(answer, "total_count") or 0


def record_of(dataset: Mapping[str, Any], *, base: str) -> Record:
    """One dataset of the catalogue."""
    id = text_told(dataset, "dataset_id")
    metas = object_told(dataset, "metas")
    default, dcat = object_told(metas, "default"), object_told(metas, "dcat")
    places = (*texts_told(default, "geographic_reference"), *texts_told(object_told(metas, "dcat_ap"), "spatial"))
    return Record(
        identifier=id,
        title=_french(default, "title"),
        description=_french(default, "description"),
        keywords=texts_told(default, "keyword"),
        themes=texts_told(default, "theme"),
        licence=text_told(default, "license", "license_url"),
        publisher=text_told(default, "publisher"),
        issued=moment_told(text_told(dcat, "issued", "created")),
        modified=moment_told(text_told(default, "modified", "data_processed")),
        starts_on=day_told(text_told(dcat, "temporal_coverage_start", "temporal_coverage_start_date")),
        ends_on=day_told(text_told(dcat, "temporal_coverage_end", "temporal_coverage_end_date"), end=True),
        coverage=places,
        frequency=text_told(dcat, "accrualperiodicity") or text_told(default, "update_frequency"),
        contact_name=text_told(dcat, "contact_name"),
        contact_email=text_told(dcat, "contact_email"),
        url=f"{base}/explore/dataset/{quote(id, safe='')}/",
        distributions=tuple(_files(dataset, id=id, base=base)),
    )


def base_of(url: str) -> str:
    """The address of the portal, whichever of its addresses was given."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def check() -> Check:
    """Each source that uses it."""
    return check_of(source_healths(Opendatasoft.id), nothing=_("Aucun portail Opendatasoft n’est moissonné."))


def _files(dataset: Mapping[str, Any], *, id: str, base: str) -> Iterator[RecordFile]:
    """What can be taken of its rows, then its attachments."""
    where = f"{base}/api/explore/v2.1/catalog/datasets/{quote(id, safe='')}"
    if dataset.get("has_records") is True:
        kinds = {text_told(each, "type") for each in objects_told(dataset, "fields")}
        offered = (*FILES, *GEO_FILES) if {"geo_point_2d", "geo_shape"} & kinds else FILES
        for end, name, media in offered:
            url = f"{where}/exports/{end}"
            yield RecordFile(title=name, access_url=url, download_url=url, format=name, media_type=media)
    for each in objects_told(dataset, "attachments"):
        url = text_told(each, "href", "url")
        if not url.startswith(("http://", "https://")) and text_told(each, "id"):  # odsfile://: kept inside
            url = f"{where}/attachments/{quote(text_told(each, 'id'), safe='')}"
        media = text_told(each, "mimetype")
        yield RecordFile(
            title=text_told(each, "title", "id"), access_url=url, download_url=url, format=media, media_type=media
        )
    for each in objects_told(dataset, "alternative_exports"):
        url = text_told(each, "url", "href")
        yield RecordFile(title=text_told(each, "title", "id"), access_url=url, download_url=url)


def _french(given: Mapping[str, Any], name: str) -> dict[str, str]:
    written = text_told(given, name)
    return {"fr": written} if written else {}


catalogues.plug(Opendatasoft())
