"""The frame around every page: rendered once by language and section, then filled by joining strings.

Most of what a page costs is its template. The frame, the same on every page, is rendered when it is first asked for and
kept as pieces between holes; a page renders its own part only. Nothing here reads the database: the page of an error
500 has the same frame.
"""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils import translation
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

notice: ContextVar[str] = ContextVar("notice", default="")
"""What every page of this visitor says under the header (safe HTML): for whom they act. Set for each request."""
_MARK = "\u2063{}\u2063"
"""An invisible separator around the name of a hole: no text has it."""


def page(
    template: str,
    context: Mapping[str, Any],
    *,
    address: str,
    title: Any,
    description: Any = "",
    section: str = "",
    head: str = "",
) -> str:
    """A whole page in the active language. `address`: the path asked for with its query; `head`: safe HTML."""
    body = get_template(template).render(dict(context))
    return framed(body, address=address, title=title, description=description, section=section, head=head)


def framed(body: str, *, address: str, title: Any, description: Any = "", section: str = "", head: str = "") -> str:
    """`body` (safe HTML) inside the frame, in the active language."""
    lang = "en" if (translation.get_language() or "fr").startswith("en") else "fr"
    filling = {
        "title": conditional_escape(title),
        "description": conditional_escape(description or title),
        "head": head,
        "french": conditional_escape(settings.PUBLIC_URL + same_page(address, lang="fr")),
        "english": conditional_escape(settings.PUBLIC_URL + same_page(address, lang="en")),
        "body": body,
        "notice": conditional_escape(notice.get()),
    }
    fixed = (("lang", lang), ("section", section))
    return _filled("ui/shell.html", lang=lang, holes=filling, fixed=fixed)


def filled(template: str, holes: Mapping[str, Any]) -> SafeString:
    """A template that only prints `holes` (or tests them for being empty), in the active language.

    What changes from one visitor to the next is escaped and joined to what does not: much faster than rendering. A
    name may have one dot: `here.typed` fills `{{ here.typed }}`.
    """
    lang = (translation.get_language() or "fr")[:2]
    safe = {
        name: value if not value or isinstance(value, SafeString) else conditional_escape(value)
        for name, value in holes.items()
    }
    return _filled(template, lang=lang, holes=safe)


def _filled(
    template: str, *, lang: str, holes: Mapping[str, str], fixed: tuple[tuple[str, str], ...] = ()
) -> SafeString:
    empty = tuple(name for name, value in holes.items() if not value)
    pieces = _pieces(template, lang, tuple(holes), empty, fixed)
    return SafeString("".join([holes[piece] if hole else piece for piece, hole in pieces]))


def same_page(address: str, *, lang: str) -> str:
    """The address of the same page in another language: French at /…, English at /en/…"""
    bare = re.sub(r"^/en(?=/|\?|$)", "", address)
    bare = re.sub(r"([?&])lang=\w*&?", r"\1", bare).rstrip("?&") or "/"
    if lang == "fr":
        return bare
    return f"/en{bare}" if bare.startswith("/") else f"/en/{bare}"


@lru_cache(maxsize=256)
def _pieces(
    template: str, lang: str, holes: tuple[str, ...], empty: tuple[str, ...], fixed: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, bool], ...]:
    """The template as (text, False) and (name of a hole, True), in order; holes that are `empty` are no holes."""
    context: dict[str, Any] = dict(fixed)
    for name in holes:
        group, _dot, last = name.rpartition(".")
        held = context.setdefault(group, {}) if group else context
        held[last] = "" if name in empty else SafeString(_MARK.format(name))
    with translation.override(lang):
        html = get_template(template).render(context)
    parts = re.split("\u2063([\\w.]+)\u2063", re.sub(r">\s+<", ">\n<", html).strip())
    return tuple((part, bool(position % 2)) for position, part in enumerate(parts))
