"""« Mes données »: take them all away, or erase them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shell import page
from lacydon.kernel.ui.shown import done, show

from ..actions import erasure, exports
from ..queries.exports import exports_of
from .entering import proven
from .session import session_of

NAME = "mes-donnees.zip"


@needs("rights.export")
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What one can do with one's data; the copies that wait."""
    actor = session_of(request)
    context = {"exports": exports_of(actor.person)}
    return show(request, "trust/rights/data.html", context, title=_("Mes données"), here="data")


@needs("rights.export")
@require_POST
@proven
def export(request: HttpRequest) -> HttpResponse:
    """The copy, now when it is small."""
    made = exports.ask_export(actor=session_of(request))
    if isinstance(made, bytes):
        return as_attachment(made, name=NAME, media_type="application/zip")
    return done(request, _("Votre copie se prépare : elle sera ici dans quelques minutes."), "data")


@needs("rights.export")
@require_safe
@proven
def take(request: HttpRequest, id: UUID) -> HttpResponse:
    """A copy made in the background."""
    content = exports.take(actor=session_of(request), export=str(id))
    return as_attachment(content, name=NAME, media_type="application/zip")


@needs("rights.erase")
@require_http_methods(["GET", "HEAD", "POST"])
@proven
def erase(request: HttpRequest) -> HttpResponse:
    """Told first: what goes, what stays and why. Then the word, then it is done."""
    actor = session_of(request)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            kept = erasure.erase_person(actor=actor, typed=request.POST.get("word", ""))
        except Refused as error:
            refusal = error
        else:
            request.session.flush()
            title = _("Vos données sont effacées")
            told = {"title": title, "kept": kept}
            return HttpResponse(page("trust/rights/erased.html", told, address=request.get_full_path(), title=title))
    context = {
        "kept": erasure.kept_of(actor.person),
        "word": erasure.WORD,
        "typed": request.POST.get("word", ""),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    title = _("Effacer mes données")
    return show(request, "trust/rights/erase.html", context, title=title, status=status, here="data")
