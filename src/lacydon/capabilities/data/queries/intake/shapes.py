"""What one value may be: each reading a test in Python for guessing, with what it needs to be read in the engine.

The same letters are asked for here and in `values.py`, which turns a whole column with SQL; a property test holds both
together. A value that starts with a zero it could lose is never a number.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from ..columns import ColumnType

MISSING = frozenset({"", "null", "none", "na", "n/a", "n.a.", "nan", "nd", "n/d", "nr", "#n/a", "-", "--", "."})
"""What people write for nothing, in a column that is not text."""
SPACES = " \u00a0\u202f"
WHOLE = r"[+-]?(0|[1-9][0-9]{0,17})"
GROUPED = rf"[+-]?[1-9][0-9]{{0,2}}([{SPACES}][0-9]{{3}})+"
DECIMAL = r"[+-]?(0|[1-9][0-9]*)?(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?"
TRUE = ("oui", "vrai", "true", "yes", "o", "y", "1", "x")
FALSE = ("non", "faux", "false", "no", "n", "0")
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d/%m/%y", "%m/%d/%Y", "%Y%m%d")
DATE_LETTERS: Mapping[str, str] = {
    "%Y-%m-%d": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "%d/%m/%Y": r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}",
    "%d-%m-%Y": r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}",
    "%d.%m.%Y": r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}",
    "%Y/%m/%d": r"[0-9]{4}/[0-9]{2}/[0-9]{2}",
    "%d/%m/%y": r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}",
    "%m/%d/%Y": r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}",
    "%Y%m%d": r"[12][0-9]{3}[01][0-9][0-3][0-9]",
}
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?"
OFFSET = r"(Z|[+-][0-2][0-9]:?[0-5][0-9])"
MOMENT = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ]{CLOCK}{OFFSET}?)?"
FRENCH_MOMENT = rf"[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{4}} {CLOCK}"
PAIR = r"[(\[]?\s*(-?[0-9]{1,3}(?:\.[0-9]+)?)\s*[,;]\s*(-?[0-9]{1,3}(?:\.[0-9]+)?)\s*[)\]]?"
WKT = r"(SRID=4326;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*(Z|M|ZM)?\s*\(.*\)|GEOMETRYCOLLECTION\s*(Z|M|ZM)?\s*\(.*\)"
HEX = r"0[01][0-9A-Fa-f]{40,}"
EMAIL = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[\w-]+(\.[\w-]+)+"
URL = r"(https?|ftp)://[^\s<>\"]+"
PHONE = r"(0|(\+|00)33[ .-]?(\(0\)[ .-]?)?)[1-9]([ .-]?[0-9]{2}){4}"
UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
CITYCODE = r"(0[1-9]|[1-8][0-9]|9[0-5]|2[ABab])[0-9]{3}|9[78][0-9]{3}"
POSTCODE = r"(0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}"
DEPARTMENT = r"0[1-9]|[1-8][0-9]|9[0-5]|2[ABab]|97[1-8]"
POSTE = "356000000"

CITY_LABEL = re.compile(r"insee|citycode|cog|code_?(de_la_)?com(mune)?$|^com$|^depcom|codgeo|commune_code|city_code")
POST_LABEL = re.compile(r"post|^cp$|^cp_|_cp$|zip")
DEPARTMENT_LABEL = re.compile(r"dep(artement)?($|_)|^dpt")
YEAR_LABEL = re.compile(r"(^|_)(annee|an|year|millesime|exercice)($|_)")
LAT_LABEL = re.compile(r"(^|_)(lat|latitude|y_?lat|lat_?y)($|_)|^y$|_wgs_?84_?y$")
LON_LABEL = re.compile(r"(^|_)(lon|lng|long|longitude|x_?lon|x_?long|lon_?x)($|_)|^x$|_wgs_?84_?x$")
DATE_LABEL = re.compile(r"(^|_)(date|jour|day|debut|fin|le)($|_)|^d(at|t)e?_|_(dt|date)$")
BOOLEAN_LABEL = re.compile(r"^(is|est|a|has)_|^(actif|ouvert|gratuit)(_|$)|_(on|ok|yn|bool)$|booleen|pmr")
ADDRESS_LABEL = re.compile(r"(^|_)(adresse|address|voie|rue)($|_)")


@dataclass(frozen=True, slots=True)
class Shape:
    """A type, a kind and a format, and whether a value (trimmed, not missing) is one."""

    type: ColumnType
    kind: str
    format: str
    fits: Callable[[str], bool]
    label: re.Pattern[str] | None = None
    """When it takes a label to be sure."""


def _letters(pattern: str) -> Callable[[str], bool]:
    return partial(_matches, re.compile(pattern, re.DOTALL))


def _matches(pattern: re.Pattern[str], value: str) -> bool:
    return pattern.fullmatch(value) is not None


def _number(value: str) -> bool:
    return bool(value) and _DECIMAL.fullmatch(value) is not None and any(map(str.isdigit, value)) and _finite(value)


_DECIMAL = re.compile(DECIMAL)
_GROUPED = re.compile(GROUPED)


def _finite(value: str) -> bool:
    try:
        return math.isfinite(float(value)) and value[0] not in "eE" and value.lstrip("+-")[:1] not in "eE"
    except ValueError:
        return False


def _comma_number(value: str) -> bool:
    if "." in value:
        return False
    whole, _comma, rest = value.partition(",")
    if _GROUPED.fullmatch(whole):
        whole = re.sub(f"[{SPACES}]", "", whole)
    return _number(f"{whole}.{rest}" if rest else whole) and not (_comma and not rest)


def _grouped(value: str) -> bool:
    return re.fullmatch(WHOLE, value) is not None or (len(value) < 24 and _GROUPED.fullmatch(value) is not None)


def _grouped_number(value: str) -> bool:
    whole, dot, rest = value.partition(".")
    return _number(re.sub(f"[{SPACES}]", "", whole) + dot + rest) if _GROUPED.fullmatch(whole) else _number(value)


def _date(format: str, value: str) -> bool:
    if not _DATES[format].fullmatch(value):
        return False
    try:
        return datetime.strptime(value, format).year >= 1000  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return False


_DATES = {format: re.compile(letters) for format, letters in DATE_LETTERS.items()}
_MOMENT, _FRENCH = re.compile(MOMENT), re.compile(FRENCH_MOMENT)


def _moment(value: str) -> bool:
    return _MOMENT.fullmatch(value) is not None and _date("%Y-%m-%d", value[:10])


def _french_moment(value: str) -> bool:
    return _FRENCH.fullmatch(value) is not None and _date("%d/%m/%Y", value.split(" ")[0])


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def is_siren(value: str) -> bool:
    plain = value.replace(" ", "").replace("\u00a0", "")
    return re.fullmatch("[0-9]{9}", plain) is not None and plain != "000000000" and _luhn(plain)


def is_siret(value: str) -> bool:
    plain = value.replace(" ", "").replace("\u00a0", "")
    if re.fullmatch("[0-9]{14}", plain) is None or plain.startswith("000000000"):
        return False
    return _luhn(plain[:9]) and (_luhn(plain) or (plain.startswith(POSTE) and sum(map(int, plain)) % 5 == 0))


def is_iban(value: str) -> bool:
    plain = value.replace(" ", "").upper()
    if re.fullmatch("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", plain) is None:
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def _within(low: float, high: float, comma: bool, value: str) -> bool:
    if comma and "." in value:
        return False
    plain = value.replace(",", ".") if comma else value
    return _number(plain) and low <= float(plain) <= high


_PAIR = re.compile(PAIR)


def pair_of(value: str) -> tuple[float, float] | None:
    found = _PAIR.fullmatch(value)
    return (float(found[1]), float(found[2])) if found else None


def _pair(latitude_first: bool, value: str) -> bool:
    found = pair_of(value)
    if found is None or "." not in value:
        return False
    lat, lon = found if latitude_first else found[::-1]
    return abs(lat) <= 90 and abs(lon) <= 180


def _geojson(value: str) -> bool:
    if not value.startswith("{") or '"type"' not in value:
        return False
    read = _json(value)
    return isinstance(read, dict) and ("coordinates" in read or "geometries" in read)


def _json(value: str) -> object:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _structured(value: str) -> bool:
    return value[:1] in "{[" and _json(value) is not None


def _boolean(words: tuple[str, ...], value: str) -> bool:
    return value.lower() in words


SHAPES: tuple[Shape, ...] = (
    Shape("text", "uuid", "", _letters(UUID)),
    Shape("text", "email", "", _letters(EMAIL)),
    Shape("text", "url", "", _letters(URL)),
    Shape("text", "iban", "", is_iban),
    Shape("text", "siret", "", is_siret),
    Shape("text", "siren", "", is_siren),
    Shape("text", "phone", "", _letters(PHONE)),
    Shape("text", "citycode", "", _letters(CITYCODE), CITY_LABEL),
    Shape("text", "postcode", "", _letters(POSTCODE), POST_LABEL),
    Shape("text", "departement", "", _letters(DEPARTMENT), DEPARTMENT_LABEL),
    Shape("integer", "year", "", _letters("(1[0-9]|2[01])[0-9]{2}"), YEAR_LABEL),
    Shape("number", "latitude", ".", partial(_within, -90, 90, False), LAT_LABEL),
    Shape("number", "longitude", ".", partial(_within, -180, 180, False), LON_LABEL),
    Shape("number", "latitude", ",", partial(_within, -90, 90, True), LAT_LABEL),
    Shape("number", "longitude", ",", partial(_within, -180, 180, True), LON_LABEL),
    Shape("boolean", "", "", partial(_boolean, ("0", "1")), BOOLEAN_LABEL),
    *(Shape("date", "", format, partial(_date, format)) for format in DATES[:-1]),
    Shape("date", "", "%Y%m%d", partial(_date, "%Y%m%d"), DATE_LABEL),
    Shape("integer", "", "", _letters(WHOLE)),
    Shape("integer", "", " ", _grouped),
    Shape("number", "", ".", _number),
    Shape("number", "", ",", _comma_number),
    Shape("number", "", ". ", _grouped_number),
    Shape("boolean", "", "", partial(_boolean, tuple(set(TRUE + FALSE) - {"0", "1", "x"}))),
    Shape("datetime", "", "iso", _moment),
    Shape("datetime", "", "%d/%m/%Y", _french_moment),
    Shape("time", "", "", _letters(CLOCK)),
    Shape("shape", "", "geojson", _geojson),
    Shape("shape", "", "wkt", _letters(f"(?i){WKT}")),
    Shape("shape", "", "wkb", _letters(HEX)),
    Shape("point", "", "lat,lon", partial(_pair, True)),
    Shape("point", "", "lon,lat", partial(_pair, False)),
    Shape("json", "", "", _structured),
)
"""In the order they are tried: the first that all values are is the guess."""


def is_missing(value: str) -> bool:
    return value.strip().lower() in MISSING
