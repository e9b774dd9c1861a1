"""The page on forms is true: its example can be read, and it names every key, type, condition and calculation."""

import re

import pytest
import yaml

from lacydon.kernel.forms import reading
from lacydon.kernel.forms.checking import LISTS, PAIRS
from lacydon.kernel.forms.conditions import OPERATORS
from lacydon.kernel.forms.definition import MEDIA_TYPES, TYPES
from tests.product import ROOT

PAGE = (ROOT / "docs" / "civil-servants" / "forms.md").read_text("utf-8")
EXAMPLE, COMPANY, CONDITIONS, CALCULATIONS = (
    yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
)
SHAPES = (reading.FormText, reading.FieldText, reading.PageText, reading.ComputedText, reading.SilenceText)
FIELDS = """
- {id: sorte, type: choice, label: {fr: S}, options: [{value: facade, label: {fr: F}}, {value: pots, label: {fr: P}}]}
- {id: moyens, type: choices, label: {fr: M}, options: [{value: chapiteau, label: {fr: C}}, {value: rue, label: {fr: R}}]}
- {id: proche_nom, type: text, label: {fr: N}}
- {id: commune, type: commune, label: {fr: C}}
- {id: enfants, type: group, label: {fr: E}, fields: [{id: nombre, type: number, label: {fr: N}}]}
"""
"""What the short examples of the page stand on, besides numbers, days and yes or no."""


def form_asking(**told):
    """A form that asks for all the fields the examples name, and holds this."""
    fields = yaml.safe_load(FIELDS)
    plain = {
        "yesno": ("proprietaire", "avec_quotient"),
        "date": ("debut", "naissance"),
        "number": "passage public demande autres_aides longueur largeur recettes depenses total volume quotient".split(),
    }
    for kind, ids in plain.items():
        fields += [{"id": id, "type": kind, "label": {"fr": id}} for id in ids]
    pages = [{"id": "une", "title": {"fr": "Une"}, "fields": fields}, *told.pop("pages", [])]
    return {"id": "essai", "service": "essai", "title": {"fr": "Essai"}, "pages": pages} | told


def test_the_example_can_be_read():
    form = reading.read_form(EXAMPLE)
    assert form.by_id["diametre"].unit == "cm"


def test_the_example_of_a_company_can_be_read():
    form = reading.read_form(form_asking(pages=[{"id": "deux", "title": {"fr": "Deux"}, "fields": COMPANY}]))
    assert form.by_id["siege"].prefill == "company.address"


@pytest.mark.parametrize("name", CONDITIONS)
def test_each_condition_can_be_read(name: str):
    shown = {"id": "note", "type": "info", "label": {"fr": "N"}, "when": CONDITIONS[name]}
    reading.read_form(form_asking(pages=[{"id": "deux", "title": {"fr": "Deux"}, "fields": [shown]}]))


@pytest.mark.parametrize("name", CALCULATIONS)
def test_each_calculation_can_be_read(name: str):
    reading.read_form(form_asking(computed=[{"id": "valeur", "label": {"fr": "V"}, "value": CALCULATIONS[name]}]))


def test_everything_a_form_may_say_is_explained():
    keys = {key for shape in SHAPES for key in shape.model_fields}
    named = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert (keys | set(TYPES) | set(OPERATORS) | set(MEDIA_TYPES)) - named == set()
    verbs = LISTS | PAIRS | {"field", "round", "brackets", "if", "count", "total", "age"}
    assert {verb for verb in verbs if f"{{{verb}:" not in PAGE} == set()
