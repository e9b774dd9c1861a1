"""Reads appointments.yaml: what people come for, where, and when it is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints

from lacydon.kernel.folder import Document, Folder
from lacydon.kernel.texts import Text, Written

from ..actions.counters import DeskRead, PlaceRead, load_counters
from ..models import Closure, CounterDesk, CounterPlace, Motive, Opening

FILE = "appointments.yaml"
STEP = 5
"""Minutes: what counters are held by."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][05]$")]
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class MotiveText(Written):
    """What people come for. `notice`: hours before which it is booked; `ahead`: days that are open to booking."""

    id: Id
    name: Text
    about: Text | None = None
    documents: list[Text] = []
    forms: list[str] = []
    services: list[str] = []
    minutes: Annotated[int, Field(ge=5, le=480, multiple_of=STEP)]
    notice: Annotated[int, Field(ge=0, le=720)] = 24
    ahead: Annotated[int, Field(ge=1, le=366)] = 60


class HoursText(Written):
    """Hours on some days of the week, between two dates when they are said."""

    days: list[Day]
    opens: Hour
    closes: Hour
    since: date | None = None
    until: date | None = None


class DeskText(Written):
    """Counters that receive for the same motives."""

    id: Id
    motives: list[str]
    counters: Annotated[int, Field(ge=1, le=100)] = 1
    hours: list[HoursText]


class ClosureText(Written):
    """Days off; public holidays need no line."""

    first: date
    last: date
    why: Text | None = None


class PlaceText(Written):
    """Where people come."""

    id: Id
    organisation: str
    name: Text
    address: Annotated[str, StringConstraints(min_length=3, max_length=200)]
    citycode: str
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    access: Text | None = None
    desks: list[DeskText]
    closures: list[ClosureText] = []


class AppointmentsText(Written):
    """The whole file."""

    motives: list[MotiveText]
    places: list[PlaceText]


@dataclass
class AppointmentsRead:
    """Rows, not saved."""

    motives: list[Motive] = field(default_factory=list)
    places: list[PlaceRead] = field(default_factory=list)


class AppointmentsReader:
    """Offered to the kernel at `folder_readers`; a folder without the file offers no appointment."""

    def read(self, *, folder: Folder, earlier: Mapping[str, Any]) -> AppointmentsRead:
        if not folder.names(FILE):
            return AppointmentsRead()
        text, document = folder.read(FILE, AppointmentsText)
        if text is None or document is None:
            return AppointmentsRead()
        _check(folder, document, text, earlier)
        return AppointmentsRead(
            motives=[_motive(each, at) for at, each in enumerate(text.motives)],
            places=[_place(each, at) for at, each in enumerate(text.places)],
        )

    def load(self, read: AppointmentsRead) -> dict[str, int]:
        return load_counters(read.motives, read.places)


def _check(folder: Folder, document: Document, text: AppointmentsText, earlier: Mapping[str, Any]) -> None:
    """What is named exists, ids are one each, hours end after they begin."""

    def tell(*path: str | int, found: object, expected: str) -> None:
        folder.fault(file=FILE, line=document.line(*path), found=f"« {found} »", expected=expected)

    taken = _("un autre id : celui-ci est déjà pris")
    ids = {"motives": [each.id for each in text.motives], "places": [each.id for each in text.places]}
    for kind, names in ids.items():
        for at, id in enumerate(names):
            if id in names[:at]:
                tell(kind, at, "id", found=id, expected=taken)
    organisations = earlier["trust"]
    bodies = {one.id for one in (*organisations.authorities, *organisations.written)}
    motives, forms = {each.id for each in text.motives}, {form.id for form, _text in earlier["requests"].forms}
    communes = earlier["territory"].communes
    for at, motive in enumerate(text.motives):
        for number, id in enumerate(motive.forms):
            if id not in forms:
                tell("motives", at, "forms", number, found=id, expected=_("un formulaire du dossier"))
        for number, id in enumerate(motive.services):
            if id not in earlier["services"].services:
                tell("motives", at, "services", number, found=id, expected=_("un service du dossier"))
    for at, place in enumerate(text.places):
        if place.organisation not in bodies:
            tell(
                "places",
                at,
                "organisation",
                found=place.organisation,
                expected=_("une autorité ou un organisme du dossier"),
            )
        if place.citycode not in communes:
            tell("places", at, "citycode", found=place.citycode, expected=_("le code INSEE d’une commune du dossier"))
        desks = [each.id for each in place.desks]
        for number, desk in enumerate(place.desks):
            if desk.id in desks[:number]:
                tell("places", at, "desks", number, "id", found=desk.id, expected=taken)
            for index, id in enumerate(desk.motives):
                if id not in motives:
                    tell(
                        "places", at, "desks", number, "motives", index, found=id, expected=_("un motif de ce fichier")
                    )
            for index, hours in enumerate(desk.hours):
                if hours.closes <= hours.opens:
                    where = ("places", at, "desks", number, "hours", index, "closes")
                    tell(*where, found=hours.closes, expected=_("une heure après %s") % hours.opens)
        for number, closure in enumerate(place.closures):
            if closure.last < closure.first:
                tell(
                    "places", at, "closures", number, "last", found=closure.last, expected=_("un jour après le premier")
                )


def _motive(text: MotiveText, position: int) -> Motive:
    return Motive(
        id=text.id,
        name=text.name.stored(),
        about=text.about.stored() if text.about else {},
        documents=[each.stored() for each in text.documents],
        forms=text.forms,
        services=text.services,
        minutes=text.minutes,
        notice_hours=text.notice,
        ahead_days=text.ahead,
        position=position,
    )


def _place(text: PlaceText, position: int) -> PlaceRead:
    row = CounterPlace(
        id=text.id,
        organisation_id=text.organisation,
        name=text.name.stored(),
        address=text.address,
        citycode=text.citycode,
        lon=text.lon,
        lat=text.lat,
        access=text.access.stored() if text.access else {},
        position=position,
    )
    closures = [
        Closure(first=each.first, last=each.last, why=each.why.stored() if each.why else {}) for each in text.closures
    ]
    return PlaceRead(place=row, desks=[_desk(each) for each in text.desks], closures=closures)


def _desk(text: DeskText) -> DeskRead:
    openings = [
        Opening(
            weekday=DAYS.index(day),
            begins=time.fromisoformat(hours.opens),
            ends=time.fromisoformat(hours.closes),
            since=hours.since,
            until=hours.until,
        )
        for hours in text.hours
        for day in dict.fromkeys(hours.days)
    ]
    return DeskRead(desk=CounterDesk(name=text.id, motives=text.motives, counters=text.counters), openings=openings)
