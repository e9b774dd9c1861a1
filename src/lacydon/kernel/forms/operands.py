"""What a condition may compare a field with, and which fields a calculation stands on."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from .conditions import DATED, NUMERIC, OPERATORS, day
from .definition import NUMBERS, Computed, Condition, Expression, Field, Form

COMPARABLE = ("text", "email", "phone", "choice", "choices", "yesno", "consent", "number", "money", "date", "commune")


def is_number(told: Any) -> bool:
    """A number a form may hold."""
    return isinstance(told, int | float) and not isinstance(told, bool) and abs(told) < 1e15


def unfit(field: Field | Computed, expected: Any) -> str | None:
    """None when the field can equal this (or one of these), else what was expected."""
    if isinstance(expected, list):
        if not expected:
            return _("au moins une valeur")
        return next((wanted for each in expected if (wanted := unfit(field, each)) is not None), None)
    if isinstance(field, Computed) or field.type in NUMBERS:
        return None if is_number(expected) else _("un nombre")
    if field.type not in COMPARABLE:
        return _("« filled » : un champ de ce type ne se compare pas")
    if field.type in ("yesno", "consent"):
        return None if isinstance(expected, bool) else _("true ou false")
    if field.type == "date":
        return None if _is_day(expected) else _("une date comme 2023-01-01")
    if isinstance(field, Field) and field.options and expected not in field.values:
        return _("l'une de ces valeurs : %s") % ", ".join(field.values)
    return None if isinstance(expected, str) else _("un texte, entre guillemets")


def unfit_operand(field: Field | Computed, operator: str, operand: Any) -> str | None:
    """None when the operator and its operand suit the field, else what was expected."""
    if operator == "filled":
        return None if isinstance(operand, bool) else _("true ou false")
    if operator == "not":
        return unfit(field, operand)
    if operator in NUMERIC:
        if not isinstance(field, Computed) and field.type not in NUMBERS:
            return _("un champ number ou money")
        return None if is_number(operand) else _("un nombre")
    if operator in DATED:
        if isinstance(field, Computed) or field.type != "date":
            return _("un champ date")
        return None if _is_day(operand) else _("une date comme 2023-01-01")
    return _("l'une de ces valeurs : %s") % ", ".join(OPERATORS)


def _is_day(told: Any) -> bool:
    try:
        return isinstance(told, str) and bool(day(told))
    except (ValueError, OverflowError):
        return False


def named_in(form: Form, expression: Expression) -> frozenset[str]:
    """The ids a calculation names: fields, groups, what is computed before it."""
    return frozenset(_named(form, expression))


def names_in(form: Form, expression: Expression) -> list[str]:
    """The same, each as often as it is named."""
    return list(_named(form, expression))


def named_by(condition: Condition | None) -> frozenset[str]:
    """The ids a condition names."""
    return frozenset(_asked(condition))


def _named(form: Form, told: Any) -> Iterator[str]:
    if isinstance(told, list):
        for each in told:
            yield from _named(form, each)
    elif isinstance(told, Mapping):
        for verb, operand in told.items():
            if verb == "if":
                yield from _asked(operand)
            elif verb == "total":
                yield from (each.id for each in form.fields() if str(operand) in each.by_id)
            elif verb in ("field", "count", "age"):
                yield str(operand)
            else:
                yield from _named(form, operand)


def _asked(told: Any) -> Iterator[str]:
    if isinstance(told, list):
        for each in told:
            yield from _asked(each)
    elif isinstance(told, Mapping):
        for key, expected in told.items():
            if key in ("all", "any", "not"):
                yield from _asked(expected)
            else:
                yield str(key)
