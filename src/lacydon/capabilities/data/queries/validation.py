"""A file against a schema, set by set: one pass counts what breaks each rule, the next fetches what was counted."""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from .engine import Engine, engine_for
from .french import rule_of
from .keys import key_rules
from .labels import fields_by_position, findings_of_labels, warnings_of_labels
from .marking import write_marked
from .reading import Table, load
from .reports import EXAMPLES, Fault, Finding, Report
from .rules import Columns, Rule, rules_of_field, rules_of_rows
from .schemas import Schema, SchemaWarning

AT_ONCE = 60
"""Rules counted in one query: a plan grows faster than its expressions."""
MOST_KEPT = 1_000_000
"""Places of one rule that are kept to be shown or marked; all are counted."""
FEW = 1_000
"""Places of one rule that are noted while they are counted."""
MOST_FAULTS = 1_000


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
        table = load(engine, file, names=[each.name for each in schema.fields])
        columns = Columns(table, fields_by_position(table, schema))
        found = _Finder(engine, table, columns)
        found.check(schema, others)
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
            warnings=(*schema.warnings, *columns.warnings, *warnings_of_labels(table, schema), *_about(table)),
            seconds=time.monotonic() - began,
            size=file.stat().st_size,
        )


def _about(table: Table) -> Iterator[SchemaWarning]:
    if not table.workbook and not table.encoding.name.startswith("utf-8"):
        sentence = _("le fichier est écrit en %s : l’UTF-8 est lu partout") % table.encoding.name.upper()
        yield SchemaWarning(_("encodage"), sentence)
    if not table.rows:
        yield SchemaWarning(_("lignes"), _("le fichier n’a que son en-tête"))


class _Finder:
    """The table `faults` of the engine: (r, rule, cell, first)."""

    def __init__(self, engine: Engine, table: Table, columns: Columns) -> None:
        self.engine = engine
        self.table = table
        self.columns = columns
        self.findings: dict[int, Finding] = {}

    def check(self, schema: Schema, references: Mapping[str, Path]) -> None:
        self.engine.run('CREATE TABLE faults (r BIGINT, rule INTEGER, cell VARCHAR, "first" BIGINT)')
        rules = list(rules_of_rows(self.table))
        for position in sorted(self.columns.fields):
            rules += rules_of_field(self.engine, self.columns, position)
        rules += [made for each in schema.custom_checks if (made := rule_of(each, self.columns)) is not None]
        for start in range(0, len(rules), AT_ONCE):
            self._count(rules[start : start + AT_ONCE])
        for each in key_rules(self.engine, schema, self.columns, references):
            if each.repeated and not self.engine.row(each.repeated)[0]:
                continue
            number = len(self.findings) + 1
            self.engine.run(
                f"INSERT INTO faults SELECT r, {number}, cell, first "  # noqa: S608
                f"FROM ({each.query}) AS f(r, cell, first)"
            )
            count = self.engine.row(f"SELECT count(*) FROM faults WHERE rule = {number}")[0]  # noqa: S608
            if count:
                self._keep(each.rule, count)

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
        loaded = ", ".join(f"c{position}" for position in self.table.loaded)
        query = f"SELECT rowid, {loaded} FROM cells WHERE rowid IN (SELECT unnest({list(rows)}))"  # noqa: S608
        return {row: tuple(cells) for row, *cells in self.engine.rows(query)}
