"""Who will get a request, and what of it: told before it is sent (GDPR, articles 13 and 14).

Nobody is asked to agree: to handle a request is a task of the public interest (article 6.1.e). The name and the address
of who asks are given to a system that publishes what it gets only when they ticked that they may be (`contact.share`).
"""

from dataclasses import dataclass
from typing import Any, Literal

from lacydon.kernel.forms import Answers, Form
from lacydon.kernel.texts import said

from ..models import RouteState
from ..ports import channels
from .parcels import AGREED
from .published import Held
from .routes import route_to, skill_of

NAMING = ("email", "phone", "signature", "iban")
"""Types of answers that tell or reach somebody, whatever their datum."""
OF_SOMEBODY = "person."


@dataclass(frozen=True, slots=True)
class Handing:
    """`way`: read here by its agents, or handed to a system of its own; `carries`: all the answers, or what everybody
    may read. `named`: the questions answered that tell who asks. `agreed`: whether they let their contact be given."""

    way: Literal["here", "away"]
    carries: Literal["answers", "open-text"]
    channel: Any
    named: tuple[str, ...]
    agreed: bool


def handing(held: Held, answers: Answers, *, organisation: str) -> Handing:
    """What becomes of these answers once they are sent to the organisation in charge."""
    route = route_to(organisation, service=held.form.service, skill=skill_of(held.version))
    if route is not None and RouteState.objects.filter(route=route.pk, stopped_at__isnull=False).exists():
        route = None
    channel = channels.get(route.channel) if route else None
    return Handing(
        way="away" if route else "here",
        carries=channel.carries if channel else "answers",
        channel=channel.title if channel else "",
        named=_named(held.form, answers),
        agreed=any(each.datum == AGREED and answers.get(each.id) is True for each in held.form.fields()),
    )


def _named(form: Form, answers: Answers) -> tuple[str, ...]:
    told = (
        said(each.label)
        for each in form.fields()
        if answers.get(each.id) and (each.type in NAMING or each.datum.startswith(OF_SOMEBODY))
    )
    return tuple(dict.fromkeys(told))
