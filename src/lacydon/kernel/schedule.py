"""What is done every day: a job, enqueued once a day by whichever worker comes first. And what is looked at all day.

    @daily(at=time(3, 30))                    # Europe/Paris
    @job()
    def purge() -> None: ...

`lacydon work` asks at each of its beats what is due. The day is noted in the transaction that enqueues the job: killed
in between, both happen or neither; two workers at once, one of them waits for the row and finds it done. A day on which
no worker ran is not caught up twice: the job runs once when one comes back.
"""

import threading
from collections.abc import Callable
from datetime import time
from typing import Any

import structlog
from django.db import DatabaseError, IntegrityError, transaction
from django_tasks.base import Task

from .clock import LOCAL, now
from .models import DailyJob

log = structlog.get_logger("lacydon.schedule")
_daily: dict[str, tuple[time, Task[..., None]]] = {}
_beats: dict[str, Callable[[], None]] = {}
_beside: dict[str, Callable[[threading.Event], None]] = {}


def daily(*, at: time) -> Callable[[Task[..., None]], Task[..., None]]:
    """Decorator over `job()` (no arguments): to be done once a day, from this hour of Europe/Paris on."""

    def note(task: Task[..., None]) -> Task[..., None]:
        _daily[task.module_path] = (at, task)
        return task

    return note


def at_each_beat(function: Callable[[], None]) -> Callable[[], None]:
    """Decorator over what every worker does every few seconds: a quick look at a table, that enqueues jobs.

    Several workers do it at once, so it must bear that; what fails is logged and done at the next beat.
    """
    _beats[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def beside_work(function: Callable[[threading.Event], None]) -> Callable[[threading.Event], None]:
    """Decorator over what every worker does all its life, in a thread of its own, until the event is set.

    Several workers do it at once, so it must share by itself (rows of leases).
    """
    _beside[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def beside(stop: threading.Event) -> list[threading.Thread]:
    """Start all of that; the threads, to be waited for once `stop` is set."""
    threads = [
        threading.Thread(target=_lasting, args=(name, function, stop), name=name, daemon=True)
        for name, function in tuple(_beside.items())
    ]
    for thread in threads:
        thread.start()
    return threads


def _lasting(name: str, function: Callable[[threading.Event], None], stop: threading.Event) -> None:
    """What fails is begun again, a little later: nothing else would."""
    while not stop.is_set():
        try:
            function(stop)
        except Exception:
            log.exception("schedule.beside-failed", beside=name)
            stop.wait(10.0)


def enqueue_due() -> int:
    """Enqueue the daily jobs that are due and were not yet today; how many."""
    here = now().astimezone(LOCAL)
    due = [(name, task) for name, (at, task) in _daily.items() if here.time() >= at]
    return sum(_enqueued_once(name, task, today=here.date()) for name, task in due)


def beat() -> None:
    """The same, for the heart of a worker, which nothing may stop."""
    try:
        enqueue_due()
    except DatabaseError:
        log.warning("schedule.not-heard")
    for name, function in tuple(_beats.items()):
        try:
            function()
        except DatabaseError:
            log.warning("schedule.not-heard", beat=name)
        except Exception:
            log.exception("schedule.beat-failed", beat=name)


def _enqueued_once(name: str, task: Task[..., None], *, today: Any) -> bool:
    if DailyJob.objects.filter(pk=name, day__gte=today).exists():
        return False
    with transaction.atomic():
        try:
            with transaction.atomic():
                DailyJob.objects.get_or_create(pk=name, defaults={"day": None})
        except IntegrityError:
            return False
        row = DailyJob.objects.select_for_update().get(pk=name)
        if row.day is not None and row.day >= today:
            return False
        row.day = today
        row.save(update_fields=["day"])
        task.enqueue()
    return True
