"""The same questions, on a real Spark."""

from collections.abc import Iterator

import duckdb
import pytest
from sqlglot import exp

from lacydon.capabilities.data.queries import lake, logical, spark
from lacydon.capabilities.data.queries.columns import Column
from lacydon.capabilities.data.queries.logical import Question, Table, by, col, value

COUNT = exp.Count(this=exp.Star())
SALES = (
    "SELECT range AS n, ('1305' || (range % 4)) AS citycode, range * 1.5 AS price,"
    " DATE '2024-01-01' + (range % 400)::INT AS day, CASE WHEN range % 7 > 0 THEN 'Mot ' || (range % 11) END AS word,"
    " (range % 2 = 0) AS even, range + 1 AS _row FROM range(3000)"
)


@pytest.fixture
def table() -> Iterator[Table]:
    file = lake.workshop() / "spark.parquet"
    with duckdb.connect() as base:
        base.execute(f"COPY ({SALES}) TO '{file}' (FORMAT parquet)")
        kinds = [(name, str(kind)) for name, kind, *_rest in base.sql(f"FROM ({SALES}) LIMIT 0").description]
    columns = tuple(Column(name=n, label=n, type=lake.type_of(kind)) for n, kind in kinds if n != "_row")
    yield Table(dataset="ventes", number=1, content="0" * 64, paths=(file,), columns=columns, rows=3000)
    file.unlink()


@pytest.fixture
def on_spark(settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.ENGINE = "local[1]"  # type: ignore[attr-defined]
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    yield
    spark.close()


QUESTIONS = {
    "first rows": Question(limit=7),
    "a filter": Question(
        columns=(col("n"), col("word")),
        where=exp.and_(
            exp.EQ(this=col("citycode"), expression=value("13051")), exp.GT(this=col("price"), expression=value(900))
        ),
        order_by=(by(col("day"), falling=True),),
        limit=20,
        offset=5,
    ),
    "groups": Question(
        columns=(col("citycode"), *logical.aliased({"rows": COUNT.copy(), "mean": exp.Avg(this=col("price"))})),
        group_by=(col("citycode"),),
        order_by=(by(col("rows"), falling=True),),
    ),
    "groups by month": Question(
        columns=logical.aliased({"month": exp.func("date_trunc", value("month"), col("day")), "rows": COUNT.copy()}),
        group_by=(exp.func("date_trunc", value("month"), col("day")),),
    ),
    "words": Question(
        columns=(col("word"),), where=exp.ILike(this=col("word"), expression=value("%t 1%")), distinct=True
    ),
    "nulls": Question(
        columns=logical.aliased({"rows": COUNT.copy()}), where=exp.Is(this=col("word"), expression=exp.Null())
    ),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # py4j leaves sockets to the collector
def test_spark_answers_as_duckdb_does(table: Table, request: pytest.FixtureRequest) -> None:
    expected = {name: lake.answer(table, question) for name, question in QUESTIONS.items()}
    request.getfixturevalue("on_spark")
    for name, question in QUESTIONS.items():
        found = lake.answer(table, question)
        assert [each.name for each in found.columns] == [each.name for each in expected[name].columns], name
        assert [_plain(row) for row in found.rows] == [_plain(row) for row in expected[name].rows], name
    assert lake.count(table, exp.EQ(this=col("even"), expression=exp.true())) == 1500


def _plain(row: tuple[object, ...]) -> list[object]:
    """Month by month, one engine gives a date and the other its first moment."""
    return [str(each)[:10] if hasattr(each, "year") else each for each in row]
