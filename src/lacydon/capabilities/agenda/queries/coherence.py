"""What the agenda may not say: names of nothing, circles, money beyond what was voted; each with how to mend it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from .chart import Chart
from .indicators.asking import fault_of
from .nouns import (
    Action,
    Adoption,
    Agenda,
    Axis,
    Budget,
    Evaluation,
    Experience,
    Indicator,
    Kit,
    Lever,
    LinkedPlan,
    Profile,
)


@dataclass(frozen=True, slots=True)
class Incoherence:
    """`path`: where in the object, as names and positions."""

    kind: str
    object: str
    path: tuple[str | int, ...]
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the agenda may name that stands below it."""

    authorities: frozenset[str]
    citycodes: frozenset[str]


def incoherences(chart: Chart, around: Surroundings) -> Iterator[Incoherence]:
    """All of them, object by object."""
    yield from _names(chart, around)
    yield from _circles(chart)
    yield from _money(chart)
    yield from _shares(chart)
    yield from _sources(chart)


def _names(chart: Chart, around: Surroundings) -> Iterator[Incoherence]:
    for (kind, id_), each in chart.objects.items():
        for path, target, name in _references(each):
            known = (
                name in around.authorities if target == "authority" else
                name in around.citycodes if target == "commune" else
                (target, name) in chart.objects
            )  # fmt: skip
            if not known:
                yield Incoherence(kind, id_, path, f"« {name} »", _EXPECTED[target]())


_EXPECTED = {
    "authority": lambda: _("une autorité du dossier"),
    "commune": lambda: _("le code INSEE d’une commune du territoire"),
    "agenda": lambda: _("un agenda du dossier"),
    "axis": lambda: _("un axe du dossier"),
    "lever": lambda: _("un levier du dossier"),
    "policy": lambda: _("une politique publique du dossier"),
    "plan": lambda: _("un plan du dossier"),
    "act": lambda: _("un acte du dossier"),
    "action": lambda: _("une action du dossier"),
    "indicator": lambda: _("un indicateur du dossier"),
    "experience": lambda: _("une expérience du dossier"),
    "kit": lambda: _("un kit du dossier"),
}
Reference = tuple[tuple[str | int, ...], str, str]


def _references(each: object) -> Iterator[Reference]:
    """(path, kind of what is named, name)."""
    match each:
        case Agenda():
            yield ("adopted_by",), "act", each.adopted_by
            yield from _all("communes", "commune", each.communes)
        case Axis():
            yield ("agenda",), "agenda", each.agenda
            yield from _some(("parent", "axis", each.parent))
            yield from _all("outcomes", "indicator", each.outcomes)
        case Lever():
            yield ("agenda",), "agenda", each.agenda
        case LinkedPlan():
            yield from _some(("adopted_by", "act", each.adopted_by))
        case Action():
            yield from _of_action(each)
        case Budget():
            yield ("action",), "action", each.action
            yield ("policy",), "policy", each.policy
            yield ("authorisation", "act"), "act", each.authorisation.act
        case Indicator():
            yield from _all("actions", "action", each.actions)
            yield from _some(("owner", "authority", each.owner))
        case Evaluation():
            yield ("agenda",), "agenda", each.agenda
            yield from _all("actions", "action", each.actions)
            for n, asked in enumerate(each.recommendations):
                if asked.answer and asked.answer.action:
                    yield ("recommendations", n, "answer", "action"), "action", asked.answer.action
                if asked.answer and asked.answer.owner:
                    yield ("recommendations", n, "answer", "owner"), "authority", asked.answer.owner
        case Experience():
            yield from _some(("action", "action", each.action), ("commune", "commune", each.commune))
            yield from _some(("kit", "kit", each.kit))
            yield from _all("actions", "action", each.actions)
        case Profile():
            yield ("commune",), "commune", each.commune
        case Kit():
            yield from _all("experiences", "experience", each.experiences)
        case Adoption():
            yield ("kit",), "kit", each.kit
            yield ("commune",), "commune", each.commune


def _of_action(each: Action) -> Iterator[Reference]:
    yield ("agenda",), "agenda", each.agenda
    yield ("owner",), "authority", each.owner
    yield from _some(("parent", "action", each.parent), ("decided_by", "act", each.decided_by))
    for name, kind, named in (("levers", "lever", each.levers), ("plans", "plan", each.plans)):
        yield from _all(name, kind, named)
    for n, share in enumerate(each.axes):
        yield ("axes", n, "axis"), "axis", share.axis
    for n, part in enumerate(each.policies):
        yield ("policies", n, "policy"), "policy", part.policy
    for n, commune in enumerate(each.communes):
        yield ("communes", n, "citycode"), "commune", commune.citycode
    for n, dependency in enumerate(each.dependencies):
        yield ("dependencies", n, "action"), "action", dependency.action
    for n, revision in enumerate(each.revised):
        if revision.act:
            yield ("revised", n, "act"), "act", revision.act


def _all(field: str, kind: str, names: tuple[str, ...]) -> Iterator[Reference]:
    for n, name in enumerate(names):
        yield (field, n), kind, name


def _some(*given: tuple[str, str, str | None]) -> Iterator[Reference]:
    for field, kind, name in given:
        if name is not None:
            yield (field,), kind, name


def _circles(chart: Chart) -> Iterator[Incoherence]:
    """No action waits for itself, however long the way round; none is its own parent; nor an axis."""
    actions = chart.all(Action)
    after = {each.id: tuple(d.action for d in each.dependencies if d.kind == "apres") for each in actions}
    above = {each.id: (each.parent,) if each.parent else () for each in actions}
    for edges, field in ((after, "dependencies"), (above, "parent")):
        for circle in _circles_of(edges):
            yield Incoherence("action", circle[0], (field,), " → ".join((*circle, circle[0])), _NO_CIRCLE())
    axes = {each.id: (each.parent,) if each.parent else () for each in chart.all(Axis)}
    for circle in _circles_of(axes):
        yield Incoherence("axis", circle[0], ("parent",), " → ".join((*circle, circle[0])), _NO_CIRCLE())


def _NO_CIRCLE() -> str:  # noqa: N802 (a sentence, said when it is needed)
    return _("une suite qui ne revient pas à son départ")


def _circles_of(edges: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Each circle once: a walk in depth, without recursion (a chain may be long)."""
    done: set[str] = set()
    for start in edges:
        path: list[str] = []
        waiting: list[tuple[str, Iterator[str]]] = []
        if start not in done:
            path.append(start)
            waiting.append((start, iter(edges[start])))
        while waiting:
            here, rest = waiting[-1]
            following = next(rest, None)
            if following is None:
                done.add(here)
                path.pop()
                waiting.pop()
            elif following in path:
                yield path[path.index(following) :]
            elif following in edges and following not in done:
                path.append(following)
                waiting.append((following, iter(edges[following])))


def _money(chart: Chart) -> Iterator[Incoherence]:
    """Σ CP ≤ AP; engaged ≤ AP; paid ≤ CP of its year (CGCT L. 2311-3)."""
    for each in chart.all(Budget):
        given = each.authorisation
        most = given.revisions[-1].amount if given.revisions else given.voted
        credits = sum((year.voted if year.revised is None else year.revised for year in each.years), Decimal(0))
        engaged = sum((year.engaged for year in each.years), Decimal(0))
        if credits > most:
            yield _over(each, ("years",), credits, most, _("des crédits de paiement dont la somme ne dépasse pas %s"))
        if engaged > most:
            yield _over(each, ("years",), engaged, most, _("des engagements dont la somme ne dépasse pas %s"))
        for n, year in enumerate(each.years):
            credit = year.voted if year.revised is None else year.revised
            if year.paid > credit:
                yield _over(each, ("years", n, "paid"), year.paid, credit, _("des paiements de l’année d’au plus %s"))
        for n, fund in enumerate(each.funding):
            if not fund.received <= fund.granted:
                yield _over(each, ("funding", n, "received"), fund.received, fund.granted, _("au plus les %s accordés"))


def _over(each: Budget, path: tuple[str | int, ...], found: Decimal, most: Decimal, expected: str) -> Incoherence:
    return Incoherence("budget", each.id, path, euros(found), expected % euros(most))


def euros(amount: Decimal) -> str:
    """« 1 234 567,50 € », without cents when there are none; spaces that do not break."""
    shown = f"{amount:,.2f}".removesuffix(".00").replace(",", "\u202f").replace(".", ",")
    return f"{shown}\u00a0€"


def _shares(chart: Chart) -> Iterator[Incoherence]:
    for each in chart.all(Action):
        weights, shares = [axis.weight for axis in each.axes], [part.share for part in each.policies]
        for field, parts in (("axes", weights), ("policies", shares)):
            if parts and sum(parts) != 100:
                expected = _("des parts dont la somme est 100 %")
                yield Incoherence("action", each.id, (field,), f"{sum(parts)} %", expected)


def _sources(chart: Chart) -> Iterator[Incoherence]:
    """An indicator is computed of a dataset or of a figure, by a question that gives the same whenever it is asked."""
    for each in chart.all(Indicator):
        if each.source is not None and (wrong := fault_of(each.source)) is not None:
            yield Incoherence("indicator", each.id, ("source",), *wrong)
