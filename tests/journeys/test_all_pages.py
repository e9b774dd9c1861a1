"""No page is left out of the visits: each address that leads to a page is in the list."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import URLResolver, get_resolver, resolve
from django.urls.resolvers import LocalePrefixPattern
from django.utils import translation

from tests.journeys.inhabitants import NO_PAGE, READ_STRICTLY, VISITED, VISITED_WITH_MANDATES
from tests.journeys.pages import PAGES
from tests.journeys.signed_in import LIKE_ANOTHER, NEW, ON_THE_WAY, PROTECTED


def _names(resolver: URLResolver) -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _names(each)
        elif each.name:
            yield each.name


def test_each_kind_of_page_is_visited():
    in_two_languages = [
        each for each in get_resolver().url_patterns if isinstance(getattr(each, "pattern", None), LocalePrefixPattern)
    ]
    pages = {name for resolver in in_two_languages for name in _names(resolver)}
    assert len(pages) >= 12
    with translation.override("en"):
        everywhere = (*PAGES, *NEW, *PROTECTED)
        visited = {resolve(urlsplit(page.at("en")).path).url_name for page in everywhere if page.name != "not-found"}
    elsewhere = {*ON_THE_WAY, *LIKE_ANOTHER, *VISITED, *VISITED_WITH_MANDATES, *READ_STRICTLY, *NO_PAGE}
    assert " ".join(sorted(pages - visited - elsewhere)) == ""


def test_a_name_leads_to_one_address():
    in_two_languages = [
        each for each in get_resolver().url_patterns if isinstance(getattr(each, "pattern", None), LocalePrefixPattern)
    ]
    names = [name for resolver in in_two_languages for name in _names(resolver)]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_each_page_is_listed_once():
    assert len({page.name for page in PAGES}) == len({page.path for page in PAGES}) == len(PAGES)
