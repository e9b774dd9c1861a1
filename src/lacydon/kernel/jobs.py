"""Background work: rows in the database, done by `lacydon work`, at least once each.

A job is a function in its capability's `jobs.py`, with keyword arguments that JSON can hold:

    @job(attempts=5)
    def tell_the_resident(*, reference: str) -> None: ...

    tell_the_resident.enqueue(reference=reference)       # inside the action's transaction: both are kept, or none

What fails is tried again after 10 s, 20 s, 40 s … (an hour at most); after the last attempt it stays as a dead letter
that `lacydon jobs` shows and can put back. A worker says every few seconds that it is alive; the job of a worker that
went silent (killed, machine gone) is given to another. So a job may run twice: it must be written to bear it.
The queue and its table are those of django-tasks.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Min, Q
from django_tasks import TaskResultStatus, task
from django_tasks.base import Task
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult, get_date_max
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from .clock import now
from .models import Worker

ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
PATIENCE = 60.0
"""Seconds after which a silent worker is taken for dead."""
KEPT = timedelta(days=30)
"""How long what was done stays on record."""

log = structlog.get_logger("lacydon.jobs")
_attempts: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that failed for good."""

    id: str
    name: str
    arguments: dict[str, Any]
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class Counts:
    """The state of the queue; `oldest`: seconds the first job that could run has been waiting."""

    waiting: int
    running: int
    dead: int
    workers: int
    oldest: float


def job(*, attempts: int = ATTEMPTS) -> Callable[[Callable[..., None]], Task[..., None]]:
    """Decorator that makes a function of a module a job, tried so many times."""

    def make(function: Callable[..., None]) -> Task[..., None]:
        made: Task[..., None] = task()(function)
        _attempts[made.module_path] = attempts
        return made

    return make


def counts() -> Counts:
    """How the queue is doing."""
    could_run = Q(status=TaskResultStatus.READY) & (Q(run_after=get_date_max()) | Q(run_after__lte=now()))
    found = DBTaskResult.objects.aggregate(
        waiting=Count("pk", filter=Q(status=TaskResultStatus.READY)),
        running=Count("pk", filter=Q(status=TaskResultStatus.RUNNING)),
        dead=Count("pk", filter=Q(status=TaskResultStatus.FAILED)),
        first=Min("enqueued_at", filter=could_run),
    )
    first = found.pop("first")
    alive = Worker.objects.filter(seen_at__gte=now() - timedelta(seconds=PATIENCE)).count()
    return Counts(workers=alive, oldest=(now() - first).total_seconds() if first else 0.0, **found)


def figures() -> Iterable[Metric]:
    """The state of the queue for /metrics; nothing when the database does not answer (which /readyz says)."""
    try:
        state = counts()
    except DatabaseError:
        return
    jobs = GaugeMetricFamily("lacydon_jobs", "Background jobs by state.", labels=["state"])
    for name in ("waiting", "running", "dead"):
        jobs.add_metric([name], getattr(state, name))
    yield jobs
    yield GaugeMetricFamily("lacydon_jobs_oldest_seconds", "Wait of the first job that could run.", value=state.oldest)
    yield GaugeMetricFamily("lacydon_job_workers", "Processes that do jobs and are alive.", value=state.workers)


def dead_letters() -> list[DeadLetter]:
    """What failed for good, oldest first."""
    rows = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).order_by("enqueued_at")
    return [
        DeadLetter(
            id=str(row.id),
            name=row.task_path,
            arguments=row.args_kwargs["kwargs"],
            attempts=len(row.worker_ids),
            error=row.traceback.strip().splitlines()[-1] if row.traceback.strip() else row.exception_class_path,
        )
        for row in rows
    ]


def put_back(id: str | None = None) -> int:
    """Give dead letters (one, or all) their attempts back; how many."""
    rows = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED)
    if id is not None:
        rows = rows.filter(pk=id)
    return rows.update(status=TaskResultStatus.READY, worker_ids=[], run_after=now(), finished_at=None)


def work(
    *,
    once: bool = False,
    patience: float = PATIENCE,
    each_beat: Callable[[], None] | None = None,
    beside: Callable[[threading.Event], list[threading.Thread]] | None = None,
) -> None:
    """Do the jobs that wait, until a signal asks to stop (`once`: until none is left that can run now).

    `each_beat` is called at the start and then at each beat of the worker's heart; `beside` starts what lasts as long
    as the worker does (kernel.schedule).
    """
    # The host's name helps to find who was doing what; the rest makes it one of a kind.
    name = f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid4().hex[:8]}"
    worker = _Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=1.0,
        batch=once,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
    )
    _beat(name, patience=patience)
    if each_beat:
        each_beat()
    stop = threading.Event()
    how = {"patience": patience, "each_beat": each_beat}
    heart = threading.Thread(target=_keep_beating, args=(name, stop), kwargs=how, daemon=True)
    heart.start()
    companions = beside(stop) if beside and not once else []
    if threading.current_thread() is threading.main_thread():
        before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)}
        worker.configure_signals()
    else:
        before = {}
    try:
        worker.run()
    finally:
        stop.set()
        for thread in (heart, *companions):
            thread.join(timeout=10)
        Worker.objects.filter(pk=name).delete()
        for each, handler in before.items():
            signal.signal(each, handler)


class _Worker(db_worker.Worker):
    """django-tasks' worker, that tries again what failed."""

    def run_task(self, db_task_result: DBTaskResult) -> None:
        began = time.monotonic()
        super().run_task(db_task_result)
        failed = db_task_result.status == TaskResultStatus.FAILED
        if failed:
            _try_again(db_task_result)
        log.info(
            "job.failed" if failed else "job.done",
            job=db_task_result.task_path,
            id=str(db_task_result.pk),
            attempt=len(db_task_result.worker_ids),
            seconds=round(time.monotonic() - began, 3),
            **({"error": db_task_result.exception_class_path} if failed else {}),
        )


def _try_again(row: DBTaskResult) -> None:
    """Put a failed job back with a longer and longer wait, unless that was its last attempt."""
    tried = len(row.worker_ids)
    if tried >= _attempts.get(row.task_path, ATTEMPTS):
        return
    row.status = TaskResultStatus.READY
    row.run_after = now() + min(FIRST_WAIT * 2 ** (tried - 1), LONGEST_WAIT)
    row.save(update_fields=["status", "run_after"])


def _keep_beating(
    name: str, stop: threading.Event, *, patience: float, each_beat: Callable[[], None] | None = None
) -> None:
    try:
        while not stop.wait(patience / 4):
            try:
                _beat(name, patience=patience)
                if each_beat:
                    each_beat()
            except DatabaseError:  # said again at the next beat; the main thread meets the same trouble and tells it
                log.warning("worker.not-heard", worker=name)
    finally:
        connection.close()


def _beat(name: str, *, patience: float) -> None:
    """Say that this worker is alive; take the jobs of those that went silent; forget what is long done."""
    moment = now()
    with transaction.atomic():
        Worker.objects.update_or_create(pk=name, defaults={"seen_at": moment})
        Worker.objects.filter(seen_at__lt=moment - timedelta(seconds=patience)).delete()
        alive = set(Worker.objects.values_list("pk", flat=True))
        for row in DBTaskResult.objects.running().select_for_update():
            if row.worker_ids and row.worker_ids[-1] not in alive:
                _take_from_the_dead(row)
        DBTaskResult.objects.successful().filter(finished_at__lt=moment - KEPT).delete()


def _take_from_the_dead(row: DBTaskResult) -> None:
    log.warning("job.abandoned", job=row.task_path, id=str(row.pk), worker=row.worker_ids[-1])
    if len(row.worker_ids) >= _attempts.get(row.task_path, ATTEMPTS):
        row.set_failed(RuntimeError("Its worker died at each attempt."))
    else:
        row.status = TaskResultStatus.READY
        row.save(update_fields=["status"])
