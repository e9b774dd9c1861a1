"""The clauses of ODSQL together: one question asked of a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _
from sqlglot import exp

from lacydon.kernel import clock

from ...errors import WrongQuestion
from ..columns import Column
from ..logical import Question, Table, both, by, col
from . import ranges, refining
from .functions import FUNCTIONS
from .grammar import Clause, Node, read, wrong
from .translation import Scope, name_of, trees
from .values import Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a question in ODSQL becomes.

    `grouped`: its rows are groups. `single`: it has one row, of figures over all rows. `volatile`: asked again a moment
    later it may have another answer (`now()`, `random()`): nothing may keep it. `types`: of its columns, by name.
    """

    question: Question
    grouped: bool = False
    single: bool = False
    volatile: bool = False
    types: tuple[tuple[str, str], ...] = ()


def condition(text: str, columns: Sequence[Column], *, timezone: str = "UTC", lang: str = "fr") -> exp.Expr | None:
    """A `where` alone, over these columns, as SQL; None when it is empty. Raises WrongQuestion, UnknownColumn."""
    table = Table(dataset="", number=0, content="", paths=(), columns=tuple(columns), rows=0)
    return asked(table, where=text, timezone=timezone, lang=lang).question.where


def asked(
    table: Table,
    *,
    select: str = "",
    where: str | Iterable[str] = "",
    group_by: str = "",
    order_by: str = "",
    refine: Iterable[str] = (),
    exclude: Iterable[str] = (),
    limit: int | None = None,
    offset: int = 0,
    timezone: str = "UTC",
    lang: str = "fr",
) -> Asked:
    """The question that these clauses ask. Raises WrongQuestion (with clause, position, expected), UnknownColumn."""
    reader = _Reader(table=table, zone=zone_of(timezone), lang=lang, moment=clock.now())
    wheres = [where] if isinstance(where, str) else where
    conditions: list[exp.Expr | None] = [reader.where(each) for each in wheres if each.strip()]
    conditions.append(refining.condition(table, refine=refine, exclude=exclude, zone=reader.zone))
    made = reader.answer(select, group_by, order_by)
    question = replace(made.question, where=both(*conditions), limit=limit, offset=offset)
    return replace(made, question=question, volatile=reader.volatile)


def zone_of(name: str) -> ZoneInfo:
    """Raises WrongQuestion for a time zone that does not exist."""
    if name not in _zones():
        raise WrongQuestion(
            _("Le fuseau horaire « %s » n’existe pas : écrivez par exemple Europe/Paris.") % name[:40], field="timezone"
        )
    return ZoneInfo(name)


def _zones() -> frozenset[str]:
    global _known
    if not _known:
        _known = frozenset(available_timezones())
    return _known


_known: frozenset[str] = frozenset()


@dataclass(kw_only=True)
class _Reader:
    table: Table
    zone: ZoneInfo
    lang: str
    moment: datetime
    volatile: bool = False

    def scope(self, clause: Clause, text: str, **more: object) -> Scope:
        return Scope(
            table=self.table,
            clause=clause,
            text=text,
            zone=self.zone,
            lang=self.lang,
            moment=self.moment,
            functions=FUNCTIONS,
            **more,  # type: ignore[arg-type]
        )

    def where(self, text: str) -> exp.Expr:
        scope = self.scope("where", text)
        made = scope.condition(read("where", text))
        self.volatile |= scope.volatile
        return made

    def answer(self, select: str, group_by: str, order_by: str) -> Asked:
        """The question but for its conditions."""
        keys: dict[str, Typed] = {}
        groups: list[exp.Expr] = []
        if group_by.strip():
            keys, groups = self._groups(group_by)
        columns: dict[str, Typed] = dict(keys)
        if select.strip():
            self._select(select, columns, grouped=bool(keys))
        orders = self._orders(order_by, columns, grouping=bool(keys)) if order_by.strip() else ()
        single = not keys and any(each.aggregate for each in columns.values())
        if single and not all(each.aggregate or each.said is not None for each in columns.values()):
            raise WrongQuestion(
                _("« select » mêle des champs et des calculs sur toutes les lignes : ajoutez group_by."), field="select"
            )
        if keys:
            self._refuse_ungrouped(keys, columns)
        shown = tuple(
            each.sql
            if isinstance(each.sql, exp.Column) and each.sql.name == name
            else exp.alias_(each.sql, name, quoted=True)
            for name, each in columns.items()
        )
        question = Question(columns=shown, group_by=tuple(groups), order_by=() if single else orders)
        types = tuple((name, each.type) for name, each in columns.items())
        return Asked(question=question, grouped=bool(keys), single=single, types=types)

    def _groups(self, text: str) -> tuple[dict[str, Typed], list[exp.Expr]]:
        scope = self.scope("group_by", text)
        keys: dict[str, Typed] = {}
        groups: list[exp.Expr] = []
        for node in trees(read("group_by", text)):
            of, name = self._named(scope, node)
            inner = trees(node)[0]
            shown, key = ranges.read(scope, inner) if ranges.is_range(inner) else (scope.expression(inner), None)
            if shown.aggregate or shown.said is not None:
                raise wrong("group_by", _("On groupe par un champ, un intervalle ou une partie de date."), inner)
            if shown.type == "shape":
                raise wrong("group_by", _("On ne groupe pas par une forme."), inner)
            self._add(scope, keys, name, shown, of)
            groups.append((key if key is not None else shown.sql).copy())
        self.volatile |= scope.volatile
        return keys, groups

    def _select(self, text: str, columns: dict[str, Typed], *, grouped: bool) -> None:
        scope = self.scope("select", text, aggregating=True, named=dict(columns) if grouped else {})
        whole = not grouped
        for node in trees(read("select", text)):
            if node.data == "everything":
                if whole:
                    self._all(columns)
                continue
            if node.data == "chosen":
                first, *patterns = (str(each) for each in node.children)
                found = {each.name: Typed(col(each.name), each.type) for p in patterns for each in scope.matching(p)}
                if first.lower() == "exclude":
                    if not columns and whole:
                        self._all(columns)
                    for each in found:
                        columns.pop(each, None)
                else:
                    columns |= found
                continue
            of, name = self._named(scope, node)
            self._add(scope, columns, name, scope.expression(trees(node)[0]), of)
        if not columns:
            raise WrongQuestion(_("« select » ne garde aucune colonne."), field="select")
        self.volatile |= scope.volatile

    def _all(self, columns: dict[str, Typed]) -> None:
        for each in self.table.columns:
            columns.setdefault(each.name, Typed(col(each.name), each.type))

    def _named(self, scope: Scope, node: Node) -> tuple[Node, str]:
        """The expression and the name it is given: its own words unless it has an alias."""
        inner, *rest = node.children
        assert not isinstance(inner, str)
        alias = str(rest[-1]).strip("`'\"") if rest else ""
        if alias.startswith("_"):
            raise wrong(scope.clause, _("Un nom ne commence pas par « _ »."), node)
        if alias:
            return node, alias[:200]
        if inner.data == "field":
            name = name_of(inner)
            return node, name if name in scope.named else scope.column(inner).name
        return node, scope.written(inner)[:200]

    def _add(self, scope: Scope, columns: dict[str, Typed], name: str, made: Typed, node: Node) -> None:
        known = columns.get(name)
        if known is not None and known.sql != made.sql:
            raise wrong(
                scope.clause, _("Deux colonnes ont le nom « %s » : donnez-leur un nom avec « as ».") % name[:60], node
            )
        if made.type == "null":
            made = Typed(exp.cast(exp.Null(), "TEXT"), "text", "")
        if made.said is not None and scope.clause == "group_by":
            raise wrong(scope.clause, _("On groupe par un champ, un intervalle ou une partie de date."), node)
        columns[name] = made

    def _orders(self, text: str, columns: dict[str, Typed], *, grouping: bool) -> tuple[exp.Expr, ...]:
        grouped = any(each.aggregate for each in columns.values())
        scope = self.scope("order_by", text, aggregating=True, named=dict(columns))
        made: list[exp.Expr] = []
        for node in trees(read("order_by", text)):
            inner, falling = trees(node)[0], str(node.children[-1]).lower() == "desc"
            written = scope.written(inner)
            of = columns[written] if written in columns else scope.expression(inner)
            if of.type in ("point", "shape"):
                raise wrong("order_by", _("On ne range pas par lieu ; distance(…) le permet."), inner)
            if of.said is not None or of.type == "null":
                continue  # a value is the same everywhere, and the engine would take a number for the place of a column
            made.append(by(of.sql.copy(), falling=falling))
        self.volatile |= scope.volatile
        if any(each.find(exp.AggFunc) for each in made) and not grouped and not grouping:
            raise WrongQuestion(_("order_by range par un calcul sur des lignes : ajoutez group_by."), field="order_by")
        return tuple(made)

    def _refuse_ungrouped(self, keys: dict[str, Typed], columns: dict[str, Typed]) -> None:
        grouped = [each.sql for each in keys.values()]
        for name, each in columns.items():
            if each.aggregate or each.said is not None or each.sql in grouped or not each.sql.find(exp.Column):
                continue
            raise WrongQuestion(
                _("« %s » n’est pas dans group_by : groupez aussi par lui, ou faites-en un calcul (max, count…).")
                % name[:60],
                field="select",
            )
