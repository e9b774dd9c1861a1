"""Random forms, random answers: what holds whatever is asked and whatever is sent."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lacydon.kernel.folder import Folder
from lacydon.kernel.forms import (
    as_text,
    asked,
    computed,
    digest,
    json_schema,
    page_rules,
    posted,
    read_form,
    read_in,
    validate,
    validate_page,
    visible_fields,
    visible_pages,
)
from tests.kernel.forms.made import answers_to, forms

MANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@MANY
@given(data=st.data())
def test_whatever_is_sent_what_is_kept_is_clean(data):
    source = data.draw(forms())
    form = read_form(source)
    checked = validate(form, data.draw(answers_to(source)))

    # Clean once is clean for good.
    again = validate(form, checked.answers)
    assert again.answers == checked.answers == json.loads(json.dumps(checked.answers))
    assert again.dropped == {}
    # Nothing is kept of what is not asked, nor of what the form does not know.
    shown = {each.id for page in asked(form, checked.answers) for each in page.fields if each.asks}
    assert set(checked.answers) <= shown
    # A fault is about a question that is asked.
    assert {name.split("-")[0] for name in checked.errors} <= shown
    # Each sentence says something.
    assert all(len(sentence) > 8 for sentence in (*checked.errors.values(), *checked.dropped.values()))
    # The schema says the same.
    schema = json_schema(form)
    Draft202012Validator.check_schema(schema)
    if checked.good:
        Draft202012Validator(schema).validate(checked.answers)
    computed(form, checked.answers)
    assert all(page in form.pages for page in visible_pages(form, checked.answers))


@MANY
@given(data=st.data())
def test_a_journey_page_by_page_keeps_what_the_whole_keeps(data):
    """Good answers put in the pages, posted one after the other, come out as those of the whole, and so does the schema."""
    source = data.draw(forms())
    form = read_form(source)
    whole = validate(form, data.draw(answers_to(source, junk=False)))
    kept = {}
    errors = {}
    for page in form.pages:
        if page not in visible_pages(form, kept):
            continue
        raw = {}
        for each in page.fields:
            raw |= posted(each, whole.answers.get(each.id), each.id)
        checked = validate_page(form, page, raw, kept)
        kept = checked.answers
        errors |= checked.errors
        json.dumps(page_rules(form, page, kept))
    if whole.good:
        assert errors == {}
        assert validate(form, kept).answers == kept
        assert _without_moments(kept) == _without_moments(whole.answers)


def _without_moments(answers):
    text = json.dumps(answers, sort_keys=True)
    return [json.loads(text, object_hook=lambda each: {key: each[key] for key in each if key != "at"})]


@MANY
@given(data=st.data())
def test_whatever_is_posted_a_page_answers(data):
    source = data.draw(forms())
    form = read_form(source)
    page = data.draw(st.sampled_from(form.pages))
    names = [each.id for each in form.by_id.values()]
    names += [f"{id}-{part}" for id in names for part in ("lon", "id", "certified", "0-f1", "99999-x", "0")]
    raw = data.draw(
        st.dictionaries(st.sampled_from(names) | st.text(max_size=9), st.lists(st.text(max_size=9), max_size=2))
    )
    earlier = validate(form, data.draw(answers_to(source))).answers
    checked = validate_page(form, page, raw, earlier)
    others = {id: each for id, each in earlier.items() if all(id != field.id for field in page.fields)}
    assert others.items() <= checked.answers.items()
    assert set(checked.answers) - set(others) <= {each.id for each in visible_fields(form, page, checked.answers)}


@MANY
@given(data=st.data())
def test_a_form_written_again_is_the_same(data):
    form = read_form(data.draw(forms()))
    assert read_form(json.loads(json.dumps(form.source))) == form
    folder = Folder(None)
    again = read_in(folder, folder.parsed("essai", as_text(form)))
    assert folder.faults == []
    assert again == form and digest(again) == digest(form)
