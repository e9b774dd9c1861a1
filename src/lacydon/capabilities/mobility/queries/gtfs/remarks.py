"""What was found wrong in a feed: which rule, where, how often. The rules and their sentences are in rules.py."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .rules import RULES, Severity

LINES_KEPT = 8
EXAMPLES_KEPT = 5
LONGEST_EXAMPLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A rule that a feed breaks, once for each of its files; `lines` and `examples` are the first ones only."""

    code: str
    file: str
    count: int
    lines: tuple[int, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        rule = RULES.get(self.code)
        return rule.severity if rule else Severity.INFO

    @property
    def sentence(self) -> str:
        """What is wrong and how to mend it, in the tongue of the reader."""
        rule = RULES.get(self.code)
        return str(rule.sentence) if rule else self.code

    def stored(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": str(self.severity),
            "file": self.file,
            "count": self.count,
            "lines": list(self.lines),
            "examples": list(self.examples),
            "sentence": self.sentence,
        }

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> "Remark":
        return cls(
            code=kept["code"],
            file=kept["file"],
            count=kept["count"],
            lines=tuple(kept.get("lines", ())),
            examples=tuple(kept.get("examples", ())),
        )


class Remarks:
    """Gathers remarks while a feed is read; a rule broken a million times is one remark."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[list[int], list[str], list[int]]] = {}

    def add(self, code: str, file: str, *, line: int = 0, example: str = "", count: int = 1) -> None:
        """`code` is one of rules.RULES; `line` from 1, 0 when it is the whole file."""
        if code not in RULES:
            raise KeyError(code)
        lines, examples, counted = self._found.setdefault((code, file), ([], [], [0]))
        counted[0] += count
        if line and len(lines) < LINES_KEPT:
            lines.append(line)
        example = example[:LONGEST_EXAMPLE]
        if example and len(examples) < EXAMPLES_KEPT and example not in examples:
            examples.append(example)

    def add_all(self, code: str, file: str, *, lines: Iterable[int], count: int, examples: Sequence[str] = ()) -> None:
        """The same for many lines at once."""
        if count:
            self.add(code, file, count=count)
            kept, shown, _counted = self._found[code, file]
            kept.extend(int(line) for line, _room in zip(lines, range(LINES_KEPT - len(kept)), strict=False))
            for example in examples:
                if len(shown) < EXAMPLES_KEPT and example not in shown:
                    shown.append(example[:LONGEST_EXAMPLE])

    def all(self) -> tuple[Remark, ...]:
        """The gravest first, then by file."""
        found = [
            Remark(code=code, file=file, count=counted[0], lines=tuple(sorted(lines)), examples=tuple(examples))
            for (code, file), (lines, examples, counted) in self._found.items()
        ]
        return tuple(sorted(found, key=lambda each: (each.severity.rank, each.file, each.code)))

    def fatal(self) -> Remark | None:
        return next((each for each in self.all() if each.severity is Severity.FATAL), None)
