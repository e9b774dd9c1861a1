"""What sources say of disruptions, taken in: each thing once, whatever number of sources say it; kept when it is over.

A source is given whole: what it says no longer is over. So a source that fails is not given at all, and what it said
stays. Two sources that say the same words of the same lines and stops are one disruption, that lasts as long as one of
them says it; the first that said it is believed for the details, until it stops.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from lacydon.capabilities.trust.public import record
from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import now
from lacydon.kernel.events import publish
from lacydon.kernel.search.words import tidy
from lacydon.kernel.snapshots import moved

from ...events import DisruptionChanged
from ...models import Disruption, Said
from ...queries.disruptions.held import DISRUPTIONS
from ...queries.disruptions.words import EFFECTS
from ...queries.live.alerts import Alert
from .content import LONGEST_TEXT, LONGEST_TITLE, Content, fingerprint, matters, put
from .writing import PURPOSE, ended, keep_revision, last_content

AGE_WRITTEN = timedelta(minutes=10)
"""How old « said again » may be in the table: sources say the same every few seconds."""


def take_in(*, source: str, alerts: Iterable[Alert], at: datetime | None = None) -> int:
    """All that a source says now; how many disruptions changed. The same again costs one question to the database."""
    at = at or now()
    given = {each.id[:300]: each for each in alerts}
    known = {row.ref: row for row in Said.objects.filter(source=source)}
    digests = {ref: digest_of(alert) for ref, alert in given.items()}
    news = [
        ref for ref, digest in digests.items()
        if ref not in known or known[ref].gone_at is not None or known[ref].digest != digest
    ]  # fmt: skip
    gone = [ref for ref, row in known.items() if row.gone_at is None and ref not in given]
    again = [
        row.pk for ref, row in known.items()
        if ref in given and ref not in news and _moment(given[ref].said_at, at) - row.said_at > AGE_WRITTEN
    ]  # fmt: skip
    if again:
        Said.objects.filter(pk__in=again).update(said_at=at)
    if not news and not gone:
        return 0
    changed: set[int] = set()
    with transaction.atomic():
        for ref in news:
            changed |= _heard(source, ref, given[ref], digests[ref], at)
        for ref in gone:
            changed |= _stopped(known[ref], at)
        if changed:
            moved(DISRUPTIONS)
    return len(changed)


def content_of_alert(alert: Alert) -> Content:
    """An alert in the words of a disruption."""
    title = {lang: tidy(text)[:LONGEST_TITLE] for lang, text in alert.header.items() if text.strip()}
    text = {lang: words.strip()[:LONGEST_TEXT] for lang, words in alert.description.items() if words.strip()}
    if text and not title:
        title = {lang: tidy(words.split("\n")[0])[:LONGEST_TITLE] for lang, words in text.items()}
    for told in (title, text):
        if told and "fr" not in told:
            told["fr"] = next(iter(told.values()))
    if not title:
        title = {"fr": str(EFFECTS[alert.effect])}
    shown_from, shown_until = alert.published
    periods = alert.periods
    if not periods and (shown_from or shown_until):
        periods = ((shown_from, shown_until),)
    return Content(
        title=title,
        text=text,
        cause=str(alert.cause),
        effect=str(alert.effect),
        severity=str(alert.severity),
        planned=alert.planned,
        periods=tuple(periods),
        shown_from=shown_from,
        url=alert.url[:1000] if alert.url.startswith(("https://", "http://")) else "",
        routes=tuple(dict.fromkeys(each.id for each in alert.routes)),
        stops=tuple(dict.fromkeys(each.id for each in alert.stops)),
        agencies=tuple(dict.fromkeys(each.id for each in alert.agencies)),
        modes=tuple(alert.route_types),
        trips=tuple(dict.fromkeys(each.id for each in alert.trips)),
    )


def digest_of(alert: Alert) -> str:
    """Of all that it says but the moment it is said again."""
    told = asdict(alert)
    told.pop("said_at")
    told.pop("version")
    for name in ("routes", "stops", "trips", "agencies"):
        told[name] = [each["id"] for each in told[name]]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def _heard(source: str, ref: str, alert: Alert, digest: str, at: datetime) -> set[int]:
    content = content_of_alert(alert)
    said = Said.objects.select_related("disruption").filter(source=source, ref=ref).first()
    row = said.disruption if said else None
    if said is not None and row is not None and not _leads(said):
        row = row if row.fingerprint == fingerprint(content) else None
        content = last_content(row) or content if row else content
    if row is None:
        row = _same(content)
        if row is not None:
            content = last_content(row) or content
    told = {"digest": digest, "said_at": _moment(alert.said_at, at), "gone_at": None}
    if row is None:
        row = Disruption(made_at=at, changed_at=at, revision=0)
    changed = _kept(row, content, at)
    Said.objects.update_or_create(source=source, ref=ref, defaults=told | {"disruption": row})
    if changed:
        # Whoever said the same as before the change has to be heard again: it may not say the same any more.
        Said.objects.filter(disruption=row, gone_at=None).exclude(source=source, ref=ref).update(digest="")
    return {row.pk} if changed else set()


def _stopped(said: Said, at: datetime) -> set[int]:
    Said.objects.filter(pk=said.pk).update(gone_at=at)
    row = Disruption.objects.select_for_update().get(pk=said.disruption_id)
    if Said.objects.filter(disruption=row, gone_at=None).exists():
        return set()
    content = last_content(row)
    if content is None or (row.ends_at is not None and row.ends_at <= at):
        return set()
    return {row.pk} if _kept(row, ended(content, at=int(at.timestamp())), at, what="ended") else set()


def _leads(said: Said) -> bool:
    """Whether this is the one that is believed: the first that still says it."""
    first = Said.objects.filter(disruption=said.disruption_id, gone_at=None).order_by("pk").first()
    return first is None or first.pk == said.pk


def _same(content: Content) -> Disruption | None:
    """Another source's that says the same now, or what was said, stopped, and is said again."""
    rows = Disruption.objects.select_for_update().filter(
        fingerprint=fingerprint(content), state=Disruption.State.PUBLISHED, organisation=None
    )
    begins = [begin for begin, _end in content.periods]
    ends = [end for _begin, end in content.periods]
    if begins and None not in begins:
        first = datetime.fromtimestamp(min(each for each in begins if each is not None), UTC)
        rows = rows.filter(Q(ends_at=None) | Q(ends_at__gte=first))
    if ends and None not in ends:
        last = datetime.fromtimestamp(max(each for each in ends if each is not None), UTC)
        rows = rows.filter(Q(begins_at=None) | Q(begins_at__lte=last))
    still = Said.objects.filter(gone_at=None).values("disruption")
    return rows.filter(pk__in=still).order_by("pk").first()


def _kept(row: Disruption, content: Content, at: datetime, *, what: str = "") -> bool:
    """Write it down; whether it says something else than before."""
    before = last_content(row) if row.pk is not None else None
    if before == content and row.state == Disruption.State.PUBLISHED:
        return False
    new = row.pk is None
    row.state, row.published_at = Disruption.State.PUBLISHED, row.published_at or at
    row.news += int(matters(before, content))
    put(row, content, at=at)
    keep_revision(row, content, what=what or ("published" if new else "changed"))
    record(
        actor=MACHINE, subject="", action=f"disruption.{'receive' if new else 'end' if what == 'ended' else 'change'}",
        purpose=PURPOSE, object=f"disruption:{row.pk}@{row.revision}",
    )  # fmt: skip
    publish(DisruptionChanged(row.pk, row.revision))
    return True


def _moment(seconds: int, at: datetime) -> datetime:
    """The moment a source gives, if it can be believed: not of tomorrow."""
    try:
        return min(datetime.fromtimestamp(seconds, UTC), at)
    except (OverflowError, OSError, ValueError):
        return at
