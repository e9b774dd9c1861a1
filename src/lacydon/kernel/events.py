"""Events go up: an action says what happened; capabilities above, that it does not know, may listen.

An event is a frozen dataclass named in the past tense, in its capability's `events.py`. The action publishes it inside
its transaction; listeners hear it once the transaction is committed, and never when it is rolled back:

    publish(RequestClosed(reference=reference))          # actions.py, inside the transaction

    @listen(RequestClosed)                               # plugs.py of a capability above
    def tell_the_resident(event: RequestClosed) -> None: ...

A process that dies between the commit and a listener loses the event: where that is unacceptable, enqueue a job
(kernel.jobs) in the transaction instead.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import is_dataclass
from functools import partial
from typing import Any, TypeVar

import structlog
from django.db import transaction

Event = TypeVar("Event")
Listener = Callable[[Any], None]

_listeners: dict[type, list[Listener]] = defaultdict(list)
log = structlog.get_logger("lacydon.events")


def listen(kind: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Decorator: call the function with each event of this kind, in the order listeners arrived."""
    if not (is_dataclass(kind) and kind.__dataclass_params__.frozen):  # type: ignore[attr-defined]
        raise TypeError(f"{kind.__name__} is not an event: an event is a frozen dataclass")

    def leave(listener: Callable[[Event], None]) -> Callable[[Event], None]:
        if listener not in _listeners[kind]:
            _listeners[kind].append(listener)
        return listener

    return leave


def publish(event: object) -> None:
    """Say what happened; told to the listeners when the transaction commits (at once outside of a transaction)."""
    transaction.on_commit(partial(_deliver, event))


@contextmanager
def heard(kind: type[Event]) -> Iterator[list[Event]]:
    """For tests: the events of a kind delivered meanwhile."""
    events: list[Event] = []
    _listeners[kind].append(events.append)
    try:
        yield events
    finally:
        _listeners[kind].remove(events.append)


def _deliver(event: object) -> None:
    """The act is committed: a listener that fails is logged, and keeps nobody else from hearing."""
    for listener in tuple(_listeners[type(event)]):
        try:
            listener(event)
        except Exception:
            name = f"{listener.__module__}.{listener.__qualname__}"
            log.exception("listener.failed", listener=name, published=type(event).__name__)
