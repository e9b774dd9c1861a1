"""The versions of a dataset: who published what, when and why; going back to one; how many are kept."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lacydon.capabilities.trust.public import agent_names
from lacydon.kernel import site
from lacydon.kernel.access import needs
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.ui.shown import done, show, troubled

from ...actions import keys, restoring
from ...models import Dataset, Version
from .owned import actor_of, dataset_of

MOST = 200


@needs("dataset.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def list_versions(request: HttpRequest, id: str) -> HttpResponse:
    """Newest first. Posted: how many are kept."""
    row = dataset_of(request, id)
    if request.method != "POST":
        return _shown(request, row)
    typed = request.POST.get("keep", "").strip()
    try:
        if not typed.isdecimal() or len(typed) > 6:
            raise BadInput(_("Écrivez un nombre ; 0 garde toutes les versions."), field="keep")
        restoring.keep_versions(dataset=row.pk, keep=int(typed), actor=actor_of(request))
    except BadInput as refusal:
        return _shown(request, row, typed=typed, refusal=refusal)
    return done(request, _("C’est noté."), "data-versions", id=row.pk)


@needs("dataset.publish")
@require_POST
def restore(request: HttpRequest, id: str, number: int) -> HttpResponse:
    """The rows of an older version again, as a new one."""
    row = dataset_of(request, id)
    reason = request.POST.get("reason", "").strip()[:500] or _("Retour à la version %d") % number
    try:
        made = restoring.restore(dataset=row.pk, number=number, actor=actor_of(request), reason=reason)
    except Refused as refusal:
        return troubled(request, refusal.sentence, "data-versions", id=row.pk)
    sentence = _("La version %(new)d est publiée : elle a les lignes de la version %(old)d.")
    return done(request, sentence % {"new": made.number, "old": number}, "data-versions", id=row.pk)


@needs("dataset.publish")
@require_POST
def make_key(request: HttpRequest, id: str) -> HttpResponse:
    """A key for a machine, shown this once."""
    row = dataset_of(request, id)
    key = keys.make_key(dataset=row.pk, actor=actor_of(request))
    context = {"dataset": row, "key": key, "address": f"{site.address()}/api/v1/data/datasets/{row.pk}/versions"}
    return show(request, "data/publishing/key.html", context, title=_("La clé d’envoi"), section="agent", here="data")


def _shown(request: HttpRequest, row: Dataset, *, typed: str = "", refusal: Refused | None = None) -> HttpResponse:
    rows = list(Version.objects.filter(dataset=row)[:MOST])
    names = agent_names({each.published_by_id for each in rows if each.published_by_id})
    context = {
        "dataset": row,
        "versions": [_line(each, names, current=row.current_id) for each in rows],
        "keep": typed or str(row.keep),
        "refusal": refusal,
    }
    return show(
        request,
        "data/publishing/versions.html",
        context,
        title=_("Les versions"),
        status=refusal.status if refusal else 200,
        section="agent",
        here="data",
    )


def _line(version: Version, names: Mapping[UUID, str], *, current: int | None) -> dict[str, Any]:
    difference = version.difference or {}
    rows = difference.get("rows") or {}
    columns = difference.get("columns") or {}
    return {
        "version": version,
        "who": names.get(version.published_by_id, "") if version.published_by_id else "",
        "current": version.pk == current,
        "added": rows.get("added"),
        "changed": bool(not version.removed_at and (rows.get("added") or rows.get("removed"))),
        "removed": rows.get("removed"),
        "columns_added": columns.get("added") or [],
        "columns_removed": columns.get("removed") or [],
        "columns_changed": columns.get("changed") or [],
    }
