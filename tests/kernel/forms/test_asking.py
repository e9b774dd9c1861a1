"""Conditions and calculations: what is asked, what is worked out, what is dropped."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from lacydon.kernel import clock
from lacydon.kernel.forms import (
    computed,
    page_rules,
    read_form,
    settled,
    validate,
    validate_page,
    value,
    visible_fields,
    visible_pages,
)
from tests.kernel.forms.made import ONE, a_form


@pytest.fixture(autouse=True)
def a_day_in_may(monkeypatch):
    """Half past eleven in the evening in Paris, still the 4th in UTC and there."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 5, 4, 21, 30, tzinfo=UTC))


FIELDS = [
    {"id": "town", "type": "text", "required": False},
    {"id": "yes", "type": "yesno", "required": False},
    {"id": "one", "type": "choice", "required": False, **ONE["choice"]},
    {"id": "many", "type": "choices", "required": False, **ONE["choices"]},
    {"id": "sum", "type": "number", "required": False},
    {"id": "born", "type": "date", "required": False},
]
HOLD = [
    ({"yes": False}, {"yes": False}, True),
    ({"yes": False}, {}, False),
    ({"yes": True}, {"yes": False}, False),
    ({"one": ["a", "b"]}, {"one": "b"}, True),
    ({"one": ["a", "b"]}, {"one": "c"}, False),
    ({"many": "a"}, {"many": ["c", "a"]}, True),
    ({"many": ["b", "c"]}, {"many": ["a"]}, False),
    ({"one": {"not": "a"}}, {"one": "b"}, True),
    ({"one": {"not": "a"}}, {}, False),
    ({"not": {"one": "a"}}, {}, True),
    ({"town": {"filled": True}}, {"town": "x"}, True),
    ({"town": {"filled": False}}, {}, True),
    ({"sum": 10}, {"sum": "10"}, True),
    ({"sum": {"over": 9.99, "under": 10.01}}, {"sum": "10"}, True),
    ({"sum": {"over": 10}}, {"sum": "10"}, False),
    ({"sum": {"at_least": 10, "at_most": 10}}, {"sum": "10"}, True),
    ({"sum": {"at_most": 10}}, {}, False),
    ({"born": {"before": "2010-01-01"}}, {"born": "2009-12-31"}, True),
    ({"born": {"before": "2010-01-01"}}, {"born": "2010-01-01"}, False),
    ({"born": {"after": "today-1"}}, {"born": "2026-05-04"}, True),
    ({"any": [{"yes": True}, {"one": "a"}]}, {"one": "a"}, True),
    ({"all": [{"yes": True}, {"one": "a"}]}, {"one": "a"}, False),
    ({"yes": True, "one": "a"}, {"yes": True, "one": "a"}, True),
    ({"yes": True, "one": "a"}, {"yes": True, "one": "b"}, False),
]


@pytest.mark.parametrize(("when", "answers", "asked"), HOLD, ids=str)
def test_a_field_is_asked_when_its_condition_holds(when, answers, asked):
    form = read_form(a_form(*FIELDS, {"id": "then", "type": "text", "when": when}))
    assert ("then" in [each.id for each in visible_fields(form, form.pages[0], answers)]) is asked
    assert ("then" in validate(form, answers).errors) is asked
    assert ("then" in validate(form, {**answers, "then": "x"}).answers) is asked


def chain():
    pages = [
        {"id": "a", "title": {"fr": "A"}, "fields": [{"id": "pet", "type": "yesno", "label": {"fr": "Q"}}]},
        {
            "id": "b",
            "title": {"fr": "B"},
            "when": {"pet": True},
            "fields": [{"id": "kind", "type": "choice", "label": {"fr": "Q"}, **ONE["choice"]}],
        },
        {
            "id": "c",
            "title": {"fr": "C"},
            "when": {"kind": "a"},
            "fields": [{"id": "age", "type": "number", "label": {"fr": "Q"}}],
        },
    ]
    return read_form({**a_form({"id": "x", "type": "text"}), "pages": pages})


def test_what_hangs_on_an_answer_to_what_is_not_asked_any_more_is_not_asked_either():
    form = chain()
    assert [page.id for page in visible_pages(form, {"pet": True, "kind": "a"})] == ["a", "b", "c"]
    changed_mind = {"pet": False, "kind": "a", "age": "3"}
    assert [page.id for page in visible_pages(form, changed_mind)] == ["a"]
    assert settled(form, changed_mind) == {"pet": False}
    found = validate(form, changed_mind)
    assert found.good and found.answers == {"pet": False}


def test_a_draft_keeps_what_a_change_of_mind_hides_until_it_is_submitted():
    form = chain()
    kept = {"pet": True, "kind": "a", "age": "3"}
    changed = validate_page(form, form.pages[0], {"pet": ["no"]}, kept).answers
    assert changed == {"pet": False, "kind": "a", "age": "3"}
    back = validate_page(form, form.pages[0], {"pet": ["yes"]}, changed).answers
    assert validate(form, back).answers == kept


def test_a_page_that_is_not_asked_keeps_nothing():
    form = chain()
    found = validate_page(form, form.pages[1], {"kind": ["a"]}, {"pet": False})
    assert found.good and found.answers == {"pet": False}


def test_a_field_that_appears_after_an_answer_is_said_to():
    form = read_form(
        a_form(
            {"id": "pet", "type": "yesno"},
            {"id": "name", "type": "text", "when": {"pet": True}},
            {"id": "why", "type": "text", "when": {"pet": False}},
        )
    )
    first = validate_page(form, form.pages[0], {"pet": ["yes"], "why": ["x"]}, {})
    assert first.appeared == ("name",) and list(first.errors) == ["name"] and "why" not in first.answers
    assert validate_page(form, form.pages[0], {"pet": ["yes"], "name": [""]}, {}).appeared == ()


def test_a_draft_put_aside_is_not_told_what_is_missing():
    form = read_form(a_form({"id": "a", "type": "text"}, {"id": "b", "type": "number"}))
    found = validate_page(form, form.pages[0], {"b": ["x"]}, {}, lenient=True)
    assert list(found.errors) == ["b"]


def test_what_was_not_asked_is_dropped_with_a_sentence():
    form = read_form(a_form({"id": "q", "type": "group", **ONE["group"]}))
    found = validate(form, {"q": [{"inner": "a", "price": 0}], "admin": True, "inner": "x"})
    assert found.good and found.answers == {"q": [{"inner": "a"}]}
    assert set(found.dropped) == {"q-0-price", "admin", "inner"}
    assert all("n’est pas gardée" in sentence for sentence in found.dropped.values())


def test_conditions_inside_a_row_look_at_the_row_first_then_at_the_form():
    form = read_form(
        a_form(
            {"id": "school", "type": "yesno"},
            {
                "id": "q",
                "type": "group",
                "fields": [
                    {"id": "age", "type": "number", "label": {"fr": "Q"}},
                    {"id": "job", "type": "text", "label": {"fr": "Q"}, "when": {"age": {"over": 15}}},
                    {"id": "grade", "type": "text", "label": {"fr": "Q"}, "when": {"school": True}},
                ],
            },
        )
    )
    rows = [{"age": "12", "job": "x", "grade": "y"}, {"age": "30"}]
    found = validate(form, {"school": False, "q": rows})
    assert found.answers["q"] == [{"age": "12"}, {"age": "30"}]
    assert list(found.errors) == ["q-1-job"]


# Calculations

NUMBERS = {"a": "10", "b": "0.125", "many": ["a", "c"], "born": "2010-05-04", "rows": [{"n": "1.5"}, {"n": "2"}]}
VALUES = [
    (3, "3"),
    (0.1, "0.1"),
    ({"field": "a"}, "10"),
    ({"field": "nothing"}, None),
    ({"sum": [0.1, 0.2]}, "0.3"),
    ({"sum": [1, {"field": "nothing"}]}, None),
    ({"product": [{"field": "a"}, {"field": "b"}]}, "1.25"),
    ({"min": [3, {"field": "a"}]}, "3"),
    ({"max": [3, {"field": "a"}]}, "10"),
    ({"difference": [1, {"field": "a"}]}, "-9"),
    ({"quotient": [1, 3]}, "0.3333333333"),
    ({"quotient": [2, 3]}, "0.6666666667"),
    ({"quotient": [1, 0]}, None),
    ({"product": [{"quotient": [1, 3]}, 3]}, "1"),
    ({"round": {"field": "b"}, "to": 2}, "0.13"),
    ({"round": {"difference": [0, {"field": "b"}]}, "to": 2}, "-0.13"),
    ({"round": 2.5}, "3"),
    ({"if": {"many": "c"}, "then": 1, "else": 2}, "1"),
    ({"if": {"many": "b"}, "then": {"field": "nothing"}, "else": 2}, "2"),
    ({"count": "many"}, "2"),
    ({"count": "nothing"}, "0"),
    ({"age": "born"}, "16"),
    ({"age": "nothing"}, None),
    ({"brackets": {"of": {"field": "a"}, "table": [{"up_to": 10, "then": 1}, {"then": 2}]}}, "1"),
    ({"brackets": {"of": {"sum": [{"field": "a"}, 0.01]}, "table": [{"up_to": 10, "then": 1}, {"then": 2}]}}, "2"),
    ({"brackets": {"of": 11, "table": [{"up_to": 10, "then": 1}]}}, None),
    ({"brackets": {"of": {"field": "nothing"}, "table": [{"then": 1}]}}, None),
]


@pytest.mark.parametrize(("expression", "found"), VALUES, ids=str)
def test_a_calculation_is_exact_and_unknown_when_an_operand_is(expression, found):
    assert value(expression, NUMBERS) == (None if found is None else Decimal(found))


@pytest.mark.parametrize(("born", "years"), [("2010-05-04", 16), ("2010-05-05", 15), ("2008-02-29", 18)])
def test_an_age_is_in_full_years_today(born, years):
    assert value({"age": "born"}, {"born": born}) == years


def meals():
    table = [{"up_to": 300, "then": 0.5}, {"up_to": 900, "then": 2.1}, {"then": 4.2}]
    return read_form(
        a_form(
            {"id": "income", "type": "number"},
            {"id": "born", "type": "date", "required": False},
            {"id": "rows", "type": "group", "fields": [{"id": "n", "type": "number", "label": {"fr": "Q"}}]},
            {"id": "school", "type": "text", "when": {"years": {"under": 18}}},
            computed=[
                {"id": "price", "type": "money", "value": {"brackets": {"of": {"field": "income"}, "table": table}}},
                {"id": "years", "value": {"age": "born"}},
                {
                    "id": "total",
                    "type": "money",
                    "fee": True,
                    "value": {"product": [{"field": "price"}, {"total": "n"}]},
                },
            ],
        )
    )


def test_what_is_computed_stands_on_what_was_computed_before_and_on_rows():
    form = meals()
    answers = {"income": "300", "rows": [{"n": "3"}, {"n": "4"}]}
    assert computed(form, answers) == {"price": Decimal("0.50"), "total": Decimal("3.50")}
    assert str(computed(form, answers)["price"]) == "0.50"
    assert computed(form, {"income": "300", "rows": [{"n": "3"}, {}]}) == {"price": Decimal("0.50")}
    assert form.fee is form.computed_by_id["total"]


def test_a_condition_may_stand_on_what_is_computed():
    form = meals()
    answers = {"income": "1", "rows": [{"n": "1"}]}
    assert list(validate(form, {**answers, "born": "2010-01-01"}).errors) == ["school"]
    assert validate(form, {**answers, "born": "2000-01-01"}).good
    assert validate(form, answers).good


def test_the_browser_is_told_only_the_earlier_answers_a_page_stands_on():
    form = chain()
    rules = page_rules(form, form.pages[2], {"pet": True, "kind": "a", "age": "3"})
    assert rules["known"] == {}
    pages = [*form.source["pages"][:2], {**form.source["pages"][2]}]
    pages[2]["fields"] = [{**pages[2]["fields"][0], "when": {"pet": True}}]
    form = read_form({**form.source, "pages": pages})
    rules = page_rules(form, form.pages[2], {"pet": True, "kind": "a", "age": "3"})
    assert rules["known"] == {"pet": True}
    assert rules["fields"][0]["messages"]["required"] == "Indiquez un nombre."
