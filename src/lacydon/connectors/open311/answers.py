"""What a GeoReport v2 server answers, read without trusting it: **parse**, pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from lacydon.capabilities.requests.public import Status
from lacydon.kernel.http import OutsideUnavailable

LONGEST: Final = 200
"""Characters of an identifier."""
LONGEST_WORDS: Final = 4_000
WORDS: Final[Mapping[str, str]] = {
    "open": "received",
    "received": "received",
    "confirmed": "received",
    "reopen": "received",
    "for_triage": "received",
    "investigating": "in-progress",
    "in_progress": "in-progress",
    "in process": "in-progress",
    "planned": "in-progress",
    "action_scheduled": "in-progress",
    "internal_referral": "in-progress",
    "closed": "solved",
    "fixed": "solved",
    "fixed - council": "solved",
    "duplicate": "duplicate",
    "unable_to_fix": "unsolved",
    "not_councils_responsibility": "unsolved",
    "not_responsible": "unsolved",
    "no_further_action": "unsolved",
}
"""GeoReport v2 knows `open` (reported) and `closed` (resolved); the others are the extension that FixMyStreet made."""
ENDS: Final = frozenset({"solved", "unsolved", "duplicate"})


def parse_made(answer: Any) -> tuple[str, str, str]:
    """What a POST gave: (service_request_id, token, notice); one of the first two is there.

    Raises OutsideUnavailable: it may have been made, so it will be looked for.
    """
    made = _first(answer)
    reference, token = _id(made, "service_request_id"), _id(made, "token")
    if not reference and not token:
        raise OutsideUnavailable(_("Le serveur Open311 n’a donné ni numéro ni jeton."))
    return reference, token, _text(made, "service_notice")[:500]


def parse_token(answer: Any) -> str:
    """The service_request_id of a token; empty while there is none."""
    return _id(_first(answer), "service_request_id")


def parse_status(answer: Any, *, reference: str, statuses: Mapping[str, str]) -> Status | None:
    """What became of the request of this number, from GET requests/id; None when it is not there (yet)."""
    for each in _list(answer):
        if isinstance(each, dict) and _id(each, "service_request_id") == reference:
            return _status(each, statuses=statuses, words="status_notes")
    return None


def parse_updates(answer: Any, *, reference: str, statuses: Mapping[str, str]) -> Status | None:
    """The latest of its updates (servicerequestupdates); None when there is none."""
    mine = [each for each in _list(answer) if isinstance(each, dict) and _id(each, "service_request_id") == reference]
    told = [(moment, at) for at, each in enumerate(mine) if (moment := _moment(each, "updated_datetime"))]
    latest = mine[max(told)[1]] if told else None
    return _status(latest, statuses=statuses, words="description") if latest else None


def parse_services(answer: Any) -> set[str]:
    """The codes of its services. Raises OutsideUnavailable when there is no list."""
    return {code for each in _list(answer) if isinstance(each, dict) and (code := _id(each, "service_code"))}


def found(answer: Any, *, ending: str) -> str:
    """The number of the request whose description ends so; empty when none does."""
    for each in _list(answer):
        if isinstance(each, dict) and _text(each, "description").rstrip().endswith(ending):
            return _id(each, "service_request_id")
    return ""


def _status(told: Mapping[str, Any], *, statuses: Mapping[str, str], words: str) -> Status:
    written = _text(told, "status").strip()
    meaning = statuses.get(written) or WORDS.get(written.lower(), "in-progress")
    over = meaning in ENDS
    return Status(
        state="closed" if over else meaning,  # type: ignore[arg-type]
        outcome=meaning if over else "",  # type: ignore[arg-type]
        words=_text(told, words).strip()[:LONGEST_WORDS],
        at=_moment(told, "updated_datetime"),
        expected_at=_moment(told, "expected_datetime"),
    )


def _list(answer: Any) -> list[Any]:
    if not isinstance(answer, list):
        raise OutsideUnavailable(_("Le serveur Open311 a répondu autre chose qu’une liste."))
    return answer


def _first(answer: Any) -> Mapping[str, Any]:
    listed = _list(answer)
    return listed[0] if listed and isinstance(listed[0], dict) else {}


def _id(given: Mapping[str, Any], name: str) -> str:
    """An identifier; several servers write numbers where the specification says a string."""
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    written = str(value).strip()
    return written if len(written) <= LONGEST else ""


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""


def _moment(given: Mapping[str, Any], name: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(_text(given, name))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
