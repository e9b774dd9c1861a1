"""What the tests of filling in share."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture
def mailed(monkeypatch):
    """The letters that left since the test began; they leave at once, as after a commit."""
    folder = Path(settings.HOME) / "mail"
    before = set(folder.glob("*.eml")) if folder.exists() else set()
    monkeypatch.setattr("lacydon.kernel.mail.transaction.on_commit", lambda act: act())

    def letters() -> list[EmailMessage]:
        new = sorted(set(folder.glob("*.eml")) - before) if folder.exists() else []
        return [message_from_bytes(each.read_bytes(), policy=policy.default) for each in new]

    return letters
