"""Plans of streets: where a point is drawn is where it is pressed; what is drawn is light, and nothing but a drawing."""

import json
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from shapely import box

from lacydon.kernel.ui import plans
from lacydon.kernel.ui.maps import Dot
from lacydon.kernel.ui.plans import CLOSEST, DECIMALS, HEIGHT, METRES, STEP, WAYS, WIDTH, Seen, View
from tests.product import ROOT

SVG = "{http://www.w3.org/2000/svg}"
views = some.builds(View.at, some.floats(-179, 179), some.floats(-70, 70), some.integers(-1, CLOSEST + 1))


@given(views, some.integers(0, WIDTH), some.integers(0, HEIGHT))
def test_what_is_pressed_is_what_is_drawn_there(view, x, y):
    assert view.pixel(*view.point(x, y)) == pytest.approx((x, y), abs=1e-3)
    assert view.pixels(np.array([view.point(x, y)]))[0] == pytest.approx((x, y), abs=1e-3)
    assert view.holds(*view.point(min(max(x, 1), WIDTH - 1), min(max(y, 1), HEIGHT - 1)))


@given(views)
def test_a_view_is_known_by_its_name(view):
    assert View.named(view.name) == view


@given(some.text(max_size=30))
def test_anything_else_is_no_name(text):
    found = View.named(text)
    assert found is None or re.fullmatch(r"\d/[-\d.]+,[-\d.]+", text)


@pytest.mark.parametrize(
    "name", ["", "5/5,43", "3/5.5", "3/181,43", "3/5,86", "3/5,43 ", "3/nan,43", "-1/5,43", "٣/5,43"]
)
def test_no_view_is_far_or_off_the_globe(name):
    assert View.named(name) is None


@given(views, some.sampled_from(sorted(WAYS)))
def test_an_arrow_moves_by_a_step_towards_where_it_points(view, way):
    x, y = view.pixel(view.moved(way).lon, view.moved(way).lat)
    rounding = 10 ** -DECIMALS[view.zoom] * 111_195 / view.metres  # a view's middle is rounded
    assert (x - WIDTH / 2, y - HEIGHT / 2) == pytest.approx([STEP * each for each in WAYS[way]], abs=rounding)


@given(some.floats(5, 6), some.floats(43, 44), some.floats(0, 0.1), some.floats(0, 0.05))
def test_a_box_fits_in_the_closest_view_of_all_of_it(west, south, wide, high):
    east, north = west + wide, south + high
    found = plans.fitting(west, south, east, north)
    margin = 0.002 if found.zoom < CLOSEST else 0.0001
    assert found.box[0] - margin <= west and east <= found.box[2] + margin
    assert found.zoom == CLOSEST or not all(
        found.closer().holds(lon, lat)
        for lon, lat in ((west - margin, south - margin), (east + margin, north + margin))
    )


def seen(**more):
    lines = np.array([(5.570, 43.290), (5.572, 43.291), (5.575, 43.291), (5.571, 43.293), (5.571, 43.288)])
    return Seen(lines=lines, starts=np.array([0, 3]), names=["Rue <Sans> & fin", "Rue du Port"], **more)


@pytest.mark.parametrize("zoom", range(CLOSEST + 1))
def test_a_plan_is_a_drawing_and_nothing_else(zoom):
    view = View.at(5.5715, 43.2905, zoom)
    drawn = plans.drawn(
        view,
        seen(
            numbers=[(5.5716, 43.2904, "12bis")], places=[(5.5720, 43.2902, "Les <Prés>")],
            towns=[(5.5715, 43.2905, "Ville")], land=[box(5, 43, 5.573, 44)],
        ),
    )  # fmt: skip
    tree = ElementTree.fromstring(drawn)
    assert {each.tag.removeprefix(SVG) for each in tree.iter()} <= {"svg", "g", "path", "rect", "text", "textPath"}
    assert not re.search(r"<style| style=|<script| on\w+=|http(?!://www\.w3\.org/2000/svg)", drawn)
    written = {each.text for each in tree.iter() if each.text}
    assert ("12bis" in written) == (zoom == CLOSEST)
    assert ("Les <Prés>" in written) == (zoom >= CLOSEST - 1)
    if zoom == 3:
        assert {"Rue <Sans> & fin", "Rue du Port"} <= written


def test_names_are_read_from_left_to_right_and_over_no_other():
    lines = np.array([(5.575, 43.2905), (5.568, 43.2905), (5.568, 43.2905), (5.575, 43.2905)])
    drawn = plans.drawn(
        View.at(5.5715, 43.2905, 3),
        Seen(lines=lines, starts=np.array([0, 2]), names=["Une rue " * 8, "Deux rues " * 6]),
    )
    [[x, step]] = re.findall(r'id="n\d+" d="M(-?\d+) -?\d+l(-?\d+)', drawn)
    assert int(step) > 0 and 0 < int(x) < WIDTH
    assert drawn.count("<textPath") == 1


def test_nothing_to_see_is_drawn_too():
    empty = Seen(lines=np.zeros((0, 2)), starts=np.zeros(0, np.int64), names=[])
    assert ElementTree.fromstring(plans.drawn(View.at(5, 43, 2), empty)).get("width") == str(WIDTH)


def test_dots_in_the_view_are_links_out_of_the_order_of_tabs():
    dots = [Dot(5.57, 43.29, "1", "1. <Un> – Reçu", "/a?b=1&c=2"), Dot(6.5, 43.29, "2", "Deux", "/d", category=2)]
    tree = ElementTree.fromstring(plans.pinned(View.at(5.57, 43.29, 3), dots, title="Ici"))
    [link] = tree.findall("a")
    assert (link.get("href"), link.get("tabindex"), link.get("aria-label")) == ("/a?b=1&c=2", "-1", "1. <Un> – Reçu")
    assert link.find("circle").get("cx") == str(WIDTH // 2)


def test_the_script_counts_as_the_server_does():
    script = (ROOT / "src/lacydon/capabilities/requests/static/requests/plan.js").read_text(encoding="utf-8")
    assert f"W = {WIDTH}, H = {HEIGHT}, STEP = {STEP}," in script
    assert json.loads(re.search(r"METRES = (\[.*?\])", script)[1]) == list(METRES)
    assert json.loads(re.search(r"DECIMALS = (\[.*?\])", script)[1]) == list(DECIMALS)
    assert f"DEGREE = {plans.METRES_A_DEGREE:.0f}" in script
