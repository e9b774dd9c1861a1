"""SQL of anybody: what is found, what is refused, and that nothing else can be reached."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from lacydon.capabilities.data.actions.asking import ask_sql
from lacydon.capabilities.data.actions.publication import describe_dataset
from lacydon.capabilities.data.errors import NoAccess, TooMuch, UnknownDataset, WrongQuestion
from lacydon.capabilities.data.queries import lake, sandbox
from lacydon.capabilities.data.queries.sandbox.allowed import FUNCTIONS
from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import Refused
from tests.markup import read

from .harbour import MARKETS, published

pytestmark = pytest.mark.django_db


def rows(sql: str, **kwargs: Any) -> list[list[Any]]:
    return ask_sql(sql, **kwargs).rows


@pytest.fixture
def markets() -> None:
    published()


@pytest.mark.usefixtures("markets")
def test_a_question_over_datasets() -> None:
    published("communes", "SELECT '13055' AS code, 'Marseille' AS nom UNION ALL SELECT '13005', 'Aubagne'", point=None)
    published(sql=MARKETS.replace("120", "130"))
    assert rows('SELECT sum(etals) FROM "marches"') == [[270]]
    assert rows("SELECT sum(etals) FROM marches AS m WHERE m.citycode = '13055'") == [[210]]
    assert rows('SELECT sum(etals) FROM "marches@1"') == [[260]]
    joined = """WITH big AS (SELECT * FROM marches WHERE etals > 70)
        SELECT c.nom, count(*) AS n, max(ouvert_le), rank() OVER (ORDER BY count(*) DESC)
        FROM big JOIN communes c ON c.code = big.citycode GROUP BY ALL UNION ALL SELECT 'x', 0, NULL, 0 ORDER BY n DESC"""
    assert rows(joined) == [["Marseille", 2, "2024-03-02", 1], ["x", 0, None, 0]]
    assert rows("WITH marches AS (SELECT etals FROM marches) SELECT count(*) FROM marches") == [[4]]
    assert rows("SELECT geometry FROM marches LIMIT 1") == [["POINT (5.3865 43.2951)"]]
    assert rows("SELECT 1e400::DOUBLE, [1, 2], {'a': 0.5::DECIMAL(3,1)}") == [[None, [1, 2], {"a": 0.5}]]


def test_pages_of_a_question_never_show_a_row_twice() -> None:
    published("suite", "SELECT range AS n, range % 3 AS third FROM range(900)", point=None)
    for order in ("ORDER BY third", ""):
        seen = [
            n for at in range(0, 900, 90) for n, _ in rows(f"SELECT n, third FROM suite {order} LIMIT 90 OFFSET {at}")
        ]
        assert sorted(seen) == list(range(900))
    found = ask_sql("SELECT n FROM suite", limits=lake.Limits(seconds=5, rows=100))
    assert (len(found.rows), found.truncated, found.rows[0]) == (100, True, [0])
    assert ask_sql("SELECT n FROM suite LIMIT 100", limits=lake.Limits(seconds=5, rows=100)).truncated is False


@pytest.mark.usefixtures("markets")
def test_only_what_one_may_read() -> None:
    with pytest.raises(UnknownDataset):
        ask_sql('SELECT * FROM "autre"')
    describe_dataset(id="marches", actor=MACHINE, fields={"access": "restricted"})
    with pytest.raises(NoAccess):
        ask_sql("SELECT * FROM marches")
    describe_dataset(id="marches", actor=MACHINE, fields={"access": "private"})
    with pytest.raises(UnknownDataset):
        ask_sql("SELECT 1 FROM (SELECT 2) WHERE EXISTS (FROM marches)")


ESCAPES = """
    SELECT * FROM read_csv('/etc/passwd')
    SELECT * FROM read_text('/etc/passwd')
    SELECT * FROM read_blob('/etc/passwd')
    SELECT * FROM read_parquet('{file}')
    SELECT * FROM parquet_metadata('{file}')
    SELECT * FROM parquet_scan('{file}')
    SELECT * FROM '{file}'
    SELECT * FROM "{file}"
    SELECT * FROM 'https://example.org/x.parquet'
    SELECT * FROM glob('/**')
    SELECT _row FROM marches
    SELECT _lon FROM marches
    SELECT * FROM st_read('/etc/passwd')
    SELECT getenv('HOME')
    SELECT "getenv"('HOME')
    SELECT main.getenv('HOME')
    SELECT system.main.getenv('HOME')
    SELECT current_setting('temp_directory')
    SELECT getvariable('x')
    SELECT * FROM query('SELECT 1')
    SELECT * FROM query_table('marches')
    SELECT * FROM query_table(['marches'])
    SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))
    SELECT json_serialize_sql('SELECT 1')
    SELECT * FROM duckdb_settings()
    SELECT * FROM duckdb_secrets()
    SELECT * FROM duckdb_views()
    SELECT * FROM duckdb_views
    SELECT * FROM pragma_database_list
    SELECT * FROM pragma_database_list()
    SELECT * FROM information_schema.tables
    SELECT * FROM pg_catalog.pg_tables
    SELECT * FROM main.marches
    SELECT * FROM memory.main.marches
    SELECT * FROM sqlite_master
    SELECT * FROM sniff_csv('/etc/passwd')
    SELECT * FROM which_secret('x', 's3')
    SELECT * FROM (DESCRIBE marches)
    SELECT * FROM (SHOW ALL TABLES)
    SELECT * FROM (SUMMARIZE marches)
    SELECT * FROM marches USING SAMPLE 2
    SELECT * FROM marches TABLESAMPLE 10%
    SELECT * FROM (PIVOT marches ON nom USING sum(etals))
    SELECT random()
    SELECT uuid()
    SELECT nextval('x')
    SELECT error('x')
    SELECT sleep_ms(100000)
    SELECT pg_sleep(100)
    SELECT write_log('x')
    SELECT $1
    SELECT ?
    SELECT range(1000000000000)
    SELECT generate_series(1, 1000000000000)
    SELECT [x + 1 for x in range(1000000000)]
    SELECT list_transform(range(1000000000), x -> x)
    SELECT repeat('x', 1000000000)
    SELECT 'x'.repeat(1000000000)
    SELECT lpad('x', 1000000000, 'x')
    SELECT rpad('x', 10 * 100000000, 'x')
    SELECT printf('%1000000000d', 1)
    SELECT format('{{:1000000000}}', 1)
    SELECT bitstring('1', 2000000000)
    SELECT list_resize([1], 1000000000)
    SELECT levenshtein('a', 'b')
    SELECT regexp_matches('a', '((a{{100}}){{100}}){{100}}')
    SELECT * INTO x FROM marches
    SELECT * FROM marches FOR UPDATE
    SELECT * FROM marches AT (VERSION => 1)
    SELECT nom FROM marches LIMIT 10 PERCENT
    SELECT nom FROM marches LIMIT (SELECT 1)
    WITH RECURSIVE duckdb_views AS (SELECT * FROM duckdb_views) SELECT * FROM duckdb_views
    SELECT * FROM duckdb_views, (WITH duckdb_views AS (SELECT 1) SELECT * FROM duckdb_views)
    WITH a AS (SELECT * FROM duckdb_tables), duckdb_tables AS (SELECT 1) SELECT * FROM a
    SELECT equi_width_bins(0, 1000000000, 1000000000, false)
    SELECT 1; SELECT 2
    SELECT 1; COPY marches TO '/tmp/x.csv'
    COPY marches TO '/tmp/x.csv'
    COPY (SELECT 1) TO '/tmp/x.csv'
    ATTACH '/tmp/x.db'
    INSTALL httpfs
    LOAD spatial
    SET memory_limit = '100GB'
    RESET memory_limit
    SET VARIABLE x = 1
    PRAGMA enable_profiling
    CALL pragma_version()
    EXPORT DATABASE '/tmp/x'
    IMPORT DATABASE '/tmp/x'
    CREATE TABLE x AS SELECT 1
    CREATE MACRO f() AS 1
    CREATE SECRET (TYPE s3)
    INSERT INTO marches VALUES (1)
    UPDATE marches SET nom = 'x'
    DELETE FROM marches
    DROP VIEW marches
    EXPLAIN ANALYZE SELECT 1
    DESCRIBE marches
    SUMMARIZE marches
    VACUUM
    CHECKPOINT
    BEGIN
    EXECUTE x
    PREPARE x AS SELECT 1
    USE main
    WITH x AS (DELETE FROM marches RETURNING *) SELECT * FROM x
    WITH read_csv AS (SELECT 1) SELECT * FROM read_csv('/etc/passwd')
    SELECT * FROM marches WHERE nom IN (SELECT content FROM read_text('/etc/passwd'))
    SELECT * FROM marches ORDER BY (SELECT count(*) FROM glob('/*')) LIMIT 1
    SELECT count(*) FILTER (WHERE getenv('HOME') <> '') FROM marches
    SELECT sum(1) OVER (ORDER BY getenv('HOME')) FROM marches
    SELECT list_aggregate([1], 'getenv')
    SELECT list_reduce(['/etc/passwd'], (a, b) -> getenv(a))
    SELECT CASE WHEN getenv('HOME') = '' THEN 1 END
    SELECT /* x */ getenv /* y */ ('HOME')
    FROM marches SELECT getenv('HOME')
    TABLE pg_class
"""


def test_no_known_escape_succeeds() -> None:
    made = published()
    file = sandbox_file(made.content)
    for line in ESCAPES.strip().splitlines():
        with pytest.raises(Refused):
            print(line, rows(line.strip().format(file=file)))


def sandbox_file(content: str) -> str:
    return str(lake.home() / "marches" / f"1-{content[:16]}.parquet")


@pytest.mark.usefixtures("markets")
def test_a_hidden_or_forbidden_column_stays_so_whatever_the_name_it_is_given() -> None:
    for sql in (
        "SELECT m._row FROM marches m",
        "SELECT COLUMNS('^_.*') FROM marches",
        "SELECT n FROM (SELECT _lat AS n FROM marches)",
    ):
        with pytest.raises(WrongQuestion):
            ask_sql(sql)
    assert [name for name, _ in ask_sql("SELECT * FROM marches").columns][-1] == "geometry"


def test_what_takes_too_much_is_stopped_and_the_next_question_is_answered() -> None:
    quick = lake.Limits(seconds=0.3, rows=10)
    big = "a" * 800
    bomb = "'a'"
    for _ in range(6):
        bomb = f"replace({bomb}, 'a', '{big}')"
    for sql in (
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t",
        "WITH RECURSIVE t(s, n) AS (SELECT 'xxxx', 1 UNION ALL SELECT s || s, n + 1 FROM t WHERE n < 60) SELECT max(len(s)) FROM t",
        "SELECT count(*) FROM range(1000000000000)",
        "SELECT string_agg(range::VARCHAR, '') FROM range(100000000)",
        f"SELECT length({bomb})",
        "SELECT " + "(" * 500 + "1" + ")" * 500,
        "SELECT " + "+".join("1" * 4000),
        "SELECT " + " OR ".join(["true"] * 1400),
        "SELECT " + "-" * 1 + " -".join("1" * 1400),
        "SELECT " + "NOT " * 2500 + "true",
        "x" * 20_000,
    ):
        with pytest.raises((TooMuch, WrongQuestion)):
            ask_sql(sql, limits=quick)
    assert rows("SELECT 41 + 1") == [[42]]


def test_operators_say_how_much_anybody_may_take(settings: Any, markets: None) -> None:
    settings.DATA_SQL_ROWS = 2
    found = ask_sql("SELECT nom FROM marches")
    assert (len(found.rows), found.truncated) == (2, True)
    settings.DATA_SQL_SECONDS = 0.2
    with pytest.raises(TooMuch, match=r"0[,.]2"):
        ask_sql("SELECT count(*) FROM range(1000000000000)")


def test_the_functions_allowed_are_the_engine_s_and_have_no_effect() -> None:
    with lake.asking(seconds=5) as cursor:
        known = cursor.execute(
            "SELECT function_name, bool_or(stability = 'VOLATILE') FROM duckdb_functions() GROUP BY 1"
        ).fetchall()
    volatile = {name for name, is_so in known if is_so}
    names = {each for each in FUNCTIONS if each[0].isalpha()}
    grammar = {"grouping", "grouping_id", "unnest", "nullif", "count_star", "struct_pack"}
    assert names - {name for name, _ in known} - grammar <= {
        "current_date",
        "current_timestamp",
        "first_value",
        "last_value",
    }, names - {n for n, _ in known}
    assert not names & volatile


WORDS = st.sampled_from(
    "SELECT FROM WHERE marches nom etals * , ( ) [ ] { } 'a' \"nom\" 1 -1 AND OR NOT IN LIKE IS NULL CASE WHEN THEN END "
    "GROUP BY ORDER LIMIT OFFSET UNION ALL JOIN ON WITH AS RECURSIVE OVER PARTITION read_csv getenv range unnest sum "
    "count COLUMNS EXCLUDE FILTER INTERVAL CAST :: -> @ ; -- /* */ $1 ? = < > || % DESCRIBE PIVOT LATERAL VALUES".split()
)


@tried(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(
        st.lists(WORDS, max_size=25).map(" ".join),
        st.text(max_size=60),
        st.lists(WORDS, min_size=1, max_size=12).map(lambda w: "SELECT " + " ".join(w) + " FROM marches"),
    )
)
def test_noise_is_answered_or_refused(sql: str) -> None:
    try:
        reading = sandbox.read(sql)
        assert all(each.dataset for each in reading.named)
        if not reading.named:
            sandbox.answer(reading, {}, limits=lake.Limits(seconds=1, rows=10))
    except Refused:
        pass


def test_the_api_and_the_page(client: Client) -> None:
    published()
    sql = "SELECT citycode, sum(etals) AS etals FROM marches GROUP BY 1 ORDER BY 2 DESC NULLS LAST LIMIT 2"
    told = {
        "columns": [{"name": "citycode", "type": "text"}, {"name": "etals", "type": "integer"}],
        "rows": [["13055", 200], ["13005", 60]],
        "truncated": False,
    }
    assert client.get("/api/v1/data/sql", {"q": sql}).json() == told
    posted = Client().post("/api/v1/data/sql", {"q": sql}, content_type="application/json")
    assert posted.json() == told
    refused = client.get("/api/v1/data/sql", {"q": "SELECT getenv('HOME')"})
    assert (refused.status_code, refused.json()["code"]) == (422, "wrong-question")
    page = client.get("/donnees/sql", {"q": sql}).content.decode()
    assert "<td>13055</td><td>200</td>" in page
    read(page)
    wrong = client.get("/donnees/sql", {"q": "DROP VIEW marches"})
    assert wrong.status_code == 422
    assert "Seule une requête SELECT est permise" in wrong.content.decode()
    assert "Les valeurs les plus fréquentes" in client.get("/donnees/sql").content.decode()
