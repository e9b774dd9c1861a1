"""What all the pages of filling in share: who is there, the token, the draft an address names, where to go on."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lacydon.kernel import forms
from lacydon.kernel.access import Actor
from lacydon.kernel.forms import Page

from ...actions import drafts as writing
from ...queries import drafts
from ...queries.drafts import Opened
from ...queries.published import Held

ANY = "ANY"
"""In the place of a draft, whose secret has other signs besides these."""


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def draft_of(request: HttpRequest, reference: str) -> tuple[Opened, str]:
    """The draft an address names, on a version that may still be filled in; what there is to say of that."""
    return writing.brought_up_to_date(drafts.draft(reference, actor=actor_of(request)))


def token(request: HttpRequest) -> SafeString:
    """The hidden token of a form, for who is signed in. Nobody else has a session: the address of a draft is its
    secret, and kernel.middleware.origins refuses other sites."""
    if not actor_of(request).known:
        return SafeString("")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


def forged(request: HttpRequest) -> bool:
    """Whether who is signed in posts without their token: another site's form, or one of an older session of theirs."""
    if not actor_of(request).known:
        return False
    return CsrfViewMiddleware(_never).process_view(request, _never, (), {}) is not None


def _never(_request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def guarded(response: HttpResponse) -> HttpResponse:
    """A page whose address or words are somebody's: kept by nobody, its address told to no other site."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


def address_of(name: str, reference: str, **parts: Any) -> str:
    """The address of a page of a draft; looked up once for all drafts."""
    return _pattern(name, get_language() or "fr", tuple(parts.items())).replace(ANY, reference, 1)


@lru_cache(maxsize=2_000)
def _pattern(name: str, _lang: str, parts: tuple[tuple[str, Any], ...]) -> str:
    return reverse(name, kwargs={"draft": ANY} | dict(parts))


def to(name: str, reference: str, *, fragment: str = "", query: str = "", **parts: Any) -> HttpResponse:
    """On to another page of the draft (303: a reload sends nothing again)."""
    address = address_of(name, reference, **parts)
    response = HttpResponseRedirect(f"{address}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}")
    response.status_code = 303
    return guarded(response)


def to_page(found: Opened, page: Page, **more: str) -> HttpResponse:
    return to("draft-page", found.reference, page=page.id, **more)


def pages_of(held: Held, answers: Mapping[str, Any]) -> list[Page]:
    """The pages that are asked, but those where there is nothing to ask or to read."""
    return [each.page for each in forms.asked(held.form, answers) if each.fields]


def page_after(held: Held, answers: Mapping[str, Any], page: Page) -> Page | None:
    """The next page asked; None when that was the last."""
    order = [each.id for each in held.form.pages]
    later = [each for each in pages_of(held, answers) if order.index(each.id) > order.index(page.id)]
    return later[0] if later else None


def go_back(found: Opened) -> HttpResponse:
    """To the page where the draft was left, or the summary when all were filled in."""
    if found.sent:
        return to("draft-receipt", found.reference)
    pages = pages_of(found.held, found.answers)
    if found.row.page == "":
        return to_page(found, pages[0])
    here = next((each for each in pages if each.id == found.row.page), None)
    if here is not None:
        return to_page(found, here)
    return to("draft-summary", found.reference)
