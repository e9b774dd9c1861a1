"""Dates of birth that a calendar cannot hold."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lacydon.connectors.franceconnect.birthdates import parse


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1962-08-24", date(1962, 8, 24), date(1962, 8, 24)),
        ("1962-00-00", date(1962, 1, 1), date(1962, 12, 31)),
        ("1962-02-00", date(1962, 2, 1), date(1962, 2, 28)),
        ("1964-02-00", date(1964, 2, 1), date(1964, 2, 29)),
        ("1962-12-00", date(1962, 12, 1), date(1962, 12, 31)),
        ("9999-12-00", date(9999, 12, 1), date(9999, 12, 31)),
        ("1962-00-24", date(1962, 1, 1), date(1962, 12, 31)),
        ("1962", date(1962, 1, 1), date(1962, 12, 31)),
        ("1962-08", date(1962, 8, 1), date(1962, 8, 31)),
        ("0000-00-00", None, None),
    ],
)
def test_what_a_date_of_birth_may_mean(text, earliest, latest):
    found = parse(text)
    assert found is not None and found.text == text
    assert (found.earliest, found.latest) == (earliest, latest)
    assert found.exact == (text == "1962-08-24")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24/08/1962",
        "1962-13-00",
        "1962-02-30",
        "1962-01-32",
        "1962-8-24",
        "62-08-24",
        "1962-08-24T00",
        "１９６２-08-24",
    ],
)
def test_what_is_no_date_of_birth(text):
    assert parse(text) is None


@given(st.dates())
def test_a_whole_date_is_itself_and_lies_in_its_month_and_its_year(day):
    whole, month, year = (
        parse(text) for text in (f"{day:%Y-%m-%d}".zfill(10), f"{day.year:04}-{day.month:02}-00", f"{day.year:04}")
    )
    assert whole and whole.exact and whole.earliest == day
    for wider in (month, year):
        assert wider and wider.earliest <= day <= wider.latest


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text):
    found = parse(text)
    assert found is None or found.text == text
