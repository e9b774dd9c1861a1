"""What a form works out from the answers: exact arithmetic, rounded half up only where it is shown.

A number · `{field: id}` · `{sum | product | min | max: [e…]}` · `{difference | quotient: [a, b]}`
`{round: e, to: 2}` · `{if: condition, then: e, else: e}`
`{brackets: {of: e, table: [{up_to: 300, then: e}, …, {then: e}]}}` (`up_to` included)
`{count: id}` (rows of a group, choices made, files) · `{total: id}` (a number of each row of a group, added)
`{age: id}` (full years today).

An operand that is not known, or a number beyond all amounts, makes the whole unknown (None): a price is never worked
out of half an answer.
Fractions inside, so that the browser (integers of any size) finds the same value to the last figure.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lacydon.kernel.clock import today

from .conditions import holds
from .definition import Answers, Computed, Expression, Form

GREATEST = 10**40
"""No amount is as great; a number of thousands of figures is not written any more."""
PRECISION = 10
"""Decimals kept of a value that is neither money nor rounded by the form."""
MONEY = 2

_MANY: Mapping[str, Callable[[list[Fraction]], Fraction]] = {
    "sum": lambda values: sum(values, Fraction(0)),
    "product": lambda values: _product(values),
    "min": min,
    "max": max,
    "difference": lambda values: values[0] - values[1],
}


def value(expression: Expression, answers: Answers) -> Decimal | None:
    """What an expression gives for these answers, with at most ten decimals; None when an operand is unknown."""
    found = _value(expression, answers)
    return None if found is None or abs(found) > GREATEST else _decimal(found, PRECISION)


def computed(form: Form, answers: Answers) -> dict[str, Decimal]:
    """What the form works out for these answers; what is unknown is not there."""
    known = Known(form, answers)
    found = {each.id: known.get(each.id) for each in form.computed}
    return {id: each for id, each in found.items() if each is not None}


class Known(Mapping[str, Any]):
    """The answers, and behind them what is computed from them, worked out when it is asked for."""

    def __init__(self, form: Form, answers: Answers, row: Answers | None = None) -> None:
        self._form = form
        self._answers = answers
        self._row = {} if row is None else row

    def in_row(self, row: Answers) -> "Known":
        """What is known inside a row of a group: its own answers first."""
        return Known(self._form, self._answers, row)

    def rows_with(self, id: str) -> Iterator[Answers]:
        """The rows of the group a field is in."""
        for field in self._form.fields():
            if id in field.by_id:
                yield from self._answers.get(field.id) or ()

    def __getitem__(self, id: str) -> Any:
        if id in self._row:
            return self._row[id]
        if id in self._answers:
            return self._answers[id]
        found = _worked_out(self._form.computed_by_id[id], self)
        if found is None:
            raise KeyError(id)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter({**self._answers, **self._row})

    def __len__(self) -> int:
        return len({**self._answers, **self._row})


def _worked_out(each: Computed, known: Known) -> Decimal | None:
    found = _value(each.value, known)
    if found is None or abs(found) > GREATEST:
        return None
    return _decimal(found, MONEY if each.type == "money" else PRECISION)


def _value(expression: Expression, answers: Answers) -> Fraction | None:
    if isinstance(expression, int | float | str):
        return Fraction(str(expression))
    if "if" in expression:
        return _value(expression["then" if holds(expression["if"], answers) else "else"], answers)
    if "round" in expression:
        found = _value(expression["round"], answers)
        return None if found is None else rounded(found, expression.get("to", 0))
    ((verb, operand),) = expression.items()
    match verb:
        case "field":
            answer = answers.get(operand)
            return None if answer is None else Fraction(answer)
        case "count":
            return Fraction(len(answers.get(operand) or ()))
        case "total":
            return _total(operand, answers)
        case "age":
            born = answers.get(operand)
            return None if born is None else Fraction(age(date.fromisoformat(born)))
        case "brackets":
            return _bracket(operand, answers)
        case "quotient":
            dividend, divisor = (_value(each, answers) for each in operand)
            return None if dividend is None or not divisor else dividend / divisor
    values: list[Fraction] = []
    for each in operand:
        if (found := _value(each, answers)) is None:
            return None
        values.append(found)
    return _MANY[verb](values)


def _product(values: list[Fraction]) -> Fraction:
    found = Fraction(1)
    for each in values:
        found *= each
    return found


def _total(id: str, answers: Answers) -> Fraction | None:
    found = Fraction(0)
    for row in answers.rows_with(id) if isinstance(answers, Known) else ():
        if id not in row:
            return None
        found += Fraction(row[id])
    return found


def _bracket(brackets: Mapping[str, Any], answers: Answers) -> Fraction | None:
    of = _value(brackets["of"], answers)
    if of is None:
        return None
    for line in brackets["table"]:
        if "up_to" not in line or of <= Fraction(str(line["up_to"])):
            return _value(line["then"], answers)
    return None


def age(born: date) -> int:
    """Full years lived today."""
    now = today()
    return now.year - born.year - ((now.month, now.day) < (born.month, born.day))


def rounded(number: Fraction, decimals: int) -> Fraction:
    """Half up, away from zero: 0.125 → 0.13, −0.125 → −0.13."""
    scale = 10**decimals
    whole, rest = divmod(abs(number) * scale, 1)
    found = Fraction(int(whole) + (rest * 2 >= 1), scale)
    return -found if number < 0 else found


def _decimal(number: Fraction, decimals: int) -> Decimal:
    """Exactly `decimals` decimals for money, no useless zeros otherwise."""
    scaled = int(rounded(number, decimals) * 10**decimals)
    if decimals != MONEY:
        while scaled % 10 == 0 and decimals:
            scaled, decimals = scaled // 10, decimals - 1
    return Decimal(f"{scaled}e-{decimals}")
