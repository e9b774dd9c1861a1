"""The forms of the real territory: no fault, honest words in both languages, every question can be asked and answered."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from lacydon.capabilities.trust.queries.proofs import KINDS
from lacydon.capabilities.trust.queries.themes import THEMES
from lacydon.kernel.folder import Folder
from lacydon.kernel.forms.calculations import computed
from lacydon.kernel.forms.definition import Form
from lacydon.kernel.forms.posted import posted
from lacydon.kernel.forms.reading import read_in
from lacydon.kernel.forms.validation import asked, validate, validate_page
from tests import product
from tests.territories.plausible import Spot, answers_of

FOLDER = product.ROOT / "territories" / "aix-marseille-provence"
NAMES = sorted(path.stem for path in (FOLDER / "forms").glob("*.yaml"))
DRAWS = 40
"""Times each form is filled in: enough for each of its questions to come up."""


@cache
def form_of(name: str) -> Form:
    folder = Folder(FOLDER)
    form = read_in(folder, folder.document(f"forms/{name}.yaml"))
    folder.refuse_if_faulty()
    assert form is not None
    return form


def data(pattern: str) -> Iterator[tuple[Path, Any]]:
    for path in sorted(FOLDER.glob(pattern)):
        yield path, yaml.safe_load(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def of_communes() -> set[str]:
    """Services that one commune adds to the catalogue: their requests can only go there."""
    return {each["id"] for _path, told in data("services/communes/*.yaml") for each in told.get("add", ())}


@pytest.fixture(scope="module")
def services(of_communes: set[str]) -> set[str]:
    return of_communes | {each["id"] for _path, told in data("services/*.yaml") for each in told}


@pytest.fixture(scope="module")
def facts() -> dict[str, list[str]]:
    return {
        each["id"]: [value["value"] for value in each["values"]]
        for _path, told in data("competences/facts.yaml")
        for each in told
    }


@pytest.fixture(scope="module")
def spot() -> Spot:
    with (FOLDER / "communes.csv").open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    return Spot(citycode=first["code"], lon=float(first["lon"]), lat=float(first["lat"]))


def texts(told: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every text people read in a form's source, with its path."""
    if isinstance(told, dict):
        if "fr" in told:
            yield path, told
            return
        for key, each in told.items():
            yield from texts(each, f"{path}/{key}")
    elif isinstance(told, list):
        for place, each in enumerate(told):
            yield from texts(each, f"{path}/{place}")


def test_there_are_forms_enough():
    assert len(NAMES) >= 25


@pytest.mark.parametrize("name", NAMES)
def test_form_stands_on_what_exists(name: str, services: set[str], facts: dict[str, list[str]]):
    form = form_of(name)
    assert form.id == name
    assert form.service in services
    assert set(form.themes) <= THEMES.keys()
    for each in form.by_id.values():
        kind, _colon, proof = each.prefill.partition(":")
        assert kind != "proof" or (each.type == "file" and proof in KINDS), each.id
        if each.datum.startswith("fact."):
            assert list(each.values) == facts[each.datum.removeprefix("fact.")], each.id


@pytest.mark.parametrize("name", NAMES)
def test_form_says_what_to_expect(name: str, of_communes: set[str]):
    form = form_of(name)
    assert form.duration
    assert form.silence or form.promised
    placed = any(each.type in ("address", "place", "commune") for each in form.fields())
    assert placed or form.service in of_communes, "nobody knows where it goes"
    if form.kind == "report":
        assert any(each.type == "place" and each.required for each in form.fields())
        assert not any(each.required for each in form.fields() if each.type in ("email", "phone"))


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_in_both_languages(name: str):
    missing = [path for path, each in texts(form_of(name).source) if not each.get("en")]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_every_question_can_come_up_and_be_answered(name: str, spot: Spot):
    form, draw = form_of(name), Random(name)
    seen: set[str] = set()
    known: set[str] = set()
    for _each in range(DRAWS):
        answers = answers_of(form, spot=spot, draw=draw)
        checked = validate(form, answers)
        assert checked.errors == {} and checked.dropped == {}
        assert checked.answers == answers
        seen |= {field.id for page in asked(form, answers) for field in page.fields}
        known |= computed(form, answers).keys()
    assert seen == {each.id for each in form.fields()}
    assert known == {each.id for each in form.computed}


@pytest.mark.parametrize("name", NAMES)
def test_pages_take_what_a_browser_posts(name: str, spot: Spot):
    form = form_of(name)
    told = answers_of(form, spot=spot, draw=Random(1))
    answers: dict[str, Any] = {}
    for page in form.pages:
        raw: dict[str, list[str]] = {}
        for field in page.fields:
            raw |= posted(field, told.get(field.id), field.id)
        checked = validate_page(form, page, raw, answers)
        assert checked.errors == {}
        answers = checked.answers
    unsigned = {field.id for field in form.fields() if field.type != "signature"}  # the moment is of the first time
    assert {id: answers.get(id) for id in told if id in unsigned} == {id: told[id] for id in told if id in unsigned}
