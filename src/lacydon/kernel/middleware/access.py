"""Before a view runs: who asks, and whether its declaration lets them in. A view that declares nothing is refused."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html_join

from .. import plugs, site
from ..access import admit, declared, visitor
from ..errors import Refused
from ..problems import for_machines
from ..ui import shell
from .input import refuse_unreadable_form
from .problems import refused


class AccessMiddleware:
    """Sets `request.actor`, lazily: a page open to all does not read the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: visitor(request))  # type: ignore[attr-defined]
        said = shell.notice.set(SimpleLazyObject(lambda: self._notice(request)))  # type: ignore[arg-type]
        try:
            with site.asked(request):
                response = self.get_response(request)
        finally:
            shell.notice.reset(said)
        if getattr(request, "restricted", False):
            response["Cache-Control"] = "private, no-store"
            patch_vary_headers(response, ("Cookie",))
        return response

    def _notice(self, request: HttpRequest) -> str:
        """Who acts for somebody else is told so on every page; who has no session costs nothing."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return ""
        return format_html_join("", "{}", ((say(request) or "",) for _name, say in plugs.notices.items()))

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if not for_machines(request):
            str(
                shell.notice.get()
            )  # once forms have their secret, and before the view: a page of error 500 reads nothing
        try:
            admit(request, declared(view))
            if handlers := getattr(view, "upload_handlers", None):
                request.upload_handlers = [each(request) for each in handlers]
            refuse_unreadable_form(request)
        except Refused as error:
            return refused(request, error)
        return None
