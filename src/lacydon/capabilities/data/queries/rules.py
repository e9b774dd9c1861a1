"""What a schema asks of each cell, as SQL: one boolean expression by rule, true where the cell is wrong.

The expressions speak of the columns of `view_of`: for the file's column 3, `x3` is the cell, `k3` whether it is well
written (NULL: missing) and `v3` its value; `r` is the row from 0, `n` its number of cells, `blank` whether it is empty.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from . import sentences
from .engine import Engine, among, literal, literals
from .lexical import Reading, matches, reading_of
from .reading import Table
from .schemas import BOUNDED, BOUNDS, Field, SchemaWarning

COMPARISONS = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
LOST = "contains({}, chr(65533))"


@dataclass(frozen=True)
class Rule:
    """One thing asked of every row; `code` is the type of error in frictionless."""

    code: str
    bad: str
    columns: tuple[int, ...] = ()
    position: int = 0
    name: str = ""
    shown: str = "NULL"
    note: str = ""
    expected: str = ""
    mend: str = ""
    sure: str = ""
    """For a well-written cell `x…`, true only if the rule is kept, for less than asking whether it is broken."""


@dataclass
class Columns:
    """The columns of the file that the schema describes: name → position in the file, and how each is read."""

    table: Table
    fields: Mapping[int, Field]
    warnings: list[SchemaWarning] = field(default_factory=list)

    def position(self, name: str) -> int | None:
        return next((position for position, each in self.fields.items() if each.name == name), None)

    def reading(self, position: int) -> Reading:
        return reading_of(self.fields[position])(f"c{position}")

    def warn(self, where: str, sentence: str) -> None:
        self.warnings.append(SchemaWarning(where, sentence))

    def view_of(self, positions: Iterable[int], source: str = "doubtful") -> str:
        """The SELECT that the rules about these columns read from; `source` has the cells and `r`."""
        return f"SELECT r, {', '.join([*self.shape(), *self.parts(positions)])} FROM {source}"  # noqa: S608

    def shape(self) -> list[str]:
        """`n`, `blank` and `extra` of the row."""
        if self.table.rewritten:
            return ["n", "blank", "extra"]
        empty = " AND ".join(f"c{position} = ''" for position in self.table.loaded)
        return [f"{len(self.table.labels)} AS n", f"({empty}) AS blank"]

    def parts(self, positions: Iterable[int]) -> list[str]:
        """`x…`, `k…`, `v…` and `i…` of these columns."""
        parts = []
        for position in sorted(set(positions)):
            each, reading = self.fields[position], self.reading(position)
            written = reading.written
            if each.missing_values:
                written = f"CASE WHEN {among(f'c{position}', each.missing_values)} THEN NULL ELSE {written} END"
            parts += [f"c{position} AS x{position}", f"({written}) AS k{position}", f"({reading.value}) AS v{position}"]
            parts.append(f"({reading.key or reading.value}) AS i{position}")
        return parts


def rules_of_rows(table: Table) -> Iterator[Rule]:
    """What any table must be, whatever the schema."""
    yield Rule("blank-row", "blank", expected=_("une ligne remplie"), mend=_("supprimez les lignes vides du fichier"))
    if not table.rewritten:
        return
    width = len(table.labels)
    cells = sentences.cells(width)
    mend = _("vérifiez le nombre de séparateurs de la ligne ; un texte qui en contient s’écrit entre guillemets")
    word = _("cellules")
    shown = f"n || ' ' || {literal(word)}"
    yield Rule("missing-cell", f"n < {width} AND NOT blank", shown=shown, expected=cells, mend=mend)
    shown += " || CASE WHEN extra = '' THEN '' ELSE ', ' || extra END"
    yield Rule("extra-cell", f"n > {width}", shown=shown, expected=cells, mend=mend)


def rules_of_field(engine: Engine, columns: Columns, position: int) -> Iterator[Rule]:
    """The type, then each constraint."""
    each = columns.fields[position]
    x, k = f"x{position}", f"k{position}"
    about = {"columns": (position,), "position": position, "shown": x}
    if columns.table.encoding.damaged:
        yield Rule(
            "source-error", LOST.format(x), name="encoding", expected=_("des lettres lisibles"),
            mend=_("enregistrez le fichier en UTF-8 et retapez les lettres remplacées par �"), **about,  # type: ignore[arg-type]
        )  # fmt: skip
    if each.type not in ("any",) and not (each.type == "string" and each.format == "default"):
        yield Rule(
            "type-error", f"NOT {k}", sure="true", name="type", note=f'type is "{each.type}/{each.format}"',
            expected=sentences.type_expected(each), mend=sentences.type_mend(each), **about,  # type: ignore[arg-type]
        )  # fmt: skip
    for name, value in each.constraints.items():
        bad = _constraint(engine, columns, position, name)
        if bad is None:
            continue
        yield Rule(
            "constraint-error", bad, name=name, sure=_sure(engine, columns, position, name),
            note=f'constraint "{name}" is "{value}"',
            expected=sentences.constraint_expected(each, name, value),
            mend=sentences.constraint_mend(each, name), **about,  # type: ignore[arg-type]
        )  # fmt: skip


def _constraint(engine: Engine, columns: Columns, position: int, name: str) -> str | None:
    """The expression of a constraint; None when it asks nothing of a single cell, or cannot be checked."""
    each = columns.fields[position]
    value = each.constraints[name]
    x, k, v = f"x{position}", f"k{position}", f"v{position}"
    if name == "required":
        return f"{k} IS NULL AND NOT blank AND n >= {position}" if value else None
    if name in ("minLength", "maxLength"):
        length = {"array": f"json_array_length({x})", "object": f"len(json_keys({x}))"}.get(each.type, f"length({x})")
        return f"CASE WHEN {k} THEN {length} {'<' if name == 'minLength' else '>'} {value} ELSE false END"
    if name in BOUNDS:
        bound = _bound(engine, each, value)
        if bound is None:
            columns.warn(
                each.name, _("la borne « %s » n’est pas du type de la colonne : elle n’est pas vérifiée") % value
            )
            return None
        wrong = f"NOT ({v} {COMPARISONS[name]} {bound})"
        return f"{k} AND ({wrong} OR isnan({v}))" if each.type == "number" else f"{k} AND {wrong}"
    if name == "pattern":
        asked = _pattern(engine, x, value)
        if asked is None:
            columns.warn(each.name, _("le motif « %s » n’est pas compris : il n’est pas vérifié") % value)
            return None
        return f"{k} AND NOT ({asked})"
    if name == "enum":
        return f"{k} AND NOT ({_enum(engine, each, position)})"
    return None


def _sure(engine: Engine, columns: Columns, position: int, name: str) -> str:
    """True only for cells that keep the constraint, among those that are there and surely well written."""
    each = columns.fields[position]
    x, quick, value = f"x{position}", columns.reading(position).quick, each.constraints[name]
    if name == "required":
        return "true"
    if name == "maxLength" and each.type in ("string", "any"):
        return f"(strlen({x}) <= {value} OR length({x}) <= {value})"
    if name == "minLength" and each.type in ("string", "any"):
        return f"length({x}) >= {value}"
    if name == "pattern":
        return _pattern(engine, x, value) or ""
    if name == "enum" and each.type == "string" and value:
        return among(x, value)
    if name in BOUNDS and each.type in ("integer", "number", "date") and quick:
        bound = _bound(engine, each, value)
        found = engine.row(f"SELECT ({bound})::VARCHAR")[0] if bound else None
        if found is None:
            return ""
        kind = {"integer": "HUGEINT", "number": "DOUBLE", "date": "DATE"}[each.type]
        if each.type == "integer" and abs(int(found)) < 1 << 62:
            kind = "BIGINT"
        return f"{quick} {COMPARISONS[name]} {literal(found)}::{kind}"
    return ""


def surely_right(columns: Columns, rules: Iterable[Rule]) -> tuple[str, tuple[str, ...]]:
    """An expression that is true only for rows that keep all these rules, and the columns that it speaks of.

    Most rows of most files are right: what is cheap and enough is asked of all, what is exact only of the others.
    """
    by_column: dict[int, list[Rule]] = {}
    exact, asked, needed = [], [], set()
    for each in rules:
        if len(each.columns) == 1:
            by_column.setdefault(each.columns[0], []).append(each)
        else:
            exact.append(each)
    for position, its_own in sorted(by_column.items()):
        reading, kept = columns.reading(position), [each.sure for each in its_own]
        if not reading.surely or not all(kept):
            exact += its_own
            continue
        missing = columns.fields[position].missing_values
        kept = [re.sub(rf"\bx{position}\b", f"c{position}", each) for each in (reading.surely, *kept)]
        right = " AND ".join(dict.fromkeys(part for part in kept if part != "true"))
        required = any(each.name in ("required", "primaryKey") for each in its_own)
        if missing:
            gap = among(f"c{position}", missing)
            right = f"NOT {gap} AND ({right or 'true'})" if required else f"{gap} OR ({right})" if right else ""
        if right:
            asked.append(f"({right})")
    for each in exact:
        needed |= set(each.columns)
        asked.append(f"NOT coalesce({each.bad}, false)")
    return " AND ".join(asked) or "true", tuple(columns.parts(needed))


def _readings(each: Field) -> list[Field]:
    """How a value of the schema itself may be written: as in the file, or as JSON has it."""
    return [each, replace(each, format="default", decimal_char=".", group_char="", bare_number=True)]


def _bound(engine: Engine, each: Field, value: str) -> str | None:
    for way in _readings(each):
        reading = reading_of(way)(literal(value))
        if engine.row(f"SELECT coalesce({reading.written}, false)")[0]:
            return reading.value
    return None


def _pattern(engine: Engine, cell: str, pattern: str) -> str | None:
    """A pattern as RE2 has it. What it lacks, looking ahead, is taken off the beginning and asked apart."""
    asked = []
    rest = pattern
    while ahead := re.match(r"\^?\(\?([=!])((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*)\)", rest):
        inside = f"regexp_matches({cell}, {literal(f'^(?:{ahead[2]})')}, 's')"
        asked.append(inside if ahead[1] == "=" else f"NOT {inside}")
        rest = rest[ahead.end() :]
    asked.append(matches(cell, rest))
    whole = " AND ".join(asked)
    return whole if engine.understands(whole.replace(cell, "''")) else None


def _enum(engine: Engine, each: Field, position: int) -> str:
    values = each.constraints["enum"]
    if each.type not in BOUNDED and each.type != "boolean":
        return among(f"x{position}", values) if values else "false"
    keys = set()
    for way in _readings(each):
        reading = reading_of(way)("c")
        cells = f"(SELECT unnest([{literals(values)}]) AS c)"
        query = f"SELECT ({reading.key or reading.value})::VARCHAR FROM {cells} WHERE {reading.written}"  # noqa: S608
        keys |= {key for (key,) in engine.rows(query)} if values else set()
    return among(f"coalesce(i{position}::VARCHAR, '')", sorted(keys)) if keys else "false"
