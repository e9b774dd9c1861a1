"""What the schema of a dataset finds wrong in a file on its way: the whole report, the marked copy."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.ui.shown import show

from ...actions.conformity import check_of_arrival
from ...errors import UnknownCheck
from .. import validation
from .owned import file_of


@needs("dataset.publish")
@require_safe
def report(request: HttpRequest, id: str, arrival: UUID) -> HttpResponse:
    """The same report as for a file that anybody checks; with `faute`, every place of one fault."""
    row, found = file_of(request, id, arrival)
    check = check_of_arrival(found)
    named = {"id": row.pk, "arrival": found.pk}
    context = check.about | {
        "dataset": row,
        "arrival": found,
        "one": check.finding(request.GET.get("faute", "")),
        "copy": check.copy is not None,
        "at": {
            "whole": reverse("data-arrival-report", kwargs=named),
            "copy": reverse("data-arrival-copy", kwargs=named),
            "json": reverse("data-arrival-json", kwargs=named),
            "back": reverse("data-columns", kwargs=named),
        },
    }
    title = _("Conforme") if check.about["valid"] else _("À corriger")
    return show(
        request,
        "data/validation/report.html",
        context,
        title=f"{title}\u00a0: {check.about['name']}",
        section="agent",
        here="data",
    )


@needs("dataset.publish")
@require_safe
def copy(request: HttpRequest, id: str, arrival: UUID) -> HttpResponse:
    """The marked copy, in the form of the file."""
    found = check_of_arrival(file_of(request, id, arrival)[1])
    if found.copy is None:
        raise UnknownCheck(_("Ce fichier est conforme : il n’y a rien à annoter."))
    return validation.marked_copy(found, found.copy)


@needs("dataset.publish")
@require_safe
def as_json(request: HttpRequest, id: str, arrival: UUID) -> HttpResponse:
    """The report in the shape of frictionless."""
    return validation.report_as_json(check_of_arrival(file_of(request, id, arrival)[1]))
