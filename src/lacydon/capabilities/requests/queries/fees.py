"""What is due for a request, worked out by its form, and why: in the words of the form, line by line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import forms
from lacydon.kernel.forms import Answers, Computed, Form
from lacydon.kernel.forms.calculations import Known, value
from lacydon.kernel.texts import said

from ..errors import UnknownPayment
from ..models import Payment, Request
from . import numbers
from .answers import amount_in_words
from .published import held
from .sealed import key_of, unseal

SIGNS = {"sum": " + ", "product": " × ", "difference": " − ", "quotient": " ÷ "}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the working: what, how much, by which rule; `reduced`: how much less than the full price."""

    label: str
    amount: str
    rule: str = ""
    reduced: str = ""


def due(form: Form, answers: Answers) -> Decimal | None:
    """Euros to be paid for these answers, more than zero; None when nothing is, or when it is not known."""
    if form.fee is None:
        return None
    found = forms.computed(form, answers).get(form.fee.id)
    return found if found is not None and found > 0 else None


def may_cost(content: Mapping[str, Any]) -> bool:
    """Whether a version of a form has a fee at all, without reading the whole of it."""
    return any(each.get("fee") for each in content.get("computed") or ())


def explained(form: Form, answers: Answers) -> list[Line]:
    """Why that much: what the fee is made of, in the order it is worked out; the fee is the last line."""
    if form.fee is None:
        return []
    known = Known(form, answers)
    return [line for each in _made_of(form, form.fee) if (line := _line(form, each, known)) is not None]


def why(request: Request) -> list[Line]:
    """The same for a request that is kept; nothing once it was erased."""
    if request.wrapped is None:
        return []
    answers = unseal(request.sealed, key=key_of(request), holder=request, field="sealed") or {}
    return explained(held(request.form).form, answers)


def payment_by_code(reference: str, *, code: str) -> Payment:
    """The payment that a secret address opens, whoever holds it. Raises UnknownPayment."""
    with trust.house():
        rows = Payment.objects.select_related("request__form", "organisation")
        row = rows.filter(reference=reference[:30]).first()
    right = numbers.hash_of(code_of(row)) if row else "0" * 64
    if not numbers.opens(code, kept=right) or row is None:
        raise unknown()
    trust.bring(row.request.secret_hash)
    return row


def code_of(payment: Payment) -> str:
    """What opens the page of a payment, and nothing else: the provider, and whoever pays for somebody, may have it."""
    return numbers.secret_of(payment.pk)


def to_pay(request: Request) -> tuple[str, str] | None:
    """How much is still due for a request, in words, and where it is paid; for its maker only. None when nothing is."""
    if held(request.form).form.fee is None:
        return None
    row = Payment.objects.filter(request=request).first()
    if row is None or not row.payable:
        return None
    return amount_in_words(row.amount, money=True), address_of(row)


def address_of(payment: Payment, name: str = "payment") -> str:
    """The secret address of a payment."""
    return reverse(name, kwargs={"reference": payment.reference, "code": code_of(payment)})


def unknown() -> UnknownPayment:
    return UnknownPayment(_("Aucun paiement ne correspond à cette adresse."))


def _made_of(form: Form, fee: Computed) -> list[Computed]:
    """The fee and what it is worked out from, each after what it needs."""
    found: list[Computed] = []

    def visit(each: Computed) -> None:
        for id in _named(each.value):
            inner = form.computed_by_id.get(id)
            if inner is not None and inner not in found:
                visit(inner)
        if each not in found:
            found.append(each)

    visit(fee)
    return found


def _line(form: Form, each: Computed, known: Known) -> Line | None:
    amount = known.get(each.id)
    if amount is None:
        return None
    rule, reduced = "", ""
    if (brackets := _first_brackets(each.value)) is not None:
        rule, reduced = _bracket(form, brackets, known, money=each.type == "money")
    elif isinstance(each.value, dict) and len(each.value) == 1:
        ((verb, parts),) = each.value.items()
        if verb in SIGNS:
            rule = SIGNS[verb].join(_operand(form, part, known) for part in parts)
    return Line(said(each.label), amount_in_words(amount, money=each.type == "money"), rule, reduced)


def _bracket(form: Form, brackets: Mapping[str, Any], known: Known, *, money: bool) -> tuple[str, str]:
    """The line of the table that applies, and how much less it is than the dearest one."""
    of = value(brackets["of"], known)
    if of is None:
        return "", ""
    low: Any = None
    for line in brackets["table"]:
        top = line.get("up_to")
        if top is None or of <= Decimal(str(top)):
            break
        low = top
    else:
        return "", ""
    what = _operand(form, brackets["of"], known)
    between = {"low": _number(low), "top": _number(top)}
    if top is None and low is None:
        told = what
    elif top is None:
        told = what + " : " + _("tranche au-dessus de %(low)s") % between
    elif low is None:
        told = what + " : " + _("tranche jusqu’à %(top)s") % between
    else:
        told = what + " : " + _("tranche de plus de %(low)s à %(top)s") % between
    prices = [price for each in brackets["table"] if (price := value(each["then"], known)) is not None]
    here = value(line["then"], known)
    if money and here is not None and prices and max(prices) > here:
        full, less = max(prices), max(prices) - here
        return told, _("Tarif plein : %(full)s ; réduction : %(less)s") % {
            "full": amount_in_words(full, money=True), "less": amount_in_words(less, money=True),
        }  # fmt: skip
    return told, ""


def _operand(form: Form, part: Any, known: Known) -> str:
    """A part of a calculation, with its value: « Repas par mois (16) »."""
    found = value(part, known)
    if isinstance(part, dict) and "field" in part:
        id = part["field"]
        field, inner = form.by_id.get(id), form.computed_by_id.get(id)
        label = said(field.label) if field else said(inner.label) if inner else id
        money = (field.type if field else inner.type if inner else "") == "money"
        return f"{label} ({_number(found) if not money else amount_in_words(found, money=True)})"
    return _number(found)


def _number(number: Any) -> str:
    if number is None:
        return "?"
    decimal = Decimal(str(number)).normalize()
    places = max(0, -int(decimal.as_tuple().exponent))
    return str(number_format(decimal, decimal_pos=places, use_l10n=True, force_grouping=True))


def _first_brackets(expression: Any) -> Mapping[str, Any] | None:
    """The brackets of an expression, when there is one table only to explain."""
    found = list(_tables(expression))
    return found[0] if len(found) == 1 else None


def _tables(expression: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(expression, dict):
        if "brackets" in expression:
            yield expression["brackets"]
        for key, part in expression.items():
            if key != "brackets":
                yield from _tables(part)
    elif isinstance(expression, list | tuple):
        for part in expression:
            yield from _tables(part)


def _named(expression: Any) -> Iterator[str]:
    if isinstance(expression, dict):
        for key, part in expression.items():
            if key in ("field", "total") and isinstance(part, str):
                yield part
            else:
                yield from _named(part)
    elif isinstance(expression, list | tuple):
        for part in expression:
            yield from _named(part)
