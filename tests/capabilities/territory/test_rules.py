"""The arithmetic of competences, against a slow oracle and by example."""

from datetime import date, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from lacydon.capabilities.territory.queries.rules import DatedRule, Where, applicable, timeline

COMMUNES = {"97001": "97", "97002": "97", "98001": "98"}
FACTS = {"voie": ["rue", "route", "privee"], "urgence": ["oui", "non"]}
SINCE = date(2016, 1, 1)


def rule(id="r", *, where=None, when=None, since=None, until=None, competent="commune"):
    return DatedRule(
        id=id,
        theme="t",
        competent=competent,
        where=where or Where(),
        when={fact: frozenset(values) for fact, values in (when or {}).items()},
        since=since,
        until=until,
        handled_by="",
        legal_basis="",
        sentence={"fr": ""},
        status="presumed",
        file="f",
        line=1,
    )


days = st.integers(0, 4000).map(lambda count: date(2014, 1, 1) + timedelta(days=count))
wheres = st.one_of(
    st.just(Where()),
    st.builds(Where, st.just("communes"), st.frozensets(st.sampled_from(sorted(COMMUNES)), min_size=1)),
    st.builds(Where, st.just("departements"), st.frozensets(st.sampled_from(["97", "98"]), min_size=1)),
    st.builds(Where, st.just("except"), st.frozensets(st.sampled_from(sorted(COMMUNES)), min_size=1)),
)
whens = st.fixed_dictionaries(
    {}, optional={fact: st.lists(st.sampled_from(values), min_size=1, unique=True) for fact, values in FACTS.items()}
)
rules = st.lists(
    st.builds(rule, where=wheres, when=whens, since=st.none() | days, until=st.none() | days), min_size=1, max_size=6
)


def winners_by_the_book(rules, *, commune, day, conditions):
    """The rule of docs/civil-servants, read sentence by sentence."""
    valid = []
    for each in rules:
        begun = each.since is None or each.since <= day
        ended = each.until is not None and each.until < day
        suits = all(conditions[fact] in values for fact, values in each.when.items())
        rank = {
            "communes": 3 if commune in each.where.codes else 0,
            "departements": 2 if COMMUNES[commune] in each.where.codes else 0,
            "except": 0 if commune in each.where.codes else 1,
            "all": 1,
        }[each.where.kind]
        if begun and not ended and suits and rank:
            valid.append((rank, each))
    best = max((rank for rank, _each in valid), default=0)
    return {id(each) for rank, each in valid if rank == best}


@given(rules=rules, day=days, commune=st.sampled_from(sorted(COMMUNES)))
def test_every_day_and_condition_agrees_with_the_book(rules, day, commune):
    day = max(day, SINCE)
    here = applicable(rules, commune=commune, departement=COMMUNES[commune])
    period = timeline(here, facts=FACTS, since=SINCE).on(day)
    for combination in product(*FACTS.values()):
        conditions = dict(zip(FACTS, combination, strict=True))
        found = {id(each) for each in period.winners[combination]}
        assert found == winners_by_the_book(rules, commune=commune, day=day, conditions=conditions)


def test_the_last_day_of_a_rule_is_its_own_and_the_next_day_is_not():
    old, new = rule("old", until=date(2022, 12, 31)), rule("new", since=date(2023, 1, 1))
    line = timeline(applicable([old, new], commune="97001", departement="97"), facts={}, since=SINCE)
    assert line.on(date(2022, 12, 31)).winners[()] == (old,)
    assert line.on(date(2023, 1, 1)).winners[()] == (new,)


def test_a_commune_wins_over_its_departement_which_wins_over_everywhere():
    everywhere = rule("all")
    departement = rule("dept", where=Where("departements", frozenset({"97"})))
    commune = rule("commune", where=Where("communes", frozenset({"97001"})))
    found = {}
    for code in COMMUNES:
        here = applicable([everywhere, departement, commune], commune=code, departement=COMMUNES[code])
        found[code] = timeline(here, facts={}, since=SINCE).on(SINCE).winners[()]
    assert found == {"97001": (commune,), "97002": (departement,), "98001": (everywhere,)}
