"""CQL2: what is found, what is refused, and that text and JSON say the same."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lacydon.capabilities.data.actions.opening import table_of
from lacydon.capabilities.data.errors import UnknownColumn, WrongQuestion
from lacydon.capabilities.data.models import Dataset
from lacydon.capabilities.data.queries import lake
from lacydon.capabilities.data.queries.cql2 import condition, read_text
from lacydon.capabilities.data.queries.logical import Question, col
from lacydon.kernel.errors import Refused

from .harbour import published

pytestmark = pytest.mark.django_db
ROWS = """SELECT * FROM (VALUES
    (1, 'Évian', true, DATE '2024-01-01', TIMESTAMPTZ '2024-01-01 10:00:00+00', 2.5, 5.0, 43.0),
    (2, 'aix', false, DATE '2024-06-15', TIMESTAMPTZ '2024-06-15 10:00:00+00', -1.0, 5.5, 43.5),
    (3, 'Aix 100%', NULL, DATE '2025-01-01', NULL, 7.0, 6.0, 44.0),
    (4, NULL, true, NULL, NULL, NULL, NULL, NULL)
) AS t(n, name, ok, day, moment, x, lon, lat)"""


def found(tree: Any) -> list[int]:
    table = table_of("choses")
    where = condition(read_text(tree) if isinstance(tree, str) else tree, table)
    return [n for (n,) in lake.answer(table, Question(columns=(col("n"),), where=where)).rows]


@pytest.fixture
def things() -> None:
    published("choses", ROWS)


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("n = 2", [2]),
        ("n <> 2 AND n < 4", [1, 3]),
        ("n = 1 OR n = 2 AND name = 'x'", [1]),
        ("NOT (n = 1 OR n >= 3)", [2]),
        ("name = 'aix'", [2]),
        ("CASEI(name) LIKE casei('AIX%')", [2, 3]),
        ("CASEI(ACCENTI(name)) = ACCENTI(CASEI('ÉVIAN'))", [1]),
        ("name LIKE '%100\\%'", [3]),
        ("name NOT LIKE '_ix'", [1, 3]),
        ("x BETWEEN -1 AND 2.5", [1, 2]),
        ("x NOT BETWEEN -1 AND 2.5", [3]),
        ("n IN (1, 3, 9)", [1, 3]),
        ("name NOT IN ('aix')", [1, 3]),
        ("name IS NULL", [4]),
        ("geometry IS NOT NULL and name is not null", [1, 2, 3]),
        ("ok", [1, 4]),
        ("ok = FALSE", [2]),
        ("true", [1, 2, 3, 4]),
        ("x * 2 + n = 6", [1]),
        ("n + 1 > 2 * 2 - 0.5 ^ 2", [3, 4]),
        ("n % 2 = 0", [2, 4]),
        ("n DIV 2 = 1", [2, 3]),
        ("-x > 0", [2]),
        ("n = x - 4", [3]),
        ("\"name\" = 'aix'", [2]),
        ("day = DATE('2024-06-15')", [2]),
        ("moment > TIMESTAMP('2024-01-01T12:00:00+02:00')", [2]),
        ("T_AFTER(day, DATE('2024-01-01'))", [2, 3]),
        ("T_BEFORE(moment, TIMESTAMP('2024-02-01T00:00:00Z'))", [1]),
        ("T_DURING(day, INTERVAL('2023-12-31', '..'))", [1, 2, 3]),
        ("T_INTERSECTS(day, INTERVAL('..', '2024-06-15'))", [1, 2]),
        ("T_EQUALS(day, DATE('2025-01-01'))", [3]),
        ("T_DISJOINT(day, INTERVAL('2024-01-01', '2024-12-31'))", [3]),
        ("S_INTERSECTS(geometry, BBOX(5.2, 43.2, 7, 45))", [2, 3]),
        ("S_INTERSECTS(geometry, POINT(5 43))", [1]),
        ("S_WITHIN(geometry, POLYGON((4 42, 5.7 42, 5.7 43.7, 4 43.7, 4 42)))", [1, 2]),
        ("S_CONTAINS(POLYGON((4 42, 5.7 42, 5.7 43.7, 4 43.7, 4 42)), geometry)", [1, 2]),
        ("S_DISJOINT(geometry, MULTIPOINT((5 43), (6 44)))", [2]),
        ("S_EQUALS(geometry, POINT Z (5.5 43.5 7))", [2]),
        ("S_TOUCHES(geometry, LINESTRING(5 43, 5.25 43.25))", [1]),
    ],
)
def test_a_filter(text: str, rows: list[int]) -> None:
    assert found(text) == rows
    assert found(json.loads(json.dumps(read_text(text)))) == rows


@pytest.mark.usefixtures("things")
def test_a_filter_in_json() -> None:
    square = {"type": "Polygon", "coordinates": [[[4, 42], [5.2, 42], [5.2, 43.7], [4, 43.7], [4, 42]]]}
    tree = {
        "op": "and",
        "args": [
            {"op": "s_intersects", "args": [{"property": "geometry"}, square]},
            {"op": "t_during", "args": [{"property": "day"}, {"interval": ["2023-01-01", ".."]}]},
            {"op": "isNull", "args": [{"op": "casei", "args": [None]}]}
            and {"op": "in", "args": [{"property": "n"}, [1, 2]]},
        ],
    }
    assert found(tree) == [1]


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize(
    "text",
    ["", "n =", "n = 1 2", "= 1", "n LIKE 'a'", "n IN", "n IN (1", "(n = 1", "n = 1)", "name", "1", "'a'", "f(n) = 1", "day = DATE('x')",
     "S_INTERSECTS(geometry, 'x')", "S_INTERSECTS(name, POINT(1 2))", "S_INTERSECTS(geometry, POINT(1))", "S_INTERSECTS(geometry, POINT(1 200))",
     "S_NEAR(geometry, POINT(1 2))", "geometry = 'x'", "T_AFTER(name, DATE('2024-01-01'))", "T_AFTER(day, 3)", "A_EQUALS(name, ('a'))",
     "name = 'a", "n = 1; DROP", "n = 'beaucoup'", "(" * 90 + "n=1" + ")" * 90, "NOT " * 90 + "n=1", "-" * 200 + "1 = n",
     "n IS 3", "n BETWEEN 1 OR 2", "x ^ n", "BBOX(1,2,3,4) = n", "n = 1e999"],
)  # fmt: skip
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(WrongQuestion):
        found(text)


@pytest.mark.usefixtures("things")
def test_an_unknown_column_is_named() -> None:
    with pytest.raises(UnknownColumn, match="name"):
        found("nam = 'a'")
    with pytest.raises(UnknownColumn):
        found("_row = 1")


PIECES = st.sampled_from(
    "n name ok day geometry zz = <> < ( ) , 'a' 1 -2.5 AND OR NOT LIKE IN BETWEEN IS NULL + * ^ TRUE CASEI( DATE('2024-01-01') "
    "INTERVAL('..','2024-01-01') POINT(1,2) POINT( T_AFTER( S_INTERSECTS( BBOX(1,2,3,4) \"".split()
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from([{"property": "n"}, {"property": "geometry"}, {"date": "x"}, {"bbox": [1, 2, 3]}])),
    lambda each: st.one_of(
        st.lists(each, max_size=3),
        st.fixed_dictionaries({"op": st.sampled_from(["and", "not", "=", "like", "in", "between", "isNull", "s_within", "t_after", "+", "casei", "x"]), "args": st.lists(each, max_size=3)}),
        st.dictionaries(st.sampled_from(["property", "date", "timestamp", "interval", "bbox", "wkt", "type", "op", "args"]), each, max_size=2),
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.lists(PIECES, max_size=14).map(" ".join), st.text(max_size=40), VALUES))
def test_noise_is_understood_or_refused(tree: Any) -> None:
    if not Dataset.objects.filter(pk="choses").exists():
        published("choses", ROWS)
    table = table_of("choses")
    try:
        where = condition(read_text(tree) if isinstance(tree, str) else tree, table)
        lake.count(table, where)
    except Refused:
        pass
