"""A timetable is the same when it comes back from the disk, and its hours are right on every night of the year."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from lacydon.capabilities.mobility.queries.timetable import moment, opened, seconds_in, service_days, shelve, timetable
from lacydon.capabilities.mobility.queries.timetable.table import ARRAYS, NOUNS
from tests.capabilities.mobility.networks import network_in_force, small_network


def test_what_was_shelved_comes_back_the_same(tmp_path: Path, settings) -> None:
    settings.HOME = tmp_path
    table = small_network(tmp_path)
    shelve(table)
    back = opened(table.content)
    for name in ARRAYS:
        assert np.array_equal(getattr(back, name), getattr(table, name)), name
    for name in NOUNS:
        assert getattr(back, name) == getattr(table, name), name
    assert list(back.trip_ids) == list(table.trip_ids)
    assert back.trip("AMP:1-aller-05") >= 0
    assert back.route_of(back.trip("AMP:1-aller-05")).short_name == "1"
    assert back.trip("AMP:never") == -1


def test_quays_of_one_name_are_one_place(tmp_path: Path) -> None:
    table = small_network(tmp_path)
    place = table.places[table.place_of_id["hotel-de-ville-13055"]]
    assert [table.stops[n].id for n in place.stops] == ["AMP:hdv1", "AMP:hdv2"]
    assert [table.routes[n].short_name for n in table.routes_of_place[table.place_of_id[place.id]]] == ["1", "2"]


@pytest.mark.django_db
def test_the_timetable_in_force_is_the_last_one_put_there(tmp_path: Path, settings) -> None:
    settings.HOME = tmp_path
    settings.SNAPSHOT_SECONDS = 0
    first = network_in_force(tmp_path)
    assert timetable().content == first.content
    second = network_in_force(
        tmp_path, {"transfers.txt": "from_stop_id,to_stop_id,transfer_type\nhdv1,hdv2,0\n", "calendar_dates.txt": None}
    )
    assert timetable().content == second.content != first.content


def test_hours_past_midnight_and_the_nights_when_clocks_change() -> None:
    assert moment(date(2026, 11, 27), 24 * 3600 + 1800) == datetime(2026, 11, 27, 23, 30, tzinfo=UTC)
    # 25 October 2026 has 25 hours: times are counted from noon minus twelve hours, which is 01:00 in summer time.
    assert moment(date(2026, 10, 25), 5 * 3600) == datetime(2026, 10, 25, 4, tzinfo=UTC)
    assert moment(date(2026, 3, 29), 5 * 3600) == datetime(2026, 3, 29, 3, tzinfo=UTC)
    when = datetime(2026, 11, 27, 23, 40, tzinfo=UTC)
    assert service_days(when, longest=90_000) == [date(2026, 11, 27), date(2026, 11, 28)]
    assert seconds_in(date(2026, 11, 27), when) == 24 * 3600 + 2400
