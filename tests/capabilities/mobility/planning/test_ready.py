"""What journeys need is made before anybody asks: networks on the disk, today in memory, kernels compiled."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from lacydon.capabilities.mobility.queries.planning import engine, held, shelf
from lacydon.capabilities.mobility.queries.planning.network import network
from lacydon.capabilities.mobility.queries.planning.walking import Access
from lacydon.kernel import clock
from tests.capabilities.mobility.networks import network_in_force


@pytest.fixture
def table(tmp_path: Path, settings, db, monkeypatch):
    settings.HOME = tmp_path
    monkeypatch.setattr(held, "_networks", {})
    monkeypatch.setattr(held, "_days", type(held._days)())
    return network_in_force(tmp_path, {"transfers.txt": TRANSFERS})


TRANSFERS = (
    "from_stop_id,to_stop_id,from_route_id,to_route_id,from_trip_id,to_trip_id,transfer_type,min_transfer_time\n"
    "hdv1,hdv2,1,2,,,2,240\nhdv1,hdv2,,,,,2,90\n,,,,1-aller-00,1-retour-00,4,\n"
)


@pytest.mark.parametrize("access", list(Access))
def test_a_network_that_was_kept_is_the_one_that_was_made(table, access) -> None:
    made = network(table, access=access)
    shelf.keep(made)
    kept = shelf.kept(table, access)
    assert kept is not None
    for name in ("node_stop", "open_stops"):
        np.testing.assert_array_equal(getattr(kept, name), getattr(made, name))
    for side in ("paths", "back"):
        for name in shelf.PATHS:
            np.testing.assert_array_equal(getattr(getattr(kept, side), name), getattr(getattr(made, side), name))
    assert dict(kept.walks) == dict(made.walks)
    assert kept.walks.get((10**6, 0)) is None
    assert (kept.node_of, kept.nodes_of_stop, kept.seated) == (made.node_of, made.nodes_of_stop, made.seated)
    assert kept.seated and (access == Access.KNOWN or kept.node_of)


def test_an_import_leaves_the_network_where_processes_find_it(table, monkeypatch) -> None:
    held.keep_network(table)
    monkeypatch.setattr(held, "network", None)  # making one again would fail
    assert held.network_of(table).table is table


def test_a_network_that_the_disk_lost_is_made_again(table) -> None:
    held.keep_network(table)
    place = next((shelf.folder() / table.content[: shelf.NAME]).glob("planning-*"))
    (place / "nouns.json").write_bytes(b"{")
    assert shelf.kept(table, Access.ANYBODY) is None
    assert held.network_of(table).walks
    assert (place / "nouns.json").stat().st_size > 1


def test_other_rules_of_walking_are_other_files(table, monkeypatch) -> None:
    held.keep_network(table)
    monkeypatch.setattr(shelf, "_rules", lambda: "others")
    assert shelf.kept(table, Access.ANYBODY) is None


def test_a_server_prepares_the_network_today_and_the_kernels(table, monkeypatch) -> None:
    loaded = engine.Engine(engine.PLAIN.reach, engine.PLAIN.pareto, compiled=False)
    compiled_beside: list[bool] = []
    monkeypatch.setattr(engine, "LARGE", 0)
    monkeypatch.setattr(engine, "available", lambda: True)
    monkeypatch.setattr(engine, "compiled", lambda: loaded)
    monkeypatch.setattr(engine, "_compile_beside", lambda: compiled_beside.append(True))
    monkeypatch.setattr(engine, "_ready", None)
    monkeypatch.setattr(engine, "_started", False)
    held.prepare()
    assert compiled_beside == [True]
    assert engine.engine(patience=0.0) is loaded
    assert (table.content, clock.today(), Access.ANYBODY, False) in held._days


def test_a_small_network_does_without_a_compiler(table, monkeypatch) -> None:
    monkeypatch.setattr(engine, "available", lambda: True)
    monkeypatch.setattr(engine, "_make", lambda: pytest.fail("compiled for nothing"))
    held.prepare()


def test_nothing_is_prepared_where_there_is_no_timetable(tmp_path, settings, db) -> None:
    from lacydon.config.commands.preload import prepare

    settings.HOME = tmp_path
    prepare()


def test_when_its_folder_is_gone_a_network_is_made_all_the_same(table) -> None:
    shutil.rmtree(shelf.folder() / table.content[: shelf.NAME])
    assert held.network_of(table).walks
