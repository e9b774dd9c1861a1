"""The formula gives the values its authors publish with their own implementation."""

import pytest

from tests.journeys import ecoindex


@pytest.mark.parametrize(
    ("table", "value", "place"),
    [
        (ecoindex.KILOBYTES, 2500, 14.086372025739513),
        (ecoindex.NODES, 150, 2.892857142857143),
        (ecoindex.REQUESTS, 23, 2.8),
        (ecoindex.KILOBYTES, 310182.902, 20),
    ],
)
def test_the_place_among_the_pages_of_the_world(table, value, place):
    assert ecoindex.place(table, value) == pytest.approx(place, abs=1e-12)


@pytest.mark.parametrize(
    ("nodes", "requests", "kilobytes", "score"),
    [
        (100, 100, 100, 72),
        (100, 100, 1000, 67),
        (100, 100, 10000, 58),
        (200, 200, 10000, 46),
        (2355, 267, 2493, 10),
        (240, 20, 331, 83),
        (2240, 100, 310182.902, 16),
    ],
)
def test_the_score(nodes, requests, kilobytes, score):
    assert ecoindex.score(nodes=nodes, requests=requests, kilobytes=kilobytes) == score


@pytest.mark.parametrize(("score", "grade"), [(100, "A"), (72, "B"), (50.2, "D"), (25, "F"), (10, "G"), (2, "G")])
def test_the_grade(score, grade):
    assert ecoindex.grade(score) == grade
