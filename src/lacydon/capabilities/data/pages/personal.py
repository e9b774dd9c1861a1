"""The step of the publication that is about people: what was found, what becomes of it, how well people then hide."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods

from lacydon.capabilities.trust.public import agent_names, require
from lacydon.kernel.access import Actor, needs
from lacydon.kernel.errors import BadInput, NotFound, Refused
from lacydon.kernel.ui.shown import done, show

from ..actions import treatments as acts
from ..models import Access, Arrival
from ..queries import arrived, treating
from ..queries.anonymity import ENOUGH, Protection, protection_of
from ..queries.columns import Column
from ..queries.drawing.values import shown
from ..queries.personal_data import LIKELY, SURE, Finding
from ..queries.treating import Treatment
from ..queries.unhandled import findings_of, must_be_handled, treatments_of

HERE = "data"
NOBODY = "nobody"
"""What a form says of a column that is kept since it is not about people: offered where that is likely."""
QUICK = 50_000_000
"""Bytes up to which a file is looked at while its sender waits; beyond, the job that prepares it does."""


@needs("dataset.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def handle(request: HttpRequest, id: UUID) -> HttpResponse:
    """Each finding with what may be done; a preview of before and after; the figure of anonymity."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    arrival = _arrival(actor, id)
    if arrived.mark_of(arrival) and arrival.bytes < QUICK:
        acts.look_for_personal_data(arrival=arrival)
    columns = arrived.columns_of(arrival)
    form = request.POST
    refusal: Refused | None = None
    treatments, protection = treatments_of(arrival), protection_of(arrival.personal.get("protection"))
    if request.method == "POST":
        try:
            doubtful = {each.column for each in findings_of(arrival) if each.confirm}
            treatments, protection = _treatments(form, columns, doubtful=doubtful), _protection(form)
            acts.handle(actor=actor, arrival=arrival, treatments=treatments.values(), protection=protection)
        except Refused as error:
            refusal = error
        else:
            left = must_be_handled(arrival)
            sentence = (
                ngettext(
                    "Enregistré. Il reste à décider pour %d colonne.",
                    "Enregistré. Il reste à décider pour %d colonnes.",
                    len(left),
                )
                % len(left)
                if left
                else _("Enregistré : rien ne s’oppose plus à la publication.")
            )
            return done(request, sentence, "personal-data", id=id)
    found = {each.column: each for each in findings_of(arrival)}
    left = must_be_handled(arrival)
    people = agent_names({UUID(each.by) for each in treatments.values() if each.by})
    context = {
        "arrival": arrival,
        "columns": [
            _line(each, found.get(each.name), treatments.get(each.name), left=left, people=people) for each in columns
        ],
        "left": left,
        "looked": arrived.is_looked_at(arrival),
        "protection": protection or Protection(quasi=()),
        "figures": arrival.personal.get("figures") or {},
        "open": arrival.dataset.access == Access.PUBLIC,
        "enough": ENOUGH,
        "before": _preview(arrival, columns, treatments if refusal is None else treatments_of(arrival)),
        "shown": [each for each in columns if not each.placed],
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    title = _("Données personnelles de « %s »") % arrival.name
    return show(
        request, "data/personal/handle.html", context, title=title, section="agent", here=HERE, status=status
    )  # fmt: skip


def _arrival(actor: Actor, id: UUID) -> Arrival:
    """Raises NotFound for that of another organisation, and what `require` raises."""
    found = Arrival.objects.select_related("dataset").filter(pk=id).first()
    if found is None or found.organisation_id != actor.organisation:
        raise NotFound(_("Cet envoi n’existe pas."))
    require(actor=actor, action="dataset.publish", object=found)
    return found


def _line(
    column: Column, finding: Finding | None, done: Treatment | None, *, left: list[Finding], people: Mapping[UUID, str]
) -> dict[str, Any]:
    """A column, what was found in it, what may be done about it, and what was decided."""
    way, _colon, size = (done.to if done else "").partition(":")
    return {
        "column": column,
        "finding": finding,
        "percent": max(1, round(finding.share * 100)) if finding else 0,
        "sure": {SURE: _("sûr"), LIKELY: _("probable")}.get(finding.sure, _("possible")) if finding else "",
        "kind": done.kind if done else "",
        "to": way,
        "size": size,
        "why": done.why if done else "",
        "nobody": done is not None and done.kind == treating.KEEP and done.why == not_of_people(),
        "by": people.get(UUID(done.by), "") if done and done.by else "",
        "left": any(each.column == column.name for each in left),
        "ways": treating.ways_for(column),
        "maskable": column.type == "text",
        "countable": column.numeric,
        "hashable": not column.placed,
    }


def _treatments(form: Any, columns: tuple[Column, ...], *, doubtful: set[str]) -> dict[str, Treatment]:
    """What was chosen for each column; nothing chosen is nothing decided."""
    chosen = {}
    for each in columns:
        kind = form.get(f"kind-{each.name}", "")
        if not kind:
            continue
        way, size = form.get(f"way-{each.name}", ""), form.get(f"size-{each.name}", "").strip()
        if kind == treating.GENERALISE:
            to = f"{way}:{size}" if size else way
        else:
            to = size if kind == treating.SMALL else ""
        why = form.get(f"why-{each.name}", "")
        if kind == NOBODY and each.name in doubtful:
            kind, why = treating.KEEP, not_of_people()
        chosen[each.name] = Treatment(column=each.name, kind=kind, to=to, why=why)
    return chosen


def not_of_people() -> str:
    """The reason that is kept: in French whoever gives it, or it would not be known again in another language."""
    with override("fr"):
        return _("Ce ne sont pas des données de personnes.")


def _protection(form: Any) -> Protection | None:
    quasi = tuple(form.getlist("quasi"))
    if not quasi:
        return None
    typed = form.get("k", "").strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) < 6):
        raise BadInput(_("Écrivez le seuil en chiffres, 5 par exemple."), field="k")
    return Protection(
        quasi=quasi, k=int(typed), suppress=form.get("suppress") == "1", sensitive=form.get("sensitive", "")
    )  # fmt: skip


def _preview(
    arrival: Arrival, columns: tuple[Column, ...], treatments: Mapping[str, Treatment]
) -> list[tuple[list[str], list[str]]]:
    path = arrived.rows_of(arrival)
    if not path.exists() or not columns:
        return []
    try:
        pairs = acts.preview(path, dataset=arrival.dataset_id, columns=columns, treatments=treatments)
    except Refused:
        return []
    seen = [each for each in columns if not each.placed]
    return [(_shown(seen, old), _shown(seen, new)) for old, new in pairs]


def _shown(columns: list[Column], row: list[Any]) -> list[str]:
    return [shown(column, cell) for column, cell in zip(columns, row, strict=True)]


urlpatterns = [
    path("donnees/publier/<uuid:id>/donnees-personnelles", handle, name="personal-data"),
]
