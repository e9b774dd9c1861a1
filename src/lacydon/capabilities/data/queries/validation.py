"""A file against a schema, set by set.

While the file is read, every row is asked what is cheap and enough to be right; its cells are kept only when it is not
surely so. What is exact is asked of the rows kept: one pass counts what breaks each rule, the next fetches it.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from .encodings import spoken
from .engine import Engine, engine_for, literals
from .french import rule_of
from .keys import hashes_of, key_rules, rules_of_empty_keys
from .labels import fields_by_position, findings_of_labels, warnings_of_labels
from .marking import write_marked
from .reading import Sieve, Table, load
from .reports import EXAMPLES, Fault, Finding, Report
from .rules import Columns, Rule, rules_of_field, rules_of_rows, surely_right
from .schemas import Schema, SchemaWarning

AT_ONCE = 60
"""Rules counted in one query: a plan grows faster than its expressions."""
MOST_KEPT = 1_000_000
"""Places of one rule that are kept to be shown or marked; all are counted."""
FEW = 1_000
"""Places of one rule that are noted while they are counted."""
MOST_FAULTS = 1_000
MOST_ALIKE = 20_000
"""Rows that share a key, beyond which every cell is kept instead."""


def validate(
    *,
    file: Path,
    schema: Schema,
    references: Mapping[str, Path] | None = None,
    limit: int = MOST_FAULTS,
    marked: Path | None = None,
) -> Report:
    """Checks the file; `references` are the tables that foreign keys name, `limit` the faults told one by one.

    `marked` is written as a copy of the file with a column of remarks. Raises UnreadableTable when there is no verdict.
    """
    began = time.monotonic()
    others = dict(references or {})
    with engine_for(file, *others.values()) as engine:
        lean = marked is None and not schema.foreign_keys
        try:
            found = _Finder(engine, schema, file, lean=lean)
            found.check(others)
        except _TooManyAlikeError:
            found = _Finder(engine, schema, file, lean=False)
            found.check(others)
        table = found.table
        header = tuple(findings_of_labels(table, schema))
        if marked is not None:
            write_marked(engine, table, found.findings, marked)
        return Report(
            file=str(file),
            labels=table.labels,
            rows=table.rows,
            encoding="xlsx" if table.workbook else table.encoding.name,
            separator=table.separator,
            findings=header + found.shown(),
            faults=(*(Fault(each, None, each.column) for each in header), *found.faults(limit)),
            warnings=(*schema.warnings, *found.columns.warnings, *warnings_of_labels(table, schema), *_about(table)),
            seconds=time.monotonic() - began,
            size=file.stat().st_size,
        )


class _TooManyAlikeError(Exception):
    """More rows share a key than are worth finding again one by one."""


def _about(table: Table) -> Iterator[SchemaWarning]:
    if not table.workbook and not table.encoding.name.startswith("utf-8"):
        sentence = _("le fichier est écrit en %s : l’UTF-8 est lu partout") % spoken(table.encoding.name)
        yield SchemaWarning(_("encodage"), sentence)
    if not table.rows:
        yield SchemaWarning(_("lignes"), _("le fichier n’a que son en-tête"))


class _Finder:
    """The table `faults` of the engine: (r, rule, cell, first)."""

    columns: Columns
    rules: list[Rule]

    def __init__(self, engine: Engine, schema: Schema, file: Path, *, lean: bool) -> None:
        self.engine = engine
        self.schema = schema
        self.lean = lean
        self.findings: dict[int, Finding] = {}
        self.table = load(engine, file, names=[each.name for each in schema.fields], sieve=self._sieve)

    def _sieve(self, table: Table) -> Sieve:
        self.columns = Columns(table, fields_by_position(table, self.schema))
        self.rules = list(rules_of_rows(table))
        for position in sorted(self.columns.fields):
            self.rules += rules_of_field(self.engine, self.columns, position)
        self.rules += rules_of_empty_keys(self.schema, self.columns)
        checks = (rule_of(each, self.columns) for each in self.schema.custom_checks)
        self.rules += [each for each in checks if each is not None]
        sure, inner = surely_right(self.columns, self.rules)
        inner = inner if table.rewritten else (*self.columns.shape(), *inner)
        return Sieve(sure=sure, hashes=hashes_of(self.schema, self.columns), inner=inner, lean=self.lean)

    def check(self, references: Mapping[str, Path]) -> None:
        self.engine.run('CREATE OR REPLACE TABLE faults (r BIGINT, rule INTEGER, cell VARCHAR, "first" BIGINT)')
        self._set_apart()
        for start in range(0, len(self.rules), AT_ONCE):
            self._count(self.rules[start : start + AT_ONCE])
        for each in key_rules(self.engine, self.schema, self.columns, references):
            if each.hash and not self._find_alike(each.hash):
                continue
            number = len(self.findings) + 1
            self.engine.run(
                f"INSERT INTO faults SELECT r, {number}, cell, first "  # noqa: S608
                f"FROM ({each.query}) AS f(r, cell, first)"
            )
            count = self.engine.row(f"SELECT count(*) FROM faults WHERE rule = {number}")[0]  # noqa: S608
            if count:
                self._keep(each.rule, count)

    def _set_apart(self) -> None:
        """`doubtful`: the rows that are not surely right, with their cells; `every_row` where all cells are kept."""
        if self.table.lean:
            cells = ", ".join(f"kept[{place}] AS c{n}" for place, n in enumerate(self.table.loaded, 1))
            self.engine.run(
                f"CREATE OR REPLACE TABLE doubtful AS SELECT rowid AS r, {cells} FROM cells WHERE kept IS NOT NULL"  # noqa: S608
            )
            return
        for kind in ("TABLE", "VIEW"):
            self.engine.drop(kind, "doubtful")
        self.engine.run("CREATE VIEW doubtful AS SELECT rowid AS r, * FROM cells WHERE NOT sure")
        self.engine.run("CREATE OR REPLACE VIEW every_row AS SELECT rowid AS r, * FROM cells")

    def _find_alike(self, key: str) -> int:
        """Makes the table of the rows that share a hash; how many there are."""
        twice = f"SELECT {key} FROM cells WHERE {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1"  # noqa: S608
        self.engine.run(f"CREATE OR REPLACE TABLE twice AS {twice}")
        if not self.engine.row("SELECT count(*) FROM twice")[0]:
            return 0
        twice = "FROM twice"
        name = f"alike_{key}"
        if not self.table.lean:
            rows = f"SELECT rowid AS r, * FROM cells WHERE {key} IN ({twice})"  # noqa: S608
            self.engine.run(f"CREATE OR REPLACE TABLE {name} AS {rows}")
            return 1
        found = self.engine.rows(f"SELECT rowid FROM cells WHERE {key} IN ({twice}) LIMIT {MOST_ALIKE + 1}")  # noqa: S608
        if len(found) > MOST_ALIKE:
            raise _TooManyAlikeError
        self._find_again(name, [row for (row,) in found])
        return len(found)

    def _find_again(self, name: str, rows: Sequence[int]) -> None:
        """A table of these rows with their cells, which were left in the file."""
        columns = ", ".join(f"c{position} VARCHAR" for position in self.table.loaded)
        self.engine.run(f"CREATE OR REPLACE TABLE {name} (r BIGINT, {columns})")
        cells = [f"({row}, {literals(each)})" for row, each in self._lines(rows)]
        for start in range(0, len(cells), 500):
            self.engine.run(f"INSERT INTO {name} VALUES {', '.join(cells[start : start + 500])}")  # noqa: S608

    def _lines(self, rows: Sequence[int]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Cells of rows, from the file itself."""
        assert self.table.lines is not None
        for number, line in self.table.lines.lines([row + 1 for row in rows]):
            yield number - 1, tuple(line.decode("utf-8").split(self.table.separator))

    def _count(self, rules: Sequence[Rule]) -> None:
        """Counts what breaks each rule and notes the first rows in the same pass; cells are fetched afterwards."""
        view = self.columns.view_of(position for each in rules for position in each.columns)
        flags = ", ".join(f"({each.bad}) AS b{n}" for n, each in enumerate(rules))
        counted = ", ".join(
            f"count(*) FILTER (WHERE b{n}), min(r, {FEW}) FILTER (WHERE b{n})" for n, _each in enumerate(rules)
        )
        row = self.engine.row(f"SELECT {counted} FROM (SELECT r, {flags} FROM ({view}))")  # noqa: S608
        few: dict[int, tuple[Rule, list[int]]] = {}
        broken = [(each, row[2 * n], row[2 * n + 1]) for n, each in enumerate(rules) if row[2 * n]]
        for number, (rule, count, rows) in enumerate(broken, len(self.findings) + 1):
            if count <= FEW:
                few[number] = (rule, rows)
                continue
            self.engine.run(
                f"INSERT INTO faults SELECT r, {number}, {rule.shown}, NULL "  # noqa: S608
                f"FROM ({self.columns.view_of(rule.columns)}) WHERE {rule.bad} LIMIT {MOST_KEPT}"
            )
        self._fetch(few)
        for rule, count, _rows in broken:
            self._keep(rule, count)

    def _fetch(self, few: Mapping[int, tuple[Rule, list[int]]]) -> None:
        """The cells of rules that few rows break, all in one pass."""
        if not few:
            return
        places = [(row, number) for number, (_rule, rows) in few.items() for row in rows]
        view = self.columns.view_of(position for rule, _rows in few.values() for position in rule.columns)
        shown = " ".join(f"WHEN {number} THEN {rule.shown}" for number, (rule, _rows) in few.items())
        self.engine.run(
            f"INSERT INTO faults SELECT r, rule, CASE rule {shown} END, NULL FROM ({view}) "  # noqa: S608
            f"JOIN (SELECT unnest({[row for row, _number in places]}) AS place, "
            f"unnest({[number for _row, number in places]}) AS rule) ON r = place"
        )

    def _keep(self, rule: Rule, count: int) -> None:
        number = len(self.findings) + 1
        examples = self.engine.rows(f"SELECT r + 2, cell FROM faults WHERE rule = {number} ORDER BY r LIMIT {EXAMPLES}")  # noqa: S608
        self.findings[number] = Finding(
            code=rule.code,
            count=count,
            expected=rule.expected,
            mend=rule.mend,
            column=self.table.labels[rule.position - 1] if rule.position else "",
            position=rule.position,
            name=rule.name,
            note=rule.note,
            examples=tuple(examples),
        )

    def shown(self) -> tuple[Finding, ...]:
        """Whole rows first, then column by column."""
        return tuple(sorted(self.findings.values(), key=lambda each: each.position))

    def faults(self, limit: int) -> Iterator[Fault]:
        """The first ones, in the order of the file."""
        kept = self.engine.rows(f'SELECT r, rule, cell, "first" FROM faults ORDER BY r, rule LIMIT {limit:d}')  # noqa: S608
        rows = self._cells(sorted({row for row, *_rest in kept}))
        for row, number, cell, first in kept:
            note = "" if first is None else _("la même valeur est à la ligne %d") % (first + 2)
            yield Fault(self.findings[number], row + 2, cell, cells=rows.get(row, ()), note=note)

    def _cells(self, rows: Sequence[int]) -> dict[int, tuple[str, ...]]:
        if not rows or len(self.table.loaded) > EXAMPLES * 20:
            return {}
        if self.table.lean:
            return dict(self._lines(rows))
        loaded = ", ".join(f"c{position}" for position in self.table.loaded)
        query = f"SELECT rowid, {loaded} FROM cells WHERE rowid IN (SELECT unnest({list(rows)}))"  # noqa: S608
        return {row: tuple(cells) for row, *cells in self.engine.rows(query)}
