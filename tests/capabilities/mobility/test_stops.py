"""A stop is found however its name is typed."""

from pathlib import Path

import pytest

from lacydon.capabilities.mobility.queries.stops import folded, lines_named, stops_named
from tests.capabilities.mobility.networks import STOPS, network_in_force

pytestmark = pytest.mark.django_db

MORE = STOPS + "sjl,St-Just Hôtel du Dépt,43.32,5.40,0,,1,\nger,Gérard Gare,43.33,5.41,0,,1,\n"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("hotel de ville", "Hôtel de Ville"),
        ("HÔTEL-VILLE", "Hôtel de Ville"),
        ("Saint Just", "St-Just Hôtel du Dépt"),
        ("carenag", "Carénage"),
        ("karénage", "Carénage"),
        ("gare", "Gare"),
        ("ile", "Île"),
    ],
)
def test_the_stop_that_is_meant_comes_first(typed: str, first: str, tmp_path: Path, settings) -> None:
    settings.HOME, settings.SNAPSHOT_SECONDS = tmp_path, 0
    network_in_force(tmp_path, {"stops.txt": MORE})
    found = stops_named(typed, limit=3)
    assert found[0].name == first
    assert len(found) <= 3


def test_nothing_typed_or_nothing_like_it_finds_nothing(tmp_path: Path, settings) -> None:
    settings.HOME, settings.SNAPSHOT_SECONDS = tmp_path, 0
    network_in_force(tmp_path)
    assert stops_named("  ") == stops_named("xyzzyqwk") == ()
    assert stops_named("gare", citycode="13001") == ()
    assert [each.name for each in stops_named("gare", citycode="13055")] == ["Gare"]


def test_a_line_is_found_by_its_number_and_by_its_ends(tmp_path: Path, settings) -> None:
    settings.HOME, settings.SNAPSHOT_SECONDS = tmp_path, 0
    table = network_in_force(tmp_path)
    assert [table.routes[n].short_name for n in lines_named("ligne 2")] == ["2"]
    assert [table.routes[n].short_name for n in lines_named("pointe rouge")] == ["2"]


def test_short_forms_are_written_out() -> None:
    assert folded("Bd de la Libération") == ("boulevard", "liberation")
