"""HEAD is GET without the body; OPTIONS says what an address answers to, and answers a browser's preflight.

Methods of other trades (TRACE, CONNECT, those of WebDAV) are answered 405, whatever the address.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from .headers import is_public_data

ADAY = "86400"
ASKED_WITH = "Accept, Accept-Language, Authorization, Content-Type, If-None-Match, Range, X-Request-ID"
"""Headers that clients in a page of another site send: a key for an API, a part of a file, what they hold already."""
KNOWN = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class MethodsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in KNOWN:
            return HttpResponseNotAllowed(KNOWN)
        if request.method == "HEAD":
            return self._head(request)
        response = self.get_response(request)
        if response.status_code == 405:
            response["Allow"] = _allowed(response)
            if request.method == "OPTIONS":
                return self._options(request, allowed=response["Allow"])
        return response

    def _head(self, request: HttpRequest) -> HttpResponse:
        request.method = "GET"
        try:
            response = self.get_response(request)
        finally:
            request.method = "HEAD"
        if response.status_code == 405:
            response["Allow"] = _allowed(response)
        if response.streaming:
            response.streaming_content = ()  # type: ignore[attr-defined]
        else:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response

    def _options(self, request: HttpRequest, *, allowed: str) -> HttpResponse:
        response = HttpResponse(status=204)
        response["Allow"] = allowed
        if is_public_data(request.path):
            response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response["Access-Control-Allow-Headers"] = ASKED_WITH
            response["Access-Control-Max-Age"] = ADAY
        return response


def _allowed(response: HttpResponse) -> str:
    methods = {method.strip() for method in response.headers.get("Allow", "").split(",")} - {""}
    return ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))
