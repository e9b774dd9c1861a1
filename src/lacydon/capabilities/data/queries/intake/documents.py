"""JSON: an array of objects, an object that holds one (results, data, records, features), NDJSON, GeoJSON.

The items are cut out of the file one after another, so that no document has to fit in memory; the engine then reads
them in parallel, each key in one pass.
"""

import re
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import Any, TextIO

import duckdb
from django.utils.translation import gettext as _

from ...errors import UnreadableTable
from .. import encodings
from ..engine import literal
from .bench import Bench
from .inspection import labelled
from .sources import Source

HOLDERS = ("results", "data", "records", "features", "items", "result", "rows", "value")
PIECE = 1 << 20
LONGEST_ITEM = 64_000_000
"""Characters of one object, or of what stands before the array."""
DECODER = JSONDecoder()
SPACE = re.compile(r"[\s,]*")


def document(bench: Bench) -> Source:
    """The relation of a JSON file of any of these forms. Raises UnreadableTable."""
    encoding = encodings.encoding_of(bench.file)
    lines = bench.folder / "items.ndjson"
    with bench.file.open("r", encoding=encoding.name.replace("utf-8", "utf-8-sig").replace("-sig-sig", "-sig"),
                         errors=encoding.errors) as file:  # fmt: skip
        cut = _Cutter(file)
        kind = _cut(cut, lines)
    name = encoding.name.removesuffix("-sig")
    return _read(bench, lines, kind, encoding=name, crs=cut.crs, longest=cut.longest)


class _Cutter:
    """Reads one value after another of a text that is never whole in memory."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._held, self._at, self._over = file, "", 0, False
        self.crs = ""
        self.longest = 0

    def _more(self) -> bool:
        size = max(PIECE, len(self._held) - self._at)
        piece = self._file.read(size)
        self._held, self._at = self._held[self._at :] + piece, 0
        self._over = not piece
        return bool(piece)

    def next_sign(self) -> str:
        """The sign that stands next, commas and spaces left out; nothing at the end."""
        while True:
            found = SPACE.match(self._held, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def take(self) -> str:
        sign = self.next_sign()
        self._at += len(sign)
        return sign

    def value(self) -> tuple[Any, str]:
        """The value that stands next, and its own letters. Raises UnreadableTable."""
        self.next_sign()
        while True:
            try:
                made, end = DECODER.raw_decode(self._held, self._at)
                if end < len(self._held) or self._over:
                    text = self._held[self._at : end]
                    self._at = end
                    self.longest = max(self.longest, len(text))
                    return made, text
            except (JSONDecodeError, RecursionError) as error:
                if self._over or isinstance(error, RecursionError):
                    raise _broken() from error
            if len(self._held) - self._at > LONGEST_ITEM:
                raise UnreadableTable(_("Un objet de ce fichier JSON est trop gros pour une ligne de tableau."))
            self._more()


def _broken() -> UnreadableTable:
    return UnreadableTable(_("Ce fichier JSON est mal formé : il ne peut pas être lu jusqu’au bout."))


def _cut(cut: _Cutter, target: Path) -> str:
    """Write the objects, one a line; which form it was."""
    try:
        with target.open("w", encoding="utf-8", errors="replace") as made:
            sign = cut.next_sign()
            if sign == "[":
                cut.take()
                _items(cut, made)
                return "json"
            if sign != "{":
                raise UnreadableTable(_("Ce fichier JSON ne contient pas de liste d’objets."))
            return _holder(cut, made)
    except OSError as error:
        raise UnreadableTable(_("Il n’y a plus assez de place sur le disque pour préparer ce fichier.")) from error


def _items(cut: _Cutter, made: TextIO) -> int:
    count = 0
    while (sign := cut.next_sign()) != "]":
        if not sign:
            raise _broken()
        value, text = cut.value()
        _write(made, value, text)
        count += 1
    cut.take()
    return count


def _write(made: TextIO, value: Any, text: str) -> None:
    if not isinstance(value, dict):
        raise UnreadableTable(_("Ce fichier JSON n’est pas une liste d’objets : chaque ligne doit être un objet."))
    made.write(text.replace("\n", " ").replace("\r", " ") + "\n")


def _holder(cut: _Cutter, made: TextIO) -> str:
    """An object: the one array of objects it holds; or the first of many lines."""
    first: dict[str, Any] = {}
    texts: list[str] = []
    cut.take()
    found = ""
    while (sign := cut.next_sign()) != "}":
        if sign != '"':
            raise _broken()
        key, written = cut.value()
        if cut.take() != ":":
            raise _broken()
        if cut.next_sign() == "[" and key in HOLDERS and not found:
            cut.take()
            _items(cut, made)
            found = key
            continue
        value, text = cut.value()
        first[key] = value
        texts.append(f"{written}: {text}")
    cut.take()
    if found:
        cut.crs = _crs(first.get("crs"))
        return "geojson" if found == "features" or first.get("type") == "FeatureCollection" else "json"
    _write(made, first, "{" + ", ".join(texts) + "}")
    lines = 1
    while cut.next_sign():
        value, text = cut.value()
        _write(made, value, text)
        lines += 1
    return "geojson" if first.get("type") == "Feature" else "ndjson"


def _crs(said: Any) -> str:
    """« EPSG:2154 » of a GeoJSON of before RFC 7946; nothing for longitudes and latitudes."""
    name = ((said or {}).get("properties") or {}).get("name", "") if isinstance(said, dict) else ""
    found = re.search(r"EPSG:+([0-9.]*:)?([0-9]{4,6})$", str(name))
    return f"EPSG:{found[2]}" if found and found[2] != "4326" else ""


def _read(bench: Bench, lines: Path, kind: str, *, encoding: str, crs: str, longest: int) -> Source:
    at = "/properties" if kind == "geojson" else ""
    inner = "json->'$.properties'" if at else "json"
    objects = (
        "FROM read_json_objects({path}, format = 'newline_delimited', "
        f"maximum_object_size = {max(4_000_000, longest * 4 + 1_000)})"
    )
    here = objects.format(path=literal(str(lines)))
    # keys in the order they are first met
    met = f"unnest(json_keys({inner})) AS key, generate_subscripts(json_keys({inner}), 1) AS place"
    numbered = f"SELECT {met}, n FROM (SELECT json, row_number() OVER () AS n {here})"  # noqa: S608
    query = f"SELECT key FROM ({numbered}) GROUP BY key ORDER BY min(n), min(place)"  # noqa: S608
    try:
        keys = [str(key) for (key,) in bench.rows(query)]
    except duckdb.Error as error:
        raise _broken() from error
    taken = keys
    with_id = f"SELECT bool_or((json->'$.id') IS NOT NULL) FROM ({here})"  # noqa: S608
    if kind == "geojson" and "id" not in keys and bench.row(with_id)[0]:
        keys = ["id", *keys]
        taken = ["\0id", *taken]
    paths = [f"{at}/{_pointer(key)}" if key != "\0id" else "/id" for key in taken]
    natives = [""] * len(keys)
    if kind == "geojson":
        paths.append("/geometry")
        keys = [*keys, _("Géométrie")]
        natives.append("geojson")
    if not keys:
        raise UnreadableTable(_("Ce fichier JSON ne contient aucun objet."))
    listed = ", ".join(literal(each) for each in paths)
    shown = ", ".join(f"held[{n}] AS c{n}" for n in range(1, len(paths) + 1))
    reading = (
        f"SELECT {shown.replace('{', '{{').replace('}', '}}')} FROM "  # noqa: S608
        f"(SELECT json_extract_string(json, [{listed.replace('{', '{{').replace('}', '}}')}]) AS held {objects})"
    )
    return Source(
        format=kind,
        relation=reading.format(path=literal(str(lines))),
        labels=labelled(keys),
        natives=natives,
        encoding=encoding,
        crs=crs,
        text=lines,
        reading=reading,
    ).checked()


def _pointer(key: str) -> str:
    """A step of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def looks_like_json(head: bytes) -> bool:
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace").lstrip()
    return text[:1] == "{" or re.match(r"\[\s*[\[\]{\"0-9-]", text) is not None
