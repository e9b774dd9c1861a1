"""A large file is read in pieces and written at once: the same rows, numbered the same, as by the way that holds a table."""

import duckdb
import pytest

from lacydon.capabilities.data.queries.intake import convert, converting, inspect, pieces

PLAIN = [
    f"{n},{13001 + n % 7},{2020 + n % 3}-01-0{1 + n % 9},{'' if n % 11 == 0 else n / 8},lieu {n}" for n in range(400)
]
QUOTED = [line.replace("lieu ", '"lieu, ou ') + '"' for line in PLAIN]
HEAD = "id,code_insee,jour,montant,nom"


@pytest.fixture
def both(tmp_path, monkeypatch):
    """(content) -> the ways that were taken for a large file, its rows, and those of the slow way."""

    def make(content: str):
        path = tmp_path / "sent.csv"
        path.write_text("\n".join([HEAD, *PLAIN]))
        found = inspect(path)
        path.write_bytes(content.encode())
        monkeypatch.setattr(pieces, "CHUNK", 1_000)
        made, ways = [], []
        slow = converting._Conversion._in_two
        monkeypatch.setattr(
            converting._Conversion, "_in_two", lambda self, to: (ways.append("in two"), slow(self, to))[1]
        )
        for large in (1, 10**9):
            monkeypatch.setattr(converting, "LARGE", large)
            done = convert(path, found, to=tmp_path / "made.parquet")
            rows = duckdb.connect().execute(f"SELECT * FROM '{tmp_path / 'made.parquet'}'").fetchall()
            made.append((done.columns, done.ordered_by, [each.count for each in done.misfits], rows))
        monkeypatch.setattr(converting._Conversion, "_in_two", slow)
        return ways, *made

    return make


@pytest.mark.parametrize(
    ("content", "ways"),
    [
        ("\n".join([HEAD, *PLAIN]) + "\n", ["in two"]),
        ("\n".join([HEAD, *PLAIN]), ["in two"]),
        ("\r\n".join([HEAD, *QUOTED]) + "\r\n", ["in two"]),
        ("\n".join([HEAD, *PLAIN[:200], "", *PLAIN[200:]]) + "\n", ["in two", "in two"]),  # a line that is no row
        ("\n".join([HEAD, *QUOTED]).replace(", ou", ",\nou") + "\n", ["in two", "in two"]),  # rows of two lines
        ("\n".join([HEAD, *PLAIN, "x,13001,2020-01-01,1,y"]) + "\n", ["in two", "in two"]),  # no number
    ],
)
def test_the_same_rows_at_once_and_in_two_passes(both, content, ways):
    taken, large, small = both(content)
    assert taken == ways
    assert large == small
    assert sorted(row[5] for row in large[3]) == list(range(1, len(large[3]) + 1))


def test_a_file_is_cut_where_rows_end(tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "CHUNK", 1_000)
    text = tmp_path / "t.csv"
    lines = [f'{n},"a\nb"\n'.encode() for n in range(1_000)]
    text.write_bytes(b"n,t\n" + b"".join(lines))
    made = pieces.cut(text, skipped=1, folder=tmp_path, pieces=3)
    parts = [each.read_bytes() for each in made.files]
    assert len(parts) == 3 and b"".join(parts) == b"".join(lines)
    assert all(part.count(b'"') % 2 == 0 for part in parts)
    assert made.rows == 2_000 and list(made.starts) == [0, parts[0].count(b"\n"), 2_000 - parts[2].count(b"\n")]
