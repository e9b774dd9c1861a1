"""Which key of a log is in charge of which heads: what its keys said of one another, from the first to the newest.

A log keeps its name when its key changes. The change is a note (C2SP signed-note) that both keys sign: the old one
names who follows it, the new one whom it follows. So whoever knows one of the keys, the oldest or the newest, finds the
others. It also says from which head on, with the root of that head: with an old key that leaked, no other past can be
signed.

The text has six lines: the log's name followed by `/keys`, what happens, size, root, old key, new key. Its second line
is a word where a checkpoint has a number: none is ever taken for the other.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .notes import BadNote, Checkpoint, Note, Signed, SigningKey, VerifierKey, opened

NEXT, RETIRED = "next", "retired"
_TEXT = re.compile(r"(\S+)/keys\n(next|retired)\n(0|[1-9][0-9]{0,18})\n(\S+)\n(\S+)\n(\S+)\n")


@dataclass(frozen=True, slots=True)
class Change:
    """`next`: heads beyond `head` are for `new` to sign. `retired`: `old` signs none beyond it, and `new` says so."""

    what: str
    head: Checkpoint
    old: VerifierKey
    new: VerifierKey

    @property
    def text(self) -> str:
        """The text that is signed."""
        root = b64encode(self.head.root).decode()
        return f"{self.head.origin}/keys\n{self.what}\n{self.head.size}\n{root}\n{self.old}\n{self.new}\n"

    def signed(self, *keys: SigningKey) -> str:
        """The note."""
        return f"{self.text}\n{''.join(key.sign(self.text) for key in keys)}"

    @classmethod
    def read(cls, note: str) -> "Change":
        """From a note signed by whom it must be. Raises BadNote."""
        parsed = Note.parse(note)
        found = _TEXT.fullmatch(parsed.text)
        if found is None:
            raise BadNote("not a change of keys")
        origin, what, size, root = found[1], found[2], found[3], found[4]
        old, new = VerifierKey.parse(found[5]), VerifierKey.parse(found[6])
        if old == new or {(key.name, key.type) for key in (old, new)} != {(origin, 1)}:
            raise BadNote("a change between keys of something else")
        made = cls(what, Checkpoint.parse(f"{origin}\n{size}\n{root}\n"), old, new)
        needed = [old, new] if what == NEXT else [new]
        signers = {each.key for each in parsed.verified(needed)}
        if signers != set(needed):
            raise BadNote("a change that one of its keys did not sign")
        return made


@dataclass(frozen=True, slots=True)
class Term:
    """A key, in charge of the heads beyond `after`; it signs along with those that follow up to `until`, or still."""

    key: VerifierKey
    after: int = -1
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Succession:
    """The keys of a log, oldest first, and the heads that their changes name."""

    terms: tuple[Term, ...]
    heads: tuple[Checkpoint, ...] = ()

    @classmethod
    def read(cls, changes: Iterable[str], *, known: VerifierKey) -> "Succession":
        """From the notes in their order, and one key that is believed, whichever. Raises BadNote."""
        terms: list[Term] = []
        heads: list[Checkpoint] = []
        for note in changes:
            change = Change.read(note)
            terms = terms or [Term(change.old)]
            if heads and change.head.size < heads[-1].size:
                raise BadNote("a change of keys before the one it follows")
            heads.append(change.head)
            terms = _added(terms, change)
        terms = terms or [Term(known)]
        if known not in [term.key for term in terms]:
            raise BadNote("changes between keys that are all unknown")
        return cls(tuple(terms), tuple(heads))

    @property
    def newest(self) -> VerifierKey:
        return self.terms[-1].key

    @property
    def signing(self) -> tuple[VerifierKey, ...]:
        """Whose signatures the next head must carry, the one in charge first."""
        return tuple(term.key for term in reversed(self.terms) if term.until is None)

    def in_charge(self, size: int) -> VerifierKey:
        """Who must have signed a head of this size."""
        return next(term.key for term in reversed(self.terms) if term.after < size)

    def opened(self, note: str, *, witnesses: Iterable[VerifierKey] = ()) -> tuple[Checkpoint, list[Signed]]:
        """A checkpoint signed by the key in charge of its size, as `notes.opened`. Raises BadNote."""
        claimed = Checkpoint.parse(Note.parse(note).text).size
        return opened(note, log=self.in_charge(claimed), witnesses=witnesses)


def _added(terms: Sequence[Term], change: Change) -> list[Term]:
    newest = terms[-1].key
    keys = [term.key for term in terms]
    if change.what == NEXT:
        if change.old != newest or change.new in keys:
            raise BadNote("a key that does not follow the newest")
        return [*terms, Term(change.new, after=change.head.size)]
    if change.new != newest or change.old not in keys:
        raise BadNote("a key retired by another than the newest")
    return [
        Term(term.key, term.after, change.head.size) if term.key == change.old and term.until is None else term
        for term in terms
    ]
