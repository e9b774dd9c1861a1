"""Every request has an id, one line in the log and its place in the metrics."""

import re
import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse

from .. import metrics
from .clients import client_address, shortened

SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
UNMATCHED = "unmatched"
WATCHED = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds by those who watch: logged at level DEBUG."""
log = structlog.get_logger("lacydon.access")


class RequestMiddleware:
    """The id (X-Request-ID, accepted from outside when it is sane), the access log, the metrics.

    The log keeps no personal data: the route instead of the path when there is one, never the query string, the
    client's network instead of its address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")  # not .headers, which reads them all, for each page
        request.request_id = given if SANE.fullmatch(given) else uuid4().hex  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        began = time.perf_counter()
        method = request.method or ""
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        match = request.resolver_match
        route = f"/{match.route}" if match else UNMATCHED
        metrics.request_answered(method=method, route=route, status=response.status_code, seconds=seconds)
        where = {"route": route} if match else {"route": route, "path": request.path[:100]}
        tell = log.debug if route in WATCHED else log.info
        tell(
            "request",
            method=method,
            **where,
            status=response.status_code,
            ms=round(seconds * 1000, 2),
            bytes=0 if response.streaming else len(response.content),
            client=shortened(client_address(request)),
        )
        return response
