"""From a tree of ODSQL to expressions of SQL over the columns of one table."""

import fnmatch
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from lark import Token, Tree
from sqlglot import exp

from ...errors import UnknownColumn, WrongQuestion
from .. import places
from ..columns import Column
from ..logical import Table, col
from . import comparing, dates, values, words
from .comparing import compared, local, negated, text_of
from .grammar import Clause, Node, wrong
from .values import Typed

GEO_NAMES = ("geo_point_2d", "geo_shape", "geom", "geo_point")
"""What existing clients call the place of a row, whatever the dataset calls it."""
AGGREGATES = ("count", "sum", "avg", "min", "max", "median", "percentile", "bbox", "envelope")
METRES = {"m": 1.0, "km": 1000.0, "cm": 0.01, "mm": 0.001, "mi": 1609.344, "yd": 0.9144, "ft": 0.3048}


Function = Callable[["Scope", Node, list[Node]], Typed]


@dataclass(kw_only=True)
class Scope:
    """Where a clause is read: its table, clocks and language; what was named before; what was noticed on the way."""

    table: Table
    clause: Clause
    text: str
    zone: ZoneInfo
    lang: str
    moment: datetime
    functions: Mapping[str, Function]
    named: dict[str, Typed] = field(default_factory=dict)
    aggregating: bool = False
    """Whether aggregates may be asked for."""
    volatile: bool = False
    """Whether the same question has another answer a moment later."""

    def column(self, node: Node) -> Column:
        """The column a field names. Raises UnknownColumn, with the nearest name and the position."""
        name = name_of(node)
        for each in self.table.columns:
            if each.name == name:
                return each
        for each in self.table.columns:
            if each.name == name.lower():
                return each
        if name in GEO_NAMES and self.table.place is not None:
            return self.table.place
        try:
            return self.table.column(name)
        except UnknownColumn as error:
            position = node.meta.start_pos
            raise UnknownColumn(error.sentence, field=self.clause, clause=self.clause, position=position) from None

    # -- conditions

    def condition(self, node: Node) -> exp.Expr:
        """A condition. Raises WrongQuestion for what is none."""
        kind = str(node.data)
        if kind == "text":
            return self._search(values.unquoted(str(node.children[0])))
        reads: Callable[[Node], exp.Expr] | None = getattr(self, f"_is_{kind}", None)
        if reads is not None:
            return reads(node)
        made = self.expression(node)
        if made.type != "boolean":
            sentence = _("« %s » n’est pas une condition : comparez-le à une valeur.")
            raise wrong(self.clause, sentence % self.written(node)[:60], node)
        return made.sql

    def _is_where(self, node: Node) -> exp.Expr:
        return self.condition(tree(node.children[0]))

    def _is_or_(self, node: Node) -> exp.Expr:
        return exp.or_(*(self.condition(each) for each in trees(node)), copy=False)

    def _is_and_(self, node: Node) -> exp.Expr:
        return exp.and_(*(self.condition(each) for each in trees(node)), copy=False)

    def _is_negation(self, node: Node) -> exp.Expr:
        return negated(self.condition(trees(node)[0]))

    def _is_comparison(self, node: Node) -> exp.Expr:
        left, right = trees(node)
        operator = next(str(each) for each in node.children if isinstance(each, Token))
        made = self.expression(left), self.expression(right)
        return self._placed(node, lambda: compared(operator, *made, zone=self.zone))

    def _is_among(self, node: Node) -> exp.Expr:
        left, options = trees(node)
        made = self.expression(left), [self.expression(each) for each in trees(options)]
        found = self._placed(node, lambda: comparing.among(*made, zone=self.zone))
        return negated(found) if says(node, "NOT") else found

    def _is_between(self, node: Node) -> exp.Expr:
        left, spread = trees(node)
        of = self.expression(left)
        low, high = trees(spread)
        first, last = spread.children[0], spread.children[-1]
        held: list[exp.Expr] = []
        for bound, operator in ((low, ">=" if first == "[" else ">"), (high, "<=" if last == "]" else "<")):
            if bound.data != "unbounded":
                side = self.expression(bound)
                one = Typed(of.sql.copy(), of.type, of.said)
                held.append(self._placed(bound, lambda o=operator, a=one, b=side: compared(o, a, b, zone=self.zone)))
        found = exp.and_(*held) if held else exp.Not(this=exp.Is(this=of.sql, expression=exp.Null()))
        return negated(found) if says(node, "NOT") else found

    def _is_holds(self, node: Node) -> exp.Expr:
        left, right = trees(node)
        value, column = self.expression(left), self.column(right)
        if value.said is None:
            raise wrong(self.clause, _("Avant « in », écrivez un texte entre guillemets."), left)
        if column.type in ("json", "text"):
            found = comparing.holding(column, str(value.said))
        else:
            found = self._placed(
                node, lambda: compared("=", Typed(col(column.name), column.type), value, zone=self.zone)
            )
        return negated(found) if says(node, "NOT") else found

    def _is_like(self, node: Node) -> exp.Expr:
        left, right = (self.expression(each) for each in trees(node))
        if right.said is None:
            raise wrong(self.clause, _("Après « like », écrivez un texte entre guillemets."), trees(node)[1])
        found = words.resembles(text_of(left), str(right.said))
        return negated(found) if says(node, "NOT") else found

    def _is_is_null(self, node: Node) -> exp.Expr:
        missing = exp.Is(this=self.expression(trees(node)[0]).sql, expression=exp.Null())
        return exp.Not(this=missing) if says(node, "NOT") else missing

    def _is_is_boolean(self, node: Node) -> exp.Expr:
        of = self.expression(trees(node)[0])
        said = next(each for each in node.children if isinstance(each, Token) and each.type == "BOOLEAN")
        value = Typed(exp.convert(said.lower() == "true"), "boolean", said.lower() == "true")
        found = self._placed(node, lambda: compared("=", of, value, zone=self.zone))
        return negated(found) if says(node, "NOT") else found

    def _search(self, looked_for: str, columns: tuple[Column, ...] = ()) -> exp.Expr:
        asked = columns or tuple(each for each in self.table.columns if each.type in ("text", "json"))
        return words.searched([text_of(Typed(col(each.name), each.type)) for each in asked], looked_for)

    # -- expressions

    def expression(self, node: Node) -> Typed:
        """A value. Raises WrongQuestion, UnknownColumn."""
        kind = str(node.data)
        reads: Callable[[Node], Typed] | None = getattr(self, f"_of_{kind}", None)
        if reads is not None:
            return reads(node)
        if hasattr(self, f"_is_{kind}"):
            return Typed(exp.paren(self.condition(node)), "boolean")
        raise wrong(self.clause, _("« %s » n’a pas de sens ici.") % self.written(node)[:60], node)

    def _of_field(self, node: Node) -> Typed:
        name = name_of(node)
        if name in self.named:
            known = self.named[name]
            return Typed(known.sql.copy(), known.type, known.said, known.aggregate)
        column = self.column(node)
        return Typed(col(column.name), column.type)

    def _of_number(self, node: Node) -> Typed:
        said = values.number_said(str(node.children[0]))
        return values.literal(said, "integer" if isinstance(said, int) else "number")

    def _of_text(self, node: Node) -> Typed:
        return values.literal(values.unquoted(str(node.children[0])), "text")

    def _of_boolean(self, node: Node) -> Typed:
        return values.literal(str(node.children[0]).lower() == "true", "boolean")

    def _of_null(self, _node: Node) -> Typed:
        return Typed(exp.Null(), "null")

    def _of_date(self, node: Node) -> Typed:
        token = str(node.children[0])
        said = values.unquoted(token[4:].lstrip())
        period = self._placed(node, lambda: values.period(said, self.zone))
        if period.days:
            return Typed(values.day(period.start.date()), "date", said)
        return Typed(values.moment(period.start), "datetime", said)

    def _of_opposite(self, node: Node) -> Typed:
        of = self.expression(trees(node)[0])
        if of.said is not None and of.numeric:
            return values.literal(-of.said, of.type)
        if not of.numeric:
            raise wrong(self.clause, _("Le signe moins demande un nombre."), node)
        return Typed(exp.Neg(this=exp.paren(of.sql)), of.type, aggregate=of.aggregate)

    def _of_itself(self, node: Node) -> Typed:
        return self.expression(trees(node)[0])

    def _of_sum(self, node: Node) -> Typed:
        return self._arithmetic(node, {"+": exp.Add, "-": exp.Sub})

    def _of_product(self, node: Node) -> Typed:
        return self._arithmetic(node, {"*": exp.Mul, "/": exp.Div})

    def _arithmetic(self, node: Node, operators: dict[str, type[exp.Binary]]) -> Typed:
        made: Typed | None = None
        operator = "+"
        for each in node.children:
            if isinstance(each, Token):
                operator = str(each)
                continue
            term = self.expression(each)
            if not term.numeric and term.said is not None:
                term = values.literal(self._placed(each, lambda t=term: values.number_said(str(t.said))), "number")
            if not term.numeric:
                sentence = _("« %s » n’est pas un nombre : on ne peut pas compter avec.")
                raise wrong(self.clause, sentence % self.written(each)[:60], each)
            if made is None:
                made = term
                continue
            whole = {made.type, term.type} == {"integer"} and operator != "/"
            right = exp.Nullif(this=term.sql, expression=exp.convert(0)) if operator == "/" else exp.paren(term.sql)
            # Whole numbers are computed as decimals: what overflows is a large number rather than a failure.
            left = exp.cast(made.sql, "DOUBLE") if operator == "*" or not whole else made.sql
            joined = operators[operator](this=exp.paren(left), expression=right)
            made = Typed(
                exp.paren(joined),
                "integer" if whole and operator != "*" else "number",
                None,
                made.aggregate or term.aggregate,
            )
        assert made is not None
        return made

    def _of_call(self, node: Node) -> Typed:
        name = str(node.children[0]).lower()
        function = self.functions.get(name)
        if function is None:
            known = ", ".join(sorted(self.functions))
            sentence = _("La fonction « %(name)s » n’existe pas. Fonctions connues : %(known)s.")
            raise wrong(self.clause, sentence % {"name": name[:40], "known": known}, node)
        if name in AGGREGATES and not self.aggregating:
            raise wrong(self.clause, _("« %s » ne s’emploie que dans select et order_by.") % name, node)
        return function(self, node, trees(node))

    # -- what functions need

    def literal(self, node: Node, sentence: str) -> str:
        """What is written there as a value. Raises WrongQuestion with this sentence."""
        made = self.expression(node) if node.data in ("text", "number", "boolean", "date", "opposite") else None
        if made is None or made.said is None:
            raise wrong(self.clause, sentence, node)
        return str(made.said)

    def metres(self, node: Node) -> float:
        """A distance: `1.5km`, or a number of metres."""
        if node.data == "length":
            size, unit = dates.measure(str(node.children[0]))
            if unit in METRES:
                return size * METRES[unit]
        elif node.data == "number":
            return float(str(node.children[0]))
        raise wrong(self.clause, _("Une distance s’écrit 500m ou 1.5km."), node)

    def place(self, node: Node) -> Column:
        """The column of places a field names."""
        column = self.column(node) if node.data == "field" else None
        if column is None or not column.placed:
            raise wrong(self.clause, _("« %s » n’est pas une colonne de lieux.") % self.written(node)[:60], node)
        return column

    def geometry(self, node: Node) -> str:
        """What is written as geom'…'."""
        if node.data == "geometry":
            return str(node.children[0])[4:].lstrip()[1:-1]
        if node.data == "text":
            return values.unquoted(str(node.children[0]))
        raise wrong(self.clause, _("Une géométrie s’écrit geom'POINT(5.37 43.3)'."), node)

    def written(self, node: Node) -> str:
        """What was written there."""
        if node.meta.empty:
            return str(node.data)
        return self.text[node.meta.start_pos : node.meta.end_pos].strip()

    def matching(self, pattern: str) -> list[Column]:
        """Columns whose name is like this."""
        return [each for each in self.table.columns if fnmatch.fnmatchcase(each.name, pattern.lower())]

    def local(self, of: Typed) -> exp.Expr:
        return local(of, self.zone)

    def near(self, column: Column, geometry: str, metres: float) -> exp.Expr:
        """Whether a place is at most so far from the centre of a geometry."""
        lon, lat = self.centre(geometry)
        return places.within_distance(column, lon=lon, lat=lat, metres=metres)

    def centre(self, geometry: str) -> tuple[float, float]:
        made = places.read_geometry(geometry)
        point = made if made.geom_type == "Point" else made.centroid
        return float(point.x), float(point.y)

    def _placed(self, node: Node, act):  # type: ignore[no-untyped-def]
        """What `act` gives; its refusal then says where."""
        try:
            return act()
        except WrongQuestion as error:
            if "position" in error.facts:
                raise
            raise wrong(self.clause, str(error.sentence), node) from None

    placed = _placed


def trees(node: Node) -> list[Node]:
    return [each for each in node.children if isinstance(each, Tree)]


def tree(node: Node | Token) -> Node:
    assert isinstance(node, Tree)
    return node


def name_of(node: Node) -> str:
    """The name a field was written as, without its back-quotes."""
    return str(node.children[0]).strip("`").removeprefix("default.")


def says(node: Node, word: str) -> bool:
    """Whether a keyword was written in it."""
    return any(isinstance(each, Token) and each.type == word for each in node.children)
