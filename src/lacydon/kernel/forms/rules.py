"""What the browser needs to follow the rules of a page by itself (static/requests/form.js): a value made of what JSON
knows, with every sentence already said in the visitor's language, and only those earlier answers the page stands on.
"""

from typing import Any

from lacydon.kernel.clock import today

from .definition import Answers, Field, Form, Page
from .operands import named_by, named_in
from .sentences import codes, sentence
from .validation import settled

_KEYS = (
    "when", "min_length", "max_length", "pattern", "min", "max", "decimals", "unit", "before", "after", "max_files",
    "drawn",
)  # fmt: skip


def page_rules(form: Form, page: Page, answers: Answers) -> dict[str, Any]:
    """The rules of one page, `answers` being those kept so far."""
    return {**fixed_rules(form, page), "known": known_answers(form, page, answers)}


def fixed_rules(form: Form, page: Page) -> dict[str, Any]:
    """The part of a page's rules that is the same for everybody today, in a language: worth keeping ready."""
    return {
        "fields": [_field(each) for each in page.fields],
        "computed": [{"id": each.id, "type": each.type, "value": each.value} for each in form.computed],
        "groups": {each.id: list(each.by_id) for each in form.fields() if each.type == "group"},
        "today": today().isoformat(),
    }


def known_answers(form: Form, page: Page, answers: Answers) -> dict[str, Any]:
    """The answers of other pages which this one stands on, and no other."""
    wanted: set[str] = set()
    for field in page.fields:
        wanted.update(named_by(field.when), *(named_by(each.when) for each in field.fields))
    for computed in form.computed:
        wanted |= named_in(form, computed.value)
    wanted -= {each.id for each in page.fields}
    if not wanted.intersection(answers):
        return {}
    kept = settled(form, answers)
    return {id: kept[id] for id in kept if id in wanted}


def _field(field: Field) -> dict[str, Any]:
    told: dict[str, Any] = {"id": field.id, "type": field.type}
    if not field.asks:
        return told | ({"when": field.when} if field.when else {})
    told |= {key: value for key in _KEYS if (value := getattr(field, key)) not in (None, "", 0, False)}
    told |= {"decimals": field.decimals} if field.decimals is not None else {}
    if field.type in ("choices", "group"):
        told |= {"least": field.least, "most": field.most}
    return told | {
        "required": field.required,
        "messages": {code: sentence(field, code) for code in codes(field) if _possible(field, code)},
        **({"values": list(field.values)} if field.options else {}),
        **({"fields": [_field(each) for each in field.fields]} if field.fields else {}),
    }


def _possible(field: Field, code: str) -> bool:
    """Whether the form sets the bound a code is about."""
    bounds = {
        "too_short": "min_length",
        "too_low": "min",
        "too_high": "max",
        "too_late": "before",
        "too_early": "after",
    }
    if field.type in ("choices", "group"):
        return code != "elsewhere"
    return code not in bounds or bool(getattr(field, bounds[code]))
