"""Many actions at once: what to change, what it will change in each, then all of it or nothing."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lacydon.kernel.access import needs
from lacydon.kernel.clock import today
from lacydon.kernel.errors import Refused
from lacydon.kernel.texts import Text
from lacydon.kernel.ui.shown import done, troubled

from ...actions.editing import edit
from ...actions.writing import Wanted
from ...errors import ChangedMeanwhile, NotCoherent
from ...queries.nouns import Action
from ...queries.writing import past
from ...queries.writing.differences import Difference, differences
from ...queries.writing.fields import field_of
from ...queries.writing.leaves import UnreadableError, read
from ...queries.writing.names import Names, name_of
from ...queries.writing.rights import actions_of, steers
from ...queries.writing.words import CHOICES
from .desk import Asked, found_of
from .frame import actor_of, shown, whole

MOST = 2_000
SHOWN = 30
FIELDS = ("status", "status_reason", "health", "health_reason", "owner", "service", "end", "reason")


@dataclass(frozen=True, slots=True)
class Changed:
    """One action of the choice, and what becomes of it."""

    id: str
    name: str
    number: int
    differences: list[Difference]
    title: dict[str, str]


@needs("agenda.write")
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Choose, fill, look, confirm: one address, nothing is written before the last."""
    now, actor, form = past.fresh(), actor_of(request), request.POST
    mine = {each.id: each for each in actions_of(actor, now)}
    if form.get("tout"):
        chosen = [each.id for each in found_of(tuple(mine.values()), Asked.of(QueryDict(form.get("filtre", ""))))]
    else:
        chosen = [id for id in dict.fromkeys(form.getlist("action")) if id in mine]
    if not chosen or len(chosen) > MOST:
        return troubled(request, _("Cochez d’abord les actions à changer."), "agenda-writing")
    names, verb = Names(now), form.get("faire", "")
    typed = {name: form.get(f"_{name}", "")[:2_000].strip() for name in FIELDS}
    faults: dict[str, str] = {}
    changed: list[Changed] = []
    wanted: list[Wanted] = []
    if verb in ("regarder", "confirmer"):
        changes, faults = _changes(typed, names)
        if not faults:
            for id in chosen:
                number = whole(form.get(f"vu.{id}")) or now.numbers["action", id]
                will = _changed(mine[id], changes, typed["reason"])
                said = differences("action", mine[id], will, names)
                if said:
                    changed.append(Changed(id, name_of(mine[id]), number, said, mine[id].title.stored()))
                    wanted.append(Wanted(kind="action", id=id, object=will, number=number))
    refusal, status = "", 422 if faults else 200
    if verb == "confirmer" and not faults:
        try:
            count = edit(actor=actor, wanted=wanted, reason=typed["reason"])
        except NotCoherent as wrong:
            refusal, status = _told(wrong, now), wrong.status
        except ChangedMeanwhile as meanwhile:
            refusal, status = str(meanwhile.sentence), meanwhile.status
            changed = [replace(e, number=now.numbers["action", e.id]) for e in changed]
        except Refused as refused:
            refusal, status = str(refused.sentence), refused.status
        else:
            if count == 1:
                return done(request, _("Une action est changée."), "agenda-writing")
            return done(request, _("%d actions sont changées.") % count, "agenda-writing")
    context = {
        "chosen": [(id, name_of(mine[id]), now.numbers["action", id], mine[id].title.stored()) for id in chosen],
        "typed": typed, "faults": faults, "summary": [(f"_{name}", said) for name, said in faults.items()],
        "refusal": refusal, "changed": changed[:SHOWN], "further": max(0, len(changed) - SHOWN),
        "all_changed": changed, "looked": verb in ("regarder", "confirmer") and not faults,
        "statuses": CHOICES["Action.status"].items(), "healths": CHOICES["Action.health"].items(),
        "steering": steers(actor, now), "organisations": names.of("authority"),
        "back": reverse("agenda-writing"),
    }  # fmt: skip
    return shown(request, "bulk", context, title=_("Changer plusieurs actions"), status=status)


def _changes(typed: dict[str, str], names: Names) -> tuple[dict[str, Any], dict[str, str]]:
    """What to change, and what is wrong with it."""
    changes: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name in ("status", "health", "owner", "service"):
        if typed[name]:
            try:
                changes[name] = read(field_of("action", name), typed[name], names)
            except UnreadableError as wrong:
                faults[name] = str(wrong)
    for name in ("status_reason", "health_reason"):
        if typed[name]:
            changes[name] = Text(fr=typed[name])
    if typed["end"]:
        try:
            changes["end"] = date.fromisoformat(read(field_of("agenda", "period").inner[1], typed["end"], names))
        except UnreadableError as wrong:
            faults["end"] = str(wrong)
    if not typed["reason"]:
        faults["reason"] = _("Dites pourquoi : la raison est gardée avec chaque changement.")
    if not changes and not faults:
        faults["status"] = _("Choisissez au moins une chose à changer.")
    return changes, faults


def _changed(action: Action, changes: dict[str, Any], reason: str) -> Action:
    content = action.model_dump() | {name: value for name, value in changes.items() if name != "end"}
    if "end" in changes:
        content["revised"] = [*content["revised"], {"decided": today(), "reason": reason, "end": changes["end"]}]
    return Action.model_validate(content)


def _told(wrong: NotCoherent, now: Any) -> str:
    said = []
    for each in wrong.facts["faults"][:5]:
        found = now.objects.get((each.kind, each.object))
        said.append(_("%(name)s : trouvé %(found)s, attendu %(expected)s.") % {
            "name": name_of(found) if found else each.object, "found": each.found, "expected": each.expected,
        })  # fmt: skip
    return " ".join(said)


urlpatterns = [path("agents/agenda/lot", bulk, name="agenda-writing-bulk")]
