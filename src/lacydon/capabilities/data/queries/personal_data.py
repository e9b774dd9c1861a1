"""Personal data in a table that is about to be published: by the headings of its columns, and by its values.

    for finding in personal_data(path): finding.column, finding.category, finding.share, finding.evidence

Set-based, in the cage of `engine.py`: one pass over the whole file counts e-mail addresses, telephone numbers, social
security numbers, bank accounts, plates and addresses of devices; names and street addresses, which are only likely, are
looked at in a sample. Keys of numbers are computed on what was found. Nothing is sent anywhere, and what is shown as
evidence is masked. What it misses it misses: the page says that a person has to look too.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from . import personal_words as words
from .columns import DRAWN
from .engine import Engine, engine_for, literal, literals

EMAIL = r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
PHONE = r"(?:(?:\+|00)33[ .-]?(?:\(0\)[ .-]?)?|0)[1-9](?:[ .-]?[0-9]{2}){4}"
NIR = r"[123478][0-9]{2}(?:0[1-9]|1[0-2]|[2-9][0-9])(?:[0-9]{2}|2[AB])[0-9]{6}"
"""Of 13 signs (INSEE); two more are its key."""
IBAN = r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}"
PLATE = r"[A-HJ-NP-TV-Z]{2}-?[0-9]{3}-?[A-HJ-NP-TV-Z]{2}|[0-9]{1,4} ?[A-Z]{2,3} ?(?:[0-9]{2}|2[AB])"
DEVICE = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}|(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}"
STREET = (
    r"^[0-9]{1,5}(?: ?(?:bis|ter|quater|[a-d]))?,? +(?:rue|r\.|avenue|av\.?|ave|boulevard|bd\.?|blvd|chemin|ch\.?|"
    r"impasse|imp\.?|place|pl\.?|allees?|all\.?|route|rte|traverse|trav\.?|cours|quai|square|montee|residence|lotissement)"
    r"\b"
)
_INSIDE = r"(?:^|[^0-9])" + PHONE + r"(?:$|[^0-9])"
SAMPLE = 20_000
"""Cells of a column in which names and streets are looked for."""
ENOUGH = 0.1
"""From this share of the filled cells on, the column is of that kind; below, it is a text that holds some."""
NAMED_SO = 0.3
MOSTLY = 0.9
TITLE = r"(m[.] ?|(mr|mme|mlle|dr)[.]? |monsieur |madame |mademoiselle |docteur )"
CHECKED = 1_000
"""Numbers whose key is computed."""
EVIDENCE = 3
SURE, LIKELY, POSSIBLE = "sure", "likely", "possible"
_TEXT = ("VARCHAR", "JSON")
_WHOLE = ("BIGINT", "HUGEINT", "INTEGER", "UBIGINT")
_BODIES = re.compile(r"\b(?:siret|siren|rna|raison sociale|denomination|forme juridique)\b")
_POSITION = re.compile(
    r"\b(?:lat|latitude|lon|lng|long|longitude|geo ?point|geometr(?:y|ie)|coordonnees?(?: gps)?|geom)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Personal data in a column. `share`: of the table's rows. `evidence`: masked cells.

    `confirm`: it looks as if it were of a body or an office, which somebody has to confirm; `why` says what makes one
    think so. `sure`: sure, likely or possible. `identifies`: it leads to a person by itself.
    """

    column: str
    category: str
    share: float
    rows: int
    evidence: tuple[str, ...] = ()
    sure: str = POSSIBLE
    special: bool = False
    identifies: bool = True
    confirm: bool = False
    why: str = ""

    @property
    def title(self) -> Any:
        return words.CATEGORIES[self.category].title

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"evidence": list(self.evidence)}


def finding_of(kept: Mapping[str, Any]) -> Finding:
    """A finding as `as_json` wrote it."""
    return Finding(**{**kept, "evidence": tuple(kept.get("evidence", ()))})


def personal_data(path: Path, *, labels: Mapping[str, str] | None = None, drawn: Iterable[str] = ()) -> list[Finding]:
    """What is found in a Parquet file, in the order of its columns. `labels`: name of a column → its heading.

    `drawn`: points that are made of the file, and are not in it.

    Raises UnreadableTable when the machine has too little memory for it.
    """
    with engine_for(path) as engine:
        source = f"read_parquet({literal(str(path.resolve()))})"
        for point in drawn:
            source = f"(SELECT *, {DRAWN} AS {_column(point)} FROM {source})"  # noqa: S608
        described = engine.rows(f"DESCRIBE SELECT * FROM {source}")  # noqa: S608
        types = {str(row[0]): str(row[1]) for row in described if not str(row[0]).startswith("_")}
        (rows,) = engine.row(f"SELECT count(*) FROM {source}")  # noqa: S608
        if not rows or not types:
            return []
        headings = {name: words.folded((labels or {}).get(name, name)) for name in types}
        looked = _Looked(engine, source=source, types=types, rows=rows)
        found = [each for name in types if (each := _of_column(name, headings[name], looked))]
    return _together(found, headings, types)


def masked(cell: Any) -> str:
    """A cell of which only the shape is left: « j••• d•••••@g••••.f• »."""
    text = str(cell)[:60]
    return re.sub(r"(?<=[^\W_])[^\W_]", "•", re.sub(r"\d", "•", text))


class _Looked:
    """What the whole table and the sample say of each column."""

    def __init__(self, engine: Engine, *, source: str, types: Mapping[str, str], rows: int) -> None:
        self.engine, self.source, self.types, self.rows = engine, source, types, rows
        self.texts = [name for name, type in types.items() if type in _TEXT]
        wholes = [name for name, type in types.items() if type in _WHOLE]
        self.tests: dict[str, dict[str, str]] = {name: _tests(_column(name)) for name in self.texts}
        self.tests |= {name: {"nir": _nir(f"CAST({_column(name)} AS VARCHAR)")} for name in wholes}
        self.counts = self._counted()
        self.likely = self._sampled()

    def _counted(self) -> dict[str, dict[str, int]]:
        """How many cells of each column are filled, and pass each test, in one pass."""
        asked = [(name, "filled", f"count({_column(name)})") for name in self.types]
        asked += [
            (name, test, f"count(*) FILTER ({condition})")
            for name, tests in self.tests.items()
            for test, condition in tests.items()
        ]
        values = self.engine.row(f"SELECT {', '.join(each[2] for each in asked)} FROM {self.source}")  # noqa: S608
        found: dict[str, dict[str, int]] = {name: {} for name in self.types}
        for (name, test, _sql), value in zip(asked, values, strict=True):
            found[name][test] = int(value)
        return found

    def _sampled(self) -> dict[str, dict[str, float]]:
        """The share of filled cells that look like a name or a street, in a sample."""
        if not self.texts:
            return {}
        columns = ", ".join(map(_column, self.texts))
        asked = []
        for name in self.texts:
            cell = _column(name)
            asked += [f"count({cell})", f"count(*) FILTER ({_person(cell)})", f"count(*) FILTER ({_street(cell)})"]
        values = self.engine.row(
            f"SELECT {', '.join(asked)} FROM (SELECT {columns} FROM {self.source} "  # noqa: S608
            f"USING SAMPLE reservoir({SAMPLE} ROWS) REPEATABLE (5))"
        )
        found = {}
        for place, name in enumerate(self.texts):
            filled, people, streets = values[3 * place : 3 * place + 3]
            found[name] = {"person": people / filled if filled else 0.0, "street": streets / filled if filled else 0.0}
        return found

    def some(self, name: str, condition: str, *, most: int) -> list[str]:
        cell = _column(name)
        found = self.engine.rows(
            f"SELECT DISTINCT CAST({cell} AS VARCHAR) AS c FROM (SELECT {cell} FROM {self.source} "  # noqa: S608
            f"WHERE {condition} LIMIT {most * 20}) ORDER BY c LIMIT {most}"
        )
        return [str(row[0]) for row in found]

    def shown(self, name: str, test: str = "") -> tuple[str, ...]:
        condition = self.tests.get(name, {}).get(test) or f"{_column(name)} IS NOT NULL"
        return tuple(masked(each) for each in self.some(name, condition, most=EVIDENCE))


def _of_column(name: str, heading: str, looked: _Looked) -> Finding | None:
    """The gravest thing that is known of a column: a key that is right, then values, then its heading."""
    counts, filled = looked.counts[name], looked.counts[name]["filled"]
    if not filled:
        return None
    by_name = words.named(heading)

    def made(category: str, rows: int, sure: str, *, test: str = "", **more: Any) -> Finding:
        kind = words.CATEGORIES[category]
        return Finding(
            column=name, category=category, share=rows / looked.rows, rows=rows, sure=sure, special=kind.special,
            identifies=kind.identifies, evidence=looked.shown(name, test), **more,
        )  # fmt: skip

    for category, right in (("nir", nir_holds), ("iban", iban_holds)):
        if rows := counts.get(category, 0):
            some = looked.some(name, looked.tests[name][category], most=CHECKED)
            share = sum(map(right, some)) / len(some)
            if share > 0.5 or (by_name and by_name.id == category):
                return made(category, rows, SURE if share > 0.5 else LIKELY, test=category)
    if rows := counts.get("email", 0):
        if rows >= ENOUGH * filled:
            offices = counts["office"] >= 0.9 * rows
            why = _("ces adresses sont presque toutes celles de services (mairie@, contact@…)") if offices else ""
            return made("email", rows, LIKELY if offices else SURE, test="email", confirm=offices, why=why)
        return made("free-text", max(rows, counts["inside"]), LIKELY, test="inside")
    if (rows := counts.get("phone", 0)) >= ENOUGH * filled and rows:
        return made("phone", rows, SURE, test="phone")
    if rows := counts.get("inside", 0):
        return made("free-text", rows, LIKELY, test="inside")
    if (rows := counts.get("device", 0)) > 0.5 * filled:
        return made("ip", rows, LIKELY, test="device")
    if (rows := counts.get("plate", 0)) > 0.5 * filled:
        return made("plate", rows, LIKELY, test="plate")
    likely = looked.likely.get(name, {"person": 0.0, "street": 0.0})
    if by_name and by_name.id != "person-name":
        agrees = (by_name.id == "address" and likely["street"] > NAMED_SO) or (
            by_name.id == "birth" and looked.types[name] == "DATE"
        )
        sure = LIKELY if agrees else POSSIBLE
        return made(by_name.id, filled, sure)
    if likely["street"] > NAMED_SO:
        return made("address", filled, LIKELY)
    if counts.get("siret", 0) >= MOSTLY * filled:
        return None  # the SIRET of a « titulaire » is nobody's name
    if by_name is None:
        return made("person-name", filled, POSSIBLE) if likely["person"] > 0.5 else None
    if likely["person"] > NAMED_SO:
        return made("person-name", filled, LIKELY)
    return made("person-name", filled, POSSIBLE, why="" if not words.said_alone(heading) else heading)


def _together(found: Sequence[Finding], headings: Mapping[str, str], types: Mapping[str, str]) -> list[Finding]:
    """What one column says of the others: a telephone is somebody's when somebody is named beside it."""
    bodies = any(_BODIES.search(heading) for heading in headings.values())
    certain = [each for each in found if each.identifies and not each.confirm and not _doubtful(each, found, bodies)]
    somebody = [each for each in certain if each.category not in ("phone", "plate", "ip")]
    kept = []
    for each in found:
        if each.category == "person-name" and _doubtful(each, found, bodies):
            if each.why and each.sure == POSSIBLE and not bodies:
                continue  # « nom » of what names nobody
            each = replace(
                each, confirm=True,
                why=_("ces noms semblent être ceux d’organismes ou de lieux"),
            )  # fmt: skip
        elif each.category in ("phone", "address") and not somebody:
            each = replace(
                each, confirm=True, why=_("aucune colonne ne nomme une personne : ce serait celui d’un lieu")
            )
        kept.append(replace(each, why=each.why if each.confirm else ""))
    if somebody:
        known = {each.column for each in kept}
        for name, heading in headings.items():
            if name not in known and (_POSITION.search(heading) or types[name] in ("BLOB", "GEOMETRY")):
                kept.append(
                    Finding(
                        column=name,
                        category="position",
                        share=max(each.share for each in somebody),
                        rows=max(each.rows for each in somebody),
                        sure=LIKELY,
                    )
                )
    order = list(headings)
    return sorted(kept, key=lambda each: order.index(each.column))


def _doubtful(each: Finding, found: Iterable[Finding], bodies: bool) -> bool:
    """Whether a name may be that of a thing or a body: nothing in its cells or beside it says a person."""
    if each.category != "person-name" or each.sure == LIKELY:
        return False
    beside = [other for other in found if other.column != each.column and other.category in ("birth", "nir", "sex")]
    names = [other for other in found if other.category == "person-name"]
    return not beside and (bodies or (len(names) < 2 and bool(each.why)))


# What a cell is, as SQL.


def _column(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _tests(cell: str) -> dict[str, str]:
    """Each with a cheap guard before it: a projection computes both sides of an AND, but not of a CASE."""
    plain, tight = f"trim({cell})", f"upper(replace({cell}, ' ', ''))"
    at, long = f"contains({cell}, '@')", f"length({cell})"
    email = f"regexp_full_match({plain}, {literal(EMAIL)})"
    offices = f"regexp_matches(lower({plain}), {literal(words.ROLE)})"
    return {
        "siret": _when(f"{long} BETWEEN 14 AND 20", f"regexp_full_match({tight}, '[0-9]{{14}}')"),
        "email": _when(at, email),
        "office": _when(at, f"{email} AND {offices}"),
        "phone": _when(
            f"{long} BETWEEN 10 AND 25 AND left({cell}, 1) IN ('0', '+', ' ')",
            f"regexp_full_match({plain}, {literal(PHONE)})",
        ),
        "inside": (
            f"CASE WHEN {at} THEN regexp_matches({cell}, {literal(EMAIL)}) WHEN {long} > 20 AND "
            f"{long} - length(translate({cell}, '0123456789', '')) >= 9 "
            f"THEN regexp_matches({cell}, {literal(_INSIDE)}) ELSE false END"
        ),
        "nir": _nir(cell),
        "iban": _when(
            f"{long} BETWEEN 15 AND 45 AND substr({cell}, 3, 1) BETWEEN ' ' AND '9'",
            f"regexp_full_match({tight}, {literal(IBAN)})",
        ),
        "plate": _when(f"{long} BETWEEN 7 AND 10", f"regexp_full_match({plain}, {literal(PLATE)})"),
        "device": _when(
            f"{long} BETWEEN 7 AND 17 AND translate({cell}, '.:', '') <> {cell}",
            f"regexp_full_match({plain}, {literal(DEVICE)})",
        ),
    }


def _nir(cell: str) -> str:
    tight = f"upper(replace({cell}, ' ', ''))"
    return _when(
        f"length({cell}) BETWEEN 15 AND 23 AND left({cell}, 1) BETWEEN '1' AND '8'",
        f"regexp_full_match({tight}, '{NIR}[0-9]{{2}}')",
    )


def _when(guard: str, test: str) -> str:
    return f"CASE WHEN {guard} THEN {test} ELSE false END"


def _person(cell: str) -> str:
    """One to four words, all letters, the first or the last a frequent first name, none of them a thing's.

    Or a title and a name: « Mme Durand ».
    """
    folded = f"lower(strip_accents(trim({cell})))"
    parts = rf"string_split_regex({folded}, '[ -]+')"
    letters = rf"regexp_full_match({folded}, '[a-z''-]+( [a-z''-]+){{0,3}}')"
    first, last = f"{parts}[1]", f"{parts}[-1]"
    known, things = literals(sorted(words.FIRST_NAMES)), literals(sorted(words.THINGS))
    somebody = f"({first} IN ({known}) OR {last} IN ({known})) AND {first} NOT IN ({things})"
    titled = rf"regexp_full_match({folded}, '{TITLE}[a-z''-]+( [a-z''-]+){{0,3}}')"
    return _when(f"length({cell}) < 60", f"({letters} AND {somebody}) OR {titled}")


def _street(cell: str) -> str:
    return f"regexp_matches(lower(strip_accents(trim({cell}))), {literal(STREET)})"


# Keys of numbers.


def nir_holds(cell: str) -> bool:
    """Whether the key of a social security number is right: 97 less the rest of its 13 digits by 97 (INSEE)."""
    plain = cell.replace(" ", "").upper()
    if not re.fullmatch(NIR + r"[0-9]{2}", plain):
        return False
    number = plain[:13].replace("2A", "19").replace("2B", "18") if plain[5:7] in ("2A", "2B") else plain[:13]
    return 97 - int(number) % 97 == int(plain[13:])


def iban_holds(cell: str) -> bool:
    """Whether the key of an international bank account number is right (ISO 13616, ISO 7064 mod 97-10)."""
    plain = cell.replace(" ", "").upper()
    if not re.fullmatch(IBAN, plain):
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1
