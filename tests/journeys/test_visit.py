"""What looks at the pages sees what is wrong: a page made wrong on purpose, one fault of each kind."""

from typing import Any

import pytest

from tests.browser import Browser
from tests.journeys.pages import Page
from tests.journeys.visit import STILL, Visit, faults_of
from tests.product import Product

pytestmark = pytest.mark.browser

WRONG = """<!doctype html><html lang="en"><head><title>Wrong – Lacydon</title><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/static/wrong.css"></head>
<body><main><h1>Wrong</h1>{inside}</main></body></html>"""
STYLE = """
.pale { color: #ccc; background: #fff; }
.far { position: absolute; left: -9999px; } .small { display: block; height: 20px; } .wide { width: 700px; }
.low { height: 20px; overflow: hidden; }
@media (prefers-color-scheme: dark) { .night { color: #333; background: #222; } }
:focus-visible { outline: 3px solid #05a; }
a, button, input { display: block; min-height: 44px; } a.small { min-height: 0; }
p a { display: inline; }
.bare:focus-visible { outline: none; } .faint:focus-visible { outline-color: #eee; }
"""


def seen(browser: Browser, inside: str) -> str:
    """What the visit says of a page with this inside; what the browser noticed is in its faults."""
    with browser.context(**STILL) as visitor:
        style = {"Content-Type": "text/css"}
        visitor.route("**/static/wrong.css*", lambda route: route.fulfill(body=STYLE, headers=style))
        faults, _title, _heading = faults_of(
            visitor.new_page(), Page("wrong", "/wrong"), lang="en", served=WRONG.format(inside=inside)
        )
    return "\n".join(faults)


@pytest.fixture
def watched(chromium: Any, product: Product) -> Browser:
    """A browser that is not asked to have noticed nothing."""
    return Browser(chromium=chromium, url=product.url)


@pytest.mark.parametrize(
    ("inside", "fault"),
    [
        ("<p>All is well here.</p>", ""),
        ("<h1>Another</h1>", "its h1 are ['Wrong', 'Another']"),
        ("<p>Vous verrez dans cette page qui est pour vous.</p>", "in another language"),
        ("<p lang='fr'>The words of this page are for you.</p>", "in another language"),
        ("<p lang='fr'>Vous verrez dans cette page qui est pour vous.</p>", ""),
        ("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>", "axe image-alt"),
        ("<input>", "axe label"),
        ("<p class='pale'>Who can read this?</p>", "axe color-contrast"),
        ("<p class='night'>Who can read this at night?</p>", "in the dark, axe color-contrast"),
        ("<a class='bare' href='/'>Home page</a>", "focus cannot be seen"),
        ("<a class='faint' href='/'>Home page</a>", "focus has a contrast of"),
        ("<div class='low'><p>One.</p><p>Two.</p></div>", "at 360 px, cut off: Two."),
        ("<a class='far' href='/'>Home page</a>", "focused out of sight"),
        ("<a class='small' href='/'>Home page</a>", "at 360 px, 20 px high"),
        ("<p>Read <a href='/'>the home page</a>.</p>", ""),
        ("<div class='wide'>Wide</div>", "at 320 px, the page scrolls sideways"),
        ("".join(f"<img alt='' src='/static/ui/icons.svg?{n}'>" for n in range(40)), "bytes, more than 60000"),
        ("<i></i>" * 700, "EcoIndex of"),
        ("".join(f"<link rel='stylesheet' href='/static/wrong.css?{n}'>" for n in range(9)), "requests: ["),
        ("<link rel='stylesheet' href='/static/nowhere.css'>", "404: "),
    ],
    ids=lambda value: None if "<" in value else value[:24] or "nothing",
)
def test_each_fault_is_seen(watched: Browser, inside: str, fault: str):
    said = seen(watched, inside)
    assert fault in said if fault else not said, said


def test_a_wrong_status_a_wrong_language_and_an_empty_title_are_seen(watched: Browser):
    page = Page("wrong", "/wrong", status=404)
    with watched.context() as context:
        tab = context.new_page()
        html = "<!doctype html><html lang='es'><head><meta charset='utf-8'><title>– Lacydon</title></head><body></body>"
        tab.route("**/wrong", lambda route: route.fulfill(status=200, body=html, content_type="text/html"))
        said = "\n".join(Visit(tab, page, lang="fr").faults())
    assert "answered 200, not 404" in said
    assert "its language is said to be es" in said
    assert "no title" in said


@pytest.mark.parametrize(
    ("inside", "noticed"),
    [
        ("<script>document.title = 'inline'</script>", "Content Security Policy"),
        ("<img alt='A spy' src='http://192.0.2.1/spy.gif'>", "192.0.2.1"),
        ("<p style='color: red'>An inline style</p>", "Content Security Policy"),
    ],
)
def test_a_page_that_breaks_the_policy_or_speaks_to_others_is_noticed(watched: Browser, inside: str, noticed: str):
    seen(watched, inside)
    assert any(noticed in each for each in watched.faults), watched.faults
