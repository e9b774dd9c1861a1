"""A column's cells turned into values, in the engine: what cannot be one is NULL, and is then counted as a misfit.

Each expression first tries the cheap road that nearly all cells take (a cast that gives the same letters back), then
asks for the letters. A guess never loses a leading zero: `007` is no number, unless a person said so.
"""

from ..engine import among, literal
from .inspection import Guess
from .shapes import CLOCK, FALSE, MISSING, MOMENT, TRUE

PLACE = "Europe/Paris"
"""Where a date and time is, that does not say it."""
SPACES = "[ \u00a0\u202f]"


def is_blank(cell: str) -> str:
    """Whether a cell says nothing, in a column that is not text."""
    return f"coalesce({among(f'lower(trim({cell}, {literal(TRIMMED)}))', sorted(MISSING))}, true)"


TRIMMED = " \t\r\n\u00a0\u202f"


def value_of(guess: Guess, cell: str) -> str:
    """SQL over a text cell: its value, NULL when it is none of this type."""
    text = f"trim({cell}, {literal(TRIMMED)})"
    match guess.type:
        case "integer":
            return _integer(guess, cell, text)
        case "number":
            return _number(guess, cell, text)
        case "boolean":
            word = f"lower({text})"
            return f"CASE WHEN {among(word, TRUE)} THEN true WHEN {among(word, FALSE)} THEN false END"
        case "date":
            return _date(guess, cell, text)
        case "datetime":
            return _datetime(guess, text)
        case "time":
            return f"CASE WHEN {_full(text, CLOCK)} THEN try_cast({text} AS TIME) END"
        case "json":
            return f"CASE WHEN json_valid({cell}) THEN {cell} END"
        case "point" | "shape":
            return _place(guess, cell, text)
    if guess.kind in ("siren", "siret", "iban"):
        return f"nullif(regexp_replace({cell}, {literal(SPACES)}, '', 'g'), '')"
    return f"nullif({cell}, '')"


def _full(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {literal(pattern)})"


def _integer(guess: Guess, cell: str, text: str) -> str:
    quick = f"try_cast({cell} AS BIGINT)"
    whole = "[0-9]+" if guess.given else "(0|[1-9][0-9]*)"
    slow = f"[+-]?({whole}|[1-9][0-9]{{0,2}}({SPACES}[0-9]{{3}})+)" + ("([.,]0*)?" if guess.given else "")
    bare = f"regexp_replace(regexp_replace({text}, {literal(SPACES)}, '', 'g'), '[.,]0*$', '')"
    return (
        f"CASE WHEN {quick}::VARCHAR = {cell} THEN {quick} WHEN {_full(text, slow)} THEN try_cast({bare} AS BIGINT) END"
    )


def _number(guess: Guess, cell: str, text: str) -> str:
    """What may lose a zero is looked for by the first letters, which costs little."""
    comma = guess.format == "," or (guess.given and guess.format == "")
    digits = f"replace({cell}, ',', '.')" if comma else cell
    quick = f"try_cast({digits} AS DOUBLE)"
    sure = f"isfinite({quick}) AND NOT contains({cell}, '_')"
    if not guess.given:
        kept = f"{digits} LIKE '0.%' OR {cell} = '0' OR {digits} LIKE '0e%'"
        sure += f" AND (NOT starts_with({cell}, '0') OR {kept})"
        if comma:
            sure += f" AND NOT contains({cell}, '.')"
    mark = "[.,]" if guess.given else "," if comma else r"\."
    slow = f"[+-]?[1-9][0-9]{{0,2}}({SPACES}[0-9]{{3}})+({mark}[0-9]+)?"
    if guess.given:  # a currency or a percent sign behind is what a person sees through
        slow = rf"[+-]?[0-9]+({SPACES}[0-9]{{3}})*({mark}[0-9]+)?{SPACES}?(€|%|EUR)?"
    bare = f"replace(regexp_replace({text}, {literal(f'{SPACES}|€|%|EUR')}, '', 'g'), ',', '.')"
    return f"CASE WHEN {sure} THEN {quick} WHEN {_full(text, slow)} THEN try_cast({bare} AS DOUBLE) END"


def _date(guess: Guess, cell: str, text: str) -> str:
    quick = f"try_cast({cell} AS DATE)"
    iso = f"CASE WHEN {quick}::VARCHAR = {cell} THEN {quick}"
    formats = (guess.format,) if guess.format else ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d")
    if formats == ("%Y-%m-%d",):
        return f"{iso} WHEN {_full(text, '[0-9]{4}-[0-9]{2}-[0-9]{2}')} THEN try_cast({text} AS DATE) END"
    read = ", ".join(f"try_strptime({text}, {literal(each)})" for each in formats)
    made = f"CAST(coalesce({read}) AS DATE)"
    if guess.format:
        return f"CASE WHEN year({made}) >= 1000 THEN {made} END"
    return f"{iso} WHEN year({made}) >= 1000 THEN {made} END"


def _datetime(guess: Guess, text: str) -> str:
    local = f"timezone({literal(PLACE)}, try_cast({text} AS TIMESTAMP))"
    read = ", ".join(f"try_strptime({text}, {literal(each)})" for each in ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"))
    french = f"timezone({literal(PLACE)}, coalesce({read}))"
    if guess.format.startswith("%"):
        return french
    signs = " OR ".join(f"substr({text}, {place}, 1) IN ('+', '-')" for place in (-6, -5))
    told = f"length({text}) > 16 AND (ends_with({text}, 'Z') OR {signs})"
    offset = f"try_cast(regexp_replace({text}, '([+-][0-9]{{2}})([0-9]{{2}})$', '\\1:\\2') AS TIMESTAMPTZ)"
    iso = f"CASE WHEN NOT {_full(text, MOMENT)} THEN NULL WHEN {told} THEN {offset} ELSE {local} END"
    return iso if guess.format else f"coalesce({iso}, {french})"


def _place(guess: Guess, cell: str, text: str) -> str:
    """A GEOMETRY in two dimensions, inside the world."""
    read = {
        "geojson": f"TRY(ST_GeomFromGeoJSON({cell}))",
        "wkt": f"TRY(ST_GeomFromText(regexp_replace({text}, '^SRID=[0-9]+;', '')))",
        "wkb": f"TRY(ST_GeomFromHEXEWKB({text}))",
    }
    if guess.format in ("lat,lon", "lon,lat") or (not guess.format and guess.type == "point"):
        bare = f"regexp_replace({text}, '[()\\[\\] ]', '', 'g')"
        first, second = (
            f"try_cast(regexp_extract({bare}, '^(-?[0-9.]+)[,;](-?[0-9.]+)$', {n}) AS DOUBLE)" for n in (1, 2)
        )
        lon, lat = (first, second) if guess.format == "lon,lat" else (second, first)
        made = f"CASE WHEN abs({lon}) <= 180 AND abs({lat}) <= 90 THEN ST_Point({lon}, {lat}) END"
        return made if guess.format else f"coalesce({made}, {', '.join(read.values())})"
    made = read[guess.format] if guess.format in read else f"coalesce({', '.join(read.values())})"
    return in_world(f"ST_Force2D({made})")


def in_world(geometry: str) -> str:
    """The geometry, or NULL when it is empty or outside of longitudes and latitudes."""
    inside = (
        f"ST_XMin({geometry}) >= -180.000001 AND ST_XMax({geometry}) <= 180.000001 "
        f"AND ST_YMin({geometry}) >= -90.000001 AND ST_YMax({geometry}) <= 90.000001"
    )
    return f"CASE WHEN {inside} THEN {geometry} END"
