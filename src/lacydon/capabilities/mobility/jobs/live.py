"""Asking the sources of real time: all day, beside the jobs of a worker, without making them wait."""

import os
import socket
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import time
from uuid import uuid4

import structlog
from django.db import DatabaseError, close_old_connections, connection

from lacydon.kernel import clock
from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import beside_work, daily

from ..actions.live import asking, demand, sources, turns
from ..ports import live_connectors

TOGETHER = 8
"""Sources asked at the same moment: each mostly waits."""
LOOK = 1.0
"""Seconds between two looks at whose turn it is."""
REST = 10.0
"""The same, when there is no source at all."""
log = structlog.get_logger("lacydon.live")


@beside_work
def listen(stop: threading.Event) -> None:
    """Ask each source at its own rhythm until `stop`. Several workers share them: one asks, the others see it done."""
    holder = f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid4().hex[:8]}"
    waiting: dict[str, Future[None]] = {}
    with ThreadPoolExecutor(TOGETHER, thread_name_prefix="live") as pool:
        while not stop.is_set():
            waiting = {source: future for source, future in waiting.items() if not future.done()}
            try:
                close_old_connections()
                kinds = live_connectors.kinds()
                for source in asking.due(clock.now(), kinds=kinds):
                    if source not in waiting:
                        waiting[source] = pool.submit(_ask, source, holder)
                pause = LOOK if waiting or sources.any_enabled() else REST
            except DatabaseError:
                log.warning("live.not-heard")
                pause = REST
            stop.wait(pause)
    try:
        turns.give_all_back(holder=holder)
    except DatabaseError:
        log.warning("live.not-given-back", holder=holder)
    finally:
        connection.close()


def _ask(source: str, holder: str) -> None:
    try:
        asking.ask(source, holder=holder)
    except DatabaseError:
        log.warning("live.not-heard", source=source)
    except Exception:
        log.exception("live.ask-failed", source=source)
    finally:
        connection.close()


@daily(at=time(3, 20))
@job()
def forget_live() -> None:
    """What was looked at, and the hours of sources of more than a year ago."""
    demand.forget_the_past()
    sources.forget_old_hours()
