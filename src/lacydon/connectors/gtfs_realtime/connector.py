"""GTFS-RT 2.0: **fetch** one message or several, **parse** them, pure, and hand what they say to transport.

Source: https://gtfs.org/documentation/realtime/reference/ (protocol buffers; `google.transit`).
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from lacydon.capabilities.mobility.public import (
    NotWhatWasAsked,
    Question,
    Remark,
    Said,
    live_connectors,
    live_healths,
    no_page,
)
from lacydon.connectors import Check, check_of

from .alerts import alert_of
from .trips import FeedMessage, calls_of, trip_of
from .vehicles import vehicle_of
from .wire import MalformedError, letters

MOST: Final = 200_000
"""Entities of one message."""
DIFFERENTIAL: Final = 1
"""FeedHeader.Incrementality."""
KEPT: Final = 8
"""Sources of which the whole is remembered, for those that tell only what changes."""


class GtfsRealtime:
    """The kind of source."""

    kind = "gtfs_realtime"
    title = _l("GTFS-RT")

    def __init__(self) -> None:
        self._known: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def ask(self, question: Question) -> Said:
        """Every address of the source, read as one message."""
        said = Said()
        for url in question.urls:
            answer = question.get(question.address(url))
            _join(said, self.read(answer.content, of=f"{question.source} {url}"))
        return said

    def subjects(self, _options: Mapping[str, Any], /) -> tuple[str, ...]:
        return ("whole",)

    def read(self, content: bytes, *, of: str) -> Said:
        """One message; one that tells only what changes is added to what was known. Raises NotWhatWasAsked."""
        message = message_of(content)
        remarks: list[Remark] = []
        if message.header.incrementality == DIFFERENTIAL:
            known = self._known.get(of)
            if known is None:
                told = _("La source ne dit que ce qui change, et nous ne savons pas encore tout.")
                remarks.append(Remark(code="differential", sentence=told))
                known = {}
            for each in message.entity:
                if each.is_deleted:
                    known.pop(letters(each.id), None)
                else:
                    known[letters(each.id)] = each
            self._remember(of, known)
            entities = list(known.values())
        else:
            entities = [each for each in message.entity if not each.is_deleted]
            self._remember(of, {letters(each.id): each for each in entities})
        said = said_of(entities, said_at=int(message.header.timestamp))
        said.remarks += remarks
        return said

    def _remember(self, of: str, known: dict[str, Any]) -> None:
        self._known[of] = known
        self._known.move_to_end(of)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)


def message_of(content: bytes) -> Any:
    """The message. Raises NotWhatWasAsked when it is none, with what it looks like."""
    no_page(content)
    message = FeedMessage()
    try:
        message.ParseFromString(content)
    except (DecodeError, RecursionError, ValueError, SystemError) as error:
        if content.lstrip()[:1] in (b"{", b"<"):
            raise NotWhatWasAsked(_("La source a répondu du texte (JSON ou XML) au lieu de GTFS-RT.")) from error
        raise NotWhatWasAsked(_("Le message GTFS-RT est illisible : il est tronqué, ou ce n’en est pas un.")) from error
    if not message.HasField("header"):
        raise NotWhatWasAsked(_("Le message GTFS-RT n’a pas d’en-tête : il est tronqué, ou ce n’en est pas un."))
    if len(message.entity) > MOST:
        raise NotWhatWasAsked(_("Le message GTFS-RT a plus de %d éléments.") % MOST)
    return message


def said_of(entities: Sequence[Any], *, said_at: int) -> Said:
    """What these entities say. Raises NotWhatWasAsked."""
    said = Said(said_at=said_at)
    empty = nowhere = 0
    updates: list[Sequence[bytes]] = []
    for each in entities:
        if each.HasField("trip_update"):
            update = each.trip_update
            said.trips.append(trip_of(update))
            updates.append(update.stop_time_update)
        elif each.HasField("vehicle"):
            vehicle = vehicle_of(each.vehicle, id=each.id)
            if vehicle is None:
                nowhere += 1
            else:
                said.vehicles.append(vehicle)
        elif each.HasField("alert"):
            said.alerts.append(alert_of(each.alert, id=each.id, said_at=said_at))
        else:
            empty += 1
    try:
        said.calls = calls_of(updates, said_at=[each.said_at for each in said.trips])
    except MalformedError as error:
        raise NotWhatWasAsked(_("Le message GTFS-RT est illisible : ses passages sont abîmés.")) from error
    if nowhere:
        sentence = _("Véhicules sans position, ou à une position impossible.")
        said.remarks.append(Remark(code="nowhere", sentence=sentence, count=nowhere))
    if empty:
        sentence = _("Éléments qui ne disent ni course, ni véhicule, ni message.")
        said.remarks.append(Remark(code="empty", sentence=sentence, count=empty))
    return said


def _join(into: Said, other: Said) -> None:
    """Two messages of one source: the older date is that of both."""
    into.said_at = min(filter(None, (into.said_at, other.said_at)), default=0)
    if other.calls is not None:
        other.calls.owner = other.calls.owner + len(into.trips)
        into.calls = other.calls if into.calls is None else into.calls.joined(other.calls)
    into.trips += other.trips
    into.vehicles += other.vehicles
    into.alerts += other.alerts
    into.remarks += other.remarks


def check() -> Check:
    """Each source that uses it."""
    return check_of(live_healths(GtfsRealtime.kind), nothing=_("Aucune source GTFS-RT n’est interrogée."))


live_connectors.plug(GtfsRealtime())
