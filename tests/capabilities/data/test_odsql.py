"""ODSQL: what is written, asked of a small table."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lacydon.capabilities.data.actions.opening import table_of
from lacydon.capabilities.data.errors import TooMuch, UnknownColumn, WrongQuestion
from lacydon.capabilities.data.queries import exports, lake, odsql
from lacydon.capabilities.data.queries.columns import Column
from lacydon.capabilities.data.queries.logical import Table
from lacydon.kernel import clock

from .harbour import published

pytestmark = pytest.mark.django_db
ROWS = """
    SELECT * FROM (VALUES
        (1, '13055', 'Marché de la Plaine', DATE '2024-03-02', TIMESTAMPTZ '2024-03-02 23:30:00+00', 120, 4.5::DOUBLE, true,
            TIME '08:30:00', 5.3865, 43.2951),
        (2, '13005', 'Foire d''Aubagne; brocante', DATE '2023-11-04', TIMESTAMPTZ '2023-11-04 10:00:00+00', 60, NULL, false,
            NULL, 5.5705, 43.293),
        (3, '01001', NULL, NULL, NULL, NULL, 2.0, NULL, NULL, NULL, NULL)
    ) AS t(id, code, nom, jour, quand, n, note, ouvert, heure, lon, lat)
"""


@pytest.fixture
def table() -> Table:
    published("odsql", ROWS)
    return table_of("odsql")


def ids(table: Table, where: str, **more: Any) -> list[int]:
    answer = lake.answer(table, odsql.asked(table, select="id", where=where, order_by="id", **more).question)
    return [id for (id,) in answer.rows]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("code = '13055'", [1]),
        ("code = 13055", [1]),
        ('`code`:"13055"', [1]),
        ("code in ('13055', '01001')", [1, 3]),
        ("code > 13005", [1]),
        ("n = '120'", [1]),
        ("n >= 60 and n < 120", [2]),
        ("n in [60..120[", [2]),
        ("n in ]60 TO 120]", [1]),
        ("n in [100..*]", [1]),
        ("n not in (60)", [1, 3]),
        ("n != 60", [1, 3]),
        ("NOT n = 60", [1, 3]),
        ("not (n = 60 or n = 120)", [3]),
        ("n = 60 or n = 120 and code = '13055'", [1, 2]),
        ("n + 60 = 2 * n", [2]),
        ("-n < -100", [1]),
        ("n / 0 = 1", []),
        ("n * 9223372036854775807 > 1", [1, 2]),
        ("n is null", [3]),
        ("n is not null", [1, 2]),
        ("ouvert", [1]),
        ("ouvert = false", [2]),
        ("ouvert is not true", [2, 3]),
        ("nom = 'Foire d\\'Aubagne; brocante'", [2]),
        ("nom = 'Foire d''Aubagne; brocante'", [2]),
        ("nom = 'foire'", []),
        ("nom like 'marche'", [1]),
        ("nom like 'foire%'", [2]),
        ("'brocante' in nom", [2]),
        ("'PLAINE'", [1]),
        ('"pla mar"', [1]),
        ("'laine'", []),
        ("search(nom, 'aubagne')", [2]),
        ("search(code, 'aubagne')", []),
        ("suggest('foi')", [2]),
        ("startswith(nom, 'MARCHE')", [1]),
        ("length(nom) = 19", [1]),
        ("upper(nom) = 'MARCHÉ DE LA PLAINE'", [1]),
        ("jour = date'2024'", [1]),
        ("jour = '2024/03'", [1]),
        ("jour > '2023'", [1]),
        ("jour <= '2023-11'", [2]),
        ("jour in [date'2023'..date'2024-02']", [2]),
        ("year(jour) = 2024 and month(jour) = 3 and day(jour) = 2", [1]),
        ("hour(quand) = 23", [1]),
        ("quand = '2024-03-02T23:30'", [1]),
        ("quand < '2024-03-03T00:00:00+01:00'", [2]),
        ("date_format(jour, 'dd/MM/YYYY') = '02/03/2024'", [1]),
        ("heure = '08:30'", [1]),
        ("jour < now()", [1, 2]),
        ("jour = quand", [1, 2]),
        ("in_bbox(geometry, 43.29, 5.3, 43.3, 5.4)", [1]),
        ("within_distance(geo_point_2d, geom'POINT(5.3865 43.295)', 0.5km)", [1]),
        ("within_distance(geometry, geom'POINT(5.3865 43.295)', 5000mi)", [1, 2]),
        ("within(geometry, geom'POLYGON((5.3 43,5.5 43,5.5 44,5.3 44,5.3 43))')", [1]),
        ('disjoint(geometry, geom\'{"type":"Point","coordinates":[5.3865,43.2951]}\')', [2]),
        ("intersects(geometry, geom'LINESTRING(5.5705 43.293, 6 44)')", [2]),
        ("", [1, 2, 3]),
    ],
)
def test_conditions(table: Table, where: str, found: list[int]) -> None:
    assert ids(table, where) == found


def test_hours_are_those_of_the_time_zone(table: Table) -> None:
    paris = {"timezone": "Europe/Paris"}
    assert ids(table, "quand = date'2024-03-03'") == []
    assert ids(table, "quand = date'2024-03-03'", **paris) == [1]
    assert ids(table, "hour(quand) = 0", **paris) == [1]


def test_now_moves(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2024, 3, 31, 12, tzinfo=UTC))
    assert ids(table, "jour > now(months=-1)") == [1]  # the month before has no 31st
    assert ids(table, "jour > now(days=-28)") == []
    assert ids(table, "jour >= now(month=3, day=1)") == [1]
    assert odsql.asked(table, where="jour > now()").volatile
    assert not odsql.asked(table, where="jour > date'2024'").volatile


@pytest.mark.parametrize(
    ("clauses", "columns", "rows"),
    [
        ({"select": "n, n*2 as d", "limit": 1}, ["n", "d"], [(120, 240.0)]),
        ({"select": "include(co*), length(nom)", "limit": 1}, ["code", "length(nom)"], [("13055", 19)]),
        ({"select": "exclude(*), id", "limit": 1}, ["id"], [(1,)]),
        ({"select": "count(*), count(n) as c, count(distinct ouvert) as o"}, ["count(*)", "c", "o"], [(3, 2, 2)]),
        (
            {"select": "sum(n) as s, avg(n) as a, max(jour) as j"},
            ["s", "a", "j"],
            [(180, 90.0, datetime(2024, 3, 2).date())],
        ),
        (
            {"group_by": "range(n, 100)", "select": "count(*) as c"},
            ["range(n, 100)", "c"],
            [("[0, 100[", 1), ("[100, 200[", 1), (None, 1)],
        ),
        ({"group_by": "range(n, [*, 100, *]) as r"}, ["r"], [("[*, 100[",), ("[100, *[",), (None,)]),
        (
            {"group_by": "range(jour, 1 month) as m", "where": "jour is not null"},
            ["m"],
            [("[2023-11-01, 2023-12-01[",), ("[2024-03-01, 2024-04-01[",)],
        ),
        ({"group_by": "date_format(jour, 'MMMM yyyy') as m", "where": "n=120", "lang": "fr"}, ["m"], [("mars 2024",)]),
        (
            {"group_by": "ouvert as o", "select": "sum(n) as s", "order_by": "s desc, o"},
            ["o", "s"],
            [(True, 120), (False, 60), (None, None)],
        ),
        ({"select": "id", "order_by": "distance(geometry, geom'POINT(5.6 43.3)') desc"}, ["id"], [(1,), (2,), (3,)]),
    ],
)
def test_what_is_selected_grouped_and_ordered(
    table: Table, clauses: dict[str, Any], columns: list[str], rows: list
) -> None:
    answer = lake.answer(table, odsql.asked(table, **clauses).question)
    assert ([each.name for each in answer.columns], answer.rows) == (columns, rows)


def test_a_draw_with_a_seed_is_the_same_on_every_page(table: Table) -> None:
    asked = odsql.asked(table, select="id", order_by="random(7)")
    assert not asked.volatile
    assert lake.answer(table, asked.question).rows == lake.answer(table, asked.question).rows
    assert odsql.asked(table, order_by="random()").volatile


@pytest.mark.parametrize(
    ("clause", "text", "told"),
    [
        ("where", "nm = 1", "Pensez-vous à « nom »"),
        ("where", "n = 'beaucoup'", "n’est pas un nombre"),
        ("where", "jour = '2024-13'", "n’est pas une date"),
        ("where", "nom", "n’est pas une condition"),
        ("where", "count(*) > 1", "ne s’emploie que dans select"),
        ("where", "geometry = 1", "Un lieu ne se compare pas"),
        ("where", "within_distance(nom, geom'POINT(1 1)', 1km)", "n’est pas une colonne de lieux"),
        ("where", "intersects(geometry, geom'ROND(1 1)')", "n’est pas comprise"),
        ("where", "foudre(nom)", "n’existe pas"),
        ("where", "_row = 1", "n’a pas de colonne"),
        ("where", "(" * 60 + "n = 1" + ")" * 60 + " and " + "not " * 60 + "n = 1", "trop de parenthèses"),
        ("select", "nom, count(*)", "ajoutez group_by"),
        ("select", "sum(nom)", "n’est pas un nombre"),
        ("select", "n as id, id", "Deux colonnes"),
        ("select", "n as _row", "ne commence pas"),
        ("group_by", "range(nom, 3)", "un nombre ou une date"),
        ("order_by", "count(*)", "ajoutez group_by"),
        ("order_by", "geometry", "On ne range pas par lieu"),
    ],
)
def test_refusals(table: Table, clause: str, text: str, told: str) -> None:
    with pytest.raises((WrongQuestion, UnknownColumn)) as refusal:
        odsql.asked(table, **{clause: text})
    assert told in str(refusal.value.sentence).replace("\u00a0", " ")
    assert refusal.value.field == clause


def test_a_condition_of_a_contract_needs_no_table() -> None:
    columns = [Column(name="code", label="Code", type="text")]
    made = odsql.condition("code = '13055'", columns)
    assert made is not None
    assert made.sql("duckdb") == "\"code\" = '13055'"
    with pytest.raises(UnknownColumn):
        odsql.condition("nom = 'x'", columns)


WORDS = [
    *"id code nom jour quand n note ouvert heure geometry geo_shape nul `nom` count sum avg min max median percentile bbox".split(),
    *"and or not in like is null true as asc desc distinct to * + - / = : != <> < <= > >= ( ) [ ] , .. . ' \" `".split(),
    *"search suggest startswith within_distance in_bbox intersects disjoint within year month hour date_format now range".split(),
    *"random length lower include( exclude( date'2024' date'2024-02-31' geom'POINT(5.4 43.3)' geom'POLYGON((1".split(),
    *"'13055' \"marché\" '%' 0 1 -1 1.5 1e400 99999999999999999999 1km 10 days 1w 'a\\'b' yyyy-MM 9e-300 años".split(),
]
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
VALUES = st.sampled_from(
    [
        "1",
        "-2.5",
        "'13055'",
        "date'2024'",
        "n",
        "nom",
        "jour",
        "quand",
        "geometry",
        "heure",
        "null",
        "true",
        "now()",
        "year(quand)",
        "length(nom)",
    ]
)
PREDICATES = st.one_of(
    st.tuples(VALUES, st.sampled_from(["=", "!=", "<", ">=", ":", "like", "in"]), VALUES).map(" ".join),
    st.tuples(VALUES, VALUES, VALUES).map(lambda v: f"{v[0]} in [{v[1]}..{v[2]}["),
    st.tuples(VALUES, VALUES, VALUES).map(lambda v: f"{v[0]} not in ({v[1]}, {v[2]})"),
    st.tuples(VALUES, VALUES, VALUES).map(lambda v: f"{v[0]} + {v[1]} * {v[2]} is not null"),
    st.tuples(st.sampled_from(["search", "startswith", "date_format", "length", "within"]), VALUES, VALUES).map(
        lambda v: f"{v[0]}({v[1]}, {v[2]})"
    ),
)
CLAUSES = st.recursive(
    PREDICATES, lambda of: st.one_of(of.map("not ({})".format), st.tuples(of, of).map(" or ".join)), max_leaves=4
)


@settings(max_examples=120, deadline=timedelta(seconds=10), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    clause=st.sampled_from(["where", "select", "group_by", "order_by"]),
    text=st.one_of(SENTENCES, CLAUSES, st.text(max_size=40)),
)
def test_whatever_is_written_is_answered_or_refused(table: Table, clause: str, text: str) -> None:
    try:
        asked = odsql.asked(table, **{clause: text}, limit=5)
        lake.answer(table, asked.question)
        exports.check(exports.Export(table=table, question=asked.question, types=asked.types, format="jsonl"))
    except (WrongQuestion, UnknownColumn, TooMuch) as refusal:
        assert str(refusal.sentence)
