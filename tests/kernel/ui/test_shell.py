"""The frame around every page."""

import pytest
from django.template.loader import get_template
from django.utils import translation

from lacydon.kernel.ui import shell
from tests.markup import read


@pytest.mark.parametrize(
    ("address", "french", "english"),
    [
        ("/", "/", "/en/"),
        ("/en/", "/", "/en/"),
        ("/en", "/", "/en/"),
        ("/entreprises", "/entreprises", "/en/entreprises"),
        ("/en/recherche?q=a&lieu=b", "/recherche?q=a&lieu=b", "/en/recherche?q=a&lieu=b"),
        ("/recherche?lang=en&q=a", "/recherche?q=a", "/en/recherche?q=a"),
        ("/recherche?q=a&lang=en", "/recherche?q=a", "/en/recherche?q=a"),
        ("/?q=a", "/?q=a", "/en/?q=a"),
    ],
)
def test_the_same_page_in_each_language(address, french, english):
    assert shell.same_page(address, lang="fr") == french
    assert shell.same_page(address, lang="en") == english


def test_texts_cannot_become_markup():
    page = read(shell.framed("<h1>x</h1>", address='/"><script>', title="<b>", description='"<i>'))

    assert page.one("title").words == "<b> – Lacydon"
    assert page.one("meta", name="description").attributes["content"] == '"<i>'
    assert page.all("link", hreflang="fr")[0].attributes["href"] == '/"><script>'


def test_the_section_and_the_language_are_marked():
    with translation.override("en"):
        page = read(shell.framed("<h1>x</h1>", address="/en/services", title="x", section="services"))

    assert page.one("html").attributes["lang"] == "en"
    assert [each.words for each in page.all("a", aria_current="true")] == ["Services"]


def test_a_page_that_holds_the_words_of_the_frame_is_left_alone():
    assert "title body {{ head }}" in shell.framed("<h1>title body {{ head }}</h1>", address="/", title="x")


def test_the_public_address_is_said_when_it_is_known(settings):
    settings.PUBLIC_URL = "https://lacydon.example"

    page = read(shell.framed("<h1>x</h1>", address="/aide", title="x"))

    assert page.all("link", hreflang="en")[0].attributes["href"] == "https://lacydon.example/en/aide"


def test_a_filled_template_says_what_a_rendered_one_says_escaped():
    said = {"base": "/recherche", "q": '"><b>\u2063q\u2063', "here.typed": "Aubagne & co", "citycode": "13005"}
    rendered = get_template("home/search_bar.html").render({**said, "here": {"typed": said["here.typed"]}})

    filled = shell.filled("home/search_bar.html", said)

    squeezed = "".join(rendered.split())
    assert "".join(filled.split()) == squeezed
    assert "<b>" not in filled


def test_a_hole_left_empty_is_as_good_as_none():
    said = {"base": "/recherche", "q": "", "here.typed": "", "citycode": ""}

    assert "citycode" not in shell.filled("home/search_bar.html", said)
    assert "citycode" in shell.filled("home/search_bar.html", said | {"citycode": "13005"})
