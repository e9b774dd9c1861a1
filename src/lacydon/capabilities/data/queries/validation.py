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
            number = len(self.findings) + 1
            self.engine.run(
                f"INSERT INTO faults SELECT r, {number}, cell, first "  # noqa: S608
                f"FROM ({each.query}) AS f(r, cell, first)"
            )
            count = self.engine.row("SELECT count(*) FROM faults WHERE rule = ?", [number])[0]
            if count:
                self._keep(each.rule, count)

    def _count(self, rules: Sequence[Rule]) -> None:
        view = self.columns.view_of(position for each in rules for position in each.columns)
        counted = ", ".join(f"count(*) FILTER (WHERE {each.bad})" for each in rules)
        counts = self.engine.row(f"SELECT {counted} FROM ({view})")  # noqa: S608
        for each, count in zip(rules, counts, strict=True):
            if count:
                number = len(self.findings) + 1
                self.engine.run(
                    f"INSERT INTO faults SELECT r, {number}, {each.shown}, NULL "  # noqa: S608
                    f"FROM ({self.columns.view_of(each.columns)}) WHERE {each.bad} LIMIT {MOST_KEPT}"
                )
                self._keep(each, count)

    def _keep(self, rule: Rule, count: int) -> None:
        number = len(self.findings) + 1
        examples = self.engine.rows(
            "SELECT r + 2, cell FROM faults WHERE rule = ? ORDER BY r LIMIT ?", [number, EXAMPLES]
        )
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
        query = 'SELECT r, rule, cell, "first" FROM faults ORDER BY r, rule LIMIT ?'
        kept = self.engine.rows(query, [limit])
        rows = self._cells(sorted({row for row, *_rest in kept}))
        for row, number, cell, first in kept:
            note = "" if first is None else _("la même valeur est à la ligne %d") % (first + 2)
            yield Fault(self.findings[number], row + 2, cell, cells=rows.get(row, ()), note=note)

    def _cells(self, rows: Sequence[int]) -> dict[int, tuple[str, ...]]:
        if not rows or len(self.table.loaded) > EXAMPLES * 20:
            return {}
        loaded = ", ".join(f"c{position}" for position in self.table.loaded)
        query = f"SELECT rowid, {loaded} FROM cells WHERE rowid IN (SELECT unnest(?::BIGINT[]))"  # noqa: S608
        return {row: tuple(cells) for row, *cells in self.engine.rows(query, [list(rows)])}
