"""Asking a source once: what it says becomes its last word, what goes wrong is told in a sentence."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import structlog
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lacydon.kernel import clock
from lacydon.kernel.errors import Refused
from lacydon.kernel.http import Timeout

from ...errors import NoTimetable, NotWhatWasAsked
from ...models import LiveHour, LiveSource, LiveTurn, LiveWords
from ...ports import WHOLE, LiveConnector, Question, Remark, Said, SaidStations, Subject, live_connectors
from ...ports.sources import PATIENCE
from ...queries.live.hearing import heard, when_said
from ...queries.live.parts import encoded
from ...queries.live.stations import encoded_stations
from ...queries.timetable import timetable
from . import demand, turns

LONGEST_WAIT: Final = timedelta(minutes=10)
"""A source that keeps failing is asked no less often than that, even when nobody looks."""
PROBED: Final = timedelta(seconds=60)
"""The same, when somebody looks at what it speaks of, and for a source that tells all at once."""
HURRY: Final = Timeout(connect=1.0, read=2.0, total=2.5)
"""For sources asked about what somebody is looking at: after that, the answer comes too late."""
REFRESH: Final = 3_600
"""Seconds between two readings of what changes seldom."""
MOST_REMARKS: Final = 20
log = structlog.get_logger("lacydon.live")


@dataclass(frozen=True)
class _Asked:
    """How a question ended."""

    said: Said | SaidStations | None
    error: str
    seconds: float
    unreadable: bool = False
    """It answered, and that was of no use."""


def due(moment: datetime, *, kinds: Sequence[str]) -> list[str]:
    """Sources that nobody is asking and whose time has come; one that fails and is looked at is not waited for long."""
    for turn in turns.failing(asked_before=moment - PROBED, next_after=moment):
        if demand.somebody_looks(turn.source, moment=moment):
            turns.wake(turn.source_id, moment=moment)
    return turns.due(moment, kinds=kinds)


def ask_due(*, holder: str, kinds: Sequence[str] | None = None) -> int:
    """Ask every source whose turn has come, one after another; how many. For commands and tests."""
    return sum(ask(source, holder=holder) for source in due(clock.now(), kinds=kinds or live_connectors.kinds()))


def ask(source: str, *, holder: str) -> bool:
    """Take the turn of this source and ask it; False when another process has it."""
    moment = clock.now()
    if _nothing_to_ask(source, moment):
        return False
    turn = turns.take(source, holder=holder, moment=moment)
    if turn is None:
        return False
    connector = live_connectors.get(turn.source.kind)
    if connector is None:
        _failed(turn, _("Aucun connecteur ne s’appelle « %s ».") % turn.source.kind, seconds=0.0)
        return True
    subject = WHOLE
    if _on_demand(turn.source, connector):
        wanted = demand.next_subject(turn, connector, moment=moment)
        wait = turns.wait_for_quota(turn.spent, per_minute=turn.source.per_minute, when=moment.timestamp())
        if wanted is None or wait > 0 or not turns.spend(turn, when=moment.timestamp()):
            _come_back(turn, moment + timedelta(seconds=max(wait, demand.PAUSE)))
            return True
        subject = wanted
    elif not turns.spend(turn, when=moment.timestamp()):
        _come_back(turn, moment + timedelta(seconds=turns.MINUTE / max(1, turn.source.per_minute)))
        return True
    _settle(turn, subject, _question(turn, connector, subject, moment))
    return True


def _nothing_to_ask(source: str, moment: datetime) -> bool:
    """Whether a source that is asked on demand may be left alone: seen without writing anything, every second."""
    turn = LiveTurn.objects.select_related("source").filter(source=source).first()
    connector = live_connectors.get(turn.source.kind) if turn is not None else None
    if turn is None or connector is None or not _on_demand(turn.source, connector):
        return False
    wait = turns.wait_for_quota(turn.spent, per_minute=turn.source.per_minute, when=moment.timestamp())
    return wait > 0 or demand.next_subject(turn, connector, moment=moment) is None


def _on_demand(source: LiveSource, connector: LiveConnector) -> bool:
    """Whether this source is asked about what people look at, one thing at a time."""
    return WHOLE.kind not in connector.subjects(source.options)


def _question(turn: LiveTurn, connector: LiveConnector, subject: Subject, moment: datetime) -> _Asked:
    source = turn.source
    question = Question(
        source=source.pk,
        urls=tuple(source.urls),
        options=source.options,
        subject=subject,
        now=int(moment.timestamp()),
        patience=HURRY if _on_demand(source, connector) else PATIENCE,
        refresh=moment.timestamp() - float(turn.state.get("refreshed", 0)) >= REFRESH,
    )
    began, unreadable = time.monotonic(), False
    try:
        said: Said | SaidStations | None = connector.ask(question)
        error = ""
    except NotWhatWasAsked as refusal:
        said, error, unreadable = None, str(refusal.sentence), True
    except Refused as refusal:
        said, error = None, str(refusal.sentence)
    except Exception as bug:  # a connector that raises something else has a fault of ours: the source goes on
        log.exception("live.connector-failed", source=source.pk)
        said, error = None, _("La réponse de la source n’a pas pu être lue (%s).") % type(bug).__name__
        unreadable = True
    return _Asked(said, error, time.monotonic() - began, unreadable)


def _settle(turn: LiveTurn, subject: Subject, asked: _Asked) -> None:
    if asked.said is None:
        _failed(turn, asked.error, seconds=asked.seconds, subject=subject, unreadable=asked.unreadable)
    elif isinstance(asked.said, SaidStations):
        _take_stations(turn, asked.said, seconds=asked.seconds)
    else:
        _take(turn, subject, asked.said, seconds=asked.seconds)


def _take(turn: LiveTurn, subject: Subject, said: Said, *, seconds: float) -> None:
    source, moment = turn.source, clock.now()
    when = int(moment.timestamp())
    state = dict(turn.state)
    first_seen = _first_seen(state, subject, said.said_at, when)
    said_at, remarks = when_said(said.said_at, first_seen=first_seen, now=when)
    backwards = turn.said_at is not None and subject is WHOLE and said_at < int(turn.said_at.timestamp())
    if backwards:
        sentence = _("La source a répondu une réponse plus ancienne que la précédente : elle est laissée de côté.")
        _finish(turn, said_at=turn.said_at, remarks=[Remark(code="older", sentence=sentence)], state=state,
                seconds=seconds, moment=moment)  # fmt: skip
        return
    try:
        table = timetable()
    except NoTimetable as refusal:
        _failed(turn, str(refusal.sentence), seconds=seconds, subject=subject)
        return
    part, found = heard(
        said,
        source=source.pk,
        prefixes=source.prefixes,
        patterns=_patterns(source),
        table=table,
        said_at=said_at,
        now=when,
    )
    demand.asked_about(state, subject, when=when, valid_until=said.valid_until)
    words = {} if subject.kind == "state" else {subject.key if subject is not WHOLE else "": encoded(part)}
    _finish(turn, said_at=datetime.fromtimestamp(said_at, UTC), remarks=[*remarks, *found], state=state,
            seconds=seconds, moment=moment, words=words, content=table.content)  # fmt: skip


def _take_stations(turn: LiveTurn, said: SaidStations, *, seconds: float) -> None:
    moment = clock.now()
    when = int(moment.timestamp())
    state = dict(turn.state)
    said_at, remarks = when_said(said.said_at, first_seen=_first_seen(state, WHOLE, said.said_at, when), now=when)
    if when - float(state.get("refreshed", 0)) >= REFRESH:
        state["refreshed"] = when
    _finish(turn, said_at=datetime.fromtimestamp(said_at, UTC), remarks=[*remarks, *said.remarks], state=state,
            seconds=seconds, moment=moment, words={"": encoded_stations(said)})  # fmt: skip


def _finish(
    turn: LiveTurn,
    *,
    said_at: datetime | None,
    remarks: Sequence[Remark],
    state: Mapping[str, Any],
    seconds: float,
    moment: datetime,
    words: Mapping[str, bytes] | None = None,
    content: str = "",
) -> None:
    """Keep what was said, count it, and leave the turn until the next time: in one transaction, if it is still ours."""
    source = turn.source
    stale = said_at is not None and moment - said_at > timedelta(seconds=source.stale_after)
    with transaction.atomic():
        mine = LiveTurn.objects.filter(source=source.pk, holder=turn.holder).update(
            holder="",
            held_until=None,
            next_at=_next(turn, moment),
            asked_at=moment,
            answered_at=moment,
            said_at=said_at,
            failures=0,
            failing_since=None,
            remarks=[asdict(each) for each in remarks[:MOST_REMARKS]],
            state={**state, "timetable": content},
        )
        if not mine:  # it took so long that another was given the turn
            return
        for subject, told in (words or {}).items():
            LiveWords.objects.update_or_create(
                source=source,
                subject=subject,
                defaults={"version": uuid4().hex, "said_at": said_at or moment, "content": told},
            )
        LiveWords.objects.filter(source=source, said_at__lt=moment - timedelta(hours=1)).exclude(subject="").delete()
        _count(source, moment, answered=1, stale=int(stale), milliseconds=int(seconds * 1000))


def _failed(turn: LiveTurn, error: str, *, seconds: float, subject: Subject = WHOLE, unreadable: bool = False) -> None:
    moment = clock.now()
    state = {**turn.state, "unreadable": unreadable}
    demand.asked_about(state, subject, when=int(moment.timestamp()), failed=True)
    turn.failures += 1
    every = timedelta(seconds=turn.source.every)
    wait = min(_longest_wait(turn, every, moment), every * 2 ** min(turn.failures - 1, 10))
    with transaction.atomic():
        mine = LiveTurn.objects.filter(source=turn.source_id, holder=turn.holder).update(
            holder="",
            held_until=None,
            next_at=moment + wait,
            asked_at=moment,
            failures=F("failures") + 1,
            failing_since=turn.failing_since or moment,
            error=error[:500],
            error_at=moment,
            state=state,
        )
        if mine:
            _count(turn.source, moment, failed=1, milliseconds=0, error=error[:500])
    log.warning("live.failed", source=turn.source_id, why=error[:200], seconds=round(seconds, 2))


def _longest_wait(turn: LiveTurn, every: timedelta, moment: datetime) -> timedelta:
    """How long a source that fails is left alone at most: the more it fails the longer, within that."""
    connector = live_connectors.get(turn.source.kind)
    unseen = connector is not None and _on_demand(turn.source, connector)
    if unseen and not demand.somebody_looks(turn.source, moment=moment):
        return LONGEST_WAIT
    return max(PROBED, every)


def _come_back(turn: LiveTurn, when: datetime) -> None:
    """Nothing to ask now, or nothing left to spend."""
    LiveTurn.objects.filter(source=turn.source_id, holder=turn.holder).update(
        holder="", held_until=None, next_at=when, state=turn.state
    )


def _next(turn: LiveTurn, moment: datetime) -> datetime:
    """When to come back: every so often, at a steady rhythm; at once for a source asked about what people look at."""
    connector = live_connectors.get(turn.source.kind)
    if connector is not None and _on_demand(turn.source, connector):
        return moment
    return moment + timedelta(seconds=turn.source.every)


def _count(source: LiveSource, moment: datetime, *, error: str = "", **more: int) -> None:
    hour = moment.replace(minute=0, second=0, microsecond=0)
    LiveHour.objects.get_or_create(source=source, hour=hour)
    changes: dict[str, Any] = {name: F(name) + count for name, count in more.items()}
    changes["asked"] = F("asked") + 1
    if error:
        changes["error"] = error
    LiveHour.objects.filter(source=source, hour=hour).update(**changes)


def _first_seen(state: dict[str, Any], subject: Subject, said_at: int, when: int) -> int:
    """When this date of the source was first read."""
    if subject is not WHOLE:
        return when
    told, seen = state.get("dated", (None, when))
    if told != said_at:
        state["dated"] = (said_at, when)
        return when
    return int(seen)


def _patterns(source: LiveSource) -> Mapping[str, str]:
    told = source.options.get("patterns")
    return {str(noun): str(pattern) for noun, pattern in told.items()} if isinstance(told, Mapping) else {}
