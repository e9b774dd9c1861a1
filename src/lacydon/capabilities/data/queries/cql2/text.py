"""CQL2 as text, read into the tree it has in JSON (annex B of the standard is its grammar)."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ...errors import WrongQuestion

LONGEST = 10_000
DEEPEST = 60
MOST = 2_000
"""Pieces of one filter."""
PIECE = re.compile(
    r"""\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|'(?P<text>(?:[^'\\]|''|\\.)*)'|"(?P<quoted>(?:[^"]|"")+)"
    |(?P<word>[^\W\d][\w.:]*)|(?P<sign><>|<=|>=|[=<>+\-*/%^(),]))""",
    re.VERBOSE,
)
COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">="})
SHAPES = frozenset(
    {"POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"}
)
Tree = Any


@dataclass(frozen=True, slots=True)
class Piece:
    kind: str
    text: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        return self.text.upper() if self.kind in ("word", "sign") else ""


def read_text(text: str) -> Tree:
    """The tree of a filter. Raises WrongQuestion, which says where."""
    if len(text) > LONGEST:
        raise WrongQuestion(_("Ce filtre est trop long : au plus %d caractères.") % LONGEST)
    reader = Reader(text)
    tree = reader.either(0)
    if reader.now.kind != "end":
        raise reader.wrong(_("rien d’autre, ou AND, ou OR"))
    return tree


class Reader:
    """One piece after the other; each method reads one rule of the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[Piece] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            match = PIECE.match(text, at)
            if match is None or len(self.pieces) > MOST:
                raise WrongQuestion(_("Ce filtre n’est pas compris à partir de « %s ».") % text[at : at + 20].strip())
            kind = str(match.lastgroup)
            self.pieces.append(Piece(kind, match[kind], match.start(kind), match.end()))
            at = match.end()
        self.pieces.append(Piece("end", "", len(text), len(text)))
        self.at = 0

    @property
    def now(self) -> Piece:
        return self.pieces[self.at]

    @property
    def next(self) -> Piece:
        return self.pieces[min(self.at + 1, len(self.pieces) - 1)]

    def take(self, *uppers: str) -> str:
        """The piece here if it is one of these, or nothing."""
        found = self.now.upper
        if found and found in uppers:
            self.at += 1
            return found
        return ""

    def need(self, upper: str) -> None:
        if not self.take(upper):
            raise self.wrong(f"« {upper} »")

    def wrong(self, expected: str) -> WrongQuestion:
        here = self.text[self.now.start : self.now.start + 20] or _("la fin")
        place = self.now.start + 1
        said = {"place": place, "here": here, "expected": expected}
        return WrongQuestion(
            _("Le filtre n’est pas compris au caractère %(place)d (« %(here)s ») : on attend %(expected)s.") % said
        )

    def deeper(self, depth: int) -> int:
        if depth >= DEEPEST:
            raise WrongQuestion(_("Ce filtre est trop imbriqué."))
        return depth + 1

    def either(self, depth: int) -> Tree:
        parts = [self.both(depth)]
        while self.take("OR"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else {"op": "or", "args": parts}

    def both(self, depth: int) -> Tree:
        parts = [self.factor(depth)]
        while self.take("AND"):
            parts.append(self.factor(depth))
        return parts[0] if len(parts) == 1 else {"op": "and", "args": parts}

    def factor(self, depth: int) -> Tree:
        if self.take("NOT"):
            return {"op": "not", "args": [self.factor(self.deeper(depth))]}
        return self.predicate(depth)

    def predicate(self, depth: int) -> Tree:
        left = self.sum(depth)
        if sign := self.now.text if self.now.text in COMPARISONS and self.now.kind == "sign" else "":
            self.at += 1
            return {"op": sign, "args": [left, self.sum(depth)]}
        if self.take("IS"):
            refused = self.take("NOT")
            self.need("NULL")
            return _not({"op": "isNull", "args": [left]}, refused)
        refused = self.take("NOT") if self.next.upper in ("LIKE", "BETWEEN", "IN") else ""
        if self.take("LIKE"):
            return _not({"op": "like", "args": [left, self.sum(depth)]}, refused)
        if self.take("BETWEEN"):
            low = self.sum(depth)
            self.need("AND")
            return _not({"op": "between", "args": [left, low, self.sum(depth)]}, refused)
        if self.take("IN"):
            self.need("(")
            return _not({"op": "in", "args": [left, self.listed(depth)]}, refused)
        return left

    def listed(self, depth: int) -> list[Tree]:
        """Values up to the bracket that closes."""
        made: list[Tree] = []
        if self.take(")"):
            return made
        made.append(self.either(self.deeper(depth)))
        while self.take(","):
            made.append(self.either(self.deeper(depth)))
        self.need(")")
        return made

    def sum(self, depth: int) -> Tree:
        left = self.product(depth)
        while sign := self.take("+", "-"):
            left = {"op": sign, "args": [left, self.product(depth)]}
        return left

    def product(self, depth: int) -> Tree:
        left = self.power(depth)
        while sign := self.take("*", "/", "%", "DIV"):
            left = {"op": sign.lower(), "args": [left, self.power(depth)]}
        return left

    def power(self, depth: int) -> Tree:
        left = self.atom(depth)
        if self.take("^"):
            return {"op": "^", "args": [left, self.power(self.deeper(depth))]}
        return left

    def atom(self, depth: int) -> Tree:
        piece = self.now
        if self.take("-"):
            inner = self.power(self.deeper(depth))
            return -inner if isinstance(inner, int | float) else {"op": "*", "args": [-1, inner]}
        if self.take("("):
            inner = self.either(self.deeper(depth))
            self.need(")")
            return inner
        if piece.kind == "number":
            self.at += 1
            return int(piece.text) if piece.text.isdecimal() and len(piece.text) < 19 else float(piece.text)
        if piece.kind == "text":
            self.at += 1
            return re.sub(r"''|\\'", "'", piece.text)
        if piece.kind == "quoted":
            self.at += 1
            return {"property": piece.text.replace('""', '"')}
        if piece.kind != "word" or piece.upper in ("AND", "OR", "LIKE", "BETWEEN", "IN", "IS", "NULL"):
            raise self.wrong(_("une colonne, une valeur ou une parenthèse"))
        self.at += 1
        if piece.upper in ("TRUE", "FALSE"):
            return piece.upper == "TRUE"
        if piece.upper in SHAPES and self.now.upper in ("(", "Z", "EMPTY"):
            return self.drawn(piece)
        if self.take("("):
            return _called(piece.text, self.listed(depth))
        return {"property": piece.text}

    def drawn(self, first: Piece) -> Tree:
        """A geometry in WKT: the text from its name to the bracket that closes it."""
        open_ = 0
        while self.now.kind != "end":
            open_ += (self.now.text == "(") - (self.now.text == ")")
            self.at += 1
            if open_ == 0 and self.pieces[self.at - 1].text in (")", "EMPTY"):
                return {"wkt": self.text[first.start : self.pieces[self.at - 1].end]}
        raise self.wrong("« ) »")


def _not(tree: Tree, refused: str) -> Tree:
    return {"op": "not", "args": [tree]} if refused else tree


def _called(name: str, arguments: list[Tree]) -> Tree:
    lower = name.lower()
    if lower in ("date", "timestamp") and len(arguments) == 1:
        return {lower: arguments[0]}
    if lower == "interval":
        return {"interval": arguments}
    if lower == "bbox":
        return {"bbox": arguments}
    return {"op": lower, "args": arguments}
