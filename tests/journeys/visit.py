"""One visit of a page in a real browser, and all that is wrong with it, as sentences.

A page is opened once, with nothing in the browser's memory, and everything is looked at during that visit: what was
transferred, what axe finds in light and in dark, what happens on a small screen, with the keyboard, in each language.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import BrowserContext, Response
from playwright.sync_api import Page as Tab

from lacydon.capabilities.home.pages.errors import failure
from lacydon.kernel.middleware.headers import CSP
from tests.browser import Browser

from . import ecoindex
from .pages import Page

HEAVIEST = 60_000
"""Bytes transferred on a first view, headers and all files included."""
MOST_REQUESTS = 8
LOWEST_ECOINDEX = 85
AT_WORK = {
    "desk-queue": 70, "desk-request": 70, "data-rows-settings": 70, "data-columns": 70, "personal-data": 70,
    "agenda-writing": 70, "agenda-writing-plan": 70, "agenda-writing-edit": 60,
    "agenda-evaluation-edit": 60, "agenda-report": 65, "agenda-dashboard": 82, "agenda-screen": 82, "api": 80, "mandate-declare": 80,
}  # fmt: skip
"""Tables, where what they came for is many rows and many acts at once, a whole year on one page to print, every address
of the API, a choice among all communes: still a B or a C."""
STILL = {"reduced_motion": "reduce"}
"""How a visitor is: no motion, so that colours are looked at as they end up, not on their way from light to dark."""
PHONE = (360, 740)
SMALL_SCREENS = ((320, 256), PHONE)
"""A screen of 1280 × 1024 zoomed four times, as WCAG 1.4.10 has it; and a phone."""
SMALLEST_TARGET = 44
ONLY_VIOLATIONS = {"resultTypes": ["violations"]}
SHOWN = 12
"""Faults told of a page: the first ones are enough to begin."""

NODES = "document.querySelectorAll('*').length - document.querySelectorAll('svg *').length"
SIDEWAYS = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.querySelectorAll('body *')].filter(each => each.getBoundingClientRect().right > room + 1);
  return ['the page scrolls sideways: ' + wide.slice(0, 3).map(each => each.outerHTML.slice(0, 90)).join(' | ')];
}"""
CUT = """() => {
  const walker = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT), wrong = new Set();
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || holder.closest('svg, .hide, script, style, textarea, select') || !holder.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const text = range.getBoundingClientRect();
    for (let at = holder; at && at !== document.body; at = at.parentElement) {
      if (!/hidden|clip/.test(getComputedStyle(at).overflowY)) continue;
      const box = at.getBoundingClientRect();
      if (box.height <= 1) break;
      if (text.bottom > box.bottom + 4 || text.top < box.top - 4) wrong.add('cut off: ' + walker.currentNode.data.trim().slice(0, 60));
    }
  }
  return [...wrong];
}"""
"""Text that a box with a height of its own hides, and that nobody can scroll to; a box of one pixel is for who listens."""
SPACED = """() => {
  for (const [name, value] of [['line-height', '1.5'], ['letter-spacing', '.12em'], ['word-spacing', '.16em']])
    for (const each of document.querySelectorAll('body, body *')) each.style.setProperty(name, value, 'important');
}"""
"""What WCAG 1.4.12 allows readers to do with the text."""
TARGETS = """smallest => {
  const height = each => {
    const after = getComputedStyle(each, '::after');  // a link may be spread over its whole row
    const spread = after.content !== 'none' && after.position === 'absolute' && getComputedStyle(each).position === 'static';
    const ticked = each.matches('[type=checkbox], [type=radio]') && each.closest('label');  // the whole line is the target
    return Math.round((ticked || (spread ? each.offsetParent : each)).getBoundingClientRect().height);
  };
  return [...document.querySelectorAll('a, button, input, select, summary')]
    .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.closest('svg, .hide, .skip'))
    .filter(each => getComputedStyle(each).display !== 'inline' && height(each) < smallest)
    .map(each => `${height(each)} px high: ${each.outerHTML.slice(0, 110)}`);
}"""
FOCUS = """() => {
  const light = colour => {
    const [red, green, blue] = colour.match(/[\\d.]+/g).map(Number).map(each => each / 255)
      .map(each => each <= .04045 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4);
    return .2126 * red + .7152 * green + .0722 * blue;
  };
  const behind = node => {
    for (let at = node.parentElement; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$|transparent/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const wrong = [];
  for (const each of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (each.tabIndex < 0 || each.closest('svg') || !each.checkVisibility({visibilityProperty: true})) continue;
    each.focus({focusVisible: true});
    const drawn = [getComputedStyle(each), getComputedStyle(each, '::after')];  // a link may cover its whole row
    const style = drawn.find(one => one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) >= 2);
    const box = each.getBoundingClientRect();
    const name = each.outerHTML.slice(0, 110);
    if (document.activeElement !== each) wrong.push('takes no focus: ' + name);
    else if (!style) wrong.push('focus cannot be seen: ' + name);
    else if (box.width < 2 || box.height < 2 || box.right <= 0 || box.bottom <= 0) wrong.push('focused out of sight: ' + name);
    else {
      const [one, other] = [light(style.outlineColor), light(behind(each))].sort((a, b) => b - a);
      const contrast = (one + .05) / (other + .05);
      if (contrast < 3) wrong.push(`focus has a contrast of ${contrast.toFixed(1)}: ${name}`);
    }
  }
  document.activeElement.blur();
  return wrong;
}"""
STRAY = """strangers => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), wrong = [];
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    const words = strangers[holder.closest('[lang]').lang];
    if (holder.closest('script, style') || !words) continue;
    const said = walker.currentNode.data.split(/[^\\p{L}-]+/u);  // “Carry-le-Rouet” is one word, “La Ciotat” has a capital
    if (new Set(said.filter(word => words.includes(word))).size >= 3)
      wrong.push('in another language, without saying so: ' + walker.currentNode.data.trim().slice(0, 90));
  }
  return wrong;
}"""
STRANGERS = {
    "en": "le la les des du une est vous votre vos dans pour qui ce cette avec sont ou et par sur pas".split(),
    "fr": "the of is are your you for with who this that and from by not what how".split(),
}
"""For each language, small words of the other one: three different ones in a text mean that it is in the other one."""


class Visit:
    """A page, opened; `faults()` looks at it and says what is wrong."""

    def __init__(self, tab: Tab, page: Page, *, lang: str) -> None:
        self.tab = tab
        self.page = page
        self.lang = lang
        self.transferred = 0
        self.answers: list[tuple[int, str]] = []
        self._devtools = tab.context.new_cdp_session(tab)
        self._devtools.send("Network.enable")
        self._devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self._devtools.on("Network.loadingFinished", self._count)
        tab.on("response", self._note)
        answer = tab.goto(page.at(lang), wait_until="load")
        self.status = answer.status if answer else 0
        self.title = tab.title()
        self.headings = [each.strip() for each in tab.locator("h1").all_inner_texts()]

    def faults(self, *, colours: bool = True) -> list[str]:
        """`colours`: in light, in dark and of the focus; the same page in another language has the same."""
        # What was asked for is counted last: a page may go on asking while it is looked at.
        access = self._access() if colours else self._labels(colours=False)
        return [*self._structure(), *access, *self._small_screens(), *self._answers(), *self._weight()]

    def end(self) -> None:
        """The tab may be used for another visit."""
        self.tab.remove_listener("response", self._note)
        self._devtools.detach()

    def _note(self, response: Response) -> None:
        self.answers.append((response.status, response.url))

    def _count(self, event: dict[str, Any]) -> None:
        self.transferred += int(event["encodedDataLength"])

    def _answers(self) -> Iterator[str]:
        if self.status != self.page.status:
            yield f"answered {self.status}, not {self.page.status}"
        yield from (f"{status}: {url}" for status, url in self.answers[1:] if status >= 400)

    def _structure(self) -> Iterator[str]:
        if len(self.headings) != 1 or not self.headings[0]:
            yield f"its h1 are {self.headings}"
        if not self.title.removesuffix("Lacydon").strip(" –"):
            yield "no title"
        spoken = self.tab.locator("html").get_attribute("lang")
        if spoken != self.lang:
            yield f"its language is said to be {spoken}"
        yield from self.tab.evaluate(STRAY, STRANGERS)

    def _labels(self, *, colours: bool = True) -> Iterator[str]:
        """What axe finds on the page as it is now, in light."""
        # Through the developers' tools: the page's own policy lets no foreign script in.
        self._devtools.send("Runtime.evaluate", {"expression": AXE_SCRIPT})
        return self._axe({"rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": colours}}}, "")

    def violations(self) -> list[str]:
        """What axe finds on the page as it is now, in light then in dark."""
        found = [*self._labels()]
        self.tab.emulate_media(color_scheme="dark")
        found += self._axe({"runOnly": ["color-contrast"]}, "in the dark, ")
        self.tab.emulate_media(color_scheme="light")
        return found

    def _access(self) -> Iterator[str]:
        yield from self.violations()
        yield from self.tab.evaluate(FOCUS)
        self.tab.emulate_media(color_scheme="dark")
        yield from (f"in the dark, {each}" for each in self.tab.evaluate(FOCUS))
        self.tab.emulate_media(color_scheme="light")

    def _axe(self, options: dict[str, Any], where: str) -> Iterator[str]:
        # axe asks for the style sheets again, which shows the one that is nowhere: not without it (preload).
        found = self.tab.evaluate("options => axe.run(document, options)", ONLY_VIOLATIONS | options)
        for violation in found["violations"]:
            for node in violation["nodes"]:
                yield f"{where}axe {violation['id']}: {node['html'][:110]} ({' '.join(map(str, node['target']))})"

    def _small_screens(self) -> Iterator[str]:
        for width, height in SMALL_SCREENS:
            self.tab.set_viewport_size({"width": width, "height": height})
            yield from (f"at {width} px, {each}" for each in (*self.tab.evaluate(SIDEWAYS), *self.tab.evaluate(CUT)))
        yield from (f"at {PHONE[0]} px, {each}" for each in dict.fromkeys(self.tab.evaluate(TARGETS, SMALLEST_TARGET)))
        self.tab.evaluate(SPACED)
        yield from (f"at {PHONE[0]} px, text spaced out, {each}" for each in self.tab.evaluate(SIDEWAYS))

    def _weight(self) -> Iterator[str]:
        if self.transferred > HEAVIEST:
            yield f"{self.transferred} bytes, more than {HEAVIEST}"
        if len(self.answers) > MOST_REQUESTS:
            yield f"{len(self.answers)} requests: {[urlsplit(url).path for _status, url in self.answers]}"
        mark = self.mark
        if mark < AT_WORK.get(self.page.name, LOWEST_ECOINDEX):
            yield f"EcoIndex of {mark}: {self.nodes} nodes, {len(self.answers)} requests, {self.transferred} bytes"

    @property
    def nodes(self) -> int:
        return int(self.tab.evaluate(NODES))

    @property
    def mark(self) -> int:
        return ecoindex.score(nodes=self.nodes, requests=len(self.answers), kilobytes=self.transferred / 1000)


class Window:
    """One tab for many pages, each opened as by somebody who comes for the first time: a tab of its own for each would
    cost as much as what is looked at. `cookies`: what the visitor comes with.
    """

    def __init__(self, browser: Browser, visitor: BrowserContext, *, cookies: Any = ()) -> None:
        self.browser = browser
        self._visitor = visitor
        self._cookies = cookies
        self._tab = visitor.new_page()
        self._devtools = visitor.new_cdp_session(self._tab)

    def tab(self) -> Tab:
        """The tab, with nothing left of the page before."""
        self._tab.goto("about:blank")
        self._tab.set_viewport_size({"width": 1280, "height": 900})
        self._tab.emulate_media(color_scheme="light")
        self._devtools.send("Storage.clearDataForOrigin", {"origin": self.browser.url, "storageTypes": "all"})
        self._visitor.clear_cookies()
        self._visitor.add_cookies(self._cookies)
        return self._tab


@contextmanager
def window(browser: Browser, *, cookies: Any = ()) -> Iterator[Window]:
    with browser.context(**STILL) as visitor:
        yield Window(browser, visitor, cookies=cookies)


def faults_of(tab: Tab, page: Page, *, lang: str, served: str = "", colours: bool = True) -> tuple[list[str], str, str]:
    """(what is wrong, title, h1) of a page in a language; `served`: HTML that stands for the server's answer."""
    if served:
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": CSP}
        tab.route(f"**{page.at(lang)}", lambda route: route.fulfill(status=page.status, body=served, headers=headers))
    visit = Visit(tab, page, lang=lang)
    faults = visit.faults(colours=colours)
    visit.end()
    return faults, visit.title, visit.headings[0] if visit.headings else ""


def check(window: Window, page: Page, *, lang: str, titles: dict[str, str]) -> None:
    """The page has no fault, and a title of its own; `titles`: the page each title was seen on."""
    faults, title, heading = faults_of(window.tab(), page, lang=lang, colours=lang == "fr")
    faults += window.browser.told()
    assert not faults, "\n".join(["", *faults[:SHOWN], f"({len(faults)} in all)"])
    own = page.state_of or page.name
    same = titles.setdefault(title, own)
    assert same == own, f"{page.name} and {same} have the same title: {title}"
    assert heading


def check_failure(browser: Browser, *, lang: str) -> None:
    """No address of the product leads to its page 500: it is made here, and shown under the product's name."""
    page = Page("failure", "/panne", status=500)
    with translation.override(lang):
        html = failure(RequestFactory().get(page.at(lang))).content.decode()
    with browser.context(**STILL) as visitor:
        faults, _title, _heading = faults_of(visitor.new_page(), page, lang=lang, served=html)
    assert not faults, "\n".join(["", *faults[:SHOWN]])
