"""In a demonstration, no mail leaves: the messages can be read here, and it is said. Anywhere else this is a 404."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import NotFound
from lacydon.kernel.mail import filed
from lacydon.kernel.ui.shown import show

from .email_link import demonstrated
from .entering import guarded


@open_to_all
@require_safe
def letter(request: HttpRequest, letter: object) -> HttpResponse:
    found = filed(str(letter)) if demonstrated() else None
    plain = found.get_body(("plain",)) if found else None
    if found is None or plain is None:
        raise NotFound(_("Il n’y a pas de message ici."))
    paragraphs = [_linked(each) for each in str(plain.get_content()).split("\n\n") if each.strip()]
    context = {"to": found["To"], "subject": found["Subject"], "paragraphs": paragraphs}
    title = _("Démonstration : %s") % found["Subject"]
    return guarded(show(request, "trust/entering/letter.html", context, title=title))


def _linked(text: str) -> SafeString:
    """The text, its addresses as links."""
    return SafeString(re.sub(r"https?://\S+", lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(text)))
