"""The one foot of a list in pages."""

import pytest
from django.template.loader import get_template

from tests.markup import read


def foot(**context):
    return read(f"<title>-</title><h1>-</h1>{get_template('ui/pages.html').render(context)}")


def test_it_says_which_page_of_how_many_and_leads_to_both_sides_with_what_was_asked():
    shown = foot(number=2, total=7, more=True, query="etat=open&qui=a")
    assert shown.one("span").words == "Page 2 sur 7"
    before, after = shown.all("a")
    assert (before.attributes["href"], before.attributes["rel"]) == ("?etat=open&qui=a&page=1", "prev")
    assert (after.attributes["href"], after.attributes["rel"]) == ("?etat=open&qui=a&page=3", "next")


@pytest.mark.parametrize(
    ("told", "led"),
    [({"number": 1}, []), ({"number": 1, "more": True}, ["?page=2"]), ({"number": 2}, ["?page=1"])],
)
def test_it_leads_nowhere_that_is_not(told, led):
    shown = foot(**told)
    assert [each.attributes["href"] for each in shown.all("a")] == led
    assert bool(shown.all("nav")) == bool(led)
