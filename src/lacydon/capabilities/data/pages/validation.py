"""« Vérifier un fichier »: a clerk chooses a file and a schema, and is told what to mend. No account is needed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lacydon.kernel import attempts
from lacydon.kernel.access import open_to_all
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.errors import Refused
from lacydon.kernel.middleware.clients import accountable, client_address
from lacydon.kernel.ui.shown import show

from ..actions.checking import Check, check_file, check_of
from ..queries import shelf

MOST = 60
"""Files an hour from one network."""
TYPES = {
    "copy.csv": "text/csv; charset=utf-8",
    "copy.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@csrf_exempt  # nothing of anybody changes; kernel.middleware.origins refuses other sites
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form; after it, the report at an address of its own."""
    schemas = shelf.shelved()
    chosen = (request.POST if request.method == "POST" else request.GET).get("schema", "")[:120]
    context: dict[str, Any] = {"schemas": schemas, "chosen": chosen, "largest": settings.LARGEST_BODY // 1_000_000}
    status = 200
    if request.method == "POST":
        try:
            return _checked(request, chosen, context)
        except Refused as refusal:
            context["error"], status = refusal.sentence, refusal.status
            context.setdefault("field", "file")
    return show(
        request, "data/validation/ask.html", context, title=_("Vérifier un fichier"), section="data", status=status
    )


def _checked(request: HttpRequest, chosen: str, context: dict[str, Any]) -> HttpResponse:
    who = accountable(client_address(request))
    attempts.spend(what="data-validate", who=who, most=MOST, per=timedelta(hours=1))
    context["field"] = "schema"
    described, schema = shelf.shelved_schema(chosen)
    context["field"] = "file"
    file = request.FILES.get("file")
    if file is None:
        from ..errors import UnreadableTable

        raise UnreadableTable(_("Choisissez un fichier CSV ou XLSX."))
    token = check_file(name=str(file.name or ""), pieces=file.chunks(), schema=schema, title=described.title)
    return HttpResponseRedirect(reverse("data-check", kwargs={"token": token}), status=303)


@open_to_all
@require_safe
def report(request: HttpRequest, token: str) -> HttpResponse:
    """The report; with `faute`, every place of one fault."""
    try:
        found = check_of(token)
    except Refused as refusal:
        return show(
            request, "data/validation/gone.html", {"error": refusal.sentence}, title=_("Rapport effacé"),
            section="data", status=refusal.status,
        )  # fmt: skip
    asked = request.GET.get("faute", "")
    one = found.finding(asked)
    at = {
        "whole": reverse("data-check", kwargs={"token": token}),
        "copy": reverse("data-check-copy", kwargs={"token": token}),
        "json": reverse("data-check-json", kwargs={"token": token}),
    }
    context = found.about | {"at": at, "one": one, "copy": found.copy is not None}
    title = _("Conforme") if found.about["valid"] else _("À corriger")
    return show(
        request, "data/validation/report.html", context, title=f"{title}\u00a0: {found.about['name']}", section="data"
    )


@open_to_all
@require_safe
def copy(_request: HttpRequest, token: str) -> HttpResponse:
    """The marked copy, in the form of the file."""
    found = check_of(token)
    if found.copy is None:
        return HttpResponseRedirect(reverse("data-check", kwargs={"token": token}))
    return marked_copy(found, found.copy)


def marked_copy(found: Check, path: Path) -> HttpResponse:
    """The copy as a file to take away."""
    stem = str(found.about["name"]).rpartition(".")[0]
    name = _("%s-annote") % stem + path.suffix
    return as_attachment(path.read_bytes(), media_type=TYPES[path.name], name=name)


@open_to_all
@require_safe
def as_json(_request: HttpRequest, token: str) -> HttpResponse:
    """The report in the shape of frictionless."""
    return report_as_json(check_of(token))


def report_as_json(found: Check) -> HttpResponse:
    """The report as a file to take away."""
    stem = str(found.about["name"]).rpartition(".")[0]
    content = (found.folder / "report.json").read_bytes()
    return as_attachment(content, media_type="application/json", name=_("%s-rapport") % stem + ".json")


urlpatterns = [
    path("donnees/verifier", ask, name="data-validate"),
    path("donnees/verifier/<str:token>", report, name="data-check"),
    path("donnees/verifier/<str:token>/copie", copy, name="data-check-copy"),
    path("donnees/verifier/<str:token>/rapport.json", as_json, name="data-check-json"),
]
