"""Datasets made of others: kept up to date, traced, made again and compared."""

import re
from html import unescape

import pytest
from django.test import Client

from lacydon.capabilities.data.actions.opening import table_of
from lacydon.capabilities.data.actions.publication import describe_dataset
from lacydon.capabilities.data.actions.recipes import make_again, recompute, write_recipe
from lacydon.capabilities.data.errors import NotPublishable, WrongQuestion
from lacydon.capabilities.data.models import Recipe
from lacydon.capabilities.data.queries import datasets, lake
from lacydon.capabilities.data.queries.logical import Question
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel.access import MACHINE
from tests.capabilities.trust import people

from .harbour import MARKETS, described, organisation, published

STALLS = (
    'SELECT citycode, sum(etals)::BIGINT AS etals, any_value(geometry) AS geometry FROM "marches" GROUP BY citycode'
)


@pytest.fixture
def derived(db: None) -> None:
    published()
    described("etals-par-commune")
    write_recipe(dataset="etals-par-commune", sql=STALLS, actor=MACHINE)


def rows() -> set[tuple[object, ...]]:
    found = lake.answer(table_of("etals-par-commune"), Question())
    return {(row[0], row[1]) for row in found.rows}


def test_a_derived_dataset_is_made_of_versions_it_names(derived: None) -> None:
    assert rows() == {("13055", 200), ("13005", 60), ("13056", None)}
    version = datasets.version(datasets.dataset("etals-par-commune"))
    (source,) = version.made_of
    assert (source["dataset"], source["number"]) == ("marches", 1)
    assert source["content"] == table_of("marches").content
    assert [each.type for each in version.columns] == ["text", "integer", "point"]
    assert version.columns[0].kind == "citycode"
    assert Entry.objects.get(pk=version.entry).basis == f"sha256:{version.content}"
    assert datasets.dataset("etals-par-commune").derived


def test_it_is_made_again_when_its_source_changes_and_can_be_recomputed_after(derived: None) -> None:
    published(sql=MARKETS.replace("120", "150"))
    make_again(dataset="etals-par-commune")
    assert ("13055", 230) in rows()
    dataset = datasets.dataset("etals-par-commune")
    for number in (1, 2):
        assert recompute(datasets.version(dataset, number)).same
    with pytest.raises(NotPublishable, match="recette"):
        recompute(datasets.version(datasets.dataset("marches")))


@pytest.mark.django_db(transaction=True)
def test_a_new_version_of_a_source_asks_for_it() -> None:
    published()
    described("etals-par-commune")
    write_recipe(dataset="etals-par-commune", sql=STALLS, actor=MACHINE)
    from django_tasks_db.models import DBTaskResult

    published(sql=MARKETS.replace("120", "150"))
    asked = [each.args_kwargs["kwargs"] for each in DBTaskResult.objects.all() if each.task_path.endswith("remake")]
    assert asked == [{"dataset": "etals-par-commune"}]


def test_what_was_tampered_with_is_seen(derived: None) -> None:
    version = datasets.version(datasets.dataset("etals-par-commune"))
    other = datasets.version(datasets.dataset("marches"))
    version.path.write_bytes(other.path.read_bytes())
    found = recompute(version)
    assert (found.intact, found.same) == (False, False)


def test_a_source_that_lost_a_column_is_said_and_the_last_version_stays(derived: None) -> None:
    published(sql="SELECT '13055' AS citycode, 3 AS places", point=None)
    assert make_again(dataset="etals-par-commune") is None
    assert "etals" in Recipe.objects.get().failure
    assert ("13055", 200) in rows()


def test_no_recipe_makes_a_circle_nor_opens_what_is_closed(derived: None) -> None:
    with pytest.raises(NotPublishable, match="lui-même"):
        write_recipe(dataset="marches", sql='SELECT citycode FROM "etals-par-commune"', actor=MACHINE)
    describe_dataset(id="marches", actor=MACHINE, fields={"access": "private"})
    with pytest.raises(NotPublishable, match="plus ouvert"):
        write_recipe(dataset="etals-par-commune", sql=STALLS, actor=MACHINE)
    describe_dataset(id="etals-par-commune", actor=MACHINE, fields={"access": "private"})
    write_recipe(dataset="etals-par-commune", sql=STALLS, actor=MACHINE)


@pytest.mark.parametrize("sql", ["SELECT 1", "DROP TABLE x", "SELECT * FROM read_csv('/etc/passwd')"])
def test_a_recipe_reads_datasets_and_nothing_else(derived: None, sql: str) -> None:
    with pytest.raises((NotPublishable, WrongQuestion)):
        write_recipe(dataset="etals-par-commune", sql=sql, actor=MACHINE)


def test_anybody_sees_where_rows_come_from_and_may_compute_them_again(derived: None, client: Client) -> None:
    page = client.get("/donnees/etals-par-commune/origine")
    assert page.status_code == 200
    again = re.search(r'href="(/donnees/sql\?q=[^"]+)"', page.content.decode())
    assert again
    found = client.get(unescape(again[1]))
    assert found.status_code == 200
    assert "200" in found.content.decode()
    assert 'href="/donnees/etals-par-commune/origine"' in client.get("/donnees/marches/origine").content.decode()
    assert client.get("/donnees/rien/origine").status_code == 404


def test_an_agent_tries_a_recipe_before_keeping_it(derived: None) -> None:
    clerk = people.agent(organisation=organisation(), roles=("data.publisher",))
    desk = people.signed_in(people.visitor(), clerk, organisation="ville", strong=True)
    address = "/donnees/etals-par-commune/recette"
    new = 'SELECT nom, note FROM "marches" WHERE note > 3'
    tried = desk.post(address, {"sql": new, "try": ""})
    assert "Marché de la Plaine" in tried.content.decode()
    assert datasets.dataset("etals-par-commune").version.number == 1  # type: ignore[union-attr]
    assert "rien" in desk.post(address, {"sql": 'SELECT * FROM "rien"', "keep": ""}).content.decode()
    kept = desk.post(address, {"sql": new, "keep": ""}, follow=True)
    assert "2 lignes" in kept.content.decode().replace("\xa0", " ")
    checked = desk.post(address + "/verifier", follow=True)
    assert "les mêmes lignes" in checked.content.decode()
