"""Charts drawn on the server: what they show, what they say, what they leave out."""

import gzip
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from lacydon.kernel.ui.charts import Chart, Series, figure, printed, ticks
from lacydon.kernel.ui.charts.chart import finding
from tests.markup import _Reader


def chart(labels, *values, kind="bars", **more):
    series = [Series(name=f"série {place}", values=each) for place, each in enumerate(values, 1)]
    said = {"title": "Étals par commune", "axis": "Commune", "measure": "Étals"} | more
    return Chart(kind=kind, labels=labels, series=series, **said)


def drawn(made):
    reader = _Reader()
    reader.feed(figure(made))
    assert len(reader.open) == 1, figure(made)
    return reader.root.one("figure")


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        (0, 97, [0, 20, 40, 60, 80, 100]),
        (-3, 8, [-5, -2.5, 0, 2.5, 5, 7.5, 10]),
        (0.01, 0.042, [0.01, 0.02, 0.03, 0.04, 0.05]),
        (7, 7, [7, 7.2, 7.4, 7.6, 7.8, 8]),
    ],
)
def test_an_axis_is_marked_with_round_numbers(low, high, marks):
    assert ticks(low, high) == marks


def test_whole_values_have_whole_marks():
    assert ticks(0, 3, whole=True) == [0, 1, 2, 3]


def test_numbers_are_printed_in_french():
    assert [unescape(printed(each)).replace("\u202f", " ").replace("\xa0", " ") for each in (1234567, 1234.5, 0.25, -3, None)] == [
        "1 234 567", "1 234", "0,25", "\u22123", "–",
    ]  # fmt: skip


def test_bars_are_as_long_as_their_values_and_zero_is_where_it_belongs():
    root = drawn(chart(["Aubagne", "Aix", "Cassis"], [30, -10, None]))

    bars = [(each.attributes["x"], each.attributes["width"]) for each in root.all("rect")]
    assert bars == [("25%", "75%"), ("0%", "25%")]
    svg = root.one("svg", role="img")
    assert "Le plus : Aubagne (30). Le moins : Aix (\u221210)." in svg.one("desc").words
    assert "Une valeur manque : elle n’est pas dessinée, ce n’est pas un zéro." in root.one("figcaption").words


def test_the_rest_is_never_the_most():
    root = drawn(chart(["Aubagne", "Aix", "Toutes les autres"], [30, 10, 900], rest=True))
    assert root.one("svg", role="img").one("desc").words.startswith("Le plus : Aubagne (30). Toutes les autres : 900.")


def test_values_are_in_a_table_behind_every_drawing():
    root = drawn(chart(["Aubagne", "Aix"], [1200, 3], links=["/a?x=1&y=2", ""]))

    rows = [[cell.words for cell in row.inside] for row in root.one("table").all("tr")]
    assert [[text.replace("\u202f", " ").replace("\xa0", " ") for text in row] for row in rows] == [
        ["Commune", "série 1"], ["Aubagne", "1 200"], ["Aix", "3"],
    ]  # fmt: skip
    assert root.one("a").attributes["href"] == "/a?x=1&y=2"


def test_a_line_breaks_where_a_value_is_missing_and_a_lonely_value_is_a_point():
    days = [date(2024, month, 1) for month in range(1, 7)]
    root = drawn(chart([str(each) for each in days], [1, 2, None, 4, None, 5], kind="lines", when=days))

    path = root.one("path", class_="l1").attributes["d"]
    assert path.count("M") == 3
    assert len(root.all("circle")) == 4


def test_time_is_where_it_was_not_where_it_is_in_the_list():
    days = [date(2024, 1, 1), date(2024, 1, 2), date(2024, 1, 11)]
    root = drawn(chart(["a", "b", "c"], [1, 1, 1], kind="lines", when=days))

    assert [each.attributes["cx"] for each in root.all("circle")] == ["0%", "10%", "100%"]


def test_series_are_told_apart_without_colour():
    many = [[1, 2], [2, 3], [3, 4], [4, 5], [5, 6]]
    lines = drawn(chart(["a", "b"], *many, kind="lines"))
    stack = drawn(chart(["a", "b"], *many, kind="stacked"))

    dashes = {
        each.attributes.get("stroke-dasharray")
        for each in lines.all("path")
        if each.attributes["class"] in {f"l{n}" for n in range(1, 6)}
    }
    assert len(dashes) == 5
    assert {each.attributes["id"] for each in stack.all("pattern")} == {f"chart-h{place}" for place in (2, 3, 4, 5)}
    assert [each.words for each in stack.one("ul").all("li")] == [f"série {place}" for place in range(1, 6)]


def test_more_than_five_lines_are_drawn_apart_on_one_scale():
    root = drawn(chart(["a", "b"], *([place, place * 10] for place in range(1, 8)), kind="lines"))

    small = root.one("ul", class_="multiples").all("svg", role="img")
    assert len(small) == 7
    assert len({each.one("title").words for each in small}) == 7


def test_ten_thousand_categories_are_said_and_not_drawn():
    made = chart([f"commune {n}" for n in range(10_000)], list(range(10_000)))
    root = drawn(made)

    assert len(root.all("rect")) == 40
    assert "40 premières lignes sont dessinées, sur 10" in root.one("figcaption").words
    assert len(gzip.compress(figure(made).encode())) < 10_000


def test_nothing_to_draw_is_a_sentence():
    assert drawn(chart([], [])).one("p").words == "Il n’y a aucune valeur à dessiner."
    assert drawn(chart(["a"], [None], kind="lines")).all("svg") == []


def test_texts_of_the_data_are_no_markup():
    made = chart(["<script>alert(1)</script>" + "x" * 100], [1], title="<b>", links=['"><i>'])
    assert "<script" not in figure(made)
    assert "<b>" not in figure(made)
    assert drawn(made).all("i") == []


def test_an_axis_that_hides_zero_says_so():
    assert "L’axe ne commence pas à zéro." in drawn(chart(["a", "b"], [90, 100], kind="lines")).words
    counted = drawn(chart(["a", "b"], [90, 100], kind="lines", from_zero=True))
    assert "L’axe ne commence pas" not in counted.words
    assert "0" in [each.words for each in counted.all("text", class_="tick")]
    assert "L’axe" not in drawn(chart(["a", "b"], [10, 100], kind="lines")).words


def test_a_line_of_one_value_says_it_once_and_lines_that_end_apart_miss_nothing():
    when = [date(2026, 1, 1), date(2027, 1, 1), date(2028, 1, 1), date(2029, 1, 1)]
    chart = Chart(
        kind="lines", title="T", axis="Jour", measure="Places", labels=["2026", "2027", "2028", "2029"], when=when, apart=True,
        series=[Series(name="Mesuré", values=[5, None, None, None]), Series(name="Cible", values=[None, 7, None, 9])],
    )  # fmt: skip
    assert finding(chart).replace("\u00a0", " ").startswith("Mesuré : 5 (2026). Cible : de 7")
    assert chart.missing == 1 and replace(chart, apart=False).missing == 5
