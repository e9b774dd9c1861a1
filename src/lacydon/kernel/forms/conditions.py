"""Whether a condition holds for the answers given: what decides that a page or a field is asked.

`{id: value}` equals (a choice among several: is one of those chosen) · `{id: [values]}` equals one of them ·
`{id: {over | at_least | under | at_most | before | after | not | filled: x}}` · `{all: […]}` · `{any: […]}` ·
`{not: condition}`; several keys in one mapping all hold. Dates are strict; they may be "today", "today+15", "today-1".

What is not answered equals nothing and compares with nothing, `not` included: only `{filled: false}` holds for it.
static/requests/form.js follows the same rules; tests run both on the same cases.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from lacydon.kernel.clock import today

from .definition import Answers, Condition

NUMERIC = ("over", "at_least", "under", "at_most")
DATED = ("before", "after")
OPERATORS = (*NUMERIC, *DATED, "not", "filled")
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DAY = re.compile(r"today(?:([+-][0-9]{1,5}))?")


def day(text: str) -> date:
    """The day meant by an ISO date, "today", or "today" and a number of days. Raises ValueError for another text."""
    told = DAY.fullmatch(text)
    if told is None:
        if not ISO.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)
    return today() + timedelta(days=int(told[1] or 0))


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Whether the condition holds; no condition always does."""
    return condition is None or all(_holds(key, expected, answers) for key, expected in condition.items())


def _holds(key: str, expected: Any, answers: Answers) -> bool:
    if key == "all":
        return all(holds(each, answers) for each in expected)
    if key == "any":
        return any(holds(each, answers) for each in expected)
    if key == "not":
        return not holds(expected, answers)
    answer = answers.get(key)
    if isinstance(expected, Mapping):
        return all(_compares(operator, operand, answer) for operator, operand in expected.items())
    return _is(answer, expected)


def _is(answer: Any, expected: Any) -> bool:
    if answer is None:
        return False
    if isinstance(expected, list | tuple):
        return any(_is(answer, each) for each in expected)
    if isinstance(answer, list):
        return expected in answer
    if isinstance(expected, bool) or isinstance(answer, bool):
        return answer is expected
    if isinstance(expected, int | float) or isinstance(answer, Decimal):
        return Decimal(answer) == Decimal(str(expected))
    return bool(answer == str(expected))


def _compares(operator: str, operand: Any, answer: Any) -> bool:
    if operator == "filled":
        return (answer is not None) is operand
    if answer is None:
        return False
    match operator:
        case "not":
            return not _is(answer, operand)
        case "before":
            return date.fromisoformat(answer) < day(str(operand))
        case "after":
            return date.fromisoformat(answer) > day(str(operand))
        case "over":
            return Decimal(answer) > Decimal(str(operand))
        case "at_least":
            return Decimal(answer) >= Decimal(str(operand))
        case "under":
            return Decimal(answer) < Decimal(str(operand))
    return Decimal(answer) <= Decimal(str(operand))
