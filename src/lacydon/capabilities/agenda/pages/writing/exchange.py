"""The agenda as a workbook or as JSON: taken out, and brought back as a difference to be looked at first."""

import tempfile
from pathlib import Path
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lacydon.kernel.access import Actor, needs
from lacydon.kernel.clock import today
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.errors import NotFound, Refused
from lacydon.kernel.ui.shown import done

from ...actions.editing import edit
from ...actions.writing import Wanted, surroundings
from ...errors import ChangedMeanwhile
from ...queries.chart import Chart
from ...queries.nouns import SHAPES, Object
from ...queries.writing import past, workbook
from ...queries.writing.incoming import LARGEST, Incoming, exported, incoming, packed
from ...queries.writing.names import name_of
from ...queries.writing.rights import actions_of, steers
from ...queries.writing.words import KINDS
from .frame import actor_of, shown

SALT = "agenda.import"
SHOWN = 40
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("agenda.write")
@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse:
    """What this agent writes: their actions; for the steward, the whole agenda (`?tout=1`) or its actions."""
    now, actor = past.fresh(), actor_of(request)
    found = _objects(now, actor, everything=bool(request.GET.get("tout")))
    name = f"agenda-{today().isoformat()}.{form}"
    if form == "json":
        rows = [(kind, each, now.numbers[kind, each.id]) for kind, held in found.items() for each in held]
        return as_attachment(exported(rows), media_type="application/json", name=name)
    if form == "xlsx":
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "agenda.xlsx"
            workbook.write(
                file, {kind: [(each, now.numbers[kind, each.id]) for each in held] for kind, held in found.items()}
            )
            return as_attachment(file.read_bytes(), media_type=XLSX, name=name)
    raise NotFound(_("Choisissez JSON ou tableur."))


@needs("agenda.write")
@require_http_methods(["GET", "HEAD", "POST"])
def exchange(request: HttpRequest) -> HttpResponse:
    """Send a file, look at what it changes, confirm."""
    now, actor = past.fresh(), actor_of(request)
    context: dict[str, Any] = {"steering": steers(actor, now), "reason": request.POST.get("_reason", "")[:500]}
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("faire") == "confirmer":
                return _confirmed(request, actor)
            found = _read(request, now, actor)
            context |= _preview(found, actor)
            status = 422 if found.faults else 200
        except ChangedMeanwhile as meanwhile:
            context["refusal"] = _("%s Envoyez le fichier à nouveau.") % meanwhile.sentence
            status = meanwhile.status
        except Refused as refused:
            context["refusal"], status = refused.sentence, refused.status
            if refused.field == "reason" and request.POST.get("prepare"):
                context |= {"prepare": request.POST["prepare"], "reason_fault": refused.sentence, "refusal": ""}
    return shown(request, "exchange", context, title=_("Importer, exporter"), status=status)


def _objects(now: Chart, actor: Actor, *, everything: bool) -> dict[str, list[Object]]:
    if everything and steers(actor, now):
        return {kind: sorted(now.all(shape), key=lambda each: each.id) for kind, shape in SHAPES.items()}
    return {"action": list(actions_of(actor, now))}


def _read(request: HttpRequest, now: Chart, actor: Actor) -> Incoming:
    sent: Any = request.FILES.get("fichier")
    if sent is None:
        raise Refused(_("Choisissez le fichier à importer."))
    if sent.size > LARGEST:
        raise Refused(_("Ce fichier est trop gros : au plus %d Mo.") % (LARGEST // 1_000_000))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "recu"
        with file.open("wb") as kept:
            for piece in sent.chunks():
                kept.write(piece)
        return incoming(file, now=now, actor=actor, around=surroundings())


def _preview(found: Incoming, actor: Actor) -> dict[str, Any]:
    held = {"organisation": actor.organisation, "objects": packed(found.changes)}
    return {
        "looked": True,
        "faults": found.faults,
        "same": found.same,
        "count": len(found.changes),
        "further": max(0, len(found.changes) - SHOWN),
        "changes": [
            {
                "name": name_of(each.after), "title": each.after.title.stored(),
                "kind": KINDS[each.kind][0], "new": each.before is None,
                "differences": each.differences,
            }
            for each in found.changes[:SHOWN]
        ],
        "prepare": signing.dumps(held, salt=SALT, compress=True) if found.changes else "",
    }  # fmt: skip


def _confirmed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Write what the preview showed, all or nothing. Raises Refused."""
    try:
        held = signing.loads(request.POST.get("prepare", ""), salt=SALT, max_age=86_400)
    except signing.BadSignature as wrong:
        raise Refused(_("Cet aperçu a plus d’un jour : envoyez le fichier à nouveau.")) from wrong
    if held["organisation"] != actor.organisation:
        raise Refused(_("Cet aperçu a été fait pour un autre organisme : envoyez le fichier à nouveau."))
    wanted = [
        Wanted(kind=kind, id=id, object=SHAPES[kind].model_validate(content), number=number)
        for kind, id, number, content in held["objects"]
    ]
    changed = edit(actor=actor, wanted=wanted, reason=request.POST.get("_reason", ""))
    if changed == 1:
        return done(request, _("Un objet de l’agenda est changé."), "agenda-writing")
    return done(request, _("%d objets de l’agenda sont changés.") % changed, "agenda-writing")


urlpatterns = [
    path("agents/agenda/echanger", exchange, name="agenda-writing-exchange"),
    path("agents/agenda/exporter/<str:form>", export, name="agenda-writing-export"),
]
