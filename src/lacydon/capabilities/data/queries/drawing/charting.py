"""A chart of a table: what the address chooses, or what suits the columns best; as questions, then as a drawing.

par=ouvert_le   what is compared          pas=mois      jour, mois, trimestre, annee; for a date
calcul=somme    how rows become a value   mesure=etals  of which column
groupe=type     one series for each value premiers=20   how many categories
forme=barres    barres, colonnes, courbe
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from sqlglot import exp

from lacydon.kernel.ui.charts import Chart, Kind, Series, printed, ticks

from .. import lake
from ..columns import Column
from ..logical import Question, aliased, both, by, col, value
from . import profiles
from .asked import Asked, equal
from .values import category, period

CHART: Final = ("par", "pas", "calcul", "mesure", "groupe", "premiers", "forme")
CALCULATIONS: Final = {
    "nombre": _l("Nombre de lignes"),
    "somme": _l("Somme"),
    "moyenne": _l("Moyenne"),
    "mediane": _l("Médiane"),
    "min": _l("Plus petite valeur"),
    "max": _l("Plus grande valeur"),
    "distinct": _l("Nombre de valeurs différentes"),
}
OF: Final = {
    "somme": _l("Somme de « %s »"), "moyenne": _l("Moyenne de « %s »"), "mediane": _l("Médiane de « %s »"),
    "min": _l("Plus petite valeur de « %s »"), "max": _l("Plus grande valeur de « %s »"),
    "distinct": _l("Nombre de valeurs différentes de « %s »"),
}  # fmt: skip
ADDED_UP = re.compile(
    r"(^|_)(montants?|nombre|nb|total|passages|effectifs?|population|couts?|depenses?|recettes?|quantite|volume|budget"
    r"|conso(mmation)?s?|subventions?)(_|$)"
)
"""Names of columns that are made to be added up."""
ADDITIVE = ("nombre", "somme")
"""What can be added up: there is a rest, « Autres », and a stack."""
STEPS: Final = {"jour": "day", "mois": "month", "trimestre": "quarter", "annee": "year"}
STEP_NAMES: Final = {"jour": _l("Jour"), "mois": _l("Mois"), "trimestre": _l("Trimestre"), "annee": _l("Année")}
FORMS: Final = {"barres": _l("Barres"), "colonnes": _l("Colonnes"), "courbe": _l("Courbe")}
FIRST, MOST_FIRST = 20, 40
FEW = 60
"""Values of a column that still make categories."""
GROUPS, MOST_MOMENTS, CLASSES = 5, 2_000, 16
MULTIPLES = 12
MOST_DAYS, MOST_MONTHS = 120, 72
"""Moments of a line that are still read; with more, the step is longer."""

Keys = Sequence[tuple[str, exp.Expr]]
Role = Literal["time", "category", "number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A chart that is possible: every choice made. `by` is None when no column can be compared."""

    by: Column | None
    role: Role
    calculation: str
    measure: Column | None
    group: Column | None
    step: str
    first: int
    form: str


def role_of(column: Column) -> Role:
    """What a column is when it is compared."""
    if column.type in ("date", "datetime"):
        return "time"
    return "number" if column.numeric and column.kind != "year" else "category"


def comparable(asked: Asked) -> list[Column]:
    return [each for each in asked.table.columns if not each.placed and each.type not in ("json", "time")]


def measurable(asked: Asked) -> list[Column]:
    """Columns that can be added up or averaged; a code written in figures cannot."""
    return [each for each in asked.table.columns if each.numeric and each.kind in ("", "amount", "count")]


def plan_of(asked: Asked) -> Plan:
    """The choices of the address where they are possible, else those that suit the columns. Raises UnknownColumn."""
    table = asked.table
    chosen = table.column(name) if (name := asked.told("par")) else _best(asked)
    if chosen is not None and chosen not in comparable(asked):
        chosen = _best(asked)
    measure = table.column(name) if (name := asked.told("mesure")) else None
    if not measure and not asked.told("calcul"):
        measure = _added_up(asked)
    calculation = asked.told("calcul") if asked.told("calcul") in CALCULATIONS else "somme" if measure else "nombre"
    if calculation not in ("nombre", "distinct") and (measure is None or not measure.numeric):
        measure = next(iter(measurable(asked)), None)
        calculation = calculation if measure else "nombre"
    if calculation == "distinct" and measure is None:
        calculation = "nombre"
    role: Role = role_of(chosen) if chosen else "category"
    group = table.column(name) if (name := asked.told("groupe")) else None
    if group is not None and (group == chosen or group not in comparable(asked) or role == "number"):
        group = None
    form = asked.told("forme")
    if form not in FORMS or (form == "courbe" and role == "category") or role == "number":
        form = "courbe" if role == "time" else "barres" if role == "category" else "colonnes"
    first = asked.told("premiers")
    return Plan(
        by=chosen,
        role=role,
        calculation=calculation,
        measure=measure if calculation != "nombre" else None,
        group=group,
        step=asked.told("pas") if asked.told("pas") in STEPS else _step(asked, chosen) if role == "time" else "",
        first=min(max(int(first), 1), MOST_FIRST) if first.isascii() and first.isdigit() and len(first) < 4 else FIRST,
        form=form,
    )


def _added_up(asked: Asked) -> Column | None:
    """The one column of amounts, when there is one: what it adds up to says more than how many rows there are."""
    found = [each for each in measurable(asked) if ADDED_UP.search(each.name)]
    return found[0] if len(found) == 1 else None


def _best(asked: Asked) -> Column | None:
    """A date if there is one, then a few categories that come back, then a number."""
    known, rows = profiles.profiles(asked.table), profiles.count(asked)
    ranked = []
    for column in comparable(asked):
        held = known.get(column.name)
        if held is None or held.distinct < 2:
            continue
        role = role_of(column)
        if role == "time":
            ranked.append((0, column))
        elif role == "category" and column.kind == "citycode":
            ranked.append((1, column))
        elif role == "category" and held.distinct <= FEW:
            ranked.append((2 if held.distinct * 2 <= rows else 4, column))
        elif role == "number" and column.kind not in ("longitude", "latitude"):
            ranked.append((3, column))
        else:
            ranked.append((4, column))
    if ranked:
        return min(ranked, key=lambda each: each[0])[1]
    return next(iter(comparable(asked)), None)


def _step(asked: Asked, column: Column | None) -> str:
    """The finest step whose moments can still be told apart."""
    held = profiles.profiles(asked.table).get(column.name) if column else None
    if held is None or held.low is None:
        return "mois"
    days = (_day(held.high) - _day(held.low)).days
    return "jour" if days <= MOST_DAYS else "mois" if days <= MOST_MONTHS * 31 else "annee"


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def chart_of(asked: Asked, plan: Plan, *, leads: Callable[[Asked], str]) -> Chart:
    """The chart. `leads`: the address of the rows of one category. Raises TooMuch, WrongQuestion."""
    if plan.by is None:
        return _chart(plan, kind="bars", labels=[], series=[])
    if plan.role == "number":
        return _histogram(asked, plan)
    return _in_time(asked, plan) if plan.role == "time" else _categories(asked, plan, leads)


def value_of(plan: Plan) -> exp.Expr:
    here = col(plan.measure.name) if plan.measure else None
    if here is None:
        return exp.Count(this=exp.Star())
    match plan.calculation:
        case "somme":
            return exp.Sum(this=exp.cast(here, "DOUBLE"))
        case "moyenne":
            return exp.Avg(this=here)
        case "mediane":
            return exp.Median(this=here)
        case "min":
            return exp.Min(this=here)
        case "max":
            return exp.Max(this=here)
    return exp.Count(this=exp.Distinct(expressions=[here]))


def measure_of(plan: Plan) -> str:
    """What the values are, in words."""
    if plan.calculation == "nombre" or plan.measure is None:
        return str(CALCULATIONS["nombre"])
    return str(OF[plan.calculation]) % plan.measure.label


def _chart(plan: Plan, *, kind: Kind, labels: Sequence[str], series: Sequence[Series], **more: Any) -> Chart:
    axis = plan.by.label if plan.by else ""
    title = _("%(measure)s, par « %(axis)s »") % {"measure": measure_of(plan), "axis": axis}
    if plan.group:
        title = _("%(title)s et « %(group)s »") % {"title": title, "group": plan.group.label}
    return Chart(
        kind=kind,
        title=title if plan.by else "",
        axis=axis,
        measure=measure_of(plan),
        labels=labels,
        series=series,
        from_zero=plan.calculation in ADDITIVE,
        **more,
    )


def _number(found: Any) -> float | None:
    return None if found is None else float(found)


def _answer(
    asked: Asked, keys: Keys, plan: Plan, *, limit: int, where: exp.Expr | None = None, order: str = ""
) -> list[tuple[Any, ...]]:
    """The value of each group; biggest first, or in the order of the key."""
    ordered = exp.column(order or "value", quoted=True)
    question = Question(
        columns=aliased((*keys, ("value", value_of(plan)))),
        where=both(asked.condition, where),
        group_by=tuple(each.copy() for _name, each in keys),
        order_by=(by(ordered, falling=not order),),
        limit=limit,
    )
    return lake.answer(asked.table, question).rows


def _categories(asked: Asked, plan: Plan, leads: Callable[[Asked], str]) -> Chart:
    assert plan.by is not None
    here = col(plan.by.name)
    if plan.by.kind == "year" or plan.form == "colonnes":
        found = _answer(asked, [("key", here)], plan, limit=plan.first + 1)
        found = sorted(found[: plan.first], key=lambda each: (each[0] is None, each[0])) + found[plan.first :]
    else:
        found = _answer(asked, [("key", here)], plan, limit=plan.first + 1)
    shown, more, rest = found[: plan.first], len(found) > plan.first, False
    labels = [category(plan.by, key) for key, _found in shown]
    links = [leads(asked.but(filters=(*asked.filters, equal(plan.by, key)), more=())) for key, _found in shown]
    notes = []
    if plan.group and shown:
        return _stack(asked, plan, shown, labels=labels, links=links)
    values = [_number(found) for _key, found in shown]
    if more:
        counted = exp.Count(this=exp.Distinct(expressions=[here]))
        whole = Question(columns=aliased((("n", counted), ("value", value_of(plan)))), where=asked.condition)
        ((number, total),) = lake.answer(asked.table, whole).rows
        notes.append(
            _("Les %(shown)s premières valeurs sont dessinées, sur %(all)s.")
            % {"shown": printed(len(shown)), "all": printed(number)}
        )
        if plan.calculation in ADDITIVE and total is not None:
            labels.append(_("Toutes les autres"))
            values.append(float(total) - sum(each or 0.0 for each in values))
            links.append("")
            rest = True
    kind: Kind = "columns" if plan.form == "colonnes" else "bars"
    series = [Series(name=measure_of(plan), values=values)]
    return _chart(plan, kind=kind, labels=labels, series=series, links=links, notes=notes, rest=rest)


def _stack(asked: Asked, plan: Plan, shown: Sequence[tuple[Any, Any]], *, labels: list[str], links: list[str]) -> Chart:
    """The same bars cut by the values of a second column; what cannot be added up is drawn as lines."""
    assert plan.by is not None
    assert plan.group is not None
    groups = [key for key, _value in _answer(asked, [("key", col(plan.group.name))], plan, limit=GROUPS)]
    among = exp.or_(*(equal(plan.by, key).condition for key, _value in shown))
    keys = [("key", col(plan.by.name)), ("group", col(plan.group.name))]
    only = exp.or_(*(equal(plan.group, each).condition for each in groups))
    rows = _answer(asked, keys, plan, limit=10_000, where=both(among, only))
    held = {(key, group): _number(found) for key, group, found in rows}
    additive = plan.calculation in ADDITIVE
    series = [
        Series(
            name=category(plan.group, each),
            values=[held.get((key, each), 0.0 if additive else None) for key, _value in shown],
        )
        for each in groups
    ]
    notes = [_("Les %d groupes les plus grands sont dessinés ; le total peut en compter d’autres.") % GROUPS]
    return _chart(
        plan, kind="stacked" if additive else "lines", labels=labels, series=series, links=links,
        notes=notes if len(groups) == GROUPS else (),
    )  # fmt: skip


def moment(column: Column, step: str) -> exp.Expr:
    """The period a date is in: its first day."""
    here: exp.Expr = col(column.name)
    if column.type == "datetime":
        here = exp.func("timezone", value("Europe/Paris"), here)
    return exp.cast(exp.func("date_trunc", value(STEPS[step]), here), "DATE")


def _in_time(asked: Asked, plan: Plan) -> Chart:
    assert plan.by is not None
    key = moment(plan.by, plan.step)
    dated = exp.not_(exp.Is(this=col(plan.by.name), expression=exp.null()))
    groups: list[Any] = [None]
    keys = [("key", key)]
    where: exp.Expr | None = dated
    if plan.group:
        groups = [each for each, _v in _answer(asked, [("key", col(plan.group.name))], plan, limit=MULTIPLES)]
        keys.append(("group", col(plan.group.name)))
        where = both(dated, exp.or_(*(equal(plan.group, each).condition for each in groups))) if groups else dated
    rows = _answer(asked, keys, plan, limit=MOST_MOMENTS * len(groups or [1]), where=where, order="key")
    held = {(row[0], row[1] if plan.group else None): _number(row[-1]) for row in rows}
    days = _every(sorted({each for each, _group in held}), plan.step)
    empty = 0.0 if plan.calculation in ADDITIVE else None
    series = [
        Series(
            name=category(plan.group, each) if plan.group else measure_of(plan),
            values=[held.get((day, each), empty) for day in days],
        )
        for each in groups
    ]
    undated = profiles.count(asked.but(filters=(*asked.filters, equal(plan.by, None))))
    notes = [_("Lignes sans date, qui ne sont pas dessinées : %s.") % printed(undated)] if undated else []
    kind: Kind = "columns" if plan.form == "colonnes" and not plan.group else "lines"
    return _chart(
        plan, kind=kind, labels=[period(each, plan.step) for each in days], series=series, when=days, notes=notes
    )


def _every(days: list[date], step: str) -> list[date]:
    """These periods and those between, while they are not too many."""
    if not days:
        return []
    made: list[date] = []
    at = days[0]
    while at <= days[-1] and len(made) <= MOST_MOMENTS:
        made.append(at)
        at = _after(at, step)
    return made if len(made) <= MOST_MOMENTS else days[:MOST_MOMENTS]


def _after(day: date, step: str) -> date:
    if step == "jour":
        return date.fromordinal(day.toordinal() + 1)
    months = {"mois": 1, "trimestre": 3, "annee": 12}[step] + day.month - 1
    return _first(day.year + months // 12, months % 12 + 1)


def _first(year: int, month: int) -> date:
    """The first of a month."""
    return date(year, month, 1)


def _histogram(asked: Asked, plan: Plan) -> Chart:
    """How many rows in each class of a number; or another value of them, class by class."""
    assert plan.by is not None
    here = exp.cast(col(plan.by.name), "DOUBLE")
    finite = exp.func("isfinite", here.copy())
    ends = Question(columns=(exp.Min(this=here), exp.Max(this=here.copy())), where=both(asked.condition, finite))
    ((low, high),) = lake.answer(asked.table, ends).rows
    if low is None:
        return _chart(plan, kind="columns", labels=[], series=[])
    marks = ticks(low, high, about=CLASSES, whole=plan.by.type == "integer")
    start, step = marks[0], marks[1] - marks[0]
    number = len(marks) - 1 if high < marks[-1] else len(marks)
    klass = exp.cast(
        exp.Floor(
            this=exp.Div(this=exp.paren(exp.Sub(this=here.copy(), expression=value(start))), expression=value(step))
        ),
        "BIGINT",
    )
    held = {
        int(each): _number(found) for each, found in _answer(asked, [("key", klass)], plan, limit=100, where=finite)
    }
    empty = 0.0 if plan.calculation in ADDITIVE else None
    single = plan.by.type == "integer" and step == 1
    edges = [start + step * each for each in range(number + 1)]
    labels = [printed(a) if single else f"{printed(a)} – {printed(b)}" for a, b in pairwise(edges)]
    missing = profiles.count(asked.but(filters=(*asked.filters, equal(plan.by, None))))
    notes = [_("Lignes sans valeur, qui ne sont pas dessinées : %s.") % printed(missing)] if missing else []
    if not single:
        notes.insert(0, _("Chaque colonne compte les lignes de son premier nombre, compris, au second, non compris."))
    series = [Series(name=measure_of(plan), values=[held.get(each, empty) for each in range(number)])]
    return replace(_chart(plan, kind="columns", labels=labels, series=series, notes=notes), touching=True)
