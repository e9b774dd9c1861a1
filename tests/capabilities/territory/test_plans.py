"""The plan of the streets: lines worked out of house numbers, and the images made of them."""

import gzip
import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some

from lacydon.capabilities.territory.public import place_of, view_of
from lacydon.capabilities.territory.queries.ways import ACROSS, GAP, lines_of
from lacydon.kernel.ui.plans import View

from .invented import imported, street

LIMIT = 50_000


def joined(*numbers, street=7):
    """The lines of one street of (number, x, y)."""
    lines, of = lines_of(
        np.array([street] * len(numbers)), np.array([each[0] for each in numbers]),
        np.array([each[1:] for each in numbers], dtype=float).reshape(-1, 2),
    )  # fmt: skip
    assert set(of) <= {street}
    return lines


def test_the_line_runs_between_the_two_sides():
    [line] = joined(*[(each, each * 10.0, 9.0 if each % 2 else -9.0) for each in range(1, 21)])
    assert line.length == pytest.approx(180, abs=20)
    assert shapely.hausdorff_distance(line, shapely.LineString([(15, 0), (195, 0)])) < 10


def test_one_side_alone_is_a_line_and_one_number_is_none():
    [line] = joined((1, 0, 0), (3, 30, 0), (5, 30, 30))
    assert shapely.get_coordinates(line).tolist() == [[0, 0], [30, 0], [30, 30]]
    assert joined((1, 0, 0)) == [] == joined((1, 0, 0), (2, 20, 0)) == joined()


def test_numbers_are_not_joined_across_a_gap():
    lines = joined((1, 0, 0), (3, 50, 0), (5, 50 + GAP + 1, 0), (7, 50 + GAP + 40, 0))
    assert sorted(line.length for line in lines) == [39, 50]


def test_a_side_far_from_the_other_keeps_its_own_line():
    lines = joined((1, 0, 0), (3, 90, 0), (2, 0, ACROSS + 20), (4, 80, ACROSS + 20))
    assert len(lines) == 2


@given(
    some.lists(some.tuples(some.integers(0, 3), some.integers(1, 60), some.integers(0, 400), some.integers(0, 400)),
               max_size=40, unique_by=lambda each: each[:2])
)  # fmt: skip
def test_lines_stay_near_the_numbers_of_their_street(told):
    numbers = np.array([each[1] for each in told], dtype=np.int64)
    streets = np.array([each[0] for each in told], dtype=np.int64)
    metres = np.array([each[2:] for each in told], dtype=float).reshape(-1, 2)
    lines, of = lines_of(streets, numbers, metres)
    assert len(lines) == len(of)
    for line, mine in zip(lines, of, strict=True):
        own = shapely.MultiPoint(metres[streets == mine])
        assert all(own.distance(shapely.Point(each)) <= ACROSS for each in shapely.get_coordinates(line))


@pytest.fixture
def image(client, small_territory):
    """A plan as it is answered: the answer, and its text."""

    def ask(view, **headers):
        answer = client.get(f"/plan/{view}.svg", headers=headers)
        return answer, answer.content.decode() if answer.status_code == 200 else ""

    return ask


def test_streets_are_drawn_with_their_names_and_close_up_their_numbers(image):
    imported(
        street(),
        street("Rue de l’Église", lat=43.101, turn=90),
        street("Clos Seul", lon=5.1035, lat=43.1009, numbers=[3]),
    )
    near = image("3/5.10200,43.10000")[1]
    assert "Rue des Lilas" in near and "Clos Seul" in near and ">12<" not in near
    assert ">12<" in image("4/5.10150,43.10000")[1]
    assert "<textPath" not in image("0/5.102,43.100")[1]
    assert "Olivette" in image("1/5.1020,43.1000")[1]


def test_an_image_is_kept_until_the_addresses_change(image):
    imported(street())
    answer, drawn = image("3/5.10200,43.10000")
    assert answer["Content-Type"].startswith("image/svg+xml") and "public" in answer["Cache-Control"]
    assert image("3/5.10200,43.10000", **{"If-None-Match": answer["ETag"]})[0].status_code == 304
    imported(street("Rue Neuve"), content="deux")
    again, changed = image("3/5.10200,43.10000", **{"If-None-Match": answer["ETag"]})
    assert again.status_code == 200 and "Rue Neuve" in changed and "Rue des Lilas" not in changed
    assert drawn != changed


@pytest.mark.parametrize("view", ["3/5.1", "5/5.1,43.1", "3/5.1,91", "a", "3/5.1,43.1/x", "3/999,43.1"])
def test_no_other_view_is_drawn(image, view):
    assert image(view)[0].status_code == 404


def test_a_city_of_streets_stays_light(image):
    city = [
        street(f"Avenue {'ABCDEFGHIJKLMNOPQRST'[each % 20]} {each}", lon=5.06 + 0.08 * math.sin(each), lat=43.06 + each / 4000,
               turn=each * 37 % 180, numbers=range(1, 60))
        for each in range(300)
    ]  # fmt: skip
    imported(*city)
    for zoom in range(5):
        drawn = image(View.at(5.09, 43.09, zoom).name)[1]
        assert len(gzip.compress(drawn.encode())) < LIMIT


def test_a_commune_without_limits_is_seen_from_its_centre(small_territory):
    assert view_of(place_of("97001").commune) == View.at(5.10, 43.10, 1)
