"""Each type of field: what is kept of an answer, and what is said of one that does not suit."""

import time
from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from lacydon.kernel import clock
from lacydon.kernel.forms import FaultyForm, computed, posted, read_form, validate, validate_page
from tests.kernel.forms.made import ONE, a_form

NOW = datetime(2026, 5, 4, 21, 30, tzinfo=UTC)
OPTIONS = [{"value": each, "label": {"fr": each}} for each in ("a", "b", "c")]
PLACE = {"label": "quai", "lon": 5.37, "lat": 43.29}


@pytest.fixture(autouse=True)
def a_day_in_may(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr("lacydon.kernel.forms.cleaning.now", lambda: NOW)


def checked(type, answer, **keys):
    field = {"id": "q", "type": type, **ONE[type], **keys}
    return validate(read_form(a_form(field)), {"q": answer})


KEPT = [
    ("text", " L’e\u0301te\u0301\nici\x00 ", "L’été ici", {}),
    ("text", "13 A", "13 A", {"pattern": r"[0-9]{2} [A-Z]", "max_length": 10}),
    ("longtext", "une\r\ndeux\n", "une\ndeux", {}),
    ("email", " Nom@Exemple.FR ", "Nom@exemple.fr", {}),
    ("phone", "06.12.34.56.78", "+33612345678", {}),
    ("phone", "+32 2 555 12 12", "+3225551212", {}),
    ("number", "1 000,50", "1000.5", {}),
    ("number", "12 m²", "12", {"unit": "m²"}),
    ("number", "-0", "0", {}),
    ("number", 3, "3", {}),
    ("money", "12,5 €", "12.50", {}),
    ("money", "0", "0.00", {}),
    ("date", "1/2/2012", "2012-02-01", {}),
    ("date", "2012-02-29", "2012-02-29", {}),
    ("date", "2026-05-04", "2026-05-04", {"after": "today-1", "before": "today+1"}),
    ("choice", "b", "b", {}),
    ("choices", ["c", "a", "c"], ["a", "c"], {}),
    ("choices", "b", ["b"], {}),
    ("yesno", "no", False, {}),
    ("yesno", True, True, {}),
    ("iban", "fr76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189", {}),
    ("siret", "732 829 320 00074", "73282932000074", {}),
    ("siret", "356 000 000 00001", "35600000000001", {}),
    (
        "address",
        "3 rue du Port",
        {"label": "3 rue du Port", "id": None, "citycode": None, "lon": None, "lat": None},
        {},
    ),
    (
        "address",
        {"label": "quai", "id": "97001_1", "citycode": "97001", "lon": "5.1234567", "lat": 43, "more": 1},
        {"label": "quai", "id": "97001_1", "citycode": "97001", "lon": 5.123457, "lat": 43.0},
        {},
    ),
    ("place", "devant l’école", {"label": "devant l’école", "lon": None, "lat": None}, {}),
    ("place", {"lon": "5.37", "lat": "43.29"}, {"label": "", "lon": 5.37, "lat": 43.29}, {}),
    ("commune", "2A004", "2A004", {}),
    ("file", ["x-1", "x-1"], ["x-1"], {}),
    ("group", [{"inner": "a"}, {"inner": " "}, {"inner": "b"}], [{"inner": "a"}, {"inner": "b"}], {}),
    ("signature", {"name": "Zoé", "certified": "yes"}, {"name": "Zoé", "at": "2026-05-04T21:30:00+00:00"}, {}),
    (
        "signature",
        {"name": "Zoé", "at": "2026-01-02T03:04:05.6+02:00", "drawn": "M0,0 L1.5,2"},
        {"name": "Zoé", "at": "2026-01-02T01:04:05+00:00", "drawn": "M0,0 L1.5,2"},
        {"drawn": True},
    ),
    ("consent", "yes", True, {}),
    ("consent", "", False, {"required": False}),
]


@pytest.mark.parametrize(("type", "answer", "kept", "keys"), KEPT, ids=str)
def test_an_answer_that_suits_is_kept_in_one_way(type, answer, kept, keys):
    found = checked(type, answer, **keys)
    assert found.errors == {}
    assert found.answers == {"q": kept}


REFUSED = [
    ("text", "", "Remplissez", {}),
    ("text", "\x00 \ufeff", "Remplissez", {}),
    ("text", 3, "vérifiez", {}),
    ("text", "x" * 6, "5 caractères au plus", {"max_length": 5}),
    ("text", "x", "au moins 2 caractères", {"min_length": 2}),
    ("text", "12", "vérifiez", {"pattern": "[0-9]{3}"}),
    ("text", "1234", "vérifiez", {"pattern": "[0-9]{3}"}),
    ("longtext", "x" * 5000, "4000 caractères", {}),
    ("email", "nom@exemple", "nom@exemple.fr", {}),
    ("email", "a" * 300 + "@exemple.fr", "nom@exemple.fr", {}),
    ("phone", "06 12", "numéro de téléphone", {}),
    ("phone", "0612345678;ext=3", "numéro de téléphone", {}),
    ("number", "douze", "en chiffres", {}),
    ("number", "1e9", "en chiffres", {}),
    ("number", "٣", "en chiffres", {}),
    ("number", float("nan"), "en chiffres", {}),
    ("number", 10**400, "en chiffres", {}),
    ("number", True, "en chiffres", {}),
    ("number", "1,5", "nombre entier", {"decimals": 0}),
    ("number", "1,55", "1 décimale au plus", {"decimals": 1}),
    ("number", "-1", "0\u00a0m² ou plus", {"min": 0, "unit": "m²"}),
    ("money", "10,01", "10\u00a0€ ou moins", {"max": 10}),
    ("money", "1,005", "2 décimales au plus", {}),
    ("date", "30/02/2012", "date qui existe", {}),
    ("date", "20120229", "date qui existe", {}),
    ("date", "0001-01-01", "date qui existe", {}),
    ("date", "2026-05-04", "date passée", {"before": "today"}),
    ("date", "2026-05-04", "date à venir", {"after": "today"}),
    ("date", "2010-01-01", "après le 1 janvier 2010", {"after": "2010-01-01"}),
    ("date", "2026-05-07", "avant le 7 mai 2026", {"before": "today+3"}),
    ("choice", "z", "parmi", {}),
    ("choice", ["a"], "parmi", {}),
    ("choices", ["a", "z"], "parmi", {}),
    ("choices", [], "Choisissez une réponse", {}),
    ("choices", ["a"], "au moins 2", {"min": 2}),
    ("choices", ["a", "b"], "1 réponse au plus", {"max": 1}),
    ("yesno", "maybe", "parmi", {}),
    ("iban", "FR76 3000 6000 0112 3456 7890 188", "IBAN", {}),
    ("iban", "FR76", "IBAN", {}),
    ("siret", "73282932000075", "14 chiffres", {}),
    ("address", {"label": "quai", "citycode": "<b>"}, "choisissez-la de nouveau", {}),
    ("address", {"label": "quai", "lon": "5", "lat": ""}, "choisissez-la de nouveau", {}),
    ("address", {"id": "97001_1"}, "adresse", {}),
    ("address", ["quai"], "choisissez-la de nouveau", {}),
    ("place", {"lon": "181", "lat": "4"}, "indiquez-le de nouveau", {}),
    ("place", {"lon": "1_0", "lat": "4"}, "indiquez-le de nouveau", {}),
    ("commune", "Ailleurs", "commune", {}),
    ("file", ["../../etc"], "joignez-le de nouveau", {}),
    ("file", ["a", "b"], "1 document au plus", {}),
    ("file", [], "Joignez un document", {}),
    ("signature", {"name": "Zoé", "certified": ""}, "cochez la case", {}),
    ("signature", {"certified": "yes"}, "Écrivez votre nom", {}),
    ("signature", {"name": "Zoé", "at": "hier"}, "signez de nouveau", {}),
    ("group", "a", "répondez de nouveau", {}),
    ("group", [], "au moins une ligne", {}),
    ("group", [{"inner": "a"}], "au moins 2 lignes", {"min": 2}),
    ("group", [{"inner": "a"}] * 3, "2 lignes au plus", {"max": 2}),
    ("consent", "no", "Cochez", {}),
]


@pytest.mark.parametrize(("type", "answer", "said", "keys"), REFUSED, ids=lambda told: str(told)[:30])
def test_an_answer_that_does_not_suit_is_told_what_to_do(type, answer, said, keys):
    found = checked(type, answer, **keys)
    assert said in found.errors.get("q", ""), found


def test_every_type_may_be_left_empty_when_it_is_not_required():
    for type in set(ONE) - {"info"}:
        assert checked(type, None, required=False).errors == {}, type


def test_the_words_of_the_form_stand_for_those_of_the_house_but_for_an_empty_answer():
    message = {"fr": "Le code est sous le couvercle.", "en": "The code is under the lid."}
    keys = {"pattern": "[A-Z]+", "message": message}
    assert checked("text", "12", **keys).errors == {"q": message["fr"]}
    assert checked("text", "", **keys).errors == {"q": "Remplissez ce champ."}
    with override("en"):
        assert checked("text", "12", **keys).errors == {"q": message["en"]}


def test_a_commune_may_be_held_to_those_of_the_territory():
    form = read_form(a_form({"id": "q", "type": "commune"}))
    assert validate(form, {"q": "97001"}, communes={"97001"}).errors == {}
    assert "territoire" in validate(form, {"q": "97002"}, communes={"97001"}).errors["q"]


@pytest.mark.parametrize(("type", "answer", "kept", "keys"), KEPT, ids=str)
def test_what_is_kept_is_posted_again_unchanged(type, answer, kept, keys):
    """A page shows what was kept; sent again as it is, it is kept as it was."""
    form = read_form(a_form({"id": "q", "type": type, **ONE[type], **keys}))
    raw = posted(form.by_id["q"], kept, "q")
    assert all(isinstance(value, str) for values in raw.values() for value in values)
    assert validate_page(form, form.pages[0], raw, {"q": kept}).answers == {"q": kept}


def test_a_signature_keeps_its_first_moment_as_long_as_the_name_is_the_same():
    form = read_form(a_form({"id": "q", "type": "signature"}))
    kept = {"q": {"name": "Zoé", "at": "2026-01-02T01:04:05+00:00"}}

    def sign(name):
        raw = {"q": [name], "q-certified": ["yes"]}
        return validate_page(form, form.pages[0], raw, kept).answers["q"]["at"]

    assert sign("Zoé ") == kept["q"]["at"]
    assert sign("Ana") == "2026-05-04T21:30:00+00:00"


def test_a_date_may_come_in_three_boxes():
    form = read_form(a_form({"id": "q", "type": "date"}))
    raw = {"q-day": ["1"], "q-month": ["2"], "q-year": ["2012"]}
    assert validate_page(form, form.pages[0], raw, {}).answers == {"q": "2012-02-01"}
    assert "existe" in validate_page(form, form.pages[0], {**raw, "q-year": [""]}, {}).errors["q"]


def test_rows_are_named_by_the_number_they_were_posted_under():
    form = read_form(a_form({"id": "q", "type": "group", "min": 0, **ONE["group"]}))
    form = read_form(
        a_form({"id": "q", "type": "group", "fields": [{"id": "n", "type": "number", "label": {"fr": "N"}}]})
    )
    raw = {"q-0-n": [""], "q-3-n": ["x"], "q-7-n": ["2"], "q-x-n": ["9"], "q-8-zzz": ["9"]}
    found = validate_page(form, form.pages[0], raw, {})
    assert list(found.errors) == ["q-3-n"]
    assert found.answers == {"q": [{"n": "2"}]}


def test_a_long_row_of_spaces_takes_no_time():
    begun = time.process_time()
    assert checked("longtext", f" \u2003a{' ' * 30_000}b\u00a0").errors
    assert checked("longtext", f" \u2003\u200aa{' ' * 3_000}b\u00a0").answers["q"] == f"a{' ' * 3_000}b"
    assert time.process_time() - begun < 2  # a minute, when each space was a place to begin from


@pytest.mark.parametrize(
    "pattern", ["(?:ab|[a]b){24}c", "(?:ab|[a]b)*c", "(?:a{1}|[ab]{1}){24}c", "(?:ab|[a]b)" * 20 + "c"]
)
def test_a_pattern_that_reads_a_text_in_too_many_ways_is_refused(pattern):
    with pytest.raises(FaultyForm):
        checked("text", "ab" * 12, pattern=pattern, max_length=100)


def test_a_pattern_may_choose():
    assert checked("text", "CD12", pattern="(?:AB|CD)(?:[0-9]|X){2}", max_length=10).good


def test_a_number_beyond_all_amounts_is_unknown():
    number = {"id": "n", "type": "number"}
    product = {"id": "x", "value": {"product": [{"field": "n"}] * 290}}
    assert computed(read_form(a_form(number, computed=[product])), {"n": "123456789012345"}) == {}
