"""Versions and the rows in them: published once, asked many times."""

import duckdb
import pytest
from sqlglot import exp

from lacydon.capabilities.data.actions.opening import table_of
from lacydon.capabilities.data.actions.publication import describe_dataset
from lacydon.capabilities.data.errors import (
    NoAccess,
    TooMuch,
    UnknownColumn,
    UnknownDataset,
    UnknownVersion,
    WrongQuestion,
)
from lacydon.capabilities.data.events import VersionPublished
from lacydon.capabilities.data.models import Version
from lacydon.capabilities.data.queries import datasets, lake, logical, room
from lacydon.capabilities.data.queries.logical import Question, by, col, value
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.errors import BadInput, Unavailable
from lacydon.kernel.events import heard

from .harbour import MARKETS, described, published

pytestmark = pytest.mark.django_db


def test_a_version_is_published_and_asked() -> None:
    made = published()
    table = table_of("marches")
    assert (made.number, table.rows, made.path if hasattr(made, "path") else None) == (1, 4, None)
    question = Question(
        columns=(col("nom"), col("etals")),
        where=exp.EQ(this=col("citycode"), expression=value("13055")),
        order_by=(by(col("etals"), falling=True),),
    )
    answer = lake.answer(table, question)
    assert [each.label for each in answer.columns] == ["Nom", "Etals"]
    assert answer.rows == [("Marché de la Plaine", 120), ("Marché du Prado", 80)]
    assert lake.count(table, question.where) == 2


def test_a_group_has_its_own_columns() -> None:
    published()
    question = Question(
        columns=(col("citycode"), *logical.aliased({"stalls": exp.Sum(this=col("etals"))})), group_by=(col("citycode"),)
    )
    answer = lake.answer(table_of("marches"), question)
    assert answer.rows == [("13005", 60), ("13055", 200), ("13056", None)]


def test_pages_never_show_a_row_twice() -> None:
    published("suite", "SELECT range AS n, range % 3 AS third FROM range(500)", point=None)
    table = table_of("suite")
    seen = []
    for start in range(0, 500, 50):
        page = Question(columns=(col("n"),), order_by=(by(col("third")),), limit=50, offset=start)
        seen += [n for (n,) in lake.answer(table, page).rows]
    assert sorted(seen) == list(range(500))


@pytest.mark.django_db(transaction=True)
def test_each_version_keeps_its_rows_and_says_what_changed() -> None:
    with heard(VersionPublished) as events:
        published()
        second = published(sql=MARKETS.replace("'Marché du Prado'", "'Marché du Prado-Castellane'"))
    assert [each.number for each in events] == [1, 2]
    assert second.difference["rows"] == {"added": 1, "removed": 1, "same": 3}
    names = [nom for (nom,) in lake.answer(table_of("marches", version=1), Question(columns=(col("nom"),))).rows]
    assert "Marché du Prado" in names
    entry = Entry.objects.get(pk=second.entry)
    assert entry.basis == f"sha256:{second.content}"


def test_the_same_content_makes_no_new_version() -> None:
    assert published().number == published().number == 1
    assert Version.objects.count() == 1


@pytest.mark.parametrize("id", ["sql", "vues", "Marchés", "-a", "a" * 101, ""])
def test_an_address_that_no_dataset_may_have(id: str) -> None:
    with pytest.raises(BadInput):
        described(id)


def test_what_is_not_there_is_said() -> None:
    described("vide")
    published()
    with pytest.raises(UnknownDataset):
        table_of("rien")
    with pytest.raises(UnknownVersion):
        table_of("vide")
    with pytest.raises(UnknownVersion):
        table_of("marches", version=9)
    with pytest.raises(UnknownColumn, match="citycode"):
        table_of("marches").column("citycod")


def test_what_is_private_is_known_to_its_organisation_only() -> None:
    published()
    describe_dataset(id="marches", actor=MACHINE, fields={"access": "private"})
    agent = Actor(person="p", kind="agent", organisation="ville", roles=frozenset({"data.reader"}))
    with pytest.raises(UnknownDataset):
        table_of("marches")
    with pytest.raises(UnknownDataset):
        table_of("marches", actor=Actor(person="p", kind="agent", organisation="ville"))
    assert table_of("marches", actor=agent).rows == 4
    describe_dataset(id="marches", actor=MACHINE, fields={"access": "restricted"})
    assert datasets.dataset("marches").title["fr"] == "Marchés forains"
    with pytest.raises(NoAccess):
        table_of("marches")


def test_a_question_has_limits() -> None:
    published()
    table = table_of("marches")
    with pytest.raises(TooMuch):
        lake.answer(table, Question(), limits=lake.Limits(rows=3))
    with pytest.raises(WrongQuestion):
        lake.answer(table, Question(where=exp.func("year", col("nom"))))
    with pytest.raises(TooMuch, match="secondes"):
        lake.run("SELECT count(*) FROM range(1000000000000)", limits=lake.Limits(seconds=0.1))


def test_the_cage_opens_nothing_else() -> None:
    published()
    for outside in ("FROM read_csv('/etc/passwd')", "FROM read_text('/etc/hostname')", "INSTALL httpfs",
                    "SET threads = 8", "ATTACH '/tmp/x.db'", "COPY (SELECT 1) TO '/tmp/x.csv'"):  # fmt: skip
        with pytest.raises(Exception, match=r"(?i)permission|disabled|locked|cannot"):
            lake.run(outside)


def test_a_page_of_a_long_table_is_what_sorting_it_whole_gives() -> None:
    published(
        "longue", "SELECT range AS n, range % 1000 AS k, 'mot ' || (range % 7) AS mot FROM range(250000)", point=None
    )
    table = table_of("longue")
    page = Question(
        columns=(*logical.aliased({"twice": exp.Mul(this=col("n"), expression=value(2))}), col("mot")),
        where=exp.EQ(this=col("mot"), expression=value("mot 3")),
        order_by=(by(col("k"), falling=True), by(col("n"))),
        limit=20,
        offset=40,
    )
    rows = sorted(((n % 1000, n) for n in range(250000) if n % 7 == 3), key=lambda each: (-each[0], each[1]))
    assert lake.answer(table, page).rows == [(n * 2, "mot 3") for _k, n in rows[40:60]]
    nothing = page.narrowed(exp.EQ(this=col("k"), expression=value(-1)))
    assert lake.answer(table, nothing).rows == []
    assert [each.name for each in lake.answer(table, nothing).columns] == ["twice", "mot"]


def test_an_engine_that_broke_is_replaced() -> None:
    """An error of the engine's own ends all that it is asked after: one question may not be the last."""
    published()
    broken = lake._engine(spatial=False)
    with pytest.raises(WrongQuestion), lake.asking(seconds=1):
        raise duckdb.InternalException("INTERNAL Error: of its own")
    assert lake._engine(spatial=False) is not broken
    assert lake.count(table_of("marches")) == 4
    with pytest.raises(Unavailable), lake.asking(seconds=1):
        raise duckdb.FatalException("FATAL Error: the database has been invalidated")
    assert lake.count(table_of("marches")) == 4


def test_long_questions_wait_for_their_turn_and_leave_threads_to_short_ones(settings, monkeypatch) -> None:
    settings.DATA_AT_ONCE, settings.THREADS = 1, 4
    monkeypatch.setattr(room, "PATIENCE", 0.05)
    room._places.cache_clear()
    with room.room_for(room.LONG), room.room_for(10):
        with pytest.raises(Unavailable) as refused, room.room_for(room.LONG):
            pass
        assert refused.value.facts["retry_after"] == 5
    with room.room_for(room.LONG):
        pass
    room._places.cache_clear()
