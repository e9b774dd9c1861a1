"""Drafts: found by their owner, or by whoever holds their resume link; opened with the key of their own.

A draft is named in an address by its id when it belongs to somebody, by its secret when it belongs to nobody: then the
address is the key, and nothing else opens it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust import public as trust
from lacydon.kernel import sealing
from lacydon.kernel.access import Actor, SignInNeeded
from lacydon.kernel.clock import now

from ..errors import UnknownDraft
from ..models import Draft, FormState, FormVersion
from .competence import conditions_of
from .published import LIGHT, Held, held
from .sealed import key_of, unseal

SENT = "~envoyee"
"""In the place of a page: the draft was sent, and is kept a while only to lead to its receipt."""
ACTION = "request.open"


@dataclass(frozen=True, slots=True)
class Where:
    """Where the service is asked for; `conditions`: what was answered when it decides who is in charge."""

    citycode: str
    label: str = ""
    lon: float | None = None
    lat: float | None = None
    conditions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft with what it says. `reference`: how addresses name it."""

    row: Draft
    key: bytes
    held: Held
    answers: dict[str, Any]
    where: Where
    facts: dict[str, Any]
    reference: str

    @property
    def sent(self) -> bool:
        return self.row.page == SENT

    @property
    def anonymous(self) -> bool:
        return self.row.person_id is None


@dataclass(frozen=True, slots=True)
class Of:
    """What the policy asks of a draft."""

    person_id: str
    themes: tuple[str, ...] = ()


def draft(reference: str, *, actor: Actor, for_update: bool = False) -> Opened:
    """The draft an address names. Raises UnknownDraft; SignInNeeded when it may be somebody's who is not signed in."""
    id = _uuid(reference)
    if id is not None and not actor.known:
        raise SignInNeeded()
    if id is None:
        trust.bring(hash_of(reference))
    row = _quickly(id, reference, locked=for_update)
    if row is None:
        raise unknown()
    found = held(row.form)
    if id is not None and not trust.can(actor, None, ACTION, Of(str(row.person_id), found.form.themes)):
        raise unknown()
    return opened(row, found, reference=reference)


def _quickly(id: UUID | None, reference: str, *, locked: bool) -> Draft | None:
    """By one statement written once: each page asks for it, and to compose it took longer than to run it."""
    key = hash_of(reference) if id is None else Draft._meta.pk.get_db_prep_value(id, connection)
    moment = connection.ops.adapt_datetimefield_value(now())
    statement = _STATEMENTS[id is None, locked and connection.features.has_select_for_update_of]
    with connection.cursor() as cursor:
        cursor.execute(statement, [moment, key])
        found = cursor.fetchone()
    if found is None:
        return None
    digest, state, *values = found
    row = Draft.from_db(
        connection.alias, _NAMES, [_value(kind, each) for kind, each in zip(_KINDS, values, strict=True)]
    )
    row.form = _form(row.form_id, digest, state)
    return row


_FIELDS = list(Draft._meta.concrete_fields)
_NAMES = [each.attname for each in _FIELDS]
_KINDS = [getattr(each, "target_field", each).get_internal_type() for each in _FIELDS]
_COLUMNS = ", ".join(f"d.{each.column}" for each in _FIELDS)
_ASKED = (
    f"SELECT f.digest, f.state, {_COLUMNS} FROM requests_draft d "  # noqa: S608
    "JOIN requests_formversion f ON f.id = d.form_id WHERE d.expires_at > %s AND "
)
_BY_SECRET = _ASKED + "d.resume_hash = %s AND d.person_id IS NULL"
_BY_ID = _ASKED + "d.id = %s AND d.person_id IS NOT NULL"
_LOCK = " FOR UPDATE OF d"
_STATEMENTS = {
    (True, False): _BY_SECRET,
    (True, True): _BY_SECRET + _LOCK,
    (False, False): _BY_ID,
    (False, True): _BY_ID + _LOCK,
}
"""Found by the secret of nobody's draft or by the id of somebody's; locked, where the database locks rows."""


def _value(kind: str, value: Any) -> Any:
    """A value as SQLite keeps it, which knows neither identifiers nor moments."""
    if isinstance(value, str):
        if kind == "UUIDField":
            return UUID(value)
        if kind == "DateTimeField":
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value


def _form(pk: int, digest: str, state: str) -> FormVersion:
    """The version of a draft, kept by the process unless it was withdrawn since."""
    if state == FormState.WITHDRAWN:
        return FormVersion.objects.only(*LIGHT).get(pk=pk)
    return _version(pk, digest, state)


@lru_cache(maxsize=1_000)
def _version(pk: int, _digest: str, _state: str) -> FormVersion:
    return FormVersion.objects.only(*LIGHT).get(pk=pk)


def opened(row: Draft, found: Held, *, reference: str) -> Opened:
    key = key_of(row)
    said = unseal(row.sealed, key=key, holder=row, field="sealed") or {}
    where = said.get("where") or {"citycode": ""}
    return Opened(row, key, found, said.get("answers", {}), Where(**where), said.get("facts", {}), reference)


@trust.in_house
def asked_by(reference: str) -> Held | None:
    """What a draft asks, and nothing of what it says: for whoever types into it when their session has ended."""
    id = _uuid(reference)
    row = Draft.objects.select_related("form").filter(pk=id).first() if id else None
    return held(row.form) if row else None


def current(form: str, *, actor: Actor) -> Draft | None:
    """The draft of this form that the person the actor acts for has not sent yet."""
    if not actor.principal:
        return None
    rows = Draft.objects.filter(person_id=actor.principal, form__form=form, expires_at__gt=now())
    return rows.exclude(page=SENT).order_by("-updated_at").first()


def drafts_of(actor: Actor) -> list[tuple[Draft, Held]]:
    """What the person the actor acts for has begun, the latest first."""
    if not actor.principal:
        return []
    rows = Draft.objects.filter(person_id=actor.principal, expires_at__gt=now()).exclude(page=SENT)
    return [
        (row, held(row.form))
        for row in rows.select_related("form").defer("form__content", "form__text").order_by("-updated_at")
    ]


def hash_of(secret: str) -> str:
    """What is kept of the secret of a resume link."""
    return sealing.keyed_hash(secret, purpose="draft-resume")


def unknown() -> UnknownDraft:
    """Said alike of a draft that expired, that never was and that is somebody else's."""
    return UnknownDraft(
        _(
            "Ce brouillon n’existe plus : il a été envoyé ou effacé, ou n’a pas servi depuis 30 jours. "
            "Vous pouvez recommencer la démarche."
        )
    )


def point_of(form: Any, answers: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The first point that is answered to a question « where »: it says where the request is for."""
    places = (answers.get(each.id) for each in form.fields() if each.type == "place")
    return next((each for each in places if each and each.get("lon") is not None), None)


def where_of(found: Opened) -> Where:
    """Where the request is for: the point that was given in the form, else the place said at the start.

    Raises OutsideTerritory for a point elsewhere.
    """
    point = point_of(found.held.form, found.answers)
    told = conditions_of(found.held.form, found.answers)
    if point is None:
        return replace(found.where, conditions=dict(found.where.conditions) | told) if told else found.where
    place = territory.place_at(lon=point["lon"], lat=point["lat"])
    code = place.arrondissement.code if place.arrondissement else place.commune.code
    label = point.get("label") or ""
    if place.commune.name not in label:
        label = f"{label}, {place.label}" if label else place.label
    conditions = found.where.conditions if place.commune.code == _commune(found.where.citycode) else {}
    return Where(code, label, point["lon"], point["lat"], dict(conditions) | told)


def _commune(citycode: str) -> str:
    return territory.place_of(citycode).commune.code if citycode else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None
