"""Addresses are found as they were before they were gathered by their first word."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, path, re_path
from django.urls.resolvers import RegexPattern

from lacydon.config.prefixes import gathered


def view(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


ADDRESSES = [
    path("a", view, name="a"),
    path("a/un", view, name="a-un"),
    path("b/<slug:which>", view, name="b"),
    path("a/<slug:which>", view, {"more": 1}, name="a-any"),
    path("<slug:first>/deux", view, name="any-deux"),
    path("a/deux/", view, name="a-deux"),
    re_path(r"^c/(?P<which>\d+)$", view, name="c"),
    path("c/d", view, name="c-d"),
    path("a/<path:rest>", view, name="a-rest"),
]


def whole(addresses) -> URLResolver:
    return URLResolver(RegexPattern(r"^"), addresses)


def test_each_address_leads_where_it_led():
    before, after = whole(ADDRESSES), whole(gathered(ADDRESSES))
    for address in ("a", "a/un", "b/x", "a/x", "x/deux", "a/deux", "a/deux/", "c/12", "c/d", "a/x/y"):
        old, new = before.resolve(address), after.resolve(address)
        assert (new.url_name, new.kwargs, new.route) == (old.url_name, old.kwargs, old.route), address
    assert after.resolve("a/x").kwargs == {"which": "x", "more": 1}


def test_each_name_gives_its_address():
    before, after = whole(ADDRESSES), whole(gathered(ADDRESSES))
    for name, values in (("a", {}), ("a-un", {}), ("b", {"which": "x"}), ("any-deux", {"first": "y"}), ("c-d", {})):
        assert after.reverse(name, **values) == before.reverse(name, **values)


def test_fewer_are_tried():
    assert len(gathered(ADDRESSES)) < len(ADDRESSES)
