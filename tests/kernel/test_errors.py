"""The tree of refusals."""

import re

from lacydon.kernel import errors


def leaves(kind=errors.Refused):
    yield kind
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from leaves(below)


def test_the_tree_in_the_docstring_is_the_tree():
    drawn = dict(re.findall(r"(\w+)\s+(\d{3}):", errors.__doc__))
    assert drawn == {kind.__name__: str(kind.status) for kind in leaves() if kind is not errors.Refused}


def test_a_refusal_carries_its_sentence_code_field_and_facts():
    refusal = errors.BadInput("Écrivez une date.", field="date", expected="AAAA-MM-JJ")
    assert (str(refusal), refusal.code, refusal.field) == ("Écrivez une date.", "bad-input", "date")
    assert refusal.facts == {"expected": "AAAA-MM-JJ"}


def test_slow_down_says_for_how_long():
    assert errors.TooManyRequests("Doucement.", retry_after=30).facts == {"retry_after": 30}
