"""Texts in two languages."""

import pytest
from django.utils.translation import gettext, override
from pydantic import ValidationError

from lacydon.kernel.texts import Bilingual, Text, in_every_language, language_of, said


def test_the_language_asked_for_else_the_active_one_else_french():
    both, french_only = {"fr": "Eau", "en": "Water"}, {"fr": "Eau"}
    assert said(both, lang="en") == "Water"
    with override("en"):
        assert said(both) == "Water"
        assert (said(french_only), language_of(french_only)) == ("Eau", "fr")
    assert language_of(both, lang="en-GB") == "en"


def test_french_is_typeset_as_it_is_read():
    assert Text(fr=" Où ? ").stored() == {"fr": "Où\u202f?"}


def test_a_field_that_is_not_foreseen_is_refused():
    with pytest.raises(ValidationError):
        Text.model_validate({"fr": "Eau", "es": "Agua"})


def test_english_can_be_compulsory():
    with pytest.raises(ValidationError):
        Bilingual.model_validate({"fr": "Eau"})


def test_what_gettext_says_can_be_kept_in_each_language():
    assert in_every_language(lambda: gettext("Chercher")) == {"fr": "Chercher", "en": "Search"}
