"""The answers of a page as it is posted, and those of a whole form as it is submitted.

Both keep what was asked and suits, drop what is not asked (a page or a field whose condition does not hold), and say
one sentence for each answer that does not suit, under its name in the page. Nothing raises for what somebody sends.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .calculations import Known
from .cleaning import Unfit, clean
from .conditions import holds
from .definition import Answers, Field, Form, Page
from .posted import Raw, given, rows_of
from .sentences import sentence, unknown

Communes = Container[str] | None
"""The citycodes that may be answered; None: any that is well written."""


@dataclass(frozen=True)
class Checked:
    """What was kept; what to say, by HTML name.

    `dropped`: what was sent and is not a question of this form, each with its sentence. `appeared`: the fields that are
    asked because of what was just answered, and were not before: without JavaScript the page is shown once more.
    """

    answers: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    dropped: dict[str, str] = field(default_factory=dict)
    appeared: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return not self.errors


@dataclass(frozen=True)
class Asked:
    """A page that is asked with these answers, the fields of it that are, and what is known there."""

    page: Page
    fields: tuple[Field, ...]
    known: Known


def asked(form: Form, answers: Answers) -> Iterator[Asked]:
    """The pages asked, in order; an answer to what is not asked is not looked at, whatever it is."""
    kept: dict[str, Any] = {}
    known = Known(form, kept)
    for page in form.pages:
        if holds(page.when, known):
            fields = []
            for each in page.fields:
                if holds(each.when, known):
                    fields.append(each)
                    if each.id in answers:
                        kept[each.id] = answers[each.id]
            yield Asked(page, tuple(fields), known)


def visible_pages(form: Form, answers: Answers) -> list[Page]:
    """The pages to fill in, as far as the answers tell."""
    return [each.page for each in asked(form, answers)]


def visible_fields(form: Form, page: Page, answers: Answers) -> tuple[Field, ...]:
    """The fields of a page that are asked with these answers; none when the page is not."""
    return next((each.fields for each in asked(form, answers) if each.page.id == page.id), ())


def settled(form: Form, answers: Answers) -> dict[str, Any]:
    """The cleaned answers without those to what is not asked any more."""
    kept = [each.id for told in asked(form, answers) for each in told.fields]
    return {id: answers[id] for id in kept if id in answers}


def validate_page(
    form: Form, page: Page, raw: Raw, answers: Answers, *, communes: Communes = None, lenient: bool = False
) -> Checked:
    """What a page posts, checked; `answers` are those kept of the draft. Gives all the answers of the draft, those of
    this page replaced by what suits. `lenient`: what is missing is not told (a draft put aside)."""
    others = {id: each for id, each in answers.items() if all(id != mine.id for mine in page.fields)}
    before = {each.id for each in visible_fields(form, page, answers)}
    kept: dict[str, Any] = {}
    for earlier in asked(form, others):
        if earlier.page.id == page.id:
            break
        kept.update((each.id, others[each.id]) for each in earlier.fields if each.id in others)
    check = _Check(form, kept, communes, lenient)
    mine: dict[str, Any] = {}
    if holds(page.when, check.known):
        for each in check.visible(page.fields, check.known):
            told = given(each, raw, each.id)
            if each.type == "signature":
                told = _still_signed(told, answers.get(each.id))
            check.one(each, told, rows_of(raw, each.id) if each.type == "group" else ())
            if each.id in kept:
                mine[each.id] = kept[each.id]
    seen = [each.id for each in visible_fields(form, page, others | mine)]
    appeared = tuple(id for id in seen if id not in before and not any(_about(name, id) for name in raw))
    return Checked(answers=others | mine, errors=check.errors, appeared=appeared)


def validate(form: Form, answers: Mapping[str, Any], *, communes: Communes = None) -> Checked:
    """A whole set of answers, as at submission: cleaned, complete, without what is not asked. It changes nothing of
    what it has cleaned once."""
    kept: dict[str, Any] = {}
    check = _Check(form, kept, communes, lenient=False)
    for page in form.pages:
        if holds(page.when, check.known):
            for each in check.visible(page.fields, check.known):
                check.one(each, answers.get(each.id))
    for id in answers:
        if id not in form.by_id or not any(id == each.id for each in form.fields()):
            check.dropped[str(id)] = unknown()
    return Checked(answers=kept, errors=check.errors, dropped=check.dropped)


def _about(name: str, id: str) -> bool:
    return name == id or name.startswith(f"{id}-")


def _still_signed(told: dict[str, Any], earlier: Any) -> dict[str, Any]:
    """The moment of a signature is that of the first time, as long as the name is the same."""
    certified = told.get("certified") == "yes"
    if certified and isinstance(earlier, Mapping) and earlier.get("name") == told["name"].strip():
        return {**told, "at": earlier.get("at")}
    return told


class _Check:
    """Answers being checked: those kept so far are what the next conditions stand on."""

    def __init__(self, form: Form, kept: dict[str, Any], communes: Communes, lenient: bool) -> None:
        self.kept = kept
        self.known = Known(form, kept)
        self.communes = communes
        self.lenient = lenient
        self.errors: dict[str, str] = {}
        self.dropped: dict[str, str] = {}

    def visible(self, fields: Sequence[Field], known: Known) -> Iterator[Field]:
        """Those that are asked, each judged once the one before has been."""
        for each in fields:
            if each.asks and holds(each.when, known):
                yield each

    def one(self, field: Field, told: Any, numbers: Sequence[int] = ()) -> None:
        if field.type == "group":
            self._group(field, told, numbers)
        else:
            self._put(field, told, self.kept, field.id, self.errors)

    def _put(self, field: Field, told: Any, kept: dict[str, Any], name: str, errors: dict[str, str]) -> str:
        """Keeps the answer or says why not; gives the code of the refusal, or nothing."""
        code = ""
        try:
            answer = clean(field, told)
            if field.type == "commune" and answer and self.communes is not None and answer not in self.communes:
                raise Unfit("elsewhere")
            if answer is not None:
                kept[field.id] = answer
            if field.required and (answer is None or (field.type == "consent" and not answer)):
                code = "required"
        except Unfit as unfit:
            code = unfit.code
            if field.type == "consent":
                kept[field.id] = False
        if code and not (self.lenient and code == "required"):
            errors[name] = sentence(field, code)
        return code

    def _group(self, field: Field, told: Any, numbers: Sequence[int]) -> None:
        """Rows without any answer are taken away as long as enough remain."""
        if told in (None, ""):
            told = []
        if not isinstance(told, list) or any(not isinstance(row, Mapping) for row in told):
            self.errors[field.id] = sentence(field, "wrong")
            return
        rows = [self._row(field, row, numbers[at] if numbers else at) for at, row in enumerate(told[: field.most * 2])]
        floor = field.least if field.compulsory else 0
        rows = _without(rows, [row for row in rows if row.blank], floor)
        code = "too_many" if len(rows) > field.most or len(told) > field.most * 2 else ""
        if len(rows) < field.least and (rows or field.compulsory):
            code = "too_few" if rows else "required"
        if code and not (self.lenient and code != "too_many"):
            self.errors[field.id] = sentence(field, code)
        for row in rows:
            self.errors.update(row.errors)
            self.dropped.update(row.dropped)
        rows = rows[: field.most]
        if rows := _without(rows, [row for row in rows if not row.filled], floor):
            self.kept[field.id] = [row.answers for row in rows]

    def _row(self, field: Field, told: Mapping[str, Any], number: int) -> "_Row":
        row = _Row()
        known = self.known.in_row(row.answers)
        for each in self.visible(field.fields, known):
            name = f"{field.id}-{number}-{each.id}"
            code = self._put(each, told.get(each.id), row.answers, name, row.errors)
            row.blank = row.blank and code in ("", "required")
        for id in told:
            if id not in field.by_id:
                row.dropped[f"{field.id}-{number}-{id}"] = unknown()
        row.blank = row.blank and not row.filled
        return row


@dataclass(eq=False)
class _Row:
    answers: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    dropped: dict[str, str] = field(default_factory=dict)
    blank: bool = True
    """Nothing in it, right or wrong."""

    @property
    def filled(self) -> bool:
        return any(answer is not False for answer in self.answers.values())


def _without(rows: list[_Row], empty: list[_Row], floor: int) -> list[_Row]:
    """The rows without those that are empty, the last ones first, as long as `floor` remain."""
    spare = max(len(rows) - floor, 0)
    gone = empty[len(empty) - spare :] if spare < len(empty) else empty
    return [row for row in rows if row not in gone]


__all__ = [
    "Asked", "Checked", "asked", "settled", "validate", "validate_page", "visible_fields", "visible_pages",
]  # fmt: skip
