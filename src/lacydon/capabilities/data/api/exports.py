"""Sending a file made of a question: streamed while it is written, then by ETag and by ranges (RFC 9110, RFC 7233).

`/donnees/<id>/export.<format>` and the exports of every API end here.
"""

import os
import re
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import cast
from urllib.parse import quote
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import NotFound, Unavailable

from ..actions.opening import open_table
from ..errors import WrongQuestion
from ..queries import datasets, exports, odsql, spools
from ..queries.exports import MEDIA_TYPES, PACKED, Export, Format, Packing

RANGE = re.compile(r"bytes=(\d*)-(\d*)")
CHUNK = 1 << 18
NOWHERE = (0, 0)
PIECE = 1 << 16
SLOWEST, PATIENCE = 20_000, 30.0
"""Bytes a second under which, after so many seconds, a client is taken to hold on rather than to read."""
TRUE = ("true", "1", "yes", "oui", "on")


def is_true(said: str | None, *, otherwise: bool = False) -> bool:
    """A yes or no of an address."""
    return otherwise if said is None or said == "" else said.lower() in TRUE


def send(
    request: HttpRequest, export: Export, *, name: str, open: bool, as_file: bool = True, archive: bool = False
) -> HttpResponseBase:
    """The file. `open`: whether anybody may read it, so that caches may keep it. `archive`: packed as a file that stays
    packed, rather than on the way only."""
    packing: Packing = export.packing
    if not packing and export.format in PACKED:
        packing = accepted(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        export = replace(export, packing=packing)
    # What is packed here is not to be packed again, and ranges are of what is sent.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    etag = f'"{export.key}"'
    if not export.volatile and _is_known(request, etag):
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = _answer(request, export, etag)
        response["Content-Type"] = "application/gzip" if archive else MEDIA_TYPES[export.format]
        if packing and not archive:
            response["Content-Encoding"] = packing
        if as_file:
            file = f"{name}.{export.format}{'.gz' if archive else ''}"
            response["Content-Disposition"] = f"attachment; filename=\"{_plain(file)}\"; filename*=UTF-8''{quote(file)}"
        response["Accept-Ranges"] = "bytes"
    if not export.volatile:
        response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=60" if open and not export.volatile else "private, no-store"
    if export.format in PACKED:
        response["Vary"] = "Accept-Encoding"
    return response


def accepted(header: str) -> Packing:
    """How what is sent may be packed: zstd is many times quicker."""
    offered = {}
    for each in header.lower().split(","):
        name, _semicolon, parameters = each.strip().partition(";")
        found = re.search(r"q\s*=\s*([0-9.]+)", parameters)
        offered[name.strip()] = float(found[1]) if found and found[1].count(".") < 2 and found[1] != "." else 1.0
    for each in ("zstd", "gzip"):
        if offered.get(each, 0.0) > 0:
            return each  # type: ignore[return-value]
    return ""


def _is_known(request: HttpRequest, etag: str) -> bool:
    header = request.META.get("HTTP_IF_NONE_MATCH", "")
    return header.strip() == "*" or etag in (each.strip().removeprefix("W/") for each in header.split(","))


def _plain(name: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in name)


class _Places:
    """How many files one process sends at once: half of what it can answer, so that pages are never kept waiting."""

    def __init__(self) -> None:
        self._taken = 0
        self._lock = threading.Lock()

    def take(self) -> Callable[[], None]:
        """A place: what gives it back, once however often it is called. Raises Unavailable when none is left."""
        with self._lock:
            if self._taken >= max(settings.THREADS // 2, 1):
                raise Unavailable(
                    _("Trop de fichiers partent en même temps : réessayez dans un instant."), retry_after=15
                )
            self._taken += 1
        given = False

        def give() -> None:
            nonlocal given
            with self._lock:
                self._taken -= not given
                given = True

        return give


_places = _Places()


def _answer(request: HttpRequest, export: Export, etag: str) -> HttpResponseBase:
    give = _places.take()
    try:
        response = _found(request, export, etag)
    except BaseException:
        give()
        raise
    if isinstance(response, StreamingHttpResponse):
        weakref.finalize(response, give)  # one that nobody closes
        sent = response.streaming_content
        close = response.close
        response.streaming_content = _paced(cast(Iterable[bytes], sent))  # WSGI: never an asynchronous one

        def end() -> None:
            try:
                close()
            finally:
                give()

        response.close = end  # type: ignore[method-assign]
    else:
        give()
    return response


def _paced(sent: Iterable[bytes]) -> Iterator[bytes]:
    """In small pieces; cut when they are taken too slowly."""
    waited, taken = 0.0, 0
    for chunk in sent:
        for start in range(0, len(chunk), PIECE):
            given = time.monotonic()
            yield chunk[start : start + PIECE]
            waited += time.monotonic() - given  # the client's time alone, not that of the engine
            taken += PIECE
            if waited > PATIENCE and taken < SLOWEST * waited:
                raise spools.Broken("slow")


def _found(request: HttpRequest, export: Export, etag: str) -> HttpResponseBase:
    own = exports.file_of_version(export)
    if own is not None:
        return _whole(request, own, (b"", b""), etag)
    exports.check(export)
    made = spools.spool(export.key, lambda part: exports.write(export, part))
    around = exports.around(export)
    # A length or a part of it can be told of what is whole only; a workbook is put together at its end.
    asked = "HTTP_RANGE" in request.META or request.META["REQUEST_METHOD"] == "HEAD" or export.format == "xlsx"
    if made.whole or asked:
        return _whole(request, spools.completed(made), around, etag)
    following = spools.following(made)
    first = next(following, b"")  # what fails at once is told as an answer
    before, after = around
    return StreamingHttpResponse(_Sent(chain((before + first,), following, (after,)), close=following.close))


class _Sent:
    """Bytes on their way, and what is to be closed whether they all were sent or not."""

    def __init__(self, parts: Iterable[bytes], *, close: Callable[[], None]) -> None:
        self._parts = parts
        self.close = close

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._parts)


def _whole(request: HttpRequest, file: Path, around: tuple[bytes, bytes], etag: str) -> HttpResponseBase:
    try:
        opened = file.open("rb")
    except FileNotFoundError as error:
        raise NotFound(_("Ce fichier n’existe plus ; demandez-le de nouveau.")) from error
    before, after = around
    inner = os.fstat(opened.fileno()).st_size
    size = len(before) + inner + len(after)
    part = _range(request, size, etag)
    if part == NOWHERE:
        opened.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = part if part is not None else (0, size)

    def sent() -> Iterator[bytes]:
        yield before[start:end]
        place, last = max(start - len(before), 0), min(end - len(before), inner)
        opened.seek(place)
        while place < last and (chunk := opened.read(min(CHUNK, last - place))):
            place += len(chunk)
            yield chunk
        tail = len(before) + inner
        yield after[max(start - tail, 0) : max(end - tail, 0)]

    response = StreamingHttpResponse(_Sent(sent(), close=opened.close), status=206 if part is not None else 200)
    response["Content-Length"] = str(end - start)
    if part is not None:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """From and before; None is all; `NOWHERE` when nothing of it exists. Several ranges, or not one: all."""
    found = RANGE.fullmatch(request.META.get("HTTP_RANGE", "").strip())
    if found is None or found[1] == found[2] == "":
        return None
    if_range = request.META.get("HTTP_IF_RANGE", "").strip()
    if if_range and if_range != etag:
        return None
    if len(found[1]) > 18 or len(found[2]) > 18:
        return NOWHERE if found[1] else None
    if not found[1]:
        last = int(found[2])
        return (max(size - last, 0), size) if last and size else NOWHERE
    start = int(found[1])
    end = min(int(found[2]) + 1, size) if found[2] else size
    if found[2] and int(found[2]) < start:
        return None
    return (start, end) if start < size else NOWHERE


def export_of(request: HttpRequest, *, id: str, format: str, delimiter: str = ";") -> HttpResponseBase:
    """The export that an address asks for in ODSQL (`select`, `where`, `group_by`, `order_by`, `refine`, `limit`…)."""
    if format not in MEDIA_TYPES:
        known = ", ".join(MEDIA_TYPES)
        raise NotFound(
            _("« %(format)s » n’est pas un format d’export : %(known)s.") % {"format": format[:20], "known": known}
        )
    said = request.GET
    found = datasets.dataset(id, actor=request.actor)  # type: ignore[attr-defined]
    version = datasets.version(found, _number(said.get("version")))
    table = open_table(found, version, actor=request.actor)  # type: ignore[attr-defined]
    limit = _limit(said.get("limit"))
    zone = said.get("timezone") or "UTC"
    asked = odsql.asked(
        table,
        select=said.get("select", ""),
        where=said.getlist("where"),
        group_by=said.get("group_by", ""),
        order_by=said.get("order_by", ""),
        refine=said.getlist("refine"),
        exclude=said.getlist("exclude"),
        limit=limit,
        timezone=zone,
        lang=said.get("lang", "fr"),
    )
    archive = is_true(said.get("compressed")) and format in PACKED
    export = Export(
        table=table,
        question=asked.question,
        types=asked.types,
        format=_format(format),
        packing="gzip" if archive else "",
        labels=is_true(said.get("use_labels")),
        delimiter=said.get("delimiter") or delimiter,
        bom=is_true(said.get("with_bom"), otherwise=True),
        quote_all=is_true(said.get("quote_all")),
        zone=odsql.zone_of(zone).key,
        whole=len(table.columns) == len(version.columns) and table.only is None,
        volatile=uuid4().hex if asked.volatile else "",
    )
    return send(request, export, name=id, open=found.open, archive=archive)


def _format(name: str) -> Format:
    return name  # type: ignore[return-value]


def _number(said: str | None) -> int | None:
    if not said:
        return None
    if not said.isdecimal() or len(said) > 9:
        raise WrongQuestion(_("« version » est un nombre."), field="version")
    return int(said)


def _limit(said: str | None) -> int | None:
    if said in (None, "", "-1"):
        return None
    if not said or not said.isdecimal() or len(said) > 15:
        raise WrongQuestion(_("« limit » est un nombre, ou -1 pour toutes les lignes."), field="limit")
    return int(said)


@open_to_all
@require_safe
def export(request: HttpRequest, id: str, format: str) -> HttpResponseBase:
    """`/donnees/<id>/export.<format>`: the same questions as those of the table's page and of the Explore API."""
    response = export_of(request, id=id, format=format)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


urlpatterns = [path("donnees/<slug:id>/export.<slug:format>", export, name="dataset-export")]
"""In no language: the same file for all."""
