"""What is asked of every row while it is read is enough to be right; and the rows keep their places."""

import itertools

import pytest

from lacydon.capabilities.data.errors import UnreadableTable
from lacydon.capabilities.data.queries.engine import engine_for, literals
from lacydon.capabilities.data.queries.lexical import reading_of
from lacydon.capabilities.data.queries.reading import load
from lacydon.capabilities.data.queries.schemas import Field

from .tables import checked, told


@pytest.mark.parametrize(
    ("field", "letters", "rest"),
    [
        (Field("v", "integer"), "01.-+eE_ xba,\t", [""]),
        (Field("v", "number"), "01.-+eE_ nNiIfaxF,", ["", "nf", "an"]),
        (Field("v", "number", decimal_char=","), "01.-+e_ ,nf", [""]),
        (Field("v", "date"), "0129-/ T", ["020-01-05", "0-1-05", "01-05", "1", " "]),
    ],
    ids=["integer", "number", "comma", "date"],
)
def test_what_is_surely_well_written_is_well_written(field, letters, rest):
    """Every text of up to three of these letters: no cast takes what the standard does not."""
    texts = {"".join(each) for n in range(4) for each in itertools.product(letters, repeat=n)}
    if field.type == "date":
        texts = {begun + end for begun in texts for end in rest} | {f"2020{each}" for each in texts}
    else:
        texts = {text + end for text in texts for end in rest}
    reading = reading_of(field)("c")
    with engine_for() as engine:
        engine.run(f"CREATE TABLE t AS SELECT unnest([{literals(sorted(texts))}]) AS c")
        wrong = engine.rows(
            f"SELECT c FROM t WHERE coalesce({reading.surely}, false) AND NOT coalesce({reading.written}, false)"
        )
        other = engine.rows(
            f"SELECT c FROM t WHERE coalesce({reading.surely}, false) AND ({reading.quick}) IS DISTINCT FROM ({reading.value})"
        )
        found = engine.row(f"SELECT count(*) FROM t WHERE {reading.surely}")[0]
    assert wrong == other == [] and found > 3


@pytest.mark.parametrize("quote", ["", '"'])
def test_rows_keep_their_places_in_a_large_file(quote):
    """More rows than the engine hands to one thread at a time, a long list of values, faults far from each other."""
    kinds = [f"kind {n}" for n in range(40)]
    lines = [f"{n},{kinds[n % 40]},{quote}{n % 7}{quote},2026-01-{n % 28 + 1:02d}" for n in range(2, 130_002)]
    for row in (2, 70_000, 130_001):
        lines[row - 2] = f"{row},kind,x,2026-02-30"
    for row, first in ((99_999, 3), (129_000, 128_000)):
        lines[row - 2] = f"{first},kind 1,1,2026-01-01"
    report = checked(
        "id,kind,n,day\n" + "\n".join(lines) + "\n",
        {"name": "id", "type": "integer", "constraints": {"unique": True}}, {"name": "kind", "constraints": {"enum": kinds}},
        {"name": "n", "type": "integer", "constraints": {"maximum": 6}}, {"name": "day", "type": "date"},
    )  # fmt: skip
    expected = [("unique-error", 99_999, "id"), ("unique-error", 129_000, "id")]
    for row in (2, 70_000, 130_001):
        expected += [("constraint-error", row, "kind"), ("type-error", row, "n"), ("type-error", row, "day")]
    assert sorted(told(report)) == sorted(expected)
    twice = next(each for each in report.faults if each.row == 129_000)
    assert twice.cells == ("128000", "kind 1", "1", "2026-01-01") and "128000" in twice.note.replace(" ", "")


def test_many_rows_with_the_same_key_are_all_told():
    report = checked("a,b\n" + "x,1\n" * 30_000, {"name": "a", "constraints": {"unique": True}}, "b", limit=5)
    assert report.errors == 29_999 and [each.row for each in report.faults] == [3, 4, 5, 6, 7]


def test_a_full_disk_is_told_in_a_sentence(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n\n" + "3,4\n" * 5_000)
    with engine_for(tmp_path / "t.csv") as engine:
        (engine.folder / "plain.csv").symlink_to("/dev/full")
        with pytest.raises(UnreadableTable, match="place manque"):
            load(engine, tmp_path / "t.csv", names=["a"])
    (tmp_path / "t.csv").write_bytes("é,b\n1,2\n".encode("cp1252") * 5_000)
    with engine_for(tmp_path / "t.csv") as engine:
        (engine.folder / "text.csv").symlink_to("/dev/full")
        with pytest.raises(UnreadableTable, match="place manque"):
            load(engine, tmp_path / "t.csv", names=["b"])
