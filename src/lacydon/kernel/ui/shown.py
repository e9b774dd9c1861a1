"""How a page that depends on its visitor is shown: the frame, the token of its forms, what was just done, said once."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from .. import plugs
from ..access import Actor
from ..cards import Desk
from .shell import framed

SAID = "said"


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    title: Any,
    status: int = 200,
    section: str = "space",
    here: str = "",
    head: str = "",
) -> HttpResponse:
    """A page of one visitor. `here`: the entry of the section's menu this page belongs to; `head`: safe HTML.

    The token of forms is made when a form asks for it: a page without one sets no cookie.
    """
    filled = {
        "title": title,
        "here": here,
        "actor": request.actor,  # type: ignore[attr-defined]
        "csrf_token": SimpleLazyObject(lambda: get_token(request)),
        "said": request.session.pop(SAID, None),
        "desks": SimpleLazyObject(lambda: desks_of(request.actor)),  # type: ignore[attr-defined]
    }
    body = get_template(template).render(filled | dict(context or {}))
    head = SafeString('<meta name="robots" content="noindex">') + SafeString(head)
    html = framed(body, address=request.get_full_path(), title=title, section=section, head=head)
    return HttpResponse(html, status=status)


def desks_of(actor: Actor) -> list[Desk]:
    """Where an agent may work, with the roles they hold."""
    offered = [desk for _name, offer in plugs.desks.items() for desk in offer()]
    return [desk for desk in offered if not desk.roles.isdisjoint(actor.roles)]


def done(request: HttpRequest, sentence: Any, to: str, **parts: Any) -> HttpResponse:
    """After an act: lead to the page named `to`, which says the sentence once (a reload repeats nothing)."""
    request.session[SAID] = {"sentence": str(sentence)}
    return HttpResponseRedirect(reverse(to, kwargs=parts or None))


def troubled(request: HttpRequest, sentence: Any, to: str, **parts: Any) -> HttpResponse:
    """The same for an act that was refused."""
    request.session[SAID] = {"sentence": str(sentence), "trouble": True}
    return HttpResponseRedirect(reverse(to, kwargs=parts or None))
