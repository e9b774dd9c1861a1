"""Maps drawn on the server."""

from shapely.geometry import Polygon, box

from lacydon.kernel.ui import maps
from tests.markup import _Reader

TWO = {"west": box(5.0, 43.0, 5.1, 43.1), "east": box(5.1, 43.0, 5.2, 43.1)}


def _parsed(svg):
    reader = _Reader()
    reader.feed(svg)
    return reader.root


def _drawn(**said):
    areas = {"west": maps.Area(label="West"), "east": maps.Area(label="East", category=2, href="/east")}
    return _parsed(maps.drawn(maps.outline(TWO), **({"areas": areas, "title": "Two"} | said)))


def test_neighbours_stand_side_by_side_north_up():
    outline = maps.outline(TWO)

    assert outline.centres["west"][0] < outline.centres["east"][0] <= maps.WIDTH
    assert outline.centres["west"][1] == outline.centres["east"][1]
    north = maps.outline({"south": box(5.0, 43.0, 5.1, 43.1), "north": box(5.0, 43.1, 5.1, 43.2)})
    assert north.centres["north"][1] < north.centres["south"][1]


def test_a_degree_of_longitude_is_drawn_shorter_than_one_of_latitude():
    outline = maps.outline({"square": box(5.0, 43.0, 6.0, 44.0)})

    inside = maps.WIDTH - 2 * maps.MARGIN
    assert 1.3 < (outline.height - 2 * maps.MARGIN) / inside < 1.45


def test_a_hole_stays_one_and_a_point_of_the_name_is_inside():
    ring = Polygon(
        [(5, 43), (5.2, 43), (5.2, 43.2), (5, 43.2)], [[(5.05, 43.05), (5.15, 43.05), (5.15, 43.15), (5.05, 43.15)]]
    )

    outline = maps.outline({"ring": ring})

    assert outline.paths["ring"].count("M") == 2
    assert outline.edge.count("M") == 1


def test_the_same_shapes_are_drawn_once():
    assert maps.outline(TWO) is maps.outline(TWO)


def test_a_territory_without_shapes_is_an_empty_map():
    assert _parsed(maps.drawn(maps.outline({}), areas={}, title="Nothing")).one("title").words == "Nothing"


def test_colour_is_never_alone():
    drawn = _drawn()

    pattern = drawn.one("pattern", id="p2")
    assert pattern.all("path", class_="hatch")
    (group,) = [each for each in drawn.all("g") if each.attributes.get("fill") == "url(#p2)"]
    assert group.one("a").attributes["aria-label"] == "East"


def test_texts_cannot_become_markup():
    areas = {"west": maps.Area(label='<script>"', href='/x?a="&b=<')}

    drawn = _drawn(areas=areas, title="<b>", description="<i>", names={"west": "<u>"}, highlight="west")

    link = drawn.one("a")
    assert link.attributes["href"] == '/x?a="&b=<'
    assert link.attributes["aria-label"] == '<script>"'
    assert drawn.one("text").words == "<u>"
    assert not drawn.all("script")


def test_a_code_without_a_shape_is_left_out():
    drawn = _drawn(areas={"west": maps.Area(label="West"), "north": maps.Area(label="North")}, names={"north": "North"})

    assert len(drawn.one("g").all("path")) == 1
    assert not drawn.all("text")


def test_a_name_that_would_touch_another_is_for_wide_screens_only():
    drawn = _drawn(names={"west": "A very long name of a town", "east": "Another one as long"}, highlight="east")

    assert [each.words for each in drawn.all("text", class_="wide")] == ["A very long name of a town"]
    assert drawn.all("text")[0].words == "Another one as long"
