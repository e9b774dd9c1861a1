"""Appointments found: by number and secret, by who comes, by who receives; and as files a calendar reads (RFC 5545)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.cards import Tracked
from lacydon.kernel.clock import LOCAL, now
from lacydon.kernel.texts import said

from ..errors import UnknownAppointment
from ..models import Appointment, AppointmentState, CounterPlace
from . import numbers
from .sealed import key_of, unseal
from .slots import hour_of


@dataclass(frozen=True, slots=True)
class Comer:
    """Who comes, as they said; all empty once erased."""

    name: str = ""
    email: str = ""
    phone: str = ""
    lang: str = "fr"


def unknown() -> UnknownAppointment:
    """Said alike of one that does not exist and of one that is not theirs."""
    return UnknownAppointment(_("Aucun rendez-vous ne correspond à cette adresse. Reprenez le lien du message reçu."))


def tidy(number: str) -> str:
    return number.strip().upper()[:20]


def appointment_by_secret(number: str, *, secret: str) -> Appointment:
    """Raises UnknownAppointment."""
    trust.bring(numbers.hash_of(secret))
    row = _rows().filter(number=tidy(number)).first()
    if not numbers.opens(secret, kept=row.secret_hash if row else "0" * 64) or row is None:
        raise unknown()
    return row


def appointments_of(actor: Actor) -> list[Appointment]:
    """Those of whom the actor acts for, not over yet, the next first."""
    if not actor.principal:
        return []
    rows = _rows().filter(person_id=actor.principal, state=AppointmentState.BOOKED, ends_at__gt=now())
    return list(rows.order_by("starts_at"))


def of_day(organisation: str, *, day: date, place: str = "") -> list[Appointment]:
    """Those an organisation receives on a day, in order; the cancelled ones are left out."""
    begin = datetime.combine(day, datetime.min.time(), tzinfo=LOCAL)
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=LOCAL)
    rows = _rows().filter(organisation_id=organisation, starts_at__gte=begin, starts_at__lt=end)
    if place:
        rows = rows.filter(place_id=place)
    return list(rows.exclude(state=AppointmentState.CANCELLED).order_by("starts_at", "place_id", "pk"))


def places_of(organisation: str) -> list[CounterPlace]:
    return list(CounterPlace.objects.filter(organisation_id=organisation, active=True).order_by("position", "id"))


def comer(row: Appointment) -> Comer:
    """Who comes."""
    if row.wrapped is None:
        return Comer()
    told = unseal(row.sealed, key=key_of(row), holder=row, field="sealed") or {}
    return Comer(**{name: str(told.get(name, "")) for name in ("name", "email", "phone", "lang")})


def secret_of(row: Appointment) -> str:
    return numbers.secret_of(row.booking_key)


def link(row: Appointment, name: str = "appointment") -> str:
    """The secret address where it is moved or cancelled, without a sign-in."""
    return reverse(name, kwargs={"number": row.number, "secret": secret_of(row)})


def when(row: Appointment) -> str:
    """« 9 h 20 »."""
    return hour_of(row.starts_at)


def tracked(actor: Actor) -> Iterator[Tracked]:
    """The next ones, for the overview of the space."""
    if actor.delegated:
        return
    for row in appointments_of(actor)[:3]:
        yield Tracked(
            title=_("Rendez-vous : %s") % said(row.motive.name),
            state=f"{row.starts_at.astimezone(LOCAL):%d/%m/%Y}, {when(row)}",
            address=link(row),
            at=row.starts_at,
        )


def calendar(row: Appointment) -> bytes:
    """The appointment as a message to calendars (RFC 5546): REQUEST, or CANCEL once it is cancelled.

    The same UID and a growing SEQUENCE: a calendar moves the entry it holds, or takes it away.
    """
    import icalendar  # heavy: only who makes appointments pays for it

    gone = row.state == AppointmentState.CANCELLED
    who = comer(row)
    made = icalendar.Calendar()
    made.add("prodid", "-//Lacydon//FR")
    made.add("version", "2.0")
    made.add("method", "CANCEL" if gone else "REQUEST")
    event = icalendar.Event()
    event.add("uid", f"{row.pk}@{urlsplit(settings.PUBLIC_URL).hostname or 'lacydon.localhost'}")
    event.add("sequence", row.sequence)
    event.add("dtstamp", row.changed_at)
    event.add("dtstart", row.starts_at.astimezone(LOCAL))
    event.add("dtend", row.ends_at.astimezone(LOCAL))
    event.add("status", "CANCELLED" if gone else "CONFIRMED")
    event.add("summary", _("Rendez-vous : %s") % said(row.motive.name))
    event.add("location", f"{said(row.place.name)}, {row.place.address}")
    if row.place.lat is not None and row.place.lon is not None:
        event.add("geo", (row.place.lat, row.place.lon))
    event.add("description", _("Rendez-vous %s. Pour le déplacer ou l’annuler : voyez le message reçu.") % row.number)
    event.add("organizer", _address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], said(row.organisation.name)))
    if who.email:
        event.add("attendee", _address(who.email, who.name))
    made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _address(email: str, name: str) -> Any:
    import icalendar

    told = icalendar.vCalAddress(f"mailto:{email}")
    told.params["CN"] = icalendar.vText(name.replace('"', "'"))
    return told


def _rows() -> QuerySet[Appointment]:
    return Appointment.objects.select_related("motive", "place", "organisation")
