"""A territory is a folder of text: reading it with the line of everything, and naming every fault at once.

`Folder` reads files; what cannot be read, or is not of the expected shape, becomes a `Fault` (file, line, found,
expected). Nothing raises in between, so that one run names all the faults; `Folder.refuse_if_faulty()` raises last.
A capability offers its part as a `Reader` at the extension point `folder_readers`.
"""

import csv
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import TypeAdapter, ValidationError

from .errors import Refused

Shape = TypeVar("Shape")
Step = str | int
LARGEST_FILE = 5_000_000
"""Bytes: a text a civil servant reads is smaller."""
DEEPEST = 100
"""Levels: each part is known by its whole path, so that depth and length would multiply."""
LONGEST_NUMBER = 400
"""Signs of a number: sixties (1:30:00) and underscores cost the square of their length."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to mend: where it is, what was found there, what was expected."""

    file: str
    line: int
    found: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return _("%(where)s : trouvé %(found)s ; attendu %(expected)s") % {
            "where": where,
            "found": self.found,
            "expected": self.expected,
        }


class FaultyFolder(Refused):
    """The folder cannot be loaded; `faults` says everything there is to mend."""

    code = "faulty-folder"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        count = len(self.faults)
        sentence = ngettext("%(count)d faute à corriger.", "%(count)d fautes à corriger.", count)
        super().__init__(sentence % {"count": count})


class Reader(Protocol):
    """What a capability offers at `folder_readers`: read its files, then load what was read."""

    def read(self, *, folder: "Folder", earlier: Mapping[str, Any]) -> Any:
        """Parse this capability's files; faults go to `folder.fault`; `earlier` holds what the floors below read."""

    def load(self, read: Any) -> Mapping[str, int]:
        """Make the database equal to what was read, inside the caller's transaction; count of changed rows by name."""


@dataclass(frozen=True)
class Document:
    """A file as data, with the line of each of its parts (path of keys and positions → line, from 1)."""

    name: str
    data: Any
    lines: Mapping[tuple[Step, ...], int]

    def line(self, *path: Step) -> int:
        """The line of a part, or of the closest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class Folder:
    """A territory's folder being read; it keeps the faults.

    `strict`: tell also what other texts than the folder's say of it (a schema kept on this machine), which who loads it
    is not stopped by.
    """

    def __init__(self, root: Path, *, strict: bool = False) -> None:
        self.root = root
        self.strict = strict
        self.faults: list[Fault] = []

    def fault(self, *, file: str, line: int = 0, found: str, expected: str) -> None:
        self.faults.append(Fault(file=file, line=line, found=found, expected=expected))

    def refuse_if_faulty(self) -> None:
        """Raises FaultyFolder when anything was wrong."""
        if self.faults:
            raise FaultyFolder(self.faults)

    def names(self, pattern: str) -> list[str]:
        """Names of the files that match, relative to the folder, sorted."""
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.glob(pattern) if path.is_file())

    def text(self, name: str) -> str | None:
        """The text of a file, or None (and a fault) when it cannot be read as UTF-8 text."""
        path = self.root / name
        try:
            if path.stat().st_size > LARGEST_FILE:
                self.fault(file=name, found=_("un fichier de plus de 5 Mo"), expected=_("un texte court"))
                return None
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self.fault(file=name, found=_("aucun fichier"), expected=_("ce fichier"))
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            self.fault(file=name, line=line, found=_("des octets illisibles"), expected=_("un texte en UTF-8"))
        except OSError as error:
            self.fault(file=name, found=str(error.strerror), expected=_("un fichier lisible"))
        return None

    def document(self, name: str) -> Document | None:
        """A YAML file with its lines, or None (and a fault)."""
        text = self.text(name)
        return None if text is None else self.parsed(name, text)

    def parsed(self, name: str, text: str) -> Document | None:
        """YAML that came another way than from a file (a page where it is edited), or None and a fault."""
        try:
            return _document(name, text, self._duplicate(name))
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.fault(file=name, line=line, found=str(error.problem), expected=_("du YAML bien formé"))
        except _WrongValueError as wrong:
            self.fault(file=name, line=wrong.line, found=f"« {wrong.text} »", expected=_("une date comme 2023-01-01"))
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            found = (str(error).splitlines() or [type(error).__name__])[0]
            self.fault(file=name, line=1, found=found, expected=_("du YAML bien formé"))
        return None

    def _duplicate(self, name: str) -> Callable[[str, int], None]:
        def tell(key: str, line: int) -> None:
            self.fault(
                file=name, line=line, found=_("« %s » écrit deux fois") % key, expected=_("chaque champ une seule fois")
            )

        return tell

    def read(self, name: str, shape: type[Shape] | Any) -> tuple[Shape | None, Document | None]:
        """A YAML file of the given shape (a pydantic type), or None and faults; and its lines."""
        document = self.document(name)
        return (None if document is None else self.shaped(document, shape)), document

    def shaped(self, document: Document, shape: Any, *, data: Any = None, path: tuple[Step, ...] = ()) -> Any:
        """`data` (default: the whole document) validated against a shape, or None and a fault for each difference."""
        try:
            return TypeAdapter(shape).validate_python(document.data if data is None else data)
        except ValidationError as error:
            for wrong in error.errors(include_url=False):
                found, expected = in_words(wrong)
                line = document.line(*path, *wrong["loc"])
                self.fault(file=document.name, line=line, found=found, expected=expected)
        return None

    def toml(self, name: str, shape: Any) -> Any:
        """A TOML file of the given shape, or None and faults (the line of a wrong value is that of its key)."""
        text = self.text(name)
        if text is None:
            return None
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.fault(file=name, found=str(error), expected=_("du TOML bien formé"))
            return None
        lines: dict[tuple[Step, ...], int] = {
            (line.split("=")[0].strip(),): at for at, line in enumerate(text.splitlines(), 1) if "=" in line
        }
        return self.shaped(Document(name=name, data=data, lines=lines), shape)

    def table(self, name: str, shape: type[Shape]) -> list[tuple[int, Shape]]:
        """The rows of a CSV file (comma, header) as (line, row of the given shape)."""
        text = self.text(name)
        if text is None:
            return []
        rows = csv.DictReader(text.splitlines(), strict=True)
        found: list[tuple[int, Shape]] = []
        try:
            for row in rows:
                document = Document(name=name, data=row, lines={(): rows.line_num})
                if None in row or None in row.values():
                    self.fault(
                        file=name,
                        line=rows.line_num,
                        found=_("%d colonnes")
                        % sum(len(v) if isinstance(v, list) else v is not None for v in row.values()),
                        expected=_("%d colonnes") % len(rows.fieldnames or ()),
                    )
                elif (shaped := self.shaped(document, shape)) is not None:
                    found.append((rows.line_num, shaped))
        except csv.Error as error:
            self.fault(file=name, line=rows.line_num, found=str(error), expected=_("du CSV bien formé"))
        return found


class _WrongValueError(ValueError):
    """A value that looks like a date and is not one."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.text = text
        self.line = line


class _Loader(yaml.CSafeLoader):
    """The safe loader, that knows the line of a date that does not exist (2022-13-41)."""

    def construct_yaml_timestamp(self, node: Any) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            raise _WrongValueError(node.value, node.start_mark.line + 1) from None

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """A tag that its value does not suit (`!!bool peut-être`) is a fault of the text, not of ours."""
        if node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float") and len(node.value) > LONGEST_NUMBER:
            raise _WrongValueError(str(node.value)[:40], node.start_mark.line + 1)
        try:
            return super().construct_object(node, deep=deep)
        except (AttributeError, KeyError, IndexError, TypeError) as error:
            raise yaml.constructor.ConstructorError(None, None, str(node.tag), node.start_mark) from error


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


def _document(name: str, text: str, duplicate: Callable[[str, int], None]) -> Document:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Document(name=name, data=[], lines={(): 1})
        lines: dict[tuple[Step, ...], int] = {}
        _walk(node, (), lines, duplicate)
        return Document(name=name, data=loader.construct_document(node), lines=lines)
    finally:
        loader.dispose()


def _walk(
    node: yaml.Node, path: tuple[Step, ...], lines: dict[tuple[Step, ...], int], duplicate: Callable[[str, int], None]
) -> None:
    if len(path) > DEEPEST:
        raise ValueError(_("trop de niveaux"))
    if len(lines) > 200_000:
        raise ValueError(_("trop d'éléments (ou des ancres qui se multiplient)"))
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            _walk(item, (*path, position), lines, duplicate)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            step = str(key.value)
            if (*path, step) in lines:
                duplicate(step, key.start_mark.line + 1)
            _walk(value, (*path, step), lines, duplicate)
            lines[(*path, step)] = key.start_mark.line + 1


def _shown(value: Any) -> str:
    if value is None:
        return _("rien")
    if isinstance(value, bool):
        return _("%s (oui/non)") % value
    if isinstance(value, int | float | date):
        return f"{value}"
    text = value if isinstance(value, str) else type(value).__name__
    return f"« {text[:80]} »"


def in_words(wrong: Mapping[str, Any]) -> tuple[str, str]:
    """What was found and what was expected, in words, from a difference told by pydantic."""
    kind, context = wrong["type"], wrong.get("ctx", {})
    field = str(wrong["loc"][-1]) if wrong["loc"] else ""
    found = _shown(wrong["input"])
    match kind:
        case "missing":
            return _("rien"), _("le champ « %s »") % field
        case "extra_forbidden":
            return _("le champ « %s »") % field, _("aucun champ de ce nom ici")
        case "string_type":
            return found, _("un texte, entre guillemets")
        case "string_too_short":
            return _("un texte vide"), _("un texte")
        case "literal_error" | "enum":
            return found, _("l'une de ces valeurs : %s") % context.get("expected", "")
        case "list_type":
            return found, _("une liste")
        case "dict_type" | "model_type" | "model_attributes_type":
            return found, _("des champs « nom: valeur »")
        case "date_type" | "date_parsing" | "date_from_datetime_parsing" | "date_from_datetime_inexact":
            return found, _("une date comme 2023-01-01")
        case "string_pattern_mismatch":
            return found, _("un texte de la forme %s") % context.get("pattern", "")
        case "value_error":
            return found, str(context.get("error", wrong["msg"]))
    return found, str(wrong["msg"])
