"""A document of SIRI as a tree of names, whichever way it is written: XML with any prefixes, or JSON.

In a tree a name leads to the list of what bears it: texts, or trees. A text in a language is `{"value", "lang"}`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext as _

from lacydon.kernel.clock import LOCAL

from ...errors import NotWhatWasAsked
from ...ports import no_page

Node = Mapping[str, Any]
DEEPEST: Final = 60
WRAPPED: Final = 6
"""Envelopes around what is said."""
LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_DURATION: Final = re.compile(r"(-)?P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})(?:\.\d{1,9})?S)?)?")


def from_xml(content: bytes) -> Node:
    """The tree of an XML document. Raises NotWhatWasAsked: entities and document types are refused unread."""
    no_page(content)
    try:
        root = fromstring(content, forbid_dtd=True)
        return {root.tag.rpartition("}")[2]: [_node(root, 0)]}
    except DefusedXmlException as error:
        raise NotWhatWasAsked(_("La réponse XML contient des entités : elle est refusée, car dangereuse.")) from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        sentence = _("La réponse de la source n’est pas du XML lisible : tronquée, ou autre chose.")
        raise NotWhatWasAsked(sentence) from error


def from_json(content: bytes) -> Node:
    """The tree of a JSON document. Raises NotWhatWasAsked."""
    no_page(content)
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotWhatWasAsked(_("La réponse de la source n’est pas du JSON lisible.")) from error
    if not isinstance(told, Mapping):
        raise NotWhatWasAsked(_("La réponse JSON de la source n’est pas un objet."))
    return told


def _node(element: Any, depth: int) -> dict[str, Any]:
    if depth > DEEPEST:
        raise ValueError("too deep")
    found: dict[str, Any] = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = child.tag.rpartition("}")[2]
        value: Any = _node(child, depth + 1) if len(child) else (child.text or "").strip()
        if not len(child) and LANG in child.attrib:
            value = {"value": value, "lang": child.attrib[LANG]}
        found.setdefault(name, []).append(value)
    return found


def every(node: Any, *path: str) -> list[Any]:
    """All that this path leads to."""
    here = [node]
    for name in path:
        below: list[Any] = []
        for each in here:
            value = each.get(name) if isinstance(each, Mapping) else None
            if isinstance(value, list):
                below += value
            elif value is not None:
                below.append(value)
        here = below
    return here


def nodes(node: Any, *path: str) -> Iterator[Node]:
    return (each for each in every(node, *path) if isinstance(each, Mapping))


def text(node: Any, *paths: str) -> str:
    """The first text that one of these paths (names joined by /) leads to."""
    for path in paths:
        for each in every(node, *path.split("/")):
            if found := _plain(each):
                return found
    return ""


def texts(node: Any, name: str) -> dict[str, str]:
    """By language; without one, French."""
    found: dict[str, str] = {}
    for each in every(node, name):
        language = str(each.get("lang") or each.get("Lang") or "fr") if isinstance(each, Mapping) else "fr"
        if said := _plain(each):
            found.setdefault(language.partition("-")[0].lower()[:3] or "fr", said)
    return found


def moment(node: Any, *paths: str) -> int:
    """Seconds since 1970; 0 when there is none, or none that can be."""
    said = text(node, *paths)
    if not said or len(said) > 40:
        return 0
    try:
        when = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", said))
    except ValueError:
        return 0
    if when.tzinfo is None:
        when = when.replace(tzinfo=LOCAL)
    try:
        found = int(when.astimezone(UTC).timestamp())
    except (OverflowError, ValueError):
        return 0
    return found if 0 < found < 2**36 else 0


def true(node: Any, *paths: str) -> bool:
    return text(node, *paths).lower() in ("true", "1")


def number(node: Any, *paths: str) -> float | None:
    said = text(node, *paths)
    try:
        found = float(said)
    except ValueError:
        return None
    return found if abs(found) < 1e12 else None


def seconds(node: Any, *paths: str) -> int | None:
    """Of an ISO 8601 duration; None when there is none."""
    found = _DURATION.fullmatch(text(node, *paths))
    if found is None or not any(found.groups()[1:]):
        return None
    days, hours, minutes, rest = (int(each or 0) for each in found.groups()[1:])
    total = days * 86_400 + hours * 3_600 + minutes * 60 + rest
    return -total if found.group(1) else total


def deliveries(node: Any, name: str, depth: int = 0) -> Iterator[Node]:
    """Every tree of this name, however it is wrapped (SOAP, service delivery, or bare)."""
    if depth > WRAPPED or not isinstance(node, Mapping):
        return
    yield from nodes(node, name)
    for key, value in node.items():
        if key != name and (not key.endswith("Delivery") or key == "ServiceDelivery"):
            for each in value if isinstance(value, list) else [value]:
                yield from deliveries(each, name, depth + 1)


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return _plain(value.get("value", value.get("Value", "")))
    if isinstance(value, list) and value:
        return _plain(value[0])
    return ""
