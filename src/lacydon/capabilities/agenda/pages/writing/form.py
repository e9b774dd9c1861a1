"""The form of an object: what was posted as a tree of texts, and that tree as fields to show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ...queries.coherence import Incoherence
from ...queries.writing.fields import Field, fields_of
from ...queries.writing.labels import hint_of, label_of
from ...queries.writing.names import FEW, Names
from ...queries.writing.sections import row_words, sections_of
from ...queries.writing.typed import Fault, Path, Tree, blank_row
from ...queries.writing.words import choices_of

MOST_ROWS = 300
MOST_SIGNS = 20_000
OPEN = 3


@dataclass(kw_only=True)
class Node:
    """A field as it is shown; `widget` says how."""

    name: str
    widget: str
    label: Any
    hint: Any = ""
    value: str = ""
    english: str = ""
    fault: str = ""
    type: str = "text"
    mode: str = ""
    required: bool = False
    fixed: bool = False
    options: list[tuple[str, str, bool]] = field(default_factory=list)
    listed: str = ""
    values: list[str] = field(default_factory=list)
    inner: list["Node"] = field(default_factory=list)
    add: Any = ""
    far: bool = False
    """Whether its words are long: it takes the whole line."""

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")

    @property
    def told(self) -> SafeString:
        """The attributes that say what describes it and whether it is wrong, for who listens."""
        parts = (f"{self.id}-faute" if self.fault else "", f"{self.id}-aide" if self.hint else "")
        described = " ".join(each for each in parts if each)
        attribute = format_html(' aria-describedby="{}"', described) if described else SafeString("")
        return attribute + SafeString(' aria-invalid="true"' if self.fault else "")


@dataclass(kw_only=True)
class Section:
    anchor: str
    title: Any
    nodes: list[Node]
    wrong: bool = False
    folded: bool = False


class Form:
    """The form of one object of a kind."""

    def __init__(self, kind: str, tree: Tree, names: Names, *, english: bool = False) -> None:
        self.kind, self.tree, self.names, self.english = kind, tree, names, english
        self.faults: list[Fault] = []
        self.targets: dict[str, None] = {}
        self.fold = False
        """Whether only the first parts are open: of what stands, they are what changes."""
        self.fixed: frozenset[Path] = frozenset()
        """Fields that are shown, and not to be changed: what a vote froze."""

    def sections(self) -> list[Section]:
        told = {_dotted(each.path): each.sentence for each in reversed(self.faults)}
        shown: list[Section] = []
        for anchor, title, fields in sections_of(self.kind):
            nodes = [self._node(each, self.tree.get(each.name), (each.name,), told) for each in fields]
            wrong, folded = any(map(_wrong, nodes)), self.fold and len(shown) >= OPEN
            shown.append(Section(anchor=anchor, title=title, nodes=nodes, wrong=wrong, folded=folded))
        return shown

    def lists(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What the browser proposes while one types, each list once: (id of the list, [(value, words beside it)])."""
        found = []
        for target in self.targets:
            names = self.names.of(target)
            pairs = [(id, words) if target in ("service", "dataset") else (words, "") for id, words in names.items()]
            found.append((f"liste-{target}", pairs))
        return found

    def summary(self) -> list[tuple[str, str]]:
        """(anchor, sentence) of each fault; an empty anchor: of the whole."""
        return [(self.anchor(each.path), self._where(each)) for each in self.faults]

    def anchor(self, path: Path) -> str:
        """The id of the field a path leads to, else of the nearest one around it."""
        ids = {id for section in self.sections() for node in section.nodes for id in _ids(node)}
        while path:
            for last in ("", ".fr"):
                id = (_dotted(path) + last).replace(".", "-")
                if id in ids:
                    return id
            path = path[:-1]
        return ""

    def _where(self, fault: Fault) -> str:
        if not fault.path:
            return fault.sentence
        label = next((label_of(each) for each in fields_of(self.kind) if each.name == fault.path[0]), "")
        place = next((_(" %d") % (each + 1) for each in fault.path if isinstance(each, int)), "")
        return f"{label}{place} : {fault.sentence}" if label else fault.sentence

    def _node(self, of: Field, typed: Any, path: Path, told: Mapping[str, str]) -> Node:
        name = _dotted(path)
        said: dict[str, Any] = {
            "name": name, "label": label_of(of) if of.name else "", "hint": hint_of(of) if of.name else "",
            "fault": told.get(name, ""), "required": of.required, "fixed": path in self.fixed,
        }  # fmt: skip
        if of.kind == "group":
            inner = [self._node(each, (typed or {}).get(each.name), (*path, each.name), told) for each in of.inner]
            return Node(widget="group", inner=inner, **said)
        if of.kind == "rows":
            one, add = row_words(of)
            rows = [self._row(of, row, (*path, n), one, told) for n, row in enumerate(typed or ())]
            return Node(widget="rows", inner=rows, add=add, **said)
        if of.kind == "text":
            text = typed or {}
            return Node(
                widget="text", type="long" if of.long else "line", value=text.get("fr", ""),
                english=text.get("en", ""), **said,
            )  # fmt: skip
        if of.many:
            return self._many(of, list(typed or ()), said)
        return self._leaf(of, typed or "", said)

    def _row(self, of: Field, row: Any, path: Path, one: Any, told: Mapping[str, str]) -> Node:
        title = f"{one} {int(path[-1]) + 1}"
        if len(of.inner) == 1 and not of.inner[0].name:
            node = self._node(of.inner[0], row, path, told)
            return Node(name=f"{node.name}.ligne", widget="row", label=title, inner=[node], value=str(path[-1]))
        inner = [self._node(each, row.get(each.name), (*path, each.name), told) for each in of.inner]
        return Node(
            name=_dotted(path), widget="row", label=title, inner=inner, value=str(path[-1]),
            fault=told.get(_dotted(path), ""),
        )  # fmt: skip

    def _many(self, of: Field, typed: list[str], said: dict[str, Any]) -> Node:
        if of.kind != "ref" or of.loose:
            return Node(widget="area", value="\n".join(typed), **said)
        names = self.names.of(of.target)
        if len(names) <= FEW and not of.loose:
            chosen = frozenset(typed)
            options = [(words, words, words in chosen) for words in names.values()]
            return Node(widget="checks", options=options, **said)
        self.targets[of.target] = None
        return Node(widget="inputs", values=[*typed, ""], listed=f"liste-{of.target}", **said)

    def _leaf(self, of: Field, typed: str, said: dict[str, Any]) -> Node:
        choices = choices_of(of)
        if of.name == "id":
            return Node(widget="hidden", value=typed, **said)
        if of.kind == "check":
            return Node(widget="check", value="oui" if typed == _("oui") else "", **said)
        if choices:
            options = [(value, str(label), value == typed) for value, label in choices.items()]
            return Node(widget="select", options=self._free(options, typed), **said)
        if of.kind == "ref":
            names = self.names.of(of.target)
            if of.target == "agenda" and len(names) == 1:
                return Node(widget="hidden", value=next(iter(names.values())), **said)
            if said["fixed"]:
                return Node(widget="line", value=typed, far=True, **said)
            if len(names) <= FEW and not of.loose:
                options = [(words, words, words == typed) for words in names.values()]
                return Node(widget="select", options=self._free(options, typed), far=True, **said)
            self.targets[of.target] = None
            far = of.target not in ("commune", "service", "dataset")
            return Node(widget="line", value=typed, listed=f"liste-{of.target}", far=far, **said)
        if of.kind == "long":
            return Node(widget="area", value=typed, **said)
        kinds = {"date": ("date", ""), "number": ("text", "decimal"), "whole": ("text", "numeric")}
        type, mode = kinds.get(of.kind, ("text", ""))
        if type == "date" and typed and not _iso(typed):
            type = "text"  # what was typed and is no date is shown as it was typed
        return Node(widget="line", value=typed, type=type, mode=mode, **said)

    def _free(self, options: list[tuple[str, str, bool]], typed: str) -> list[tuple[str, str, bool]]:
        """With nothing as the first choice; and what was typed as the last, when it is none of them."""
        found = [("", "—", not typed), *options]
        if typed and not any(chosen for _value, _label, chosen in found):
            found.append((typed, typed, True))
        return found


def posted(kind: str, form: QueryDict) -> Tree:
    """What a form says, as it was typed."""
    return {each.name: _posted(each, form, each.name) for each in fields_of(kind)}


def change_rows(kind: str, tree: Tree, verb: str) -> str:
    """Do what a button says of a list (`ajouter:milestones`, `retirer:milestones.2`); the place to show, or nothing."""
    act, _colon, name = verb.partition(":")
    steps = name.split(".")
    number = int(steps.pop()) if act == "retirer" and steps[-1].isdigit() and len(steps[-1]) < 4 else -1
    holder: Any = tree
    fields: Iterable[Field] = fields_of(kind)
    for step in steps:
        found = next((each for each in fields if each.name == step), None)
        if found is None:
            return ""
        if found.kind == "group":
            holder, fields = holder[step], found.inner
        elif found.kind == "rows":
            rows = holder[step]
            if act == "ajouter" and len(rows) < MOST_ROWS:
                rows.append(blank_row(found))
            elif act == "retirer" and 0 <= number < len(rows):
                rows.pop(number)
            return name
        else:
            return ""
    return ""


def faults_of(wrongs: Iterable[Incoherence], kind: str, id: str) -> list[Fault]:
    """What is not coherent, beside its field when it is of this object."""
    found = []
    for each in wrongs:
        sentence = _("Trouvé %(found)s ; attendu %(expected)s.") % {"found": each.found, "expected": each.expected}
        if (each.kind, each.object) == (kind, id):
            found.append(Fault(each.path, sentence))
        else:
            found.append(Fault((), f"{each.kind} {each.object}, {_dotted(each.path)} : {sentence}"))
    return found


def path_of(name: str) -> Path:
    """`milestones.2.baseline` as a path."""
    return tuple(int(each) if each.isdigit() else each for each in name.split(".")) if name else ()


def _posted(of: Field, form: QueryDict, name: str) -> Any:
    if of.kind == "group":
        return {each.name: _posted(each, form, f"{name}.{each.name}") for each in of.inner}
    if of.kind == "rows":
        given = form.get(f"{name}.n", "0")
        count = min(int(given), MOST_ROWS) if given.isascii() and given.isdigit() and len(given) < 6 else 0
        if len(of.inner) == 1 and not of.inner[0].name:
            return [_text(form, f"{name}.{n}") for n in range(count)]
        return [{each.name: _posted(each, form, f"{name}.{n}.{each.name}") for each in of.inner} for n in range(count)]
    if of.kind == "text":
        return _text(form, name)
    if of.kind == "check":
        return _("oui") if form.get(name) else _("non")
    if of.many and of.kind == "ref" and not of.loose:
        return [each[:MOST_SIGNS] for each in form.getlist(name)[:MOST_ROWS] if each.strip()]
    said = str(form.get(name, ""))[: MOST_SIGNS + 1]
    return [each.strip() for each in said.splitlines() if each.strip()] if of.many else said


def _text(form: QueryDict, name: str) -> dict[str, str]:
    return {lang: str(form.get(f"{name}.{lang}", ""))[: MOST_SIGNS + 1] for lang in ("fr", "en")}


def _dotted(path: Path) -> str:
    return ".".join(str(each) for each in path)


def _wrong(node: Node) -> bool:
    return bool(node.fault) or any(map(_wrong, node.inner))


def _ids(node: Node) -> Iterable[str]:
    yield f"{node.id}-fr" if node.widget == "text" else node.id
    for each in node.inner:
        yield from _ids(each)


def _iso(text: str) -> bool:
    return len(text) == 10 and text[4] == text[7] == "-" and text.replace("-", "").isdigit()
