"""How each type of a Table Schema is written, as SQL over one cell: first its exact letters, then its value.

A cast alone accepts `12.0` and `1e3` as integers, `t` as a boolean and ` 2020-01-05` as a date, which the standard does
not: so the letters are held against a pattern first, and the cast only tells the thirtieth of February from a date.
Sources: Table Schema v1 (types and formats), XML Schema part 2 for numbers and durations, RFC 3986, RFC 7946.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from .engine import among, literal
from .schemas import Field

SPACE = r"[ \t\n\r]*"
"""White space around a number is no part of it (XML Schema part 2, whiteSpace: collapse); a cast leaves it out too."""
NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
OFFSET = r"(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])?"
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"
MIDNIGHT = r"24:00:00(\.0+)?"
EMAIL = (
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"([A-Za-z0-9\p{L}]([A-Za-z0-9\p{L}-]{0,61}[A-Za-z0-9\p{L}])?\.)+[A-Za-z\p{L}]([A-Za-z0-9-]{0,61}[A-Za-z0-9\p{L}])"
)
URI = r"[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#@!$&'()*+,;=-]|\[|\]|%[0-9A-Fa-f]{2})+"
UUID = r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"
BASE64 = r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
DURATION = (
    r"-?P([0-9]+W|([0-9]+(\.[0-9]+)?Y)?([0-9]+(\.[0-9]+)?M)?([0-9]+(\.[0-9]+)?D)?"
    r"(T([0-9]+(\.[0-9]+)?H)?([0-9]+(\.[0-9]+)?M)?([0-9]+(\.[0-9]+)?S)?)?)"
)
DIRECTIVES = {
    "Y": "[0-9]{4}", "y": "[0-9]{2}", "m": "(1[0-2]|0?[1-9])", "d": "(3[01]|[12][0-9]|0?[1-9])",
    "H": "(2[0-3]|[01]?[0-9])", "I": "(1[0-2]|0?[1-9])", "M": "[0-5]?[0-9]", "S": "[0-5]?[0-9]", "f": "[0-9]{1,6}",
    "p": "([AaPp][Mm])", "j": "(36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0?[1-9][0-9]|0{0,2}[1-9])",
    "z": "(Z|[+-][0-9]{2}:?[0-9]{2})", "b": "[A-Za-z]{3}", "B": "[A-Za-z]+", "a": "[A-Za-z]{3}", "A": "[A-Za-z]+",
    "%": "%",
}  # fmt: skip
ANY_DATE = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d/%m/%y")
ANY_TIME = ("%H:%M:%S", "%H:%M", "%Hh%M", "%H:%M:%S.%f")
SHAPES = {
    "Point": "", "LineString": "[0]", "MultiPoint": "[0]", "Polygon": "[0][0]", "MultiLineString": "[0][0]",
    "MultiPolygon": "[0][0][0]",
}  # fmt: skip
FARTHEST = "1" + "0" * 38
NUMERIC = "('DOUBLE', 'BIGINT', 'UBIGINT', 'HUGEINT')"


@dataclass(frozen=True)
class Reading:
    """SQL over one cell that is not missing: whether it is well written, and its value (NULL or anything when not)."""

    written: str
    value: str
    key: str = ""
    """What makes it the same as another one; the value when nothing else is said."""
    surely: str = ""
    """True only for cells that are well written, for less than `written`; their value is then `quick`."""
    quick: str = ""


def matches(cell: str, pattern: str) -> str:
    """Whether the whole cell is of this pattern (RE2: linear in time, whatever the pattern)."""
    return f"regexp_full_match({cell}, {literal(pattern)}, 's')"


def reading_of(field: Field) -> Callable[[str], Reading]:
    """What to ask of a cell of this field."""
    made: Callable[[str, Field], Reading] = READINGS[field.type]
    return lambda cell: made(cell, field)


def _string(cell: str, field: Field) -> Reading:
    pattern = {"email": EMAIL, "uri": URI, "uuid": UUID, "binary": BASE64}.get(field.format)
    return Reading(matches(cell, pattern) if pattern else "true", cell, surely="" if pattern else "true", quick=cell)


def _any(cell: str, _field: Field) -> Reading:
    return Reading("true", cell, surely="true", quick=cell)


def _bare(cell: str, field: Field) -> str:
    text = cell
    if not field.bare_number:  # a currency or a percent sign around
        text = f"regexp_replace(regexp_replace({text}, '^[^0-9+.-]+', ''), '[^0-9.]+$', '')"
    if field.group_char:
        text = f"replace({text}, {literal(field.group_char)}, '')"
    return text


def _integer(cell: str, field: Field) -> Reading:
    text = _bare(cell, field)
    whole = f"try_cast({text} AS HUGEINT)"
    # 39 digits and more are beyond any bound, on their side
    value = f"coalesce({whole}, CASE WHEN contains({text}, '-') THEN -1 ELSE 1 END * {FARTHEST}::HUGEINT)"
    written, key = matches(text, SPACE + "[+-]?[0-9]+" + SPACE), f"coalesce({whole}::VARCHAR, trim({text}))"
    if text != cell:
        return Reading(written, value, key)
    quick = f"try_cast({cell} AS BIGINT)"
    return Reading(written, value, key, surely=f"{quick}::VARCHAR = {cell}", quick=quick)


def _number(cell: str, field: Field) -> Reading:
    text = _bare(cell, field)
    pattern = SPACE + f"({NUMBER}([eE][+-]?[0-9]+)?|NaN|[+-]?INF)" + SPACE
    plain, written = text, matches(text, pattern)
    if field.decimal_char != ".":
        plain = f"replace({text}, {literal(field.decimal_char)}, '.')"
        written = f"(NOT contains({text}, '.') AND {matches(plain, pattern)})"
    value = f"try_cast({plain} AS DOUBLE)"
    # a double tells fifteen digits apart; longer ones are the same when they are written the same
    key = f"CASE WHEN length({plain}) > 15 THEN {plain} ELSE {value}::VARCHAR END"
    if text != cell:
        return Reading(written, value, key)
    # a cast takes more than the standard (tried on every short text): the infinite, not a number, 1_0, +-1
    surely = f"{value} BETWEEN -1e300 AND 1e300 AND {cell} > ',' AND NOT contains({cell}, '_')"
    if field.decimal_char != ".":
        surely += f" AND NOT contains({cell}, '.')"
    return Reading(written, value, key, surely=surely, quick=value)


def _boolean(cell: str, field: Field) -> Reading:
    true, false = among(cell, field.true_values), among(cell, field.false_values)
    return Reading(f"coalesce({true} OR {false}, false)", f"coalesce({true}, false)")


def pattern_of(format: str) -> str:
    """The letters that a strptime format wants: `%d/%m/%Y` → two digits, a slash…"""
    made = []
    parts = re.split(r"%(.)", format, flags=re.DOTALL)
    for position, part in enumerate(parts):
        if position % 2:
            made.append(DIRECTIVES.get(part, ".*?"))
        else:
            made.append(re.sub(r"\s+", r"\\s+", re.sub(r"([^\w\s])", r"\\\1", part)))
    return "".join(made)


def _formatted(cell: str, formats: tuple[str, ...], value: str) -> Reading:
    """`value` takes the timestamp to what it is. A format without a year has no year to be wrong."""
    written, values = [], []
    for format in formats:
        clock = format.replace("%z", "")  # an offset changes no verdict, and the engine wants a library for it
        text = f"regexp_replace({cell}, '(Z|[+-][0-9]{{2}}:?[0-9]{{2}})$', '')" if clock != format else cell
        moment = f"try_strptime({text}, {literal(clock)})"
        written.append(f"({matches(cell, pattern_of(format))} AND {moment} IS NOT NULL)")
        values.append(moment)
    return Reading(f"({' OR '.join(written)})", f"CAST(coalesce({', '.join(values)}) AS {value})")


def _date(cell: str, field: Field) -> Reading:
    if field.format == "any":
        return _formatted(cell, ANY_DATE, "DATE")
    if field.format != "default":
        return _formatted(cell, (field.format,), "DATE")
    value = f"try_cast({cell} AS DATE)"
    written = f"({matches(cell, '[0-9]{4}-[0-9]{2}-[0-9]{2}')} AND {value} IS NOT NULL AND left({cell}, 4) <> '0000')"
    return Reading(written, value, surely=f"strlen({cell}) = 10 AND {value}::VARCHAR = {cell}", quick=value)


def _time(cell: str, field: Field) -> Reading:
    if field.format == "any":
        return _formatted(cell, ANY_TIME, "TIME")
    if field.format != "default":
        return _formatted(cell, (field.format,), "TIME")
    return Reading(matches(cell, f"({CLOCK}|{MIDNIGHT}){OFFSET}"), f"try_cast(left({cell}, 15) AS TIME)")


def _datetime(cell: str, field: Field) -> Reading:
    if field.format == "any":
        both = tuple(f"{day}{gap}{time}" for day in ANY_DATE for time in ANY_TIME for gap in (" ", "T"))
        return _formatted(cell, (*both, *ANY_DATE), "TIMESTAMP")
    if field.format != "default":
        return _formatted(cell, (field.format,), "TIMESTAMP")
    day = f"try_cast(left({cell}, 10) AS DATE)"
    pattern = f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T({CLOCK}|{MIDNIGHT}){OFFSET}"
    written = f"({matches(cell, pattern)} AND {day} IS NOT NULL AND left({cell}, 4) <> '0000')"
    part = [f"regexp_extract({cell}, '([+-])([0-9]{{2}}):?([0-9]{{2}})$', {group})" for group in (1, 2, 3)]
    minutes = f"coalesce(try_cast({part[1]} AS INTEGER) * 60 + try_cast({part[2]} AS INTEGER), 0)"
    offset = f"to_minutes({minutes} * CASE {part[0]} WHEN '-' THEN -1 ELSE 1 END)"
    local = f"regexp_replace({cell}, '(Z|[+-][0-9]{{2}}:?[0-9]{{2}})$', '')"
    return Reading(written, f"(try_cast({local} AS TIMESTAMP) - {offset})")


def _year(cell: str, _field: Field) -> Reading:
    return Reading(matches(cell, "[0-9]{4}"), f"try_cast({cell} AS DOUBLE)")


def _yearmonth(cell: str, _field: Field) -> Reading:
    return Reading(matches(cell, "[0-9]{4}-(0[1-9]|1[0-2])"), cell)


def _duration(cell: str, _field: Field) -> Reading:
    return Reading(f"({matches(cell, DURATION)} AND NOT {matches(cell, '.*[PT]')})", cell)


def _json(cell: str, asked: str) -> str:
    """Asks of a cell only once it is JSON: asking first would be an error."""
    return f"CASE WHEN json_valid({cell}) THEN coalesce({asked}, false) ELSE false END"


def _object(cell: str, _field: Field) -> Reading:
    return Reading(_json(cell, f"json_type({cell}) = 'OBJECT'"), cell)


def _array(cell: str, field: Field) -> Reading:
    written = _json(cell, f"json_type({cell}) = 'ARRAY'")
    if field.item is not None:
        item = READINGS[field.item.type]("item", field.item).written
        if "enum" in field.item.constraints:
            item += f" AND {among('item', field.item.constraints['enum'])}"
        items = f"""from_json({cell}, '["VARCHAR"]')"""
        wrong = f"len(list_filter({items}, lambda item: NOT coalesce({item}, false))) > 0"
        written = f"CASE WHEN {written} THEN NOT coalesce({wrong}, true) ELSE false END"
    return Reading(written, cell)


def _between(text: str, limit: int) -> str:
    return f"coalesce(abs(try_cast({text} AS DOUBLE)) <= {limit}, false)"


def _geopoint(cell: str, field: Field) -> Reading:
    """Longitude first, then latitude."""
    if field.format == "object":
        lon, lat = (f"json_extract_string({cell}, '$.{name}')" for name in ("lon", "lat"))
        shape = f"json_type({cell}) = 'OBJECT' AND len(json_keys({cell})) = 2"
        asked = f"{shape} AND {_between(lon, 180)} AND {_between(lat, 90)}"
        return Reading(_json(cell, asked), cell)
    pair = rf"\s*({NUMBER}([eE][+-]?[0-9]+)?)\s*,\s*({NUMBER}([eE][+-]?[0-9]+)?)\s*"
    if field.format == "array":
        pair = rf'\s*\[\s*"?({NUMBER}([eE][+-]?[0-9]+)?)"?\s*,\s*"?({NUMBER}([eE][+-]?[0-9]+)?)"?\s*\]\s*'
    lon, lat = (f"regexp_extract({cell}, {literal(pair)}, {group})" for group in (1, 5))
    return Reading(f"({matches(cell, pair)} AND {_between(lon, 180)} AND {_between(lat, 90)})", cell)


def _geojson(cell: str, field: Field) -> Reading:
    kind = f"json_extract_string({cell}, '$.type')"
    if field.format == "topojson":
        shape = f"json_type({cell}, '$.objects') = 'OBJECT' AND json_type({cell}, '$.arcs') = 'ARRAY'"
        asked = f"{kind} = 'Topology' AND {shape}"
        return Reading(_json(cell, asked), cell)
    cases = "".join(
        f"WHEN {literal(name)} THEN json_type({cell}, '$.coordinates{depth}[0]') IN {NUMERIC} "
        f"AND json_type({cell}, '$.coordinates{depth}[1]') IN {NUMERIC} "
        for name, depth in SHAPES.items()
    )
    geometry, features = f"json_type({cell}, '$.geometry')", f"json_type({cell}, '$.features')"
    asked = (
        f"CASE {kind} {cases}"
        f"WHEN 'GeometryCollection' THEN json_type({cell}, '$.geometries') = 'ARRAY' "
        f"WHEN 'Feature' THEN {geometry} IN ('OBJECT', 'NULL') "
        f"AND json_type({cell}, '$.properties') IN ('OBJECT', 'NULL') "
        f"WHEN 'FeatureCollection' THEN {features} = 'ARRAY' ELSE false END"
    )
    return Reading(_json(cell, asked), cell)


READINGS: dict[str, Callable[[str, Field], Reading]] = {
    "string": _string, "any": _any, "integer": _integer, "number": _number, "boolean": _boolean, "date": _date,
    "time": _time, "datetime": _datetime, "year": _year, "yearmonth": _yearmonth, "duration": _duration,
    "object": _object, "array": _array, "geopoint": _geopoint, "geojson": _geojson,
}  # fmt: skip
