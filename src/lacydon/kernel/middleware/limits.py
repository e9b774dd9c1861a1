"""How many requests one address may make to the API: a leaky bucket, shared by the processes of one machine.

The bucket is the generic cell rate algorithm (ITU-T I.371): one number an address, the time until which it has spent
its due. These numbers live in a small file mapped in the memory of every worker, under a keyed hash of the address, so
that no address is stored. Beyond one machine each node counts on its own.
"""

import fcntl
import hashlib
import math
import mmap
import os
import re
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ..errors import TooManyRequests
from .clients import accountable, client_address
from .problems import refused

LIMITED = ("/api", "/catalogue", "/journal/", "/open311/")
COSTLY = re.compile(r"/(en/)?donnees/(sql$|vues/|[^/]+/(export\.|table$|graphique$|carte$|lignes/))")
"""Pages and files that a question to the engine stands behind, as behind those of the API."""
MINUTE = 60.0
SETS, WAYS = 8_192, 4
SLOT = struct.Struct("<Qd")
SIZE = SETS * WAYS * SLOT.size


class Buckets:
    """The table of what each address has spent: `SETS` sets of `WAYS` slots (hash, time spent until)."""

    def __init__(self, path: Path, *, key: bytes) -> None:
        self._key = key[:64]
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if os.fstat(self._file).st_size < SIZE:
            os.ftruncate(self._file, SIZE)
        self._table = mmap.mmap(self._file, SIZE)
        self._lock = threading.Lock()

    def wait(self, who: str, *, limit: int, now: float) -> float:
        """Spend one request of `limit` a minute; seconds to wait when there is none left, else 0."""
        digest = hashlib.blake2b(who.encode(), digest_size=8, key=self._key).digest()
        tag = int.from_bytes(digest, "little") or 1
        start = tag % SETS * WAYS * SLOT.size
        cost = MINUTE / limit
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX, SLOT.size * WAYS, start)
            try:
                slots = [
                    (*SLOT.unpack_from(self._table, at), at) for at in range(start, start + WAYS * SLOT.size, SLOT.size)
                ]
                spent, at = next(
                    ((until, at) for name, until, at in slots if name == tag),
                    (0.0, min(slots, key=lambda slot: slot[1])[2]),
                )
                if not now < spent <= now + MINUTE:
                    spent = now
                if spent + cost - now > MINUTE + cost / 1000:
                    return spent + cost - now - MINUTE
                SLOT.pack_into(self._table, at, tag, spent + cost)
                return 0.0
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, SLOT.size * WAYS, start)


class LimitsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._buckets: Buckets | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = settings.RATE_LIMIT
        if limit > 0 and (request.path.startswith(LIMITED) or COSTLY.match(request.path)):
            if self._buckets is None:
                self._buckets = Buckets(settings.HOME / "rate-limits", key=settings.SECRET_KEY.encode())
            wait = self._buckets.wait(accountable(client_address(request)), limit=limit, now=time.time())
            if wait > 0:
                seconds = math.ceil(wait)
                sentence = _(
                    "Trop de demandes en peu de temps (au plus %(limit)d par minute) ; réessayez dans %(s)d s."
                )
                refusal = TooManyRequests(sentence % {"limit": limit, "s": seconds}, retry_after=seconds)
                return refused(request, refusal)
        return self.get_response(request)
