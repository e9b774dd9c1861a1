"""What the scripts of a page are given: the rules of its fields, said once a version; the answers they stand on."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lacydon.kernel import forms
from lacydon.kernel.clock import today
from lacydon.kernel.forms import Computed, Page
from lacydon.kernel.forms.operands import named_by, named_in

from ...queries.answers import computed_in_words
from ...queries.published import Held

MOST = 2_000
_kept: dict[tuple[Any, ...], Any] = {}


@lru_cache(maxsize=16)
def _head(_lang: str, files: bool, plan: bool) -> SafeString:
    return SafeString(get_template("requests/filling/scripts.html").render({"files": files, "plan": plan}))


def head(*, files: bool, plan: bool = False) -> SafeString:
    """The scripts of a page of questions, and the words they say."""
    return _head(get_language() or "fr", files, plan)


def rules(held: Held, page: Page) -> str:
    """The rules of the page as JSON, for static/requests/form.js."""
    return str(_once(held, page, "rules", lambda: json.dumps(_rules(held, page), separators=(",", ":"))))


def known(held: Held, page: Page, answers: Mapping[str, Any]) -> str:
    """What the rules of the page need of the other pages."""
    wanted = _once(held, page, "wanted", lambda: _wanted(held, page))
    if not wanted or wanted.isdisjoint(answers):
        return ""
    kept = forms.settled(held.form, answers)
    return json.dumps({id: kept[id] for id in wanted if id in kept})


def sums(held: Held, page: Page, answers: Mapping[str, Any]) -> SafeString:
    """What the form works out of this page's answers, kept up to date by the script."""
    here: list[Computed] = _once(held, page, "sums", lambda: _sums(held, page))
    if not here:
        return SafeString("")
    told = {line.name: line.values[0] for line in computed_in_words(held.form, answers)}
    lines = [(each, told.get(each.id, "")) for each in here]
    return SafeString(get_template("requests/filling/sums.html").render({"lines": lines}))


def _once(held: Held, page: Page, what: str, make: Any) -> Any:
    key = (held.version.pk, held.version.digest, page.id, what, get_language(), today())
    if key not in _kept:
        if len(_kept) > MOST:
            _kept.clear()
        _kept[key] = make()
    return _kept[key]


def _rules(held: Held, page: Page) -> dict[str, Any]:
    return forms.page_rules(held.form, page, {})


def _wanted(held: Held, page: Page) -> set[str]:
    mine = {each.id for each in page.fields}
    named: set[str] = set()
    for field in page.fields:
        named.update(named_by(field.when), *(named_by(each.when) for each in field.fields))
    for each in held.form.computed:
        named |= named_in(held.form, each.value)
    return named - mine


def _sums(held: Held, page: Page) -> list[Computed]:
    mine = {inner.id for each in page.fields for inner in (each, *each.fields)}
    return [each for each in held.form.computed if not mine.isdisjoint(named_in(held.form, each.value))]
