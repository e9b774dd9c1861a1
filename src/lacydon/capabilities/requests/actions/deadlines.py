"""What time does to requests: the silence that decides, the lateness that is told. Once a day, one transaction each.

The delay of the law runs from the day of the request (CRPA, art. L. 231-1 and following) and stood still while the
resident was waited for. A run that is killed in between goes on at the next: each request is found again until its
silence has decided.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from django.db.models import QuerySet

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import LOCAL, now
from lacydon.kernel.errors import Refused

from ..models import AskedDocument, AskedState, Outcome, Request, RequestState, Silence, Step
from ..queries.appeal import means_of_appeal
from .decisions import decided_by_silence
from .moving import Change, changing

SOON = timedelta(days=5)
"""How long before the end of a delay agents are warned, and residents reminded of what they were asked for."""
DECIDES = {Silence.ACCEPT: Outcome.TACIT_ACCEPTED, Silence.REJECT: Outcome.TACIT_REFUSED}
log = structlog.get_logger("lacydon.requests")


def pass_time() -> int:
    """All that is due at this moment; how many requests it changed."""
    moment = now()
    done = _each(silences(moment), _decide_by_silence)
    done += _each(late(moment), _warn)
    return done + _each(forgotten(moment), _remind)


def silences(moment: datetime) -> list[str]:
    """Numbers of the requests whose silence has decided."""
    with trust.house():
        return list(_waited_for(moment).exclude(silence=Silence.NONE).values_list("number", flat=True))


def late(moment: datetime) -> list[str]:
    """Numbers of the requests that agents have to be warned of: nearly late, or late."""
    with trust.house():
        return list(_waited_for(moment + SOON).values_list("number", flat=True))


def forgotten(moment: datetime) -> list[str]:
    """Numbers of the requests whose resident has not given a document, a few days before the last one."""
    soon = (moment + SOON).astimezone(LOCAL).date()
    with trust.house():
        rows = AskedDocument.objects.filter(state=AskedState.ASKED, until__lte=soon)
        return list(rows.order_by("until").values_list("request__number", flat=True).distinct())


def _waited_for(moment: datetime) -> QuerySet[Request]:
    open_ones = Request.objects.exclude(state__in=(RequestState.CLOSED, RequestState.WAITING))
    return open_ones.filter(due_at__lt=moment).order_by("due_at")


def _each(numbers: Iterable[str], act: Callable[[Change], int]) -> int:
    done = 0
    for number in numbers:
        try:
            with changing(actor=MACHINE, action="request.lapse", number=number) as change:
                did = act(change)
                if not did:
                    raise NothingToDo("")
            done += did
        except NothingToDo:
            continue
        except Refused as refusal:  # somebody wrote to it meanwhile: tomorrow says whether it is still due
            log.warning("request.not-lapsed", number=number, why=refusal.code)
    return done


class NothingToDo(Refused):
    """Since it was found, the request was answered, or was warned of already: nothing is written."""


def _decide_by_silence(change: Change) -> int:
    row = change.request
    if row.state in (RequestState.CLOSED, RequestState.WAITING) or not row.silence or row.due_at is None:
        return 0
    if row.due_at >= now():
        return 0
    outcome = DECIDES[Silence(row.silence)]
    words = {"law": (row.form.content.get("silence") or {}).get("law", "")}
    if outcome == Outcome.TACIT_REFUSED:
        words["appeal"] = means_of_appeal(row)
    decided_by_silence(change, outcome, words=words)
    return 1


def _warn(change: Change) -> int:
    """An internal line of the timeline, which the desk shows; each warning once for each delay."""
    row = change.request
    if row.state in (RequestState.CLOSED, RequestState.WAITING) or row.due_at is None:
        return 0
    kind = "overdue" if row.due_at < now() else "due-soon"
    due = row.due_at.isoformat()
    if Step.objects.filter(request=row, kind=kind, facts__due=due).exists():
        return 0
    change.note(kind, facts={"due": due}, public=False)
    return 1


def _remind(change: Change) -> int:
    """The resident is reminded once of each document; once the last day is past, agents see it."""
    done, today = 0, now().astimezone(LOCAL).date()
    asked = AskedDocument.objects.filter(request=change.request, state=AskedState.ASKED, until__isnull=False)
    for row in asked.select_related("asked"):
        past = row.until is not None and row.until < today
        kind = "document-late" if past else "document-reminder"
        facts = {"document": str(row.pk)}
        if Step.objects.filter(request=change.request, kind=kind, facts__document=str(row.pk)).exists():
            continue
        change.note(kind, facts=facts | {"until": str(row.until)}, public=not past)
        done += 1
    return done
