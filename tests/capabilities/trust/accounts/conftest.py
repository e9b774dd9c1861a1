"""A visitor whose requests are kept, and the mail the platform would have sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lacydon.kernel import clock

from .mailbox import Mailbox

CLOCKS = (
    "kernel.attempts", "kernel.mail", "capabilities.trust.actions.accounts", "capabilities.trust.actions.contacts",
    "capabilities.trust.actions.factors", "capabilities.trust.actions.links", "capabilities.trust.actions.sessions",
    "capabilities.trust.pages.entering", "capabilities.trust.pages.recent", "capabilities.trust.pages.session", "capabilities.trust.pages.strengthening",
    "capabilities.trust.queries.contacts", "capabilities.trust.queries.freshness", "capabilities.trust.queries.links",
)  # fmt: skip


@pytest.fixture
def mailbox(settings: Any, tmp_path: Path) -> Mailbox:
    """What was written in HOME/mail."""
    settings.HOME = tmp_path
    return Mailbox(tmp_path / "mail", read=lambda path: message_from_bytes(path.read_bytes(), policy=policy.default))


@pytest.fixture
def kept(db: None, django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[..., Any]:
    """`with kept():` what is done inside is done as if committed."""

    @contextmanager
    def keeping() -> Iterator[None]:
        with django_capture_on_commit_callbacks(execute=True):
            yield

    return keeping


@pytest.fixture
def visit(kept: Callable[..., Any], mailbox: Mailbox) -> Callable[..., Client]:
    """A new browser each time it is called."""

    class Browser(Client):
        def request(self, **asked: Any) -> Any:
            with kept():
                return super().request(**asked)

    def opened(**headers: str) -> Client:
        return Browser(headers={"Sec-Fetch-Site": "same-origin"} | headers)

    return opened


@pytest.fixture
def browser(visit: Callable[..., Client]) -> Client:
    return visit()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., datetime]:
    """Move the clock of trust forward from where it is: `later(minutes=16)`."""
    moved = timedelta()

    def move(**by: float) -> datetime:
        nonlocal moved
        moved += timedelta(**by)
        ahead = moved
        for name in CLOCKS:
            monkeypatch.setattr(f"lacydon.{name}.now", lambda: clock.now() + ahead)
        return clock.now() + ahead

    return move
