"""A CKAN portal: **fetch** its packages page by page, **parse** each, pure, and hand them to the harvest.

`GET api/3/action/package_search` (CKAN 2.x). All of it is listed by `id`, which no modification moves from one page to
another; what changed since the last visit, by `metadata_modified`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode

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
)
from lacydon.connectors import Check, check_of

PAGE: Final = 100
ENDS: Final = (
    "/api/3/action/package_search",
    "/api/action/package_search",
    "/api/3/action",
    "/api/3",
    "/dataset",
    "/api",
)
EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {
    "frequency": ("frequency", "accrual_periodicity", "update_frequency"),
    "start": ("temporal_start", "temporal_coverage_from"),
    "end": ("temporal_end", "temporal_coverage_to"),
    "theme": ("theme", "themes"),
    "spatial": ("spatial_uri", "spatial_insee"),
}
"""Where ckanext-dcat and French portals keep what CKAN has no field for."""


class Ckan:
    """The kind of catalogue."""

    id = "ckan_catalogue"
    title = _l("Portail CKAN")
    example = "https://donnees.example.fr"
    options: Mapping[str, Any] = {
        "fq": _l("Un filtre de CKAN, par exemple organization:ville-d-olivette"),
    }

    def records(self, visit: Visit) -> Iterator[Record]:
        start = visit.cursor if isinstance(visit.cursor, int) else 0
        base = base_of(visit.url)
        seen = 0
        while True:
            found, total = parse(fetch(visit, base=base, start=start))
            for each in found:
                record = record_of(each, base=base)
                if record is not None:
                    yield record
            seen += len(found)
            start += len(found)
            if not found or start >= total:
                break
            visit.at(start)
        # What was removed meanwhile shifts the pages: fewer than announced is not the whole.
        visit.whole = visit.since is None and start >= total


def fetch(visit: Visit, *, base: str, start: int) -> Any:
    """One page. Raises OutsideUnavailable, AddressRefused, VisitOver."""
    filters = [visit.options["fq"]] if visit.options.get("fq") else []
    if visit.since is not None:
        filters.append(f"metadata_modified:[{visit.since:%Y-%m-%dT%H:%M:%SZ} TO *]")
    asked = {
        "q": "*:*",
        "rows": PAGE,
        "start": start,
        "sort": "id asc" if visit.since is None else "metadata_modified asc",
        **({"fq": " AND ".join(f"({each})" for each in filters)} if filters else {}),
    }
    answer = visit.get(f"{base}/api/3/action/package_search?{urlencode(asked)}", headers={"Accept": "application/json"})
    return answer.json()


def parse(answer: Any) -> tuple[list[Mapping[str, Any]], int]:
    """The packages of a page, and how many there are in all. Raises NoCatalogue."""
    result = object_told(answer, "result")
    if (
        not isinstance(answer, Mapping)
        or answer.get("success") is not True
        or not isinstance(result.get("results"), list)
    ):
        why = text_told(object_told(answer, "error"), "message")
        raise NoCatalogue(_("Cette adresse n’est pas celle d’un portail CKAN. %s") % why[:200])
    return list(objects_told(result, "results")), number_told(result, "count") or 0


def record_of(package: Mapping[str, Any], *, base: str) -> Record | None:
    """One package; None when it is not shown to all."""
    if package.get("private") is True or text_told(package, "state") not in ("", "active"):
        return None
    extras = {text_told(each, "key"): text_told(each, "value") for each in objects_told(package, "extras")}
    extra = {
        name: next((extras[key] or "" for key in keys if key in extras), "") or text_told(package, *keys)
        for name, keys in EXTRAS.items()
    }
    groups = [text_told(each, "title", "display_name", "name") for each in objects_told(package, "groups")]
    name = text_told(package, "name")
    return Record(
        identifier=text_told(package, "id") or name,
        title=_localised(package, "title") or {"fr": name},
        description=_localised(package, "notes"),
        keywords=tuple(text_told(each, "display_name", "name") for each in objects_told(package, "tags")),
        themes=tuple(each for each in (*groups, extra["theme"]) if each),
        licence=text_told(package, "license_id", "license_title", "license_url"),
        publisher=text_told(object_told(package, "organization"), "title", "name"),
        issued=moment_told(extras.get("issued") or text_told(package, "metadata_created")),
        modified=moment_told(extras.get("modified") or text_told(package, "metadata_modified")),
        starts_on=day_told(extra["start"]),
        ends_on=day_told(extra["end"], end=True),
        coverage=(extra["spatial"],) if extra["spatial"] else (),
        frequency=extra["frequency"],
        contact_name=text_told(package, "maintainer", "author"),
        contact_email=text_told(package, "maintainer_email", "author_email"),
        url=f"{base}/dataset/{name}" if name else "",
        distributions=tuple(_file(each) for each in objects_told(package, "resources")),
    )


def base_of(url: str) -> str:
    """The address of the portal, whichever of its addresses was given."""
    base = url.split("?")[0].split("#")[0].rstrip("/")
    for end in ENDS:
        base = base.removesuffix(end)
    return base


def check() -> Check:
    """Each source that uses it."""
    return check_of(source_healths(Ckan.id), nothing=_("Aucune source CKAN n’est moissonnée."))


def _file(resource: Mapping[str, Any]) -> RecordFile:
    url = text_told(resource, "url")
    upload = text_told(resource, "url_type") == "upload"
    direct = upload or url.rsplit(".", 1)[-1].lower() == text_told(resource, "format").lower()
    digest = text_told(resource, "hash")
    return RecordFile(
        title=text_told(resource, "name", "description")[:300],
        description=text_told(resource, "description"),
        access_url=url,
        download_url=url if direct else "",
        format=text_told(resource, "format"),
        media_type=text_told(resource, "mimetype"),
        byte_size=number_told(resource, "size"),
        checksum=f"md5:{digest}" if len(digest) == 32 else "",
        modified=moment_told(text_told(resource, "last_modified", "created")),
    )


def _localised(package: Mapping[str, Any], name: str) -> dict[str, str]:
    """The text, in each language when the portal translates (ckanext-fluent)."""
    written = object_told(package, f"{name}_translated")
    found = {lang: text for lang, text in written.items() if isinstance(lang, str) and isinstance(text, str) and text}
    plain = text_told(package, name)
    return found or ({"fr": plain} if plain else {})


catalogues.plug(Ckan())
