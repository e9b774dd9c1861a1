"""The receipt of a request: what it says, the code that proves it is ours, the same as a PDF/A to keep.

The code is made of the number of the request and of a mark that only this platform can make, from what the receipt
says. Whoever is shown a receipt asks /verifier: it says whether it is ours, and nothing of anybody.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import get_template
from django.utils.translation import get_language

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import paper, rows
from lacydon.kernel.forms import Answers, Form
from lacydon.kernel.texts import Localised

from ..models import Request, Step
from .answers import Line, Section, computed_in_words, in_words
from .numbers import MARKS, bare_code, grouped, signs_of
from .published import held

CODE = re.compile(r"R(\d{4})([A-Z0-9]{6})([A-Z0-9]{12})")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says. `content`: a mark of the answers, to compare; `authority`: to whom it was sent."""

    number: str
    title: Localised
    opened_at: datetime
    due_at: datetime | None
    authority: Localised
    form: Form
    version: int
    code: str
    content: str
    sections: tuple[Section, ...] = ()
    computed: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Authentic:
    """What anybody may know of a request whose receipt they hold."""

    number: str
    title: Localised
    opened_at: datetime
    authority: Localised
    content: str


def receipt(request: Request, *, answers: Answers | None = None, files: Mapping[str, str] | None = None) -> Receipt:
    """The receipt of a request; with its answers for whoever made it."""
    form = held(request.form).form
    first = _first(request)
    return Receipt(
        number=request.number,
        title=form.title,
        opened_at=request.opened_at,
        due_at=request.due_at,
        authority=request.organisation.name,
        form=form,
        version=request.form.number,
        code=code_of(request, first),
        content=_content(first),
        sections=tuple(in_words(form, answers, files=files)) if answers else (),
        computed=tuple(computed_in_words(form, answers)) if answers else (),
    )


def code_of(request: Request, first: Step) -> str:
    """« R-2026-7KQ4M2-ABCD-EFGH-JKMN »."""
    return f"{request.number}-{grouped(_mark(request, first))}"


@trust.in_house
def verified(code: str) -> Authentic | None:
    """What a code proves; None when it is not one of ours. However it is typed."""
    told = CODE.fullmatch(bare_code(code))
    number = f"R-{told[1]}-{told[2]}" if told else ""
    row = Request.objects.select_related("form", "organisation").filter(number=number).first() if told else None
    first = _first(row) if row else None
    right = _mark(row, first) if row and first else "-" * MARKS
    if not hmac.compare_digest(right, told[3] if told else "") or row is None or first is None:
        return None
    return Authentic(row.number, held(row.form).form.title, row.opened_at, row.organisation.name, _content(first))


def as_pdf(told: Receipt, *, address: str) -> bytes:
    """The receipt as a file to keep. `address`: of the page that verifies it."""
    context = {"r": told, "address": address, "qr": paper.qr(address), "lang": (get_language() or "fr")[:2]}
    return paper.printed(get_template("requests/receipt/paper.html").render(context))


def _first(request: Request) -> Step:
    found = rows.read(Step, request_id=request.pk, position=1)
    if found is None:
        raise Step.DoesNotExist
    return found


def _mark(request: Request, first: Step) -> str:
    said = "|".join(
        [request.number, request.opened_at.isoformat(), request.form.digest, str(first.facts.get("content", ""))]
    )
    return signs_of(said, purpose="receipt-code")


def _content(first: Step) -> str:
    return grouped(str(first.facts.get("content", "")).upper()[:16])
