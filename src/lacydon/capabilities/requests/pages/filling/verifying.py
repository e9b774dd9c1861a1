"""Whether a receipt is ours: asked by whoever is shown one, answered without a word about anybody."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel import attempts
from lacydon.kernel.access import open_to_all
from lacydon.kernel.middleware.clients import accountable, client_address
from lacydon.kernel.ui.shell import page

from ...queries import receipts

LONGEST = 60


@open_to_all
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """The code of a receipt is typed here. Parameter: `code`."""
    typed = request.GET.get("code", "")[:LONGEST].upper()
    code = "".join(sign for sign in typed if sign.isascii() and (sign.isalnum() or sign == "-"))
    if code:
        return HttpResponseRedirect(reverse("verify", kwargs={"code": code}))
    return _page(request, {"code": ""})


@open_to_all
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What a code proves. Codes cannot be guessed; who tries many is slowed down all the same."""
    found = receipts.verified(code)
    if found is None:
        attempts.spend(what="receipt-code", who=accountable(client_address(request)), most=60, per=timedelta(hours=1))
    return _page(request, {"code": code, "found": found, "asked": True}, status=200 if found else 404)


def _page(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    html = page(
        "requests/receipt/verify.html", context, address=request.get_full_path(), section="procedures",
        title=_("Vérifier un récépissé"), head='<meta name="robots" content="noindex">',
    )  # fmt: skip
    return HttpResponse(html, status=status)
