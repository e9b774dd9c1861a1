"""Feeds that are published at an address: asked each night whether they have changed."""

import tempfile
from pathlib import Path
from typing import BinaryIO, cast

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Refused, Unavailable
from lacydon.kernel.events import publish
from lacydon.kernel.http import Timeout, partner, partner_address

from ..events import FeedAsked
from ..models import Feed, FeedVersion
from ..queries import feeds as known
from .feeds import MANAGE, Progress, quiet, receive_version

LARGEST = 300_000_000
"""Bytes of an archive: that of the whole country is smaller."""
PATIENCE = Timeout(connect=10.0, read=60.0, total=900.0)
NOT_CHANGED = 304

log = structlog.get_logger("lacydon.feeds")


def ask_for(*, actor: Actor, feed: str) -> None:
    """Have its address asked now, by a job. Raises UnknownFeed."""
    trust.require(actor=actor, action=MANAGE)
    with transaction.atomic():
        publish(FeedAsked(feed=known.feed(feed).pk))


def fetch_feed(*, feed: str, actor: Actor = MACHINE, progress: Progress = quiet) -> FeedVersion | None:
    """Ask for the file of a feed and put it in force; None when it has not changed.

    What goes wrong is told on the feed's page, and what was in force stays. Raises UnknownFeed, Refused.
    """
    row = known.feed(feed)
    if not row.url:
        return None
    try:
        return _fetched(row, actor, progress)
    except Refused as refusal:
        Feed.objects.filter(pk=feed).update(checked_at=now(), trouble=str(refusal.sentence)[:1000])
        log.warning("feed.not-fetched", feed=feed, code=refusal.code)
        raise


def _fetched(row: Feed, actor: Actor, progress: Progress) -> FeedVersion | None:
    address = partner_address(row.url)
    client = partner("timetables", largest=LARGEST, retries=1, patience=PATIENCE)
    held = row.current is not None and known.file_of(row.pk, row.current.content).is_file()
    asked = {"If-None-Match": row.etag} if row.etag and held else {}
    folder = settings.HOME / "mobility"
    folder.mkdir(parents=True, exist_ok=True)
    progress(_("Téléchargement de %s") % address)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".zip") as file:
        answer = client.request("GET", address, headers=asked, into=cast(BinaryIO, file))
        file.flush()
        if answer.status == NOT_CHANGED:
            Feed.objects.filter(pk=row.pk).update(checked_at=now(), trouble="")
            return None
        if answer.status != 200:
            raise Unavailable(_("L’adresse du fichier répond par une erreur (%d).") % answer.status)
        before = row.current
        version = receive_version(actor=actor, feed=row.pk, path=Path(file.name), origin=address, progress=progress)
    etag = answer.headers.get("etag", "")[:200]
    Feed.objects.filter(pk=row.pk).update(checked_at=now(), trouble="", etag=etag)
    return None if before is not None and before.pk == version.pk else version
