"""Choosing an organisation by its name, before the form that is about it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lacydon.kernel.ui.shown import show

from ..models import Organisation
from ..queries import consents

SHOWN = 20
"""Organisations shown at once: a name finds the others."""
ASKED = "organisme"


def chosen(request: HttpRequest) -> Organisation | None:
    """The organisation in the address, when there is one."""
    id = request.GET.get(ASKED, "")
    return next((row for row in consents.recipients() if row.pk == id), None) if id else None


def choose(request: HttpRequest, *, here: str, section: str = "space", but: str = "") -> HttpResponse:
    """The page that leads back to the same address with an organisation in it. `but`: the one that is left out."""
    words = request.GET.get("nom", "")[:100]
    found = [row for row in consents.recipients(words) if row.pk != but]
    context = {
        "words": words,
        "found": found[:SHOWN],
        "many": len(found) > SHOWN,
        "action": request.path,
        "staff": section == "agent",
    }
    title = _("Avec quel organisme ?")
    return show(request, "trust/recipient.html", context, title=title, section=section, here=here)
