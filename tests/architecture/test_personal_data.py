"""What is personal is declared: every field that leads to a person, or is named like something personal, has its line."""

import ast
import re

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from lacydon.capabilities.trust.actions.retention import RULES
from lacydon.capabilities.trust.queries.words import actions, purposes
from lacydon.kernel import plugs
from lacydon.kernel.personal import GROUNDS, Activity, PersonalData
from tests.architecture.test_shape import SOURCE, python_files

PERSON = "trust.Person"
LOOKS_PERSONAL = re.compile(
    r"(^|_)(person|people|resident|citizen|holder|principal|email|mail|phone|mobile|postal|street_address|birth\w*|"
    r"born|age|gender|sex|civility|first_name|last_name|given_name|family_name|surname|iban|nir|passport|ip|user_agent|"
    r"browser|sealed|signature_of|nationality|income)(_|$)"
)


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("lacydon.")]


def leads_to_a_person(model: type[models.Model], seen: frozenset[str] = frozenset()) -> bool:
    """Whether the model is Person, or has a chain of foreign keys to it."""
    label = model._meta.label
    if label == PERSON:
        return True
    if label in seen:
        return False
    targets = [field.related_model for field in model._meta.concrete_fields if isinstance(field.related_model, type)]
    return any(leads_to_a_person(target, seen | {label}) for target in targets)


def undeclared(all_models: list[type[models.Model]]) -> list[str]:
    """Personal fields that no capability has declared, one way or the other."""
    offers = [offer() for _name, offer in plugs.personal_data.items()]
    known = {field for offer in offers for activity in offer.activities for field in activity.fields}
    known |= {field for offer in offers for field in offer.not_personal}
    wrong = []
    for model in all_models:
        whole = leads_to_a_person(model)
        for field in model._meta.concrete_fields:
            name = f"{model._meta.label}.{field.name}"
            if (whole or LOOKS_PERSONAL.search(field.name)) and name not in known:
                wrong.append(name)
    return wrong


def test_every_personal_field_is_declared():
    assert undeclared(ours()) == []


def test_nothing_is_declared_that_is_not_there():
    there = {f"{model._meta.label}.{field.name}" for model in ours() for field in model._meta.concrete_fields}
    for name, offer in plugs.personal_data.items():
        declared = {field for activity in offer().activities for field in activity.fields} | set(offer().not_personal)
        assert declared - there == set(), name


def test_every_capability_says_what_it_knows_about_people():
    capabilities = {path.parent.name for path in (SOURCE / "capabilities").glob("*/models*")}
    assert capabilities <= {name for name, _offer in plugs.personal_data.items()}


@isolate_apps("lacydon.capabilities.trust", "lacydon.capabilities.services")
def test_a_field_nobody_declared_is_seen():
    class Person(models.Model):  # noqa: DJ008
        class Meta:
            app_label = "trust"

    class Visit(models.Model):  # noqa: DJ008
        visitor = models.ForeignKey(Person, on_delete=models.CASCADE)
        subject = models.TextField()

        class Meta:
            app_label = "services"

    class Note(models.Model):  # noqa: DJ008
        visit = models.ForeignKey(Visit, on_delete=models.CASCADE)

        class Meta:
            app_label = "services"

    class Letter(models.Model):  # noqa: DJ008
        contact_email = models.TextField()
        title = models.TextField()

        class Meta:
            app_label = "services"

    assert undeclared([Visit, Note, Letter]) == [
        "services.Visit.id", "services.Visit.visitor", "services.Visit.subject", "services.Note.id",
        "services.Note.visit", "services.Letter.contact_email",
    ]  # fmt: skip
    activity = Activity("x", "x", "x", "x", "x", "x", "x", "x", "x", "x", fields=("services.Letter.contact_email",))
    with plugs.personal_data.temporarily("services", lambda: PersonalData(activities=(activity,))):
        assert undeclared([Letter]) == []


def test_every_activity_says_everything_and_has_a_rule():
    seen: set[str] = set()
    for _name, offer in plugs.personal_data.items():
        for each in offer().activities:
            for member in ("name", "purpose", "legal_basis", "people", "data", "recipients", "retention", "security"):
                assert len(str(getattr(each, member))) > 3, (each.id, member)
            assert each.id not in seen
            seen.add(each.id)
    rules = {
        rule
        for each in plugs.personal_data["trust"]().activities
        if not each.rule.startswith("none: ")
        for rule in each.rule.split(", ")
    }
    assert rules == set(RULES)


def recorded() -> list[tuple[str, str, str]]:
    """(file, member, value) of each action and purpose that the code records in the journal by name."""
    found = []
    for path in python_files(SOURCE / "capabilities"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(node, "func", None)
            name = getattr(called, "id", getattr(called, "attr", ""))
            if name not in ("record", "Draft", "_read", "settled", "keep_help", "keep_draft"):
                continue
            for keyword in node.keywords:  # type: ignore[attr-defined]
                if keyword.arg in ("action", "purpose") and isinstance(keyword.value, ast.Constant):
                    found.append((path.name, keyword.arg, str(keyword.value.value)))
    return found


def test_every_action_of_the_journal_has_words():
    named = recorded()
    assert len(named) > 20
    assert {value for _file, member, value in named if member == "action"} - set(actions()) == set()


def test_every_purpose_of_the_journal_has_words():
    constants = {
        found[1]
        for path in python_files(SOURCE / "capabilities")
        if "actions" in path.parts
        for found in re.finditer(r'^_?PURPOSE = "([a-z-]+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(constants) > 2
    named = {value for _file, member, value in recorded() if member == "purpose"}
    assert (named | constants) - set(purposes()) == set()


@pytest.mark.parametrize("purpose", sorted(purposes()))
def test_a_purpose_has_words_a_ground_and_its_law(purpose):
    found = purposes()[purpose]
    assert str(found.words) and str(found.law)
    assert found.ground in GROUNDS
