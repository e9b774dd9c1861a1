"""Who is told of what, by which means, at which hours; and the links that change it without a sign-in."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import sealing
from lacydon.kernel.clock import LOCAL
from lacydon.kernel.webpush import Subscription

from ..models import ByKind, Means, Preferences, PushSubscription, Request, Step
from .sealed import key_of, unseal
from .steps import DECISION, EVENTS, MESSAGE, NEVER, WAITING, kind_of

ORDER = (WAITING, DECISION, MESSAGE)
"""What matters most comes first, in a message that tells several things."""


def pair(means: str, event: str) -> str:
    return f"{means}:{event}"


DEFAULT = frozenset(pair(means, event) for means in (Means.EMAIL, Means.PUSH) for event in EVENTS)
"""Who chose nothing is told everything by e-mail, and by the browsers they signed up; never by SMS."""
NEEDED = frozenset({pair(Means.EMAIL, WAITING), pair(Means.EMAIL, DECISION)})
"""What one click stops last: a right may be lost by not knowing it."""
PAIRS = frozenset(pair(means, event) for means in Means.values for event in EVENTS)


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody wants to be told, and when not."""

    wanted: frozenset[str] = DEFAULT
    quiet_from: int = 21
    quiet_until: int = 8
    lang: str = "fr"

    def wants(self, means: str, events: Iterable[str]) -> bool:
        return any(pair(means, event) in self.wanted for event in events)

    def not_before(self, moment: datetime) -> datetime | None:
        """When what would disturb may leave: None for at once, else the end of the quiet hours."""
        here = moment.astimezone(LOCAL)
        begin, end = self.quiet_from, self.quiet_until
        quiet = begin <= here.hour < end if begin <= end else here.hour >= begin or here.hour < end
        if begin == end or not quiet:
            return None
        day = here.date() if here.hour < end else here.date() + timedelta(days=1)
        return datetime(day.year, day.month, day.day, end, tzinfo=LOCAL)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is told of a request, and how they can be reached."""

    choices: Choices
    emails: tuple[str, ...] = ()
    phone: str = ""
    browsers: tuple[PushSubscription, ...] = ()


def choices_of(person: str) -> Choices:
    """What a person chose, for all their requests."""
    return _choices(Preferences.objects.filter(person_id=person).first())


def choices_for(request: Request) -> Choices:
    """What its maker chose; who has no account chooses for one request."""
    if request.person_id:
        return choices_of(str(request.person_id))
    return _choices(Preferences.objects.filter(request=request).first(), lang=_contact(request).get("lang", ""))


def holder_of(request: Request) -> Holder:
    """Who is told of this request. To be called as the house. Nobody, when they were erased or left no address."""
    choices = choices_for(request)
    if request.person_id:
        reach = trust.reach_of(request.person_id)
        browsers = tuple(PushSubscription.objects.filter(person_id=request.person_id).order_by("created_at"))
        return Holder(choices=choices, emails=reach.emails, phone=reach.phone, browsers=browsers)
    contact = _contact(request)
    email = contact.get("email", "")
    phone = contact.get("phone", "")
    return Holder(choices=choices, emails=(email,) if email else (), phone=phone if phone.startswith("+") else "")


def tells(step: Step) -> str:
    """The event a step tells its resident; NEVER when there is nothing to tell, or they did it themselves."""
    if not step.public or step.by_kind == ByKind.RESIDENT:
        return NEVER
    return kind_of(step.kind).event


def untold(*, before: datetime, limit: int = 200) -> list[UUID]:
    """Requests with steps that nobody was told of since before a moment, the oldest first."""
    rows = Step.objects.filter(told_at=None, at__lt=before).order_by("at")
    return list(dict.fromkeys(rows.values_list("request_id", flat=True)[:limit]))


def stop_token(request: Request) -> str:
    """What the link that stops messages holds: for whoever is told of this request."""
    return sealing.keyed_hash(str(request.pk), purpose="request-stop")[:32]


def stop_opens(request: Request, token: str) -> bool:
    return hmac.compare_digest(stop_token(request).encode(), token.encode())


def subscription_place(row: PushSubscription) -> str:
    return f"requests_pushsubscription:{row.pk}:sealed"


def endpoint_hash(subscription: Subscription) -> str:
    return sealing.keyed_hash(subscription.endpoint, purpose="push-endpoint")


def _choices(row: Preferences | None, *, lang: str = "") -> Choices:
    if row is None:
        return Choices(lang=lang if lang in ("fr", "en") else "fr")
    return Choices(wanted=frozenset(row.wanted), quiet_from=row.quiet_from, quiet_until=row.quiet_until, lang=row.lang)


def _contact(request: Request) -> dict[str, str]:
    if not request.contact_sealed or request.wrapped is None:
        return {}
    found: dict[str, str] = unseal(request.contact_sealed, key=key_of(request), holder=request, field="contact_sealed")
    return found or {}
