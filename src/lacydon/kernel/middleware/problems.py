"""What no view has answered for: refusals raised by pages, unknown addresses, wrong methods, failures."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.urls import get_resolver, get_urlconf, reverse

from ..access import SignInNeeded, StrongerSignInNeeded
from ..errors import Refused
from ..problems import MEDIA_TYPE, failure, for_machines, problem, refusal, tell_refusal

KNOWN_TO_DJANGO = (Http404, PermissionDenied, SuspiciousOperation, BadRequest, MultiPartParserError)
"""What Django itself answers to, with 404, 403 or 400."""


class ProblemsMiddleware:
    """problem+json for machines; for people, the page of the same status (handler400, 403, 404 of the URLs)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not for_machines(request):
            return response
        if response.headers.get("Content-Type", "").startswith(MEDIA_TYPE) or getattr(response, "told", False):
            return response  # `told`: by a standard of its own, whose clients read no problem+json
        told = problem(request, status=response.status_code)
        for name in ("Allow", "Retry-After", "Content-Language", "Vary"):
            if name in response.headers:
                told[name] = response[name]
        return told

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return refused(request, exception)
        if for_machines(request) and not isinstance(exception, KNOWN_TO_DJANGO):
            return failure(request, exception)
        return None


def refused(request: HttpRequest, refusal_: Refused) -> HttpResponse:
    """The answer to a refusal, in the form this visitor reads."""
    if for_machines(request):
        return refusal(request, refusal_)
    if isinstance(refusal_, SignInNeeded) and request.method in ("GET", "HEAD"):
        onward = urlencode({"suite": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?{onward}")
    tell_refusal(status=refusal_.status, code=refusal_.code)
    if refusal_.leads_to:
        place = reverse(refusal_.leads_to)
        if isinstance(refusal_, StrongerSignInNeeded) and request.method in ("GET", "HEAD"):
            place += "?" + urlencode({"suite": request.get_full_path()})
        return HttpResponseRedirect(place)
    kind = refusal_.status if refusal_.status in (403, 404) else 400
    page: Callable[..., HttpResponse] = get_resolver(get_urlconf()).resolve_error_handler(kind)
    response = page(request, exception=refusal_)
    response.status_code = refusal_.status
    if "retry_after" in refusal_.facts:
        response["Retry-After"] = str(refusal_.facts["retry_after"])
    return response
