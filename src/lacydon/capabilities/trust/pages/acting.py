"""What every page says to who acts for somebody else: for whom, under which mandate, and how to stop."""

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from ..models import Mandate
from ..queries.mandate_text import moment_in_words
from ..queries.names import principal_name
from .session import session_of


def acting(request: HttpRequest) -> SafeString:
    """The notice under the header; empty for who acts for themselves."""
    actor = session_of(request)
    if not actor.mandate:
        return SafeString("")
    held = Mandate.objects.filter(pk=actor.mandate).first() if len(actor.mandate) == 36 else None
    if held is None:
        return SafeString("")
    context = {
        "over": actor.principal == actor.person,  # it no longer holds: all is closed until it is handed back
        "until": moment_in_words(held.ends_at),
        "name": principal_name(held),
        "csrf_token": SimpleLazyObject(lambda: get_token(request)),
    }
    return SafeString(get_template("trust/acting.html").render(context))
