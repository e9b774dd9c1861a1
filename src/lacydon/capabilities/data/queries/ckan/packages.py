"""Datasets as CKAN's packages. Identifiers are made of names (UUID version 5): the same on every machine, for ever."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from lacydon.kernel import site
from lacydon.kernel.french import slug
from lacydon.kernel.texts import said

from ...errors import UnknownDataset
from ..columns import ColumnType
from ..datasets import DatasetView, DistributionView
from ..vocabularies import LICENCES, THEMES, licence_named

SPACE = UUID("2f7e6a52-6f4f-5d5c-9b8e-0c6b0f4a7c11")
"""The namespace of our identifiers."""
FILES = (
    ("csv", "CSV", "text/csv"),
    ("json", "JSON", "application/json"),
    ("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("parquet", "Parquet", "application/vnd.apache.parquet"),
    ("geojson", "GeoJSON", "application/geo+json"),
)
"""Exports told as resources; the first is that of the DataStore."""
TYPES: Mapping[ColumnType, str] = {
    "text": "text", "integer": "int8", "number": "float8", "boolean": "bool", "date": "date", "datetime": "timestamptz",
    "time": "time", "point": "text", "shape": "text", "json": "json",
}  # fmt: skip
"""Our types by the names of PostgreSQL, which CKAN's clients know."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of a dataset. `rows`: it is that of the DataStore."""

    id: str
    dataset: DatasetView
    told: dict[str, Any]
    rows: bool


def identifier(*parts: str) -> str:
    return str(uuid5(SPACE, "/".join(parts)))


def rows_of(dataset: str) -> str:
    """The identifier of the resource whose rows the DataStore answers for."""
    return identifier("dataset", dataset, "rows", "csv")


def package_of(asked: str, known: Iterable[DatasetView]) -> DatasetView:
    """By name or identifier. Raises UnknownDataset."""
    for each in known:
        if asked in (each.id, identifier("dataset", each.id)):
            return each
    raise UnknownDataset(_("Il n’y a pas de jeu de données « %s ».") % asked[:80])


def resource_of(asked: str, known: Iterable[DatasetView]) -> Resource:
    """By identifier; the name of a dataset means its rows. Raises UnknownDataset."""
    for dataset in known:
        for each in resources(dataset):
            if asked == each.id or (each.rows and asked == dataset.id):
                return each
    raise UnknownDataset(_("Il n’y a pas de ressource « %s ».") % asked[:80])


def resources(dataset: DatasetView) -> list[Resource]:
    """The exports of its rows, then the files that are kept beside or elsewhere."""
    made = []
    version = dataset.version
    if version is not None:
        places = any(each.placed for each in version.columns)
        for ending, name, media in FILES:
            if ending == "geojson" and not places:
                continue
            told: dict[str, Any] = {
                "id": identifier("dataset", dataset.id, "rows", ending),
                "name": f"{said(dataset.title)} ({name})",
                "description": "",
                "format": name,
                "mimetype": media or None,
                "url": f"{site.address()}/api/explore/v2.1/catalog/datasets/{dataset.id}/exports/{ending}",
                "url_type": "datastore" if ending == "csv" else None,
                "size": version.bytes if ending == "parquet" else None,
                "hash": f"sha256:{version.content}" if ending == "parquet" else "",
                "created": _moment(dataset.issued),
                "last_modified": _moment(version.published_at),
                "datastore_active": ending == "csv",
                "version": version.number,
            }
            made.append(Resource(told["id"], dataset, told, rows=ending == "csv"))
    made += [_kept(dataset, each) for each in dataset.distributions]
    for position, each in enumerate(made):
        each.told.update(
            package_id=identifier("dataset", dataset.id),
            position=position,
            state="active",
            resource_type=None,
            metadata_modified=_moment(dataset.modified),
        )
    return made


def _kept(dataset: DatasetView, each: DistributionView) -> Resource:
    told: dict[str, Any] = {
        "id": identifier("dataset", dataset.id, "distribution", each.download_url or each.access_url, each.title),
        "name": each.title,
        "description": each.description,
        "format": each.format,
        "mimetype": each.media_type or None,
        "url": each.download_url or each.access_url,
        "url_type": None,
        "size": each.byte_size,
        "hash": each.checksum,
        "created": _moment(dataset.issued),
        "last_modified": _moment(each.modified),
        "datastore_active": False,
    }
    return Resource(told["id"], dataset, told, rows=False)


def package(dataset: DatasetView) -> dict[str, Any]:
    """What package_show tells."""
    licence = LICENCES.get(dataset.licence) or licence_named(dataset.licence)
    made = resources(dataset)
    extras = {
        "frequency": dataset.frequency,
        "spatial_citycodes": ",".join(dataset.coverage),
        "temporal_start": dataset.starts_on.isoformat() if dataset.starts_on else "",
        "temporal_end": dataset.ends_on.isoformat() if dataset.ends_on else "",
        "access_rights": dataset.access,
        "hvd_category": dataset.hvd,
        "schema": dataset.schema,
        "harvest_source": dataset.source_title,
        "origin": str(dataset.origin.get("url") or ""),
    }
    return {
        "id": identifier("dataset", dataset.id),
        "name": dataset.id,
        "title": said(dataset.title),
        "notes": said(dataset.description),
        "url": dataset.landing_page or f"{site.address()}/donnees/{dataset.id}",
        "type": "dataset",
        "state": "active",
        "private": dataset.access == "private",
        "version": str(dataset.version.number) if dataset.version else "",
        "isopen": bool(licence and licence.open and licence.code != "closed"),
        "license_id": dataset.licence,
        "license_title": said(licence.label) if licence else dataset.licence,
        "license_url": licence.uri if licence else "",
        "author": said(dataset.organisation_name),
        "author_email": "",
        "maintainer": dataset.contact_name,
        "maintainer_email": dataset.contact_email,
        "owner_org": identifier("organisation", dataset.organisation),
        "organization": organisation(dataset),
        "metadata_created": _moment(dataset.issued),
        "metadata_modified": _moment(dataset.modified),
        "tags": [tag(each) for each in dataset.keywords],
        "num_tags": len(dataset.keywords),
        "groups": [group(each) for each in dataset.themes],
        "extras": [{"key": key, "value": value} for key, value in sorted(extras.items()) if value],
        "resources": [each.told for each in made],
        "num_resources": len(made),
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def organisation(dataset: DatasetView) -> dict[str, Any]:
    name = said(dataset.organisation_name)
    return {
        "id": identifier("organisation", dataset.organisation),
        "name": dataset.organisation,
        "title": name,
        "display_name": name,
        "type": "organization",
        "description": "",
        "image_url": "",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
    }


def organisations(known: Sequence[DatasetView]) -> list[dict[str, Any]]:
    """Those that have datasets, by name, each with how many."""
    counted = Counter(each.organisation for each in known)
    first = {each.organisation: each for each in reversed(known)}
    return [{**organisation(first[id]), "package_count": counted[id]} for id in sorted(counted)]


def group(theme: str) -> dict[str, Any]:
    """A theme of the European list, as a group."""
    term = THEMES.get(theme)
    title = said(term.label) if term else theme
    return {
        "id": identifier("theme", theme),
        "name": theme.lower(),
        "title": title,
        "display_name": title,
        "type": "group",
        "description": "",
        "image_display_url": "",
        "is_organization": False,
        "state": "active",
    }


def groups(known: Sequence[DatasetView]) -> list[dict[str, Any]]:
    counted = Counter(theme for each in known for theme in each.themes)
    return [{**group(theme), "package_count": counted[theme]} for theme in sorted(counted)]


def tag(keyword: str) -> dict[str, Any]:
    return {
        "id": identifier("tag", keyword),
        "name": slug(keyword) or keyword,
        "display_name": keyword,
        "state": "active",
        "vocabulary_id": None,
    }


def licences() -> list[dict[str, Any]]:
    return [
        {
            "id": each.code,
            "title": said(each.label),
            "url": each.uri,
            "status": "active",
            "family": "",
            "maintainer": "",
            "is_generic": False,
            "od_conformance": "approved" if each.open else "rejected",
            "osd_conformance": "not reviewed",
            "domain_content": False,
            "domain_data": True,
            "domain_software": False,
        }
        for each in LICENCES.values()
    ]


def _moment(moment: datetime | None) -> str | None:
    """As CKAN writes them: UTC, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() if moment else None
