"""A form's text: every fault is named with its place; what is read can be written and read again."""

import copy

import pytest

from lacydon.kernel.folder import Folder
from lacydon.kernel.forms import FaultyForm, as_text, canonical, digest, json_schema, read_form, read_in
from tests.kernel.forms.made import ONE, a_form

TEXT = {"id": "t", "type": "text"}
NUMBER = {"id": "n", "type": "number"}
DATE = {"id": "d", "type": "date"}
CHOICE = {"id": "c", "type": "choice", **ONE["choice"]}
GROUP = {"id": "g", "type": "group", "fields": [{"id": "r", "type": "number", "label": {"fr": "R"}}]}
AT = ("pages", 0, "fields")


def when(condition, *before):
    return a_form(*before, {"id": "z", "type": "text", "when": condition})


def works(expression, *fields):
    return a_form(*(fields or (TEXT, NUMBER, DATE, CHOICE, GROUP)), computed=[{"id": "x", "value": expression}])


FAULTY = {
    "not a mapping": ("bonjour", ()),
    "a field more": ({**a_form(TEXT), "prix": 3}, ("prix",)),
    "no such type": (a_form({"id": "a", "type": "color"}), (*AT, 0, "type")),
    "an id a page cannot name": (a_form({"id": "é-1", "type": "text"}), (*AT, 0, "id")),
    "an id twice": (a_form(TEXT, TEXT), (*AT, 1, "id")),
    "an id twice, in a group": (a_form({**NUMBER, "id": "r"}, GROUP), (*AT, 1, "fields", 0, "id")),
    "an id twice, computed": (a_form(TEXT, computed=[{"id": "t", "value": 1}]), ("computed", 0, "id")),
    "a page twice": ({**a_form(TEXT), "pages": a_form(TEXT)["pages"] + a_form(NUMBER)["pages"]}, ("pages", 1, "id")),
    "a key of another type": (a_form({**TEXT, "unit": "€"}), (*AT, 0, "unit")),
    "a message for what is not asked": (
        a_form({"id": "i", "type": "info", "message": {"fr": "Non"}}),
        (*AT, 0, "message"),
    ),
    "a group in a group": (a_form({**GROUP, "fields": [{**GROUP["fields"][0], "type": "group"}]}), None),
    "a choice without options": (a_form({"id": "c", "type": "choice"}), (*AT, 0)),
    "an option twice": (
        a_form({**CHOICE, "options": CHOICE["options"] + CHOICE["options"][:1]}),
        (*AT, 0, "options", 3),
    ),
    "bounds upside down": (a_form({**NUMBER, "min": 3, "max": 2}), (*AT, 0, "min")),
    "rows upside down": (a_form({**GROUP, "min": 3, "max": 2}), (*AT, 0, "min")),
    "half a row": (a_form({**GROUP, "max": 2.5}), (*AT, 0, "max")),
    "a day that is not": (a_form({**DATE, "after": "2012-02-30"}), (*AT, 0, "after")),
    "a pattern that never ends": (a_form({**TEXT, "pattern": "(a+)+b"}), (*AT, 0, "pattern")),
    "a pattern of many repetitions": (a_form({**TEXT, "pattern": "a*b*c*d*e"}), (*AT, 0, "pattern")),
    "a pattern browsers read otherwise": (a_form({**TEXT, "pattern": r"\s"}), (*AT, 0, "pattern")),
    "a pattern that looks ahead": (a_form({**TEXT, "pattern": "(?=a)a"}), (*AT, 0, "pattern")),
    "a pattern left open": (a_form({**TEXT, "pattern": "(a"}), (*AT, 0, "pattern")),
    "a condition on what is asked after": (
        a_form({**TEXT, "when": {"n": 1}}, NUMBER),
        (*AT, 0, "when", "n"),
    ),
    "a condition on itself": (a_form({**TEXT, "when": {"t": "x"}}), (*AT, 0, "when", "t")),
    "a condition inside another's row": (when({"r": 1}, GROUP), (*AT, 1, "when", "r")),
    "a condition on no option": (when({"c": "z"}, CHOICE), (*AT, 1, "when", "c")),
    "a text compared as a number": (when({"t": {"over": 1}}, TEXT), (*AT, 1, "when", "t", "over")),
    "a number compared with a text": (when({"n": {"over": "1"}}, NUMBER), (*AT, 1, "when", "n", "over")),
    "a date compared with another text": (when({"d": {"before": "hier"}}, DATE), (*AT, 1, "when", "d", "before")),
    "a group compared": (when({"g": "x"}, GROUP), (*AT, 1, "when", "g")),
    "an operator that is not": (when({"n": {"above": 1}}, NUMBER), (*AT, 1, "when", "n", "above")),
    "no condition": (when({}), (*AT, 0, "when")),
    "any of nothing": (when({"any": []}), (*AT, 0, "when", "any")),
    "not a condition": (when({"not": ["t"]}, TEXT), (*AT, 1, "when", "not")),
    "an amount of a text": (works({"field": "t"}), ("computed", 0, "value", "field")),
    "an amount of a row": (works({"field": "r"}), ("computed", 0, "value", "field")),
    "an age of a number": (works({"age": "n"}), ("computed", 0, "value", "age")),
    "a count of a number": (works({"count": "n"}), ("computed", 0, "value", "count")),
    "a total outside rows": (works({"total": "n"}), ("computed", 0, "value", "total")),
    "a calculation on itself": (works({"field": "x"}), ("computed", 0, "value", "field")),
    "no such calculation": (works({"power": [2, 3]}), ("computed", 0, "value")),
    "three in a pair": (works({"quotient": [1, 2, 3]}), ("computed", 0, "value", "quotient")),
    "a fault deep inside": (
        works({"sum": [1, {"max": [{"field": "t"}]}]}),
        ("computed", 0, "value", "sum", 1, "max", 0, "field"),
    ),
    "an else missing": (works({"if": {"n": 1}, "then": 2}), ("computed", 0, "value")),
    "brackets that go down": (
        works({"brackets": {"of": 1, "table": [{"up_to": 3, "then": 1}, {"up_to": 2, "then": 1}]}}),
        ("computed", 0, "value", "brackets", "table", 1, "up_to"),
    ),
    "a bracket after the last": (
        works({"brackets": {"of": 1, "table": [{"then": 1}, {"up_to": 2, "then": 1}]}}),
        ("computed", 0, "value", "brackets", "table", 0),
    ),
    "what is computed twice by each of thirty": (
        a_form(
            NUMBER,
            computed=[{"id": "x0", "value": {"field": "n"}}]
            + [{"id": f"x{at}", "value": {"sum": [{"field": f"x{at - 1}"}] * 2}} for at in range(1, 30)],
        ),
        ("computed", 9, "value"),
    ),
    "infinity": (works({"sum": [float("inf")]}), ("computed", 0, "value", "sum", 0)),
    "two fees": (
        a_form(NUMBER, computed=[{"id": x, "type": "money", "value": 1, "fee": True} for x in ("x", "y")]),
        ("computed", 1, "fee"),
    ),
    "a fee without euros": (a_form(NUMBER, computed=[{"id": "x", "value": 1, "fee": True}]), ("computed", 0, "fee")),
}


@pytest.mark.parametrize("case", FAULTY)
def test_a_fault_is_named_with_its_place(case):
    data, path = FAULTY[case]
    with pytest.raises(FaultyForm) as refusal:
        read_form(data)
    fault = refusal.value.faults[0]
    assert fault.found and fault.expected
    if path is not None:
        assert path in [each.path for each in refusal.value.faults], refusal.value.faults


def test_too_deep_or_too_much_is_a_fault_not_a_crash():
    deep = wide = 1
    for _ in range(60):
        deep = {"sum": [deep]}
    wide = {"sum": [{"sum": [1] * 30} for _ in range(30)]}
    for each in (deep, wide):
        with pytest.raises(FaultyForm):
            read_form(works(each))
    endless = {}
    endless["not"] = endless
    for each in (endless, {"t": b"\xff"}):
        with pytest.raises(FaultyForm):
            read_form(when(each, TEXT))


WRITTEN = """\
id: essai
service: essai
title: {fr: "L'essai : 3 euros ?"}   # une note
pages:
  - id: un
    title: {fr: Un}
    fields:
      - {id: a, type: date, label: {fr: Quand ?}, after: 2010-01-01, before: today}
      - {id: b, type: number, label: {fr: Combien ?}, min: 0, max: 2.5, required: true}
      - id: c
        type: text
        label: {fr: Pourquoi ?}
        when: {a: {after: 2020-01-01}}
"""


def test_a_text_is_read_with_the_lines_of_its_faults():
    wrong = WRITTEN.replace("max: 2.5", "most: 2.5").replace("{a: {after: 2020-01-01}}", "{z: true}")
    folder = Folder(None)
    assert read_in(folder, folder.parsed("forms/essai.yaml", wrong)) is None
    assert [(fault.file, fault.line) for fault in folder.faults] == [("forms/essai.yaml", 9)]
    wrong = wrong.replace("most: 2.5", "max: 2.5")
    folder = Folder(None)
    read_in(folder, folder.parsed("forms/essai.yaml", wrong))
    assert [fault.line for fault in folder.faults] == [13]
    assert "demandé avant" in str(folder.faults[0])


def test_a_form_is_written_as_people_do_and_read_again():
    folder = Folder(None)
    form = read_in(folder, folder.parsed("x", WRITTEN))
    assert folder.faults == []
    text = as_text(form)
    assert "L’essai : 3 euros ?" in text and "max: 2.5" in text and "\u00a0" not in text
    assert digest(read_in(folder, folder.parsed("x", text))) == digest(form)


def test_two_texts_that_say_the_same_have_the_same_digest():
    source = a_form(TEXT, NUMBER)
    other = dict(reversed(copy.deepcopy(source).items()))
    other["kind"] = "request"
    other["pages"][0]["fields"][0]["required"] = True
    assert canonical(read_form(other)) == canonical(read_form(source))
    other["pages"][0]["fields"].reverse()
    assert digest(read_form(other)) != digest(read_form(source))


def test_the_schema_says_conditions_it_has_words_for():
    form = read_form(a_form(CHOICE, {"id": "z", "type": "text", "when": {"c": ["a", "b"]}}, NUMBER))
    schema = json_schema(form, lang="fr", address="https://exemple.fr/essai")
    assert schema["$id"] == "https://exemple.fr/essai"
    assert schema["required"] == ["c", "n"]
    assert schema["properties"]["z"]["x-when"] == {"c": ["a", "b"]}
    assert schema["allOf"][0]["then"] == {"required": ["z"]}
    assert [option["title"] for option in schema["properties"]["c"]["oneOf"]] == ["a", "b", "c"]
