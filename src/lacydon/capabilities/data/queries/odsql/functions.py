"""The functions of ODSQL."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from sqlglot import exp

from .. import places
from ..logical import col
from . import dates, values, words
from .grammar import Node, wrong
from .translation import Function, Scope, name_of, trees
from .values import Typed, call

Computes = Callable[[Scope, list[Node]], Typed]
FUNCTIONS: dict[str, Function] = {}


def function(*names: str, least: int, most: int) -> Callable[[Computes], Computes]:
    """Register a function under its names."""

    def register(made: Computes) -> Computes:
        def checked(scope: Scope, node: Node, arguments: list[Node]) -> Typed:
            if not least <= len(arguments) <= most:
                said = {"name": names[0], "least": least, "most": most}
                sentence = _("« %(name)s » demande de %(least)d à %(most)d valeurs entre parenthèses.")
                raise wrong(scope.clause, sentence % said, node)
            return scope.placed(node, lambda: made(scope, arguments))

        for each in names:
            FUNCTIONS[each] = checked
        return made

    return register


def condition(made: exp.Expr) -> Typed:
    return Typed(exp.paren(made), "boolean")


# -- words


def _looked_for(scope: Scope, arguments: list[Node]) -> tuple[list[exp.Expr], str]:
    """Texts to look in, and what for: search("x"), search(field, "x"), search(field, other, "x")."""
    sought = scope.literal(arguments[-1], _("Le texte à chercher s’écrit entre guillemets."))
    columns = []
    for each in arguments[:-1]:
        if each.data == "everything":
            return _all_texts(scope), sought
        if each.data == "field":
            column = scope.column(each)
            columns.append(values.Typed(col(column.name), column.type))
        else:
            columns.append(scope.expression(each))
    if not columns:
        return _all_texts(scope), sought
    return [each.sql if each.type in ("text", "json") else exp.cast(each.sql, "TEXT") for each in columns], sought


def _all_texts(scope: Scope) -> list[exp.Expr]:
    return [col(each.name) for each in scope.table.columns if each.type in ("text", "json")]


@function("search", "suggest", least=1, most=20)
def _search(scope: Scope, arguments: list[Node]) -> Typed:
    return condition(words.searched(*_looked_for(scope, arguments)))


@function("startswith", "starts_with", least=1, most=20)
def _startswith(scope: Scope, arguments: list[Node]) -> Typed:
    texts, beginning = _looked_for(scope, arguments)
    return condition(exp.or_(*(words.starts(each, beginning) for each in texts)) if texts else exp.false())


@function("length", least=1, most=1)
def _length(scope: Scope, arguments: list[Node]) -> Typed:
    of = scope.expression(arguments[0])
    text = of.sql if of.type in ("text", "json") else exp.cast(of.sql, "TEXT")
    return Typed(exp.Length(this=text), "integer", aggregate=of.aggregate)


@function("lower", least=1, most=1)
def _lower(scope: Scope, arguments: list[Node]) -> Typed:
    of = scope.expression(arguments[0])
    return Typed(exp.Lower(this=exp.cast(of.sql, "TEXT")), "text", aggregate=of.aggregate)


@function("upper", least=1, most=1)
def _upper(scope: Scope, arguments: list[Node]) -> Typed:
    of = scope.expression(arguments[0])
    return Typed(exp.Upper(this=exp.cast(of.sql, "TEXT")), "text", aggregate=of.aggregate)


# -- time


def _dated(scope: Scope, node: Node) -> Typed:
    of = scope.expression(node)
    if not of.dated:
        raise wrong(scope.clause, _("« %s » n’est pas une date.") % scope.written(node)[:60], node)
    return of


def _part(name: str, unit: str) -> None:
    @function(name, least=1, most=1)
    def part(scope: Scope, arguments: list[Node]) -> Typed:
        of = _dated(scope, arguments[0])
        if of.type == "date" and unit in dates.HOURLY:
            return Typed(exp.Literal.number(0), "integer")
        return Typed(call("date_part", unit, scope.local(of)), "integer", aggregate=of.aggregate)


for _name, _unit in dates.PARTS.items():
    _part(_name, _unit)


@function("date_format", least=2, most=2)
def _date_format(scope: Scope, arguments: list[Node]) -> Typed:
    of = _dated(scope, arguments[0])
    pattern = scope.literal(arguments[1], _("Un format de date s’écrit entre guillemets : 'yyyy-MM-dd'."))
    return Typed(dates.written_as(pattern[:60], scope.local(of), lang=scope.lang), "text", aggregate=of.aggregate)


@function("now", least=0, most=10)
def _now(scope: Scope, arguments: list[Node]) -> Typed:
    said: dict[str, str] = {}
    for each in arguments:
        sides = trees(each)
        if each.data != "comparison" or sides[0].data != "field":
            raise wrong(scope.clause, _("now() s’écrit now(), now(days=-1) ou now(hour=0)."), each)
        said[name_of(sides[0]).lower()] = scope.literal(sides[1], _("now() attend des nombres entiers."))
    scope.volatile = True
    return Typed(values.moment(dates.shifted(scope.moment.astimezone(scope.zone), said)), "datetime")


# -- places


@function("within_distance", least=3, most=3)
def _within_distance(scope: Scope, arguments: list[Node]) -> Typed:
    column, geometry = scope.place(arguments[0]), scope.geometry(arguments[1])
    return condition(scope.near(column, geometry, scope.metres(arguments[2])))


@function("distance", least=2, most=3)
def _distance(scope: Scope, arguments: list[Node]) -> Typed:
    column, geometry = scope.place(arguments[0]), scope.geometry(arguments[1])
    if len(arguments) == 3:
        return condition(scope.near(column, geometry, scope.metres(arguments[2])))
    lon, lat = scope.centre(geometry)
    return Typed(places.distance(lon=lon, lat=lat), "number")


@function("in_bbox", least=5, most=5)
def _in_bbox(scope: Scope, arguments: list[Node]) -> Typed:
    column = scope.place(arguments[0])
    sentence = _("in_bbox attend un lieu, puis sud, ouest, nord et est en degrés.")
    south, west, north, east = (float(values.number_said(scope.literal(each, sentence))) for each in arguments[1:])
    return condition(places.in_bbox(column, west=west, south=south, east=east, north=north))


@function("intersects", least=2, most=2)
def _intersects(scope: Scope, arguments: list[Node]) -> Typed:
    return condition(places.intersects(scope.place(arguments[0]), scope.geometry(arguments[1])))


@function("within", least=2, most=2)
def _within(scope: Scope, arguments: list[Node]) -> Typed:
    return condition(places.within(scope.place(arguments[0]), scope.geometry(arguments[1])))


@function("disjoint", least=2, most=2)
def _disjoint(scope: Scope, arguments: list[Node]) -> Typed:
    return condition(places.disjoint(scope.place(arguments[0]), scope.geometry(arguments[1])))


# -- aggregates


def _inside(scope: Scope, node: Node) -> Typed:
    of = scope.expression(node)
    if of.aggregate:
        raise wrong(scope.clause, _("Un calcul sur des lignes n’en contient pas un autre."), node)
    return of


@function("count", least=0, most=1)
def _count(scope: Scope, arguments: list[Node]) -> Typed:
    if not arguments or arguments[0].data == "everything":
        return Typed(exp.Count(this=exp.Star(), big_int=True), "integer", aggregate=True)
    if arguments[0].data == "distinct":
        of = _inside(scope, trees(arguments[0])[0])
        made = exp.Count(this=exp.Distinct(expressions=[of.sql]), big_int=True)
        return Typed(made, "integer", aggregate=True)
    return Typed(exp.Count(this=_inside(scope, arguments[0]).sql, big_int=True), "integer", aggregate=True)


def _numbers(scope: Scope, node: Node) -> Typed:
    of = _inside(scope, node)
    if not of.numeric:
        sentence = _("« %s » n’est pas un nombre : on ne peut pas compter avec.")
        raise wrong(scope.clause, sentence % scope.written(node)[:60], node)
    return of


@function("sum", least=1, most=1)
def _sum(scope: Scope, arguments: list[Node]) -> Typed:
    of = _numbers(scope, arguments[0])
    return Typed(exp.Sum(this=of.sql), of.type, aggregate=True)


@function("avg", least=1, most=1)
def _avg(scope: Scope, arguments: list[Node]) -> Typed:
    return Typed(exp.Avg(this=_numbers(scope, arguments[0]).sql), "number", aggregate=True)


@function("median", least=1, most=1)
def _median(scope: Scope, arguments: list[Node]) -> Typed:
    return Typed(exp.Median(this=_numbers(scope, arguments[0]).sql), "number", aggregate=True)


@function("percentile", least=2, most=2)
def _percentile(scope: Scope, arguments: list[Node]) -> Typed:
    of = _numbers(scope, arguments[0])
    share = float(values.number_said(scope.literal(arguments[1], _("percentile attend un nombre de 0 à 100."))))
    if not 0 <= share <= 100:
        raise wrong(scope.clause, _("percentile attend un nombre de 0 à 100."), arguments[1])
    made = exp.PercentileCont(this=of.sql, expression=exp.convert(share / 100))
    return Typed(made, "number", aggregate=True)


def _ordered(scope: Scope, node: Node) -> Typed:
    of = _inside(scope, node)
    if of.type in ("point", "shape"):
        raise wrong(scope.clause, _("Un lieu n’a ni plus petit ni plus grand : demandez bbox()."), node)
    return of


@function("min", least=1, most=1)
def _min(scope: Scope, arguments: list[Node]) -> Typed:
    of = _ordered(scope, arguments[0])
    return Typed(exp.Min(this=of.sql), of.type, aggregate=True)


@function("max", least=1, most=1)
def _max(scope: Scope, arguments: list[Node]) -> Typed:
    of = _ordered(scope, arguments[0])
    return Typed(exp.Max(this=of.sql), of.type, aggregate=True)


@function("bbox", "envelope", least=1, most=1)
def _bbox(scope: Scope, arguments: list[Node]) -> Typed:
    west, south, east, north = places.bounds(scope.place(arguments[0]))
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    text: list[exp.Expr] = [exp.Literal.string('{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[')]
    for place, (x, y) in enumerate(corners):
        text += [exp.Literal.string("[" if place == 0 else ",["), x.copy(), exp.Literal.string(","), y.copy()]
        text.append(exp.Literal.string("]"))
    text.append(exp.Literal.string(']]},"properties":{}}'))
    nowhere = exp.Is(this=west.copy(), expression=exp.Null())
    made = exp.Case(ifs=[exp.If(this=nowhere, true=exp.Null())], default=call("concat", *text))
    return Typed(made, "json", aggregate=True)


@function("random", least=0, most=1)
def _random(scope: Scope, arguments: list[Node]) -> Typed:
    if arguments:
        seed = scope.literal(arguments[0], _("random() attend un nombre."))
    else:
        seed, scope.volatile = scope.moment.isoformat(), True
    # A draw that depends on the row alone: the pages of one seed are those of one shuffled pack.
    return Typed(call("hash", col("_row"), seed), "number")
