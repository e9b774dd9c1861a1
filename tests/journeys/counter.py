"""Somebody with an appointment and something to pay, in a running product: for the visits of their pages."""

from datetime import timedelta
from typing import Any
from uuid import uuid4


def appointment_pages(actor: Any) -> dict[str, str]:
    """Book at the first place that has a free hour; its pages, and the page where the next free hour is booked."""
    from lacydon.capabilities.requests.actions import appointments as actions
    from lacydon.capabilities.requests.queries import appointments, slots
    from lacydon.kernel.clock import today

    motive = slots.motive("inscription-scolaire")
    place = slots.places(motive)[0]
    first, after, *_ = slots.free(place, motive, first=today(), last=today() + timedelta(days=motive.ahead_days))
    row = actions.book(
        actor=actor, place=place, motive=motive, starts_at=first.starts_at, name="Lou Martin", email="lou@exemple.fr",
        booking=uuid4(),
    )  # fmt: skip
    return {
        "my-appointments": "/mon-espace/rendez-vous",
        "appointment": appointments.link(row),
        "appointment-move": appointments.link(row, "appointment-move"),
        "appointment-cancel": appointments.link(row, "appointment-cancel"),
        "appointment-booking": f"/rendez-vous/{motive.id}/{place.id}/{after.mark}",
    }


def bill_page(actor: Any, *, organisation: str) -> str:
    """Ask for something that costs; the address where it is paid."""
    from lacydon.capabilities.requests.actions.opening import Where, open_request
    from lacydon.capabilities.requests.models import Payment
    from lacydon.capabilities.requests.queries import fees
    from tests.capabilities.requests.payments.paying import costly

    opened = open_request(
        actor=actor, form=costly(), answers={"quotient": "850", "repas": "16"},
        where=Where(citycode=organisation.removeprefix("commune-")), organisation=organisation, submission=uuid4(),
    )  # fmt: skip
    return fees.address_of(Payment.objects.get(request=opened.request))
