"""Extension points."""

import pytest

from lacydon.kernel.plugs import ExtensionPoint


def test_offers_come_in_the_order_they_were_left():
    point = ExtensionPoint("greetings", "() -> a word")
    point.plug("first")(lambda: "one")
    point.plug("second")(lambda: "two")
    assert [(name, offer()) for name, offer in point.items()] == [("first", "one"), ("second", "two")]
    assert point["second"]() == "two"


def test_a_name_is_taken_once():
    point = ExtensionPoint("greetings", "() -> a word")
    point.plug("first")(lambda: "one")
    with pytest.raises(ValueError, match="first"):
        point.plug("first")(lambda: "other")


def test_an_offer_of_a_test_goes_away():
    point = ExtensionPoint("greetings", "() -> a word")
    with point.temporarily("guest", lambda: "hello"):
        assert dict(point.items())["guest"]() == "hello"
    assert list(point.items()) == []
