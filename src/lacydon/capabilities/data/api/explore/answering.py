"""Answers of the Explore API: kept as bytes while the rows are the same; refusals in the words its clients know."""

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel import problems
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import BadInput, Refused

from ...errors import TooMuch, UnknownColumn, WrongQuestion
from ...queries import cells

ROOT = "api/explore/v2.1/catalog"
MOVING = re.compile(r"now|random", re.IGNORECASE)
"""What may have another answer a moment later: never kept."""
KEPT_BYTES = 32_000_000
JSON = "application/json; charset=utf-8"


class WrongParameter(BadInput):
    """A parameter that is not of the kind the API says."""

    status = 400
    code = "InvalidRESTParameterError"


# -- what was answered, kept as bytes


class _Kept:
    """Answers by version of the rows and address, the newest first; about `KEPT_BYTES` in each process."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[bytes, bytes]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: str) -> tuple[bytes, bytes] | None:
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: str, body: bytes) -> tuple[bytes, bytes]:
        """The body, and the same packed."""
        pair = (body, gzip.compress(body, 5, mtime=0) if len(body) > 400 else b"")
        size = len(pair[0]) + len(pair[1])
        if size > KEPT_BYTES // 8:
            return pair
        with self._lock:
            old = self._held.pop(key, None)
            self._size += size - (len(old[0]) + len(old[1]) if old else 0)
            self._held[key] = pair
            while self._size > KEPT_BYTES:
                _key, (plain, packed) = self._held.popitem(last=False)
                self._size -= len(plain) + len(packed)
        return pair


kept = _Kept()


def answered(request: HttpRequest, *, content: str, open: bool, make: Callable[[], Any]) -> HttpResponse:
    """JSON of what `make` gives; from memory, or 304, when the same address was asked of the same rows."""
    asked = request.META.get("QUERY_STRING", "")
    host = "" if "include_links" not in asked else request.build_absolute_uri("/")
    key = hashlib.blake2b(f"{content}\0{request.path}\0{asked}\0{host}".encode(), digest_size=16).hexdigest()
    moving = MOVING.search(asked) is not None
    packing = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    found = None if moving or not open else kept.get(key)
    tags = request.META.get("HTTP_IF_NONE_MATCH", "")
    if found is not None and key in tags:
        response: HttpResponse = HttpResponseNotModified()
        response["ETag"] = f'"{key}{"-gz" if packing and found[1] else ""}"'
    else:
        if found is None:
            body = cells.encoded(make())
            found = (body, b"") if moving or not open else kept.put(key, body)
        packed = packing and bool(found[1])
        response = HttpResponse(found[1] if packed else found[0], content_type=JSON)
        if packed:
            response["Content-Encoding"] = "gzip"
        if not moving:
            response["ETag"] = f'"{key}{"-gz" if packed else ""}"'
    if open:
        response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = "public, max-age=60" if open and not moving else "private, no-store"
    return response


# -- refusals


def told(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of this API: read from anywhere, its refusals in the words that clients know."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Refused as refusal:
            response = _refusal(request, refusal)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return open_to_all(require_safe(told))


def _refusal(request: HttpRequest, refusal: Refused) -> HttpResponse:
    status, code, message = refusal.status, refusal.code, str(refusal.sentence)
    if isinstance(refusal, WrongQuestion | UnknownColumn | TooMuch):
        status, code = 400, "ODSQLError"
        message = f"ODSQL query is malformed: {message}"
        if refusal.field:
            message += f" Clause(s) containing the error(s): {refusal.field}."
    elif isinstance(refusal, WrongParameter):
        message = refusal.facts.get("message", message)
    facts = {**refusal.facts, "error_code": code, "message": message}
    return problems.problem(
        request, status=status, code=refusal.code, detail=refusal.sentence, field=refusal.field, facts=facts
    )


def integer(request: HttpRequest, name: str, *, otherwise: int, least: int, most: int) -> int:
    said = request.GET.get(name)
    if said in (None, ""):
        return otherwise
    found = int(said) if re.fullmatch(r"-?[0-9]{1,15}", said or "") else None
    if found is None or not least <= found <= most:
        message = f"Invalid value for {name} API parameter: {(said or '')[:40]} was found"
        message += f" but {least} <= {name} <= {most} is expected."
        sentence = _("« %(name)s » est un nombre de %(least)d à %(most)d.")
        raise WrongParameter(sentence % {"name": name, "least": least, "most": most}, field=name, message=message)
    return found


def lang_of(request: HttpRequest) -> str:
    return request.GET.get("lang", "fr")[:2]


def links(request: HttpRequest) -> list[dict[str, str]]:
    return [{"rel": "self", "href": request.build_absolute_uri(quote(request.path))}]
