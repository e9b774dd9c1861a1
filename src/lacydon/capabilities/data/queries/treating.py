"""What may be done to a column so that it tells less of people, as SQL and in words.

    Treatment(column="date_naissance", kind="generalise", to="year")

`remove`, `pseudonymise`, `generalise`, `mask`, `small-cells`, and `keep`, which says why and who said so. A pseudonym
is an HMAC-SHA-256 of the cell (RFC 2104) under a key of this dataset and column: the same in each version, so that
versions can be compared, and useless beside another dataset. It stays personal data (GDPR art. 4.5 and recital 26).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel import sealing
from lacydon.kernel.errors import BadInput

from .anonymity import SMALLEST, column
from .columns import BOX, LAT, LON, Column
from .engine import literal
from .personal_data import EMAIL, IBAN, NIR, PHONE

REMOVE, PSEUDONYMISE, GENERALISE, MASK, SMALL, KEEP = (
    "remove", "pseudonymise", "generalise", "mask", "small-cells", "keep",
)  # fmt: skip
LEAST_WHY = 10
"""Signs of a reason for keeping."""
METRES = 111_320.0
"""Of a degree of latitude."""
PSEUDONYM = 20
"""Hexadecimal signs kept of a pseudonym: 80 bits, so that a million people do not share one."""
_BLOCK = 64
"""Bytes of SHA-256's blocks (RFC 2104)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """One column's. `to`: what a generalisation makes of it, a number of years, of metres or of anything after a colon.

    `why`, `by` (a pseudonym) and `at` (ISO) tell of what is kept as it is.
    """

    column: str
    kind: str
    to: str = ""
    why: str = ""
    by: str = ""
    at: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Way:
    """A generalisation. `types` and `kinds`: of the columns it is for; `makes`: the type of what it gives."""

    id: str
    title: Any
    types: tuple[str, ...]
    sql: Callable[[str, int], str]
    makes: str = "text"
    least: int = 0
    most: int = 0
    usual: int = 0


def _month(cell: str, _size: int) -> str:
    return f"strftime({cell}, '%Y-%m')"


def _year(cell: str, _size: int) -> str:
    return f"CAST(year({cell}) AS BIGINT)"


def _years(cell: str, size: int) -> str:
    low = f"(year({cell}) // {size} * {size})"
    return f"CAST({low} AS VARCHAR) || '-' || CAST({low} + {size - 1} AS VARCHAR)"


def _range(cell: str, size: int) -> str:
    low = f"CAST(floor({cell} / {size}) * {size} AS BIGINT)"
    return f"CAST({low} AS VARCHAR) || '-' || CAST({low} + {size - 1} AS VARCHAR)"


def _start(cell: str, size: int) -> str:
    return f"left({cell}, {size})"


def _departement(cell: str, _size: int) -> str:
    """Of an INSEE code or a postal code."""
    return f"left({cell}, CASE WHEN left({cell}, 2) IN ('97', '98') THEN 3 ELSE 2 END)"


def _sized(cell: str, size: int) -> str:
    return f"round(round({cell} / {size / METRES!r}) * {size / METRES!r}, 6)"


def _initial(cell: str, _size: int) -> str:
    return f"upper(left(trim({cell}), 1))"


WAYS: Mapping[str, Way] = {
    each.id: each
    for each in (
        Way("month", _l("le mois seulement"), ("date", "datetime"), _month),
        Way("year", _l("l’année seulement"), ("date", "datetime"), _year, "integer"),
        Way("years", _l("une tranche d’années"), ("date", "datetime"), _years, "text", 2, 50, 10),
        Way("range", _l("une tranche"), ("integer", "number"), _range, "text", 2, 1_000_000, 10),
        Way("departement", _l("le département (code postal ou commune)"), ("text",), _departement),
        Way("start", _l("le début seulement (nombre de signes)"), ("text",), _start, "text", 1, 20, 3),
        Way("metres", _l("une position arrondie (mètres)"), ("number", "point"), _sized, "number", 50, 50_000, 500),
    )
}


def ways_for(given: Column) -> list[Way]:
    """The generalisations that fit a column."""
    return [each for each in WAYS.values() if given.type in each.types]


def treatment_of(kept: Mapping[str, Any]) -> Treatment:
    return Treatment(**{name: str(kept.get(name, "")) for name in ("column", "kind", "to", "why", "by", "at")})


def checked(treatment: Treatment, columns: Sequence[Column]) -> Treatment:
    """The treatment, when it fits its column. Raises BadInput, which names the field of the form."""
    given = next((each for each in columns if each.name == treatment.column), None)
    if given is None:
        raise BadInput(_("Ce fichier n’a pas de colonne « %s ».") % treatment.column[:60])
    field = f"kind-{given.name}"
    if treatment.kind == KEEP and len(treatment.why.strip()) < LEAST_WHY:
        raise BadInput(
            _("Dites pourquoi « %s » peut être publiée telle quelle, en une phrase.") % given.label, field=field
        )
    if treatment.kind in (MASK, PSEUDONYMISE) and given.placed:
        raise BadInput(_("Une position s’arrondit ou se retire : « %s ».") % given.label, field=field)
    if treatment.kind == MASK and given.type not in ("text", "json"):
        raise BadInput(_("Seul un texte peut être masqué : « %s ».") % given.label, field=field)
    if treatment.kind == SMALL and not given.numeric:
        raise BadInput(
            _("Les petits effectifs se masquent dans une colonne de nombres : « %s ».") % given.label, field=field
        )
    if treatment.kind == GENERALISE:
        way, size = _way(treatment.to)
        if way is None or given.type not in way.types:
            raise BadInput(_("Choisissez comment rendre « %s » moins précise.") % given.label, field=field)
        if way.least and not way.least <= size <= way.most:
            raise BadInput(
                _("« %(label)s » : choisissez un nombre de %(least)d à %(most)d.")
                % {"label": given.label, "least": way.least, "most": way.most}, field=field,
            )  # fmt: skip
    elif treatment.kind not in (REMOVE, PSEUDONYMISE, MASK, SMALL, KEEP):
        raise BadInput(_("Choisissez ce qu’il faut faire de « %s ».") % given.label, field=field)
    return treatment


def treated(given: Column, treatment: Treatment | None, *, dataset: str) -> tuple[str, Column] | None:
    """A column after its treatment, as SQL, and what it is then; None when it is removed."""
    cell = given.in_file
    if treatment is None or treatment.kind == KEEP:
        return cell, replace(given, drawn=False)
    if treatment.kind == REMOVE:
        return None
    if treatment.kind == PSEUDONYMISE:
        text = f"trim(CAST({cell} AS VARCHAR))"
        return pseudonym(text, key=key_for(dataset, given.name)), replace(given, type="text", kind="")
    if treatment.kind == MASK:
        return masking(cell), given
    if treatment.kind == SMALL:
        size = size_of(treatment)
        return f"CASE WHEN {cell} BETWEEN 1 AND {size - 1} THEN NULL ELSE {cell} END", given
    way, size = _way(treatment.to)
    assert way is not None, treatment
    if way.id == "metres":
        if given.placed:
            return f"ST_AsWKB(ST_Point({rounded_lon(size)}, {rounded_lat(size)}))::BLOB", replace(
                given, type="point", drawn=False
            )
        if given.kind == "longitude" or given.name.startswith(("lon", "lng", "x")):
            wide = size / METRES * 1.4  # the latitude is in another column: a step of 44° north is near enough
            return f"round(round({cell} / {wide!r}) * {wide!r}, 6)", given
        return way.sql(cell, size), given
    return way.sql(cell, size), replace(given, type=way.makes, kind="")  # type: ignore[arg-type]


def hidden(given: Sequence[Column], treatments: Mapping[str, Treatment], there: Sequence[str]) -> list[str]:
    """The hidden columns of the file after the treatments: a position that was removed or rounded stays nowhere."""
    placed = next((each for each in given if each.placed), None)
    kept = [column(each) for each in there if each.startswith("_") and each not in (LON, LAT, *BOX)]
    if placed is None:
        return kept
    done = treatments.get(placed.name)
    if done is None or done.kind == KEEP:
        return [column(each) for each in there if each.startswith("_")]
    if done.kind != GENERALISE or LON not in there:
        return kept
    size = _way(done.to)[1]
    return [*kept, f"{rounded_lon(size)} AS {LON}", f"{rounded_lat(size)} AS {LAT}"]


def rounded_lat(size: int) -> str:
    return _sized(LAT, size)


def rounded_lon(size: int) -> str:
    """Steps of so many metres at the latitude of the rounded place, so that places nearby share theirs."""
    step = f"({size / METRES!r} / greatest(cos(radians({rounded_lat(size)})), 0.01))"
    return f"round(round({LON} / {step}) * {step}, 6)"


def pseudonym(text: str, *, key: bytes) -> str:
    """HMAC-SHA-256 in SQL (RFC 2104), of which the beginning is kept; NULL stays NULL."""
    block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    inner, outer = (_blob(bytes(each ^ pad for each in block)) for pad in (0x36, 0x5C))
    return f"left(sha256({outer} || unhex(sha256({inner} || encode({text})))), {PSEUDONYM})"


def key_for(dataset: str, name: str) -> bytes:
    """The key of a column of a dataset, drawn from the ring: the same as long as the ring is."""
    return bytes.fromhex(sealing.keyed_hash(f"{dataset}\0{name}", purpose="data-pseudonym"))


def masking(cell: str) -> str:
    """A text without the addresses and numbers it holds."""
    for pattern in (EMAIL, PHONE, rf"\b{NIR} ?[0-9]{{2}}\b", rf"\b{IBAN}\b"):
        cell = f"regexp_replace({cell}, {literal(pattern)}, '[…]', 'g')"
    return cell


def size_of(treatment: Treatment) -> int:
    """The threshold of small cells."""
    number = treatment.to
    return int(number) if number.isascii() and number.isdigit() and 2 <= int(number) < 1_000 else SMALLEST


def _blob(value: bytes) -> str:
    return "'" + "".join(f"\\x{each:02X}" for each in value) + "'::BLOB"


def _way(to: str) -> tuple[Way | None, int]:
    """« range:10 »: the way, and its size (0 when none is said)."""
    id, _colon, size = to.partition(":")
    number = int(size) if size.isascii() and size.isdigit() and len(size) < 8 else 0
    way = WAYS.get(id)
    return way, number or (way.usual if way and not size else 0)
