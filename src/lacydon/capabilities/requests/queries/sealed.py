"""What is personal in a request or a draft: sealed under its own key, which the ring wraps (kernel.sealing).

A key each, so that what somebody without an account sent is sealed as well, and so that erasing is destroying a key.
"""

import json
from typing import Any

from lacydon.kernel import sealing
from lacydon.kernel.errors import NotFound

from ..models import Appointment, Attachment, Draft, Request, Step

Holder = Request | Draft | Attachment | Appointment


def new_key(holder: Holder) -> bytes:
    """A key for a row that has none; the row keeps it wrapped."""
    key = sealing.new_key()
    holder.wrapped = sealing.wrap(key, place=wrapped_place(holder))
    return key


def wrapped_place(holder: Holder) -> str:
    return f"{holder._meta.db_table}:{holder.pk}:wrapped"


def key_of(holder: Holder) -> bytes:
    """Raises NotFound once the key was destroyed, kernel.sealing.Unsealable."""
    if holder.wrapped is None:
        raise NotFound("erased", code="erased")
    return sealing.unwrap(bytes(holder.wrapped), place=wrapped_place(holder))


def seal(value: Any, *, key: bytes, holder: Holder | Step, field: str) -> bytes:
    """A value JSON can hold, sealed for this field of this row."""
    return sealing.seal(json.dumps(value, ensure_ascii=False).encode(), key=key, place=_place(holder, field))


def unseal(sealed: bytes | memoryview | None, *, key: bytes, holder: Holder | Step, field: str) -> Any:
    """The value; None for nothing. Raises kernel.sealing.Unsealable."""
    if not sealed:
        return None
    return json.loads(sealing.unseal(bytes(sealed), key=key, place=_place(holder, field)))


def _place(holder: Holder | Step, field: str) -> str:
    row = f"{holder.request_id}#{holder.position}" if isinstance(holder, Step) else str(holder.pk)
    return f"{holder._meta.db_table}:{row}:{field}"
