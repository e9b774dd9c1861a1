"""Forms as text: what is asked, under which conditions, what is worked out, and whether the answers suit.

    form = read_form(data)                                     # a value, held in memory
    checked = validate_page(form, page, raw, answers)          # a page as it is posted
    checked = validate(form, answers)                          # the whole, at submission
    json_schema(form, lang="fr"), page_rules(form, page, answers)   # for programmes, for the browser

Pure Python: no table, no request. The words are French first, through gettext.
"""

from .calculations import computed, value
from .conditions import day, holds
from .definition import Answers, Computed, Field, Form, Option, Page, Silence
from .posted import given, posted
from .reading import FaultyForm, FormFault, read_form, read_in
from .rules import fixed_rules, known_answers, page_rules
from .schema import json_schema
from .sentences import sentence
from .validation import (
    Asked,
    Checked,
    asked,
    settled,
    validate,
    validate_page,
    visible_fields,
    visible_pages,
)
from .writing import as_text, canonical, digest

__all__ = [
    "Answers", "Asked", "Checked", "Computed", "FaultyForm", "Field", "Form", "FormFault", "Option", "Page", "Silence",
    "as_text", "asked", "canonical", "computed", "day", "digest", "fixed_rules", "given", "holds", "json_schema",
    "known_answers", "page_rules", "posted", "read_form", "read_in", "sentence", "settled", "validate", "validate_page",
    "value", "visible_fields", "visible_pages",
]  # fmt: skip
