"""Booking, moving and cancelling an appointment; who came. The database refuses to give a counter twice."""

import contextlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import mail, site
from lacydon.kernel.access import MACHINE, NOBODY, Actor
from lacydon.kernel.clock import LOCAL, now
from lacydon.kernel.events import publish
from lacydon.kernel.texts import said

from ..errors import NotNow, SlotTaken, WrongAnswers
from ..events import AppointmentChanged
from ..models import Appointment, AppointmentState, CounterPlace, HeldTime, Motive
from ..queries import appointments, numbers, slots
from ..queries.requests import request_by_number
from ..queries.sealed import new_key, seal
from .moving import changing

PURPOSE = "appointments"
ATTEMPTS = 5
SOON, AGAIN = timedelta(seconds=30), timedelta(minutes=5)
"""When a worker looks whether a message was written, and when it looks again."""


def book(
    *,
    actor: Actor,
    place: CounterPlace,
    motive: Motive,
    starts_at: datetime,
    name: str,
    email: str,
    phone: str = "",
    booking: UUID,
    request: str = "",
) -> Appointment:
    """An appointment at a free moment, told by e-mail. The same `booking` always gives the same appointment.

    `request`: the number of a request of theirs it is about. Raises WrongAnswers, SlotTaken, UnknownRequest.
    """
    contact = _checked(name=name, email=email, phone=phone)
    about = request_by_number(request, actor=actor, action="request.write") if request and actor.known else None
    secret_hash = numbers.hash_of(numbers.secret_of(booking))
    trust.bring(secret_hash)
    for _attempt in range(ATTEMPTS):
        found = Appointment.objects.filter(booking_key=booking).first()
        if found is not None:
            return found
        # Sent twice at once, a number or a counter taken meanwhile: look again.
        with contextlib.suppress(IntegrityError), transaction.atomic():
            slot = _slot(place, motive, starts_at)
            row = Appointment(
                id=uuid4(),
                number=_number(),
                desk_id=slot.seats[0].desk,
                place=place,
                organisation_id=place.organisation_id,
                motive=motive,
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
                request=about,
                person_id=actor.principal or None,
                secret_hash=secret_hash,
                booking_key=booking,
                booked_at=now(),
                changed_at=now(),
            )
            _to_tell(row, "booked")
            row.sealed = seal(contact, key=new_key(row), holder=row, field="sealed")
            row.save(force_insert=True)
            _hold(row, slot.seats[0])
            _record(actor, row, "appointment.book")
            if about is not None:
                with changing(actor=actor, action="request.write", number=about.number) as change:
                    change.note("appointment-booked", facts={"at": row.starts_at.isoformat()}, told=True)
            return row
    raise SlotTaken(_("Cet horaire vient d’être pris. Choisissez-en un autre."))


def move(*, actor: Actor, number: str, secret: str, starts_at: datetime) -> Appointment:
    """To another free moment of the same place. Raises UnknownAppointment, NotNow, SlotTaken; then it stands."""
    for _attempt in range(ATTEMPTS):
        with contextlib.suppress(IntegrityError):
            with _changing(number, secret) as row:
                _require_to_come(row)
                if row.starts_at == starts_at:
                    return row
                row.held.all().delete()
                slot = _slot(row.place, row.motive, starts_at)
                row.desk_id, row.starts_at, row.ends_at = slot.seats[0].desk, slot.starts_at, slot.ends_at
                row.reminder_sent_at = None
                row.sequence += 1
                row.changed_at = now()
                _to_tell(row, "moved")
                row.save()
                _hold(row, slot.seats[0])
                _record(actor, row, "appointment.move")
            return row
    raise SlotTaken(_("Cet horaire vient d’être pris. Choisissez-en un autre."))


def cancel(*, actor: Actor, number: str, secret: str) -> Appointment:
    """By whoever holds its link: the counter is free again. Once more changes nothing."""
    with _changing(number, secret) as row:
        if row.state != AppointmentState.CANCELLED:
            _require_to_come(row)
            _cancelled(row, actor)
    return row


def cancel_by_agent(*, actor: Actor, number: str) -> Appointment:
    """By the organisation that receives; who was to come is told."""
    with _handling(actor, number, "cancel") as row:
        _require_to_come(row)
        _cancelled(row, actor, recorded=True)
    return row


def mark(*, actor: Actor, number: str, state: AppointmentState) -> Appointment:
    """Whether who was awaited came (or that nobody knows yet: BOOKED takes a mistake back)."""
    with _handling(actor, number, "mark") as row:
        if row.state == AppointmentState.CANCELLED or state == AppointmentState.CANCELLED:
            raise NotNow(_("Ce rendez-vous est annulé."))
        if row.starts_at.astimezone(LOCAL).date() > now().astimezone(LOCAL).date():
            raise NotNow(_("Ce rendez-vous est à venir : on ne sait pas encore qui viendra."))
        row.state = state
        row.save(update_fields=["state"])
    return row


def read_day(*, actor: Actor, rows: list[Appointment]) -> dict[UUID, appointments.Comer]:
    """Who comes, for the agent who receives them: each one's name that is read is in the journal."""
    with transaction.atomic(), trust.house():
        trust.record_all(
            trust.Draft(
                actor=actor, subject=row.person_id or "", action="appointment.read", purpose=PURPOSE, object=_named(row)
            )
            for row in rows
            if row.wrapped is not None
        )
    return {row.pk: appointments.comer(row) for row in rows}


def remind() -> int:
    """Whoever comes tomorrow is told today, once; how many."""
    here = now().astimezone(LOCAL)
    begin = datetime.combine(here.date() + timedelta(days=1), datetime.min.time(), tzinfo=LOCAL)
    end = datetime.combine(here.date() + timedelta(days=2), datetime.min.time(), tzinfo=LOCAL)
    rows = Appointment.objects.filter(
        state=AppointmentState.BOOKED, reminder_sent_at=None, starts_at__gte=begin, starts_at__lt=end
    )
    told = 0
    for id in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            row = Appointment.objects.select_for_update().get(pk=id)
            if row.state == AppointmentState.BOOKED and row.reminder_sent_at is None:
                row.reminder_sent_at = now()
                _to_tell(row, "reminder")
                row.save(update_fields=["reminder_sent_at", "to_tell", "tell_at"])
                told += 1
    return told


def take_untold(*, most: int) -> list[str]:
    """Those whose message is late (a worker died, the mail server was silent), taken for a while. In a transaction."""
    moment = now()
    rows = Appointment.objects.filter(tell_at__lte=moment).order_by("tell_at")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    taken = list(rows.values_list("pk", flat=True)[:most])
    Appointment.objects.filter(pk__in=taken).update(tell_at=moment + AGAIN)
    return [str(each) for each in taken]


def tell(*, appointment: str) -> None:
    """Write to who comes what is still to be told, with the file for their calendar.

    Written twice, it is the same message (its Message-ID). Raises Unavailable, to be tried again.
    """
    row = Appointment.objects.select_related("motive", "place", "organisation").filter(pk=appointment).first()
    if row is None or not row.to_tell:
        return
    who, what = appointments.comer(row), row.to_tell
    if who.email:
        with translation.override(who.lang or "fr"), contextlib.suppress(mail.Undeliverable):
            file = mail.Attached(name="rendez-vous.ics", media_type="text/calendar", content=appointments.calendar(row))
            files = [] if what == "reminder" else [file]
            mail.hand_over(letter(row, who, what), id=uuid5(row.pk, f"{what}:{row.sequence}"), files=files)
    same = Appointment.objects.filter(pk=row.pk, sequence=row.sequence, to_tell=what)
    same.update(to_tell="", tell_at=None)


def letter(row: Appointment, who: appointments.Comer, what: str) -> mail.Message:
    """The message, in the active language."""
    day = date_format(row.starts_at.astimezone(LOCAL), "l j F Y")
    moment = _("%(day)s à %(hour)s") % {"day": day, "hour": appointments.when(row)}
    subject = {
        "booked": _("Rendez-vous confirmé : %s"), "moved": _("Rendez-vous déplacé : %s"),
        "cancelled": _("Rendez-vous annulé : %s"), "reminder": _("Rappel, rendez-vous demain : %s"),
    }[what] % moment  # fmt: skip
    facts = [
        (_("Pour"), said(row.motive.name)),
        (_("Quand"), moment),
        (_("Où"), f"{said(row.place.name)}, {row.place.address}"),
        (_("Numéro"), row.number),
    ]
    if what == "cancelled":
        return mail.Message(
            to=who.email, subject=subject, facts=tuple(facts),
            paragraphs=(_("Ce rendez-vous n’a plus lieu."),),
            action=mail.Link(_("Prendre un autre rendez-vous"), site.address() + reverse("appointments")),
        )  # fmt: skip
    paragraphs = [_("%s vous attend.") % said(row.organisation.name)]
    if row.motive.documents:
        paragraphs.append(_("À apporter : %s.") % " ; ".join(said(each) for each in row.motive.documents))
    return mail.Message(
        to=who.email, subject=subject, facts=tuple(facts),
        paragraphs=tuple(paragraphs),
        action=mail.Link(_("Déplacer ou annuler"), site.address() + appointments.link(row)),
        after=(_("Si vous ne pouvez pas venir, annulez : quelqu’un d’autre prendra la place."),),
    )  # fmt: skip


def _to_tell(row: Appointment, what: str) -> None:
    """With the change itself: both are kept, or none."""
    row.to_tell, row.tell_at = what, now() + SOON
    publish(AppointmentChanged(appointment=str(row.pk)))


def _slot(place: CounterPlace, motive: Motive, starts_at: datetime) -> slots.Slot:
    """The slot, its place locked: those who book there at the same moment come one after the other."""
    CounterPlace.objects.select_for_update(of=("self",)).get(pk=place.pk)
    day = starts_at.astimezone(LOCAL).date()
    for slot in slots.free(place, motive, first=day, last=day):
        if slot.starts_at == starts_at:
            return slot
    raise SlotTaken(_("Cet horaire vient d’être pris, ou n’est pas proposé. Choisissez-en un autre."))


def _hold(row: Appointment, seat: slots.Seat) -> None:
    HeldTime.objects.bulk_create(
        HeldTime(appointment=row, desk_id=seat.desk, counter=seat.counter, at=at)
        for at in slots.ticks(row.starts_at, row.ends_at - row.starts_at)
    )


def _cancelled(row: Appointment, actor: Actor, *, recorded: bool = False) -> None:
    row.held.all().delete()
    row.state, row.changed_at = AppointmentState.CANCELLED, now()
    row.sequence += 1
    _to_tell(row, "cancelled")
    row.save(update_fields=["state", "changed_at", "sequence", "to_tell", "tell_at"])
    if not recorded:
        _record(actor, row, "appointment.cancel")


@contextmanager
def _changing(number: str, secret: str) -> Iterator[Appointment]:
    found = appointments.appointment_by_secret(number, secret=secret)
    with transaction.atomic():
        yield _locked(found)


@contextmanager
def _handling(actor: Actor, number: str, verb: str) -> Iterator[Appointment]:
    found = Appointment.objects.filter(number=appointments.tidy(number)).first()
    if found is None or not trust.can(actor, None, "appointment.handle", found):
        raise appointments.unknown()
    with trust.acting(
        actor=actor, action="appointment.handle", object=found, named=f"{_named(found)};{verb}", purpose=PURPOSE,
        subject=found.person_id or "",
    ):  # fmt: skip
        yield _locked(found)


def _locked(found: Appointment) -> Appointment:
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("motive", "place", "organisation")
    return rows.get(pk=found.pk)


def _require_to_come(row: Appointment) -> None:
    if row.state != AppointmentState.BOOKED or row.starts_at <= now():
        raise NotNow(_("Ce rendez-vous est passé ou annulé : prenez-en un autre."))


def _record(actor: Actor, row: Appointment, action: str) -> None:
    with trust.house():
        trust.record(
            actor=actor if actor.known or actor.kind == MACHINE.kind else NOBODY, subject=row.person_id or "",
            action=action, purpose=PURPOSE, object=_named(row),
        )  # fmt: skip


def _named(row: Appointment) -> str:
    return f"appointment:{row.number}"


def _number() -> str:
    drawn = "".join(secrets.choice(numbers.SIGNS) for _each in range(6))
    return f"V-{now().astimezone(LOCAL).year}-{drawn}"


def _checked(*, name: str, email: str, phone: str) -> dict[str, str]:
    """How to reach who comes. Raises WrongAnswers, a sentence a field."""
    errors = {}
    name, email, phone = (" ".join(each.split()) for each in (name, email, phone))
    if not 2 <= len(name) <= 120:
        errors["nom"] = _("Écrivez votre prénom et votre nom : l’agent vous appellera ainsi.")
    try:
        validate_email(email)
        if len(email) > 254:
            raise ValidationError("long")
    except ValidationError:
        errors["courriel"] = _("Écrivez une adresse comme nom@exemple.fr : la confirmation y est envoyée.")
    if len(phone) > 30:
        errors["telephone"] = _("Ce numéro est trop long.")
    if errors:
        raise WrongAnswers(_("Des réponses sont à revoir."), errors=errors)
    return {"name": name, "email": email, "phone": phone, "lang": (translation.get_language() or "fr")[:2]}
