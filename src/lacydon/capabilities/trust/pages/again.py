"""Signing in again, as the same person: before the ways into a space change, when there is no second factor to show."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lacydon.kernel.access import needs
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import show

from ..actions import links
from ..models import LinkPurpose
from ..ports import identity_providers
from ..queries.accounts import has_second_factor, ways_in
from .email_link import ASKED
from .entering import network, page_of_token, remembered_onward
from .session import session_of
from .sign_in import ONWARD, with_onward


@needs("session.strengthen")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """By the provider of this session, which is asked not to let in without asking; or by a link to one's own address
    (POST)."""
    actor, onward = session_of(request), remembered_onward(request)
    if has_second_factor(actor.person):
        return HttpResponseRedirect(with_onward(reverse("strengthen"), onward))
    ways = ways_in(actor.person)
    context: dict[str, object] = {
        "provider": identity_providers.get(request.session.get("provider", "")),
        "email": ways.email,
        "onward": onward,
    }
    status = 200
    if request.method == "POST" and ways.email:
        try:
            sent = links.ask_link(
                purpose=LinkPurpose.SIGN_IN,
                typed=ways.email,
                address=page_of_token("email-link"),
                network=network(request),
                own=True,
            )
        except Refused as error:
            context["error"], status = error.sentence, error.status
        else:
            request.session.update({ASKED: {"link": sent.link, "letter": sent.letter}, ONWARD: onward})
            return HttpResponseRedirect(reverse("email-sent"))
    title = _("Confirmez que c’est vous")
    return show(request, "trust/security/again.html", context, title=title, here="security", status=status)
