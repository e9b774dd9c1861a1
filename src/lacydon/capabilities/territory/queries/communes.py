"""Communes: one, all, or those a name or a postal code calls to mind."""

from functools import lru_cache

from rapidfuzz import fuzz, process

from lacydon.kernel.french import plain

from .chart import CommuneView, chart
from .competences import unknown_commune
from .contours import Shapes


def territory_name() -> str:
    """The name of the territory; empty before anything was loaded."""
    held = chart().territory
    return held.name if held else ""


def version() -> str:
    """Changes when anything about the territory does: for what is worked out from it and kept."""
    return chart.version


def communes() -> tuple[CommuneView, ...]:
    """All communes by INSEE code."""
    return tuple(chart().communes.values())


def commune(code: str) -> CommuneView:
    """The commune of an INSEE code, also of a municipal arrondissement's; raises UnknownCommune."""
    held = chart()
    found = held.communes.get(code)
    if found is None and code in held.arrondissements:
        found = held.communes[held.arrondissements[code].commune]
    if found is None:
        raise unknown_commune(code, held)
    return found


def communes_named(text: str, *, limit: int = 5) -> tuple[tuple[CommuneView, float], ...]:
    """Communes whose name resembles `text`, with a score from 0 to 1, best first; accents and typos do not matter."""
    wanted = _folded(text)
    if not wanted:
        return ()
    names = {each.code: _folded(each.name) for each in communes()}
    exact = [each for each in communes() if names[each.code] == wanted]
    if exact:
        return tuple((each, 1.0) for each in exact[:limit])
    begins = sorted(
        (each for each in communes() if names[each.code].startswith(wanted)), key=lambda each: -each.population
    )
    if begins and len(wanted) >= 3:
        return tuple((each, 0.9 if len(begins) == 1 else 0.6) for each in begins[:limit])
    close = process.extract(wanted, names, scorer=fuzz.ratio, limit=limit, score_cutoff=72)
    return tuple((chart().communes[code], score / 100 * 0.95) for _name, score, code in close)


def communes_of_postal_code(postal_code: str) -> tuple[CommuneView, ...]:
    """Every commune of the territory a postal code serves: often several, so it never designates one."""
    return tuple(each for each in communes() if postal_code in each.postal_codes)


def shapes() -> Shapes:
    """The shapes of the communes to draw a map with: official contours, or a schematic map when none are loaded."""
    return chart().geography.shapes()


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    """Kept, because every name of the territory is compared with each place that is typed."""
    words = plain(text).replace("-", " ").replace("'", " ").split()
    expanded = ({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)
    return " ".join(word for word in expanded if word not in {"le", "la", "les", "l", "ville", "de", "d", "mairie"})
