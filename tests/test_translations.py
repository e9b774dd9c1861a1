"""Readers of English read every sentence in English: nothing missing, nothing half done, nothing stale."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.utils import translation

from tools import translations


@pytest.fixture
def po(tmp_path: Path) -> Path:
    """A catalogue of one message, well translated, with its compiled file."""
    path = tmp_path / "django.po"
    _write(path, {"Où ?": "Where?"})
    return path


def _write(path: Path, messages: dict[str, str]) -> None:
    catalogue = Catalog(locale="en", charset="utf-8")
    for french, english in messages.items():
        catalogue.add(french, english)
    path.write_text(translations.written(catalogue))
    path.with_suffix(".mo").write_bytes(translations.compiled(translations.read(path)))
    french = [translations.Found(ids=each, path="page.html", line=3) for each in messages]
    path.with_name("french.mo").write_bytes(translations.compiled(translations.printed(french), lang="fr"))


def _faults(po: Path, *sentences: str) -> str:
    found = [translations.Found(ids=each, path="page.html", line=3) for each in sentences]
    return "\n".join(translations.faults(found, po=po, mo=po.with_suffix(".mo"), french=po.with_name("french.mo")))


def test_every_sentence_of_the_code_is_translated_and_compiled():
    found = translations.collect()
    assert len(found) > 300
    assert translations.faults(found) == []


def test_no_word_of_a_template_escapes_translation():
    assert translations.unmarked() == []


def test_the_file_is_the_one_the_tool_would_write():
    """But for the files each sentence is found in, which may change more often than sentences do."""
    wanted = translations.written(translations.updated(translations.read(), translations.collect()))
    assert _sentences(translations.PO.read_text()) == _sentences(wanted)


def _sentences(po: str) -> list[str]:
    return [line for line in po.splitlines() if not line.startswith("#:")]


def test_a_good_catalogue_has_no_fault(po: Path):
    assert _faults(po, "Où ?") == ""


def test_a_sentence_that_is_not_in_the_catalogue_is_told_with_its_place(po: Path):
    assert "page.html:3: not in the .po file: 'Qui ?'" in _faults(po, "Où ?", "Qui ?")


def test_a_sentence_that_left_the_code_is_told(po: Path):
    assert "no longer in the code: 'Où ?'" in _faults(po)


@pytest.mark.parametrize(
    ("english", "fault"),
    [
        ("", "not translated"),
        ("Where is it?", "other placeholders"),
        ("Where is %(place)s in %(town)s?", "other placeholders"),
        ("Where is %(place)s\u00a0?", "French spacing in English"),
        ("Où est donc %(place)s ?", "still French"),
    ],
)
def test_a_bad_translation_is_told(po: Path, english: str, fault: str):
    french = "Où est donc %(place)s ?"
    _write(po, {french: english})
    assert fault in _faults(po, french)


def test_a_stale_compiled_file_is_told(po: Path):
    po.write_text(po.read_text().replace("Where?", "Whereabouts?"))
    assert f"{po.parent.parent.name}/django.mo is not up to date" in _faults(po, "Où ?")


def test_a_sentence_whose_typography_changed_keeps_its_translation(po: Path):
    found = [translations.Found(ids="Où\u202f?", path="page.html", line=3)]
    assert translations.updated(translations.read(po), found).get("Où\u202f?").string == "Where?"


def test_words_outside_of_translation_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "templates"
    folder.mkdir()
    page = '<p title="Bonjour">{% translate "Où ?" %} Salut <b>{{ name }}</b></p><p>{% blocktranslate %}Oui{% endblocktranslate %}</p>'
    (folder / "page.html").write_text(page)
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    assert translations.unmarked(tmp_path) == ["templates/page.html: Bonjour", "templates/page.html: Salut"]


def test_lazy_sentences_and_those_inside_another_tag_are_collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "page.html").write_text("""{% firstof phone _("Aucun.") %}{{ name|default:_('À 100 %') }}""")
    (tmp_path / "words.py").write_text('ROLE = _l("Aidant")\nABOUT = gettext_noop("née ici")\n')
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    assert [each.ids for each in translations.collect(tmp_path)] == ["Aucun.", "À 100 %%", "Aidant", "née ici"]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Où ?", "Où\u202f?"),
        ("Rien ne correspond à « %(q)s ».", "Rien ne correspond à «\u00a0%(q)s\u00a0»."),
        ("L'adresse a %(count)d fautes : corrigez-les", "L’adresse a %(count)d fautes\u00a0: corrigez-les"),
        ("prouvées en %(seconds).1f s", "prouvées en %(seconds).1f s"),
        ("<b>%d service</b> pour %s", "<b>%d service</b> pour %s"),
    ],
)
def test_french_is_printed_with_its_typography(written: str, printed: str):
    assert translations.typeset(written) == printed


def test_django_says_both_languages_from_the_same_sentence():
    with translation.override("fr"):
        assert translation.gettext("De quoi avez-vous besoin ?") == "De quoi avez-vous besoin\u202f?"
        assert translation.ngettext("%d an", "%d ans", 0) == "%d an"
    with translation.override("en"):
        assert translation.gettext("De quoi avez-vous besoin ?") == "What do you need?"
        assert translation.ngettext("%d an", "%d ans", 0) == "%d years"
