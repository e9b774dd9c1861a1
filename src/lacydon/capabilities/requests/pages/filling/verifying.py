"""Whether a receipt or a letter is ours: asked by whoever is shown one, answered without a word about anybody."""

from collections.abc import Mapping
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel import attempts
from lacydon.kernel.access import open_to_all
from lacydon.kernel.middleware.clients import accountable, client_address
from lacydon.kernel.ui.shell import page

from ...queries import letters_of_decision, receipts

LONGEST = 60


@open_to_all
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """The code of a receipt or of a decision is typed here. Parameter: `code`."""
    typed = request.GET.get("code", "")[:LONGEST].upper()
    code = "".join(sign for sign in typed if sign.isascii() and (sign.isalnum() or sign == "-"))
    if code:
        return HttpResponseRedirect(reverse("verify", kwargs={"code": code}))
    return _page(request, {"code": ""})


@open_to_all
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What a code proves. Codes cannot be guessed; who tries many is slowed down all the same."""
    found, decision = receipts.verified(code), letters_of_decision.verified(code)
    if found is None and decision is None:
        attempts.spend(what="receipt-code", who=accountable(client_address(request)), most=60, per=timedelta(hours=1))
    context = {"code": code, "found": found, "decision": decision, "asked": True}
    return _page(request, context, status=200 if found or decision else 404)


def _page(request: HttpRequest, context: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    html = page(
        "requests/receipt/verify.html", context, address=request.get_full_path(), section="procedures",
        title=_("Vérifier un document"), head='<meta name="robots" content="noindex">',
    )  # fmt: skip
    return HttpResponse(html, status=status)
