"""The two languages of the platform: collected from the code and the templates, checked, compiled. No system gettext.

`tools/translations` writes under `src/lacydon/locale/`, where all is committed (./run has nothing to compile):
- `en/LC_MESSAGES/django.po`, where the English is written, and its compiled `.mo`;
- `fr/LC_MESSAGES/django.mo`, the French of the code as it is printed (spaces, apostrophes, plurals).
`tools/translations check` changes nothing and exits 1 when one of them is not up to date.

Templates are read by Django's own parser, so that what is collected is exactly what is looked up when a page is made.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python

from lacydon.kernel.french import typeset as typeset_french

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "lacydon"
PO = SOURCES / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
FRENCH_MO = SOURCES / "locale" / "fr" / "LC_MESSAGES" / "django.mo"
PLURALS = {"en": "nplurals=2; plural=(n != 1);", "fr": "nplurals=2; plural=(n > 1);"}
CALLS: dict[str, tuple[int, int] | None] = dict.fromkeys(("_", "_l", "gettext", "gettext_lazy", "gettext_noop"))
CALLS |= dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2))
HOLE = re.compile(r"%\(\w+\)(?:\.\d)?[sdf]|%(?:\.\d)?[sdf]|%%|<[^>]*>")
"""Placeholders and tags."""
NOTHING = re.compile(HOLE.pattern + r"|\W|\d")
"""What leaves no word to translate in a message: placeholders, punctuation, figures."""
SPOKEN = ("aria-label", "placeholder", "title", "alt", "data-none", "data-some")
"""Attributes that are read out or shown."""
VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
LANGUAGES = ("fr", "en")
NAMES = re.compile(
    r"(– |-- \n)?Lacydon\.?|SIREN|verify_journal log|verify_journal proof preuve\.json --key|--key|"
    r"[\w.-]+\.(fr|json)|\(OpenAPI 3\.1\)|Turtle|JSON-LD|RDF/XML|"
    r"Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07"
)
"""Proper names and commands, said the same in every language."""
TAG = " \u2063 "
HEADER = "# English of Lacydon. French is the language of the msgids. Brought up to date by tools/translations.\n#"
Ids = str | tuple[str, str]


@dataclass(frozen=True)
class Found:
    """A message of the code: `ids` is the French sentence, or its singular and plural."""

    ids: Ids
    path: str
    line: int


def collect(sources: Path = SOURCES) -> list[Found]:
    """Every message of the Python files and templates under `sources`, in a stable order."""
    found = [*_of_python(sources), *_of_templates(sources), *_of_expressions(sources)]
    return sorted(found, key=lambda each: (each.path, each.line))


def read(path: Path = PO) -> Catalog:
    """The catalogue as written; an empty one when there is none yet."""
    if not path.exists():
        return Catalog(locale="en", charset="utf-8")
    with path.open("rb") as file:
        return pofile.read_po(file, locale="en")


def updated(catalogue: Catalog, found: list[Found]) -> Catalog:
    """The messages found, with the translations already made (also of the same words with another typography).

    What is no longer in the code is dropped.
    """
    known = {_plain(_key(message.id)): message for message in catalogue if message.id}
    known |= {_key(message.id): message for message in catalogue if message.id}
    new = Catalog(locale="en", project="Lacydon", header_comment=HEADER, charset="utf-8")
    for each in found:
        same = known.get(_key(each.ids)) or known.get(_plain(_key(each.ids)))
        string = same.string if same and isinstance(same.id, tuple) == isinstance(each.ids, tuple) else ""
        new.add(each.ids, string, locations=[(each.path, each.line)])
    return new


def written(catalogue: Catalog) -> str:
    """The .po file: no date and no line number in it, so that it changes only when a sentence does."""
    text = io.BytesIO()
    pofile.write_po(text, catalogue, width=110, sort_output=True, include_lineno=False)
    dated = re.compile(
        r'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Report-Msgid).*\n', re.M
    )
    return dated.sub("", text.getvalue().decode()).replace("#, fuzzy\nmsgid", "msgid", 1)


def compiled(catalogue: Catalog, *, lang: str = "en") -> bytes:
    """The .mo file of a catalogue, the same for the same sentences: no date, no version of a tool in it."""
    undated = _Undated(locale=lang, charset="utf-8")
    for each in catalogue:
        if each.id:
            undated.add(each.id, each.string)
    binary = io.BytesIO()
    mofile.write_mo(binary, undated)
    return binary.getvalue()


class _Undated(Catalog):
    @property
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", PLURALS[str(self.locale)])]


def printed(found: list[Found]) -> Catalog:
    """The French sentences of the code as they are printed."""
    french = Catalog(locale="fr", charset="utf-8")
    for each in found:
        ids = each.ids
        french.add(ids, tuple(typeset(form) for form in ids) if isinstance(ids, tuple) else typeset(ids))
    return french


def typeset(sentence: str) -> str:
    """French typography around the placeholders, which are left as they are."""
    kept = HOLE.findall(sentence)
    text = typeset_french(HOLE.sub("\ue000", sentence))
    for each in kept:
        text = text.replace("\ue000", each, 1)
    return text


def faults(found: list[Found], *, po: Path = PO, mo: Path = MO, french: Path = FRENCH_MO) -> list[str]:
    """What keeps a reader from reading every sentence in a language: empty when all is well."""
    catalogue = read(po)
    said = []
    for each in {_key(each.ids): each for each in found}.values():
        message = catalogue.get(_key(each.ids))
        if message is None:
            said.append(f"{each.path}:{each.line}: not in the .po file: {_key(each.ids)!r}")
        else:
            said += [f"{each.path}:{each.line}: {fault}: {_key(each.ids)!r}" for fault in _wrong(message, each.ids)]
    wanted = {_key(each.ids) for each in found}
    left = [_key(each.id) for each in catalogue if each.id and _key(each.id) not in wanted]
    said += [f"{po.name}: no longer in the code: {each!r}" for each in left]
    said += _stale(mo, compiled(catalogue))
    said += _stale(french, compiled(printed(found), lang="fr"))
    return said


def unmarked(sources: Path = SOURCES) -> list[str]:
    """Words that stand in a template outside of any translation, as `path: words`."""
    said = []
    for path in _files(sources):
        reader = _Words()
        reader.feed(_without_tags(path.read_text()))
        reader.close()
        said += [f"{path.relative_to(ROOT)}: {words}" for words in reader.found if not NAMES.fullmatch(words)]
    return said


class _Words(HTMLParser):
    """The words of an HTML text that somebody reads or hears; those of an element that names its
    language, and of code, are left."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = any(name == "lang" and value in LANGUAGES for name, value in attrs)
        silent = named or tag in ("script", "style", "code")
        if not (silent or self._silent()):
            self.found += [value for name, value in attrs if name in SPOKEN and value and _has_words(value)]
        if tag not in VOID:
            self._open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while any(tag == each for each, _silent in self._open):
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._silent():
            self.found += [words.strip() for words in data.split(TAG.strip()) if _has_words(words)]

    def _silent(self) -> bool:
        return any(silent for _tag, silent in self._open)


def _has_words(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]{2}", text))


def _without_tags(template: str) -> str:
    """The HTML of a template, a mark in place of each tag and of what is inside the translated blocks."""
    from django.template.base import Lexer, TokenType

    parts, inside = [], False
    for token in Lexer(template).tokenize():
        if token.token_type == TokenType.TEXT:
            parts.append(TAG if inside else token.contents)
            continue
        if token.token_type == TokenType.BLOCK and re.match(r"(end)?blocktrans", token.contents):
            inside = not token.contents.startswith("end")
        parts.append(TAG)
    return "".join(parts)


def _stale(mo: Path, wanted: bytes) -> list[str]:
    if mo.exists() and mo.read_bytes() == wanted:
        return []
    return [f"{mo.parent.parent.name}/{mo.name} is not up to date: run tools/translations"]


def _wrong(message: Message, ids: Ids) -> Iterator[str]:
    if isinstance(message.id, tuple) != isinstance(ids, tuple):
        yield "with and without plural"
        return
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if len(strings) != (2 if isinstance(ids, tuple) else 1) or not all(strings):
        yield "not translated"
        return
    if message.fuzzy:
        yield "translation to be checked (fuzzy)"
    singular, plural = ids if isinstance(ids, tuple) else (ids, ids)
    for string in strings:
        if _holes(string) not in (_holes(singular), _holes(plural)):
            yield "other placeholders"
        if "\u202f" in string or "\u00a0" in string.replace("\u00a0km", ""):
            yield "French spacing in English"
        if string == singular and NOTHING.sub("", string) and not _same_word(string):
            yield "still French"


def _same_word(text: str) -> bool:
    """Words that English and French share are listed by those who translate: never more than two words."""
    return len(text.split()) <= 2


def _holes(text: str) -> list[str]:
    return sorted(HOLE.findall(text))


def _key(ids: Ids) -> str:
    return ids[0] if isinstance(ids, tuple) else ids


def _plain(sentence: str) -> str:
    """The sentence with a typewriter's spaces and apostrophes."""
    return sentence.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def _of_python(sources: Path) -> Iterator[Found]:
    for path in sorted(sources.rglob("*.py")):
        with path.open("rb") as file:
            for line, call, said, _comments in extract_python(file, CALLS, (), {"encoding": "utf-8"}):
                ids = _ids(call, said)
                if ids:
                    yield Found(ids=ids, path=str(path.relative_to(ROOT)), line=line)


def _ids(call: str, said: str | tuple[str | None, ...]) -> Ids | None:
    texts = (said,) if isinstance(said, str) else said
    if call.startswith("ngettext"):
        return (texts[0], texts[1]) if len(texts) > 1 and texts[0] and texts[1] else None
    return texts[0] or None


def _of_templates(sources: Path) -> Iterator[Found]:
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    for path, template in _templates(sources):
        for node in template.nodelist.get_nodes_by_type(TranslateNode):
            literal = getattr(node.filter_expression.var, "literal", None)
            if isinstance(literal, str):
                yield Found(ids=literal.replace("%", "%%"), path=path, line=node.token.lineno)
        for node in template.nodelist.get_nodes_by_type(BlockTranslateNode):
            singular, _names = node.render_token_list(node.singular)
            ids: Ids = (singular, node.render_token_list(node.plural)[0]) if node.plural else singular
            yield Found(ids=ids, path=path, line=node.token.lineno)


def _of_expressions(sources: Path) -> Iterator[Found]:
    """What templates say with `_("…")` inside another tag, as in `{% firstof phone _("Aucun.") %}`."""
    from django.template.base import Lexer, TokenType

    for path in _files(sources):
        for token in Lexer(path.read_text()).tokenize():
            if token.token_type in (TokenType.BLOCK, TokenType.VAR):
                for literal in re.findall(r"""\b_\(("[^"]*"|'[^']*')\)""", token.contents):
                    said = literal[1:-1].replace("%", "%%")
                    yield Found(ids=said, path=str(path.relative_to(ROOT)), line=token.lineno or 0)


def _templates(sources: Path) -> Iterator[tuple[str, Any]]:
    """Each template, parsed: (path, template)."""
    from django.conf import settings
    from django.template import Engine

    if not settings.configured:
        settings.configure(USE_I18N=True)
    tags = {name: f"django.templatetags.{name}" for name in ("i18n", "static", "l10n", "cache", "tz")}
    tags |= {path.stem: _module(path) for path in sources.rglob("templatetags/*.py") if path.stem != "__init__"}
    engine = Engine(libraries=tags)
    for path in _files(sources):
        yield str(path.relative_to(ROOT)), engine.from_string(path.read_text())


def _files(sources: Path) -> list[Path]:
    return sorted(path for kind in ("html", "txt") for path in sources.rglob(f"templates/**/*.{kind}"))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(SOURCES.parent).with_suffix("").parts)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="The English of the platform.")
    parser.add_argument("what", nargs="?", choices=("write", "check"), default="write")
    asked = parser.parse_args(arguments)
    found = collect()
    if asked.what == "write":
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_text(written(updated(read(), found)))
        MO.write_bytes(compiled(read()))
        FRENCH_MO.parent.mkdir(parents=True, exist_ok=True)
        FRENCH_MO.write_bytes(compiled(printed(found), lang="fr"))
    wrong = faults(found) + [f"not marked for translation: {each}" for each in unmarked()]
    for each in wrong:
        print(each)
    print(f"{len({_key(each.ids) for each in found})} messages, {len(wrong)} to correct.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
