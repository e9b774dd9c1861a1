"""The session store: Django's, whose keys are hashed at rest and whose rows know their person.

A session ends `IDLE` after the last visit and at the latest `LIFETIME` after the sign-in (ASVS 5.0, 7.3.1 and 7.3.2).
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection

from lacydon.kernel.clock import now

from ..models import Session
from ..queries.wall import house, seeing

IDLE = timedelta(hours=1)
LIFETIME = timedelta(hours=12)
"""The longest of ProConnect's own session."""
SEEN_EVERY = timedelta(minutes=1)
"""A visit is noted at most that often, so that reading a page does not write."""


def hashed(key: str | None) -> str:
    """What the database knows of a session's key."""
    return hashlib.sha256((key or "").encode()).hexdigest()


class SessionStore(DatabaseStore):
    """What `settings.SESSION_ENGINE` names."""

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def _get_session_from_db(self) -> Any:
        moment = now()
        found = _session_of(hashed(self.session_key))
        if found is None or found.expire_date <= moment:
            self._session_key = None
            return None
        if moment - found.seen_at > SEEN_EVERY:
            until = min(moment + IDLE, found.created_at + LIFETIME)
            with house():
                Session.objects.filter(pk=found.pk).update(seen_at=moment, expire_date=until)
        return found

    def exists(self, session_key: str) -> bool:
        return _session_of(hashed(session_key)) is not None

    def save(self, must_create: bool = False) -> None:
        data = self._get_session(no_load=must_create) if self.session_key else {}  # type: ignore[attr-defined]
        with seeing(data.get("person") or "nobody yet"):
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            with house():
                self.model.objects.filter(session_key=hashed(key)).delete()

    def create_model_instance(self, data: Any) -> Session:
        moment = now()
        key = hashed(self._get_or_create_session_key())  # type: ignore[attr-defined]
        before = _session_of(key)
        signed_in = datetime.fromisoformat(data["signed_in_at"]) if data.get("signed_in_at") else moment
        created = before.created_at if before else min(signed_in, moment)  # a new key does not make it younger
        return Session(
            session_key=key,
            session_data=self.encode(data),
            expire_date=min(moment + IDLE, created + LIFETIME),
            person_id=data.get("person") or None,
            created_at=created,
            seen_at=moment,
            browser=data.get("browser", "")[:80],
        )


def _session_of(hash: str) -> Session | None:
    """The session of this hashed key, before anybody is known: queries/wall.py."""
    if connection.vendor != "postgresql":
        return Session.objects.filter(session_key=hash).first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM lacydon_session_of(%s)", [hash])
        row = cursor.fetchone()
        # By name: the order of columns is that in which migrations made them.
        values = dict(zip((each.name for each in cursor.description), row, strict=True)) if row else {}
    names = [field.attname for field in Session._meta.concrete_fields]
    return Session.from_db(connection.alias, names, [values[name] for name in names]) if values else None


def end_sessions(*, person: str, but: str = "") -> int:
    """End every session of a person, but perhaps the one in hand (its hashed key); how many."""
    rows = Session.objects.filter(person_id=person).exclude(session_key=but)
    return rows.delete()[0]
