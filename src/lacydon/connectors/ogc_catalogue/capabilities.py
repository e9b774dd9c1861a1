"""GetCapabilities of a WFS, 1.1.0 or 2.0.0: **parse**, pure. Read by defusedxml: no entity is expanded."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext as _

from lacydon.capabilities.data.public import NoCatalogue, Record, RecordFile

JSON_FORMATS: Final = (
    "application/json",
    "application/geo+json",
    "json",
    "geojson",
    "application/json; subtype=geojson",
)
NONE: Final = frozenset({"", "none", "aucun", "aucune", "n/a"})
"""What servers write where there is nothing to say."""


def parse_capabilities(content: bytes, *, url: str) -> Iterator[Record]:
    """A record for each type of feature. Raises NoCatalogue."""
    try:
        root = fromstring(content)
    except DefusedXmlException as error:
        raise NoCatalogue(
            _("Ce document XML déclare des entités : il est refusé, car elles servent à des attaques.")
        ) from error
    except (ParseError, ValueError, RecursionError) as error:
        raise NoCatalogue(_("Ce service n’a pas répondu par du XML bien formé.")) from error
    if _name(root) != "WFS_Capabilities":
        why = " ".join("".join(root.itertext()).split())[:200] if _name(root).startswith("Exception") else _name(root)
        raise NoCatalogue(_("Ce service n’est pas un WFS : %s") % why)
    service = _child(root, "ServiceIdentification")
    provider = _child(root, "ServiceProvider")
    version = root.get("version", "2.0.0")
    as_json = next((each for each in _formats(root) if each.lower() in JSON_FORMATS), "")
    conditions = _text(_child(service, "AccessConstraints"))
    for each in _under(_child(root, "FeatureTypeList"), "FeatureType"):
        name = _text(_child(each, "Name"))
        if not name:
            continue
        title, abstract = _text(_child(each, "Title")), _text(_child(each, "Abstract"))
        metadata = next((_href(one) or _text(one) for one in _under(each, "MetadataURL")), "")
        yield Record(
            identifier=name,
            title={"fr": title or name},
            description={"fr": abstract} if abstract else {},
            keywords=tuple(_text(word) for words in _under(each, "Keywords") for word in _under(words, "Keyword")),
            rights="" if conditions.lower() in NONE else conditions,
            publisher=_text(_child(provider, "ProviderName")),
            contact_email=_text(next(_deep(provider, "ElectronicMailAddress"), None)),
            url=metadata,
            distributions=tuple(_files(url, name=name, version=version, as_json=as_json)),
        )


def _files(url: str, *, name: str, version: str, as_json: str) -> Iterator[RecordFile]:
    parts = urlsplit(url)
    ours = {"service", "request", "version"}
    others = [(key, value) for key, value in parse_qsl(parts.query) if key.lower() not in ours]
    service = parts._replace(query=urlencode([*others, ("service", "WFS"), ("request", "GetCapabilities")])).geturl()
    yield RecordFile(title=f"WFS ({name})", access_url=service, format="WFS")
    if as_json:
        layer = "typeNames" if version.startswith("2") else "typeName"
        asked = [
            ("service", "WFS"),
            ("version", version),
            ("request", "GetFeature"),
            (layer, name),
            ("outputFormat", as_json),
        ]
        # OGC:CRS84 is lon, lat, as GeoJSON wants; some servers know no other name of it than its EPSG one.
        taken = parts._replace(query=urlencode([*others, *asked, ("srsName", "EPSG:4326")])).geturl()
        yield RecordFile(
            title="GeoJSON", access_url=taken, download_url=taken, format="GEOJSON", media_type="application/geo+json"
        )


def _formats(root: Any) -> Iterator[str]:
    """The formats GetFeature gives."""
    for operation in _deep(root, "Operation"):
        if operation.get("name") != "GetFeature":
            continue
        for parameter in _under(operation, "Parameter"):
            if parameter.get("name") == "outputFormat":
                yield from (_text(value) for value in _deep(parameter, "Value"))


def _name(element: Any) -> str:
    """The name without its namespace: each version has its own."""
    return str(element.tag).rsplit("}", 1)[-1]


def _under(element: Any, name: str) -> Iterator[Any]:
    if element is not None:
        yield from (each for each in element if isinstance(each.tag, str) and _name(each) == name)


def _deep(element: Any, name: str) -> Iterator[Any]:
    if element is not None:
        yield from (each for each in element.iter() if isinstance(each.tag, str) and _name(each) == name)


def _child(element: Any, name: str) -> Any:
    return next(_under(element, name), None)


def _text(element: Any) -> str:
    return " ".join((element.text or "").split()) if element is not None else ""


def _href(element: Any) -> str:
    return next((value for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == "href"), "")
