"""Kits: exported from one commune, laid over another in one transaction, put back exactly.

An adoption never edits what a commune has. Services are laid over the folder (services.lay); a form is published in
place of others, which come back when it goes (requests.put_form); an indicator is one more state. So all of it stands
or none, whatever is killed, and what was there before is still there.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.data import public as data
from lacydon.capabilities.requests import public as requests
from lacydon.capabilities.services import public as services
from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.clock import now, today
from lacydon.kernel.errors import BadInput, Conflict
from lacydon.kernel.events import publish
from lacydon.kernel.snapshots import hold

from ..errors import ChangedMeanwhile
from ..events import KitAdopted, KitPutBack
from ..models import Applied, KitVersion
from ..queries.chart import SNAPSHOT, fresh
from ..queries.kits.communes import commune_of
from ..queries.kits.fragment import DatasetPart, content_of, read
from ..queries.kits.preview import Item, Preview, digest, preview, standing
from ..queries.kits.putting_back import Moved, moved_since
from ..queries.nouns import Adoption, Indicator, Kit, stored
from .writing import Wanted, write

ADOPT, EXPORT, PURPOSE = "kit.adopt", "kit.export", "agenda"


@dataclass(frozen=True, slots=True)
class _Whose:
    """The commune's organisation, for the policy."""

    organisation_id: str


def export(*, actor: Actor, kit: Kit, files: Mapping[str, str]) -> KitVersion:
    """Make these files the next version of a kit (the first one makes the kit). The same files again change nothing.

    Raises BadInput when the files have faults or another commune exported this kit, NotAllowed.
    """
    code = commune_of(actor)
    with transaction.atomic():
        trust.require(actor=actor, action=EXPORT, object=_Whose(actor.organisation))
        hold(SNAPSHOT)
        wrong = read(files).faults
        if wrong or not files:
            raise BadInput(str(wrong[0]) if wrong else _("Choisissez au moins une chose à mettre dans le kit."))
        last = KitVersion.objects.filter(kit=kit.id).last()
        if (last is None and fresh("kit").get(Kit, kit.id) is not None) or (last is not None and last.commune != code):
            raise Conflict(_("Un kit d’une autre origine porte déjà ce nom : donnez-en un autre au vôtre."))
        content = content_of(files)
        if last is not None and last.content == content:
            return last
        number = last.number + 1 if last else 1
        entry = trust.record(
            actor=actor, action=EXPORT, purpose=PURPOSE, object=f"kit:{kit.id}@{number}", basis=f"sha256:{content}"
        )
        exported = KitVersion.objects.create(
            kit=kit.id, number=number, files=dict(files), content=content, commune=code, made_at=now(), entry=entry.pk
        )
        said = Kit.model_validate(stored(kit) | {"version": number})
        write(wanted=[Wanted(kind="kit", id=kit.id, object=said)], actor=actor, reason=_("kit exporté"))
    return exported


def adopt(
    *, actor: Actor, version: KitVersion, taken: Collection[str], seen: str, reason: str = "", day: date | None = None
) -> Applied:
    """Lay what was chosen of a kit (`taken`: keys of items) over the actor's commune: all at once, or nothing.

    `seen`: the mark of the preview that was read; raises ChangedMeanwhile when something moved since. Raises BadInput
    for a choice that cannot stand, NotAllowed.
    """
    code = commune_of(actor)
    with transaction.atomic():
        trust.require(actor=actor, action=ADOPT, object=_Whose(actor.organisation))
        hold(SNAPSHOT)
        found = preview(version, code)
        if found.seen != seen:
            raise ChangedMeanwhile(_("Quelque chose a changé depuis que vous avez regardé : relisez la différence."))
        chosen = _chosen(found, taken)
        entry = trust.record(
            actor=actor, action=ADOPT, purpose=PURPOSE, object=f"kit:{version.kit}@{version.number}",
            basis=f"sha256:{version.content}",
        )  # fmt: skip
        applied = Applied(version=version, commune=code, items=[], at=now(), entry=entry.pk)
        _lay_services(applied, found, chosen)
        wanted = [_indicator_wanted(found, each) for each in chosen if each.part == "indicators"]
        kept = [_laid(actor, applied, found, each) for each in chosen]
        wanted.append(_stage(version.kit, code, "en-service", reason, day or today(), number=version.number))
        write(wanted=wanted, actor=actor, reason=_("kit adopté"))
        applied.items = kept
        applied.save(force_insert=True)
        publish(KitAdopted(kit=version.kit, number=version.number, commune=code))
    return applied


def put_back(
    *, actor: Actor, applied: Applied, reason: str, stage: str = "abandonne", keep: Collection[str] = (),
    day: date | None = None,
) -> tuple[Moved, ...]:  # fmt: skip
    """Put everything back as it was before this adoption, but `keep` (keys of items that moved since, and stay).

    What had moved since is answered. Only the last adoption that stands can be: those before are put back after it.
    """
    code = commune_of(actor)
    if not reason.strip():
        raise BadInput(_("Dites pourquoi : c’est ce que la commune suivante lira."), field="raison")
    with transaction.atomic():
        trust.require(actor=actor, action=ADOPT, object=_Whose(actor.organisation))
        hold(SNAPSHOT)
        last = standing(applied.version.kit, code)
        if last is None or last.pk != applied.pk:
            raise Conflict(_("Cette adoption n’est plus la dernière ici : relisez la page."))
        moved = moved_since(last)
        entry = trust.record(
            actor=actor, action="kit.put-back", purpose=PURPOSE, object=f"kit:{last.version.kit}@{last.version.number}"
        )
        back = [each for each in last.items if f"{each['part']}:{each['id']}" not in keep]
        staying = [each["here"] for each in last.items if each not in back]
        services.lift(layer=last.layer, but=staying)
        wanted = [_taken_back(actor, each, reason) for each in back]
        last.undone_at, last.undone_entry = now(), entry.pk
        last.save(update_fields=["undone_at", "undone_entry"])
        under = standing(last.version.kit, code)
        at = _stage(
            last.version.kit, code, "en-service" if under else stage, reason, day or today(),
            number=under.version.number if under else None,
        )  # fmt: skip
        write(wanted=[*filter(None, wanted), at], actor=actor, reason=_("kit remis en l’état"))
        publish(KitPutBack(kit=last.version.kit, number=last.version.number, commune=code))
    return moved


def follow(
    *,
    actor: Actor,
    kit: str,
    stage: str,
    reason: str = "",
    day: date | None = None,
    said: Mapping[str, Any] | None = None,
) -> None:
    """Say where one's commune is with a kit; `said`: other fields of its Adoption. Raises BadInput, NotAllowed."""
    code = commune_of(actor)
    with transaction.atomic():
        trust.require(actor=actor, action=ADOPT, object=_Whose(actor.organisation))
        hold(SNAPSHOT)
        under = standing(kit, code)
        number = under.version.number if under else None
        wanted = _stage(kit, code, stage, reason, day or today(), number=number, said=said)
        write(wanted=[wanted], actor=actor, reason=reason or _("suivi d’un kit"))


def load_versions(found: Iterable[tuple[Kit, Mapping[str, str]]]) -> int:
    """The fragments of the folder, each the version that its kit says; how many changed.

    What a commune adopted is never rewritten. Raises Conflict: the folder must then say the next version.
    """
    changed = 0
    for kit, files in found:
        content = content_of(files)
        row = KitVersion.objects.filter(kit=kit.id, number=kit.version).first()
        if row is not None and row.content == content:
            continue
        if row is not None and (row.commune or row.applied.exists()):
            raise Conflict(
                _("La version %(number)d du kit « %(kit)s » est adoptée telle quelle : écrivez « version : %(next)d ».")
                % {"number": kit.version, "kit": kit.id, "next": kit.version + 1}
            )
        KitVersion.objects.update_or_create(
            kit=kit.id, number=kit.version, defaults={"files": dict(files), "content": content, "made_at": now()}
        )
        changed += 1
    return changed


# Parts


def _chosen(found: Preview, taken: Collection[str]) -> list[Item]:
    chosen = [each for each in found.items if each.key in taken and each.takeable]
    held = {each.key for each in chosen} | {each.key for each in found.items if each.before and each.part != "forms"}
    for each in chosen:
        if each.needs and each.needs not in held:
            raise BadInput(
                _("« %s » a besoin d’autre chose du kit que vous n’avez pas choisi.") % each.title.get("fr", each.id)
            )
    if not chosen:
        raise BadInput(_("Choisissez au moins une chose à adopter."))
    return chosen


def _lay_services(made: Applied, found: Preview, chosen: list[Item]) -> None:
    services.lay(
        layer=made.layer, citycode=found.commune,
        services=[found.fragment.services[each.id] for each in chosen if each.part == "services"],
        local={each.id: found.fragment.local[each.id] for each in chosen if each.part == "local"},
    )  # fmt: skip


def _laid(actor: Actor, made: Applied, found: Preview, each: Item) -> dict[str, Any]:
    """Do one item (services are laid together, indicators written together); what is remembered of it."""
    kept: dict[str, Any] = {
        "part": each.part, "id": each.id, "here": each.here, "title": dict(each.title), "made": digest(each.after),
        "before": each.before if each.part in ("local", "indicators") else "",
    }  # fmt: skip
    if each.part == "forms":
        put = requests.put_form(
            actor=actor, form=found.fragment.forms[each.id], text=each.after, instead_of=each.instead_of,
            why=_("par le kit %(kit)s, version %(number)d") % {"kit": made.version.kit, "number": made.version.number},
        )  # fmt: skip
        kept |= {"version": put.version, "withdrawn": list(put.withdrawn)}
    if each.part == "datasets":
        data.describe_dataset(
            id=each.here, actor=MACHINE, fields=_dataset_fields(found.fragment.datasets[each.id], made.commune)
        )
    return kept


def _dataset_fields(each: DatasetPart, code: str) -> dict[str, Any]:
    return {
        "organisation": f"commune-{code}", "title": each.title.stored(), "description": each.description.stored(),
        "keywords": list(each.keywords), "themes": list(each.themes), "licence": each.licence, "coverage": [code],
        "frequency": each.frequency, "schema": each.schema_,
        "columns": {one.name: {"label": one.label, "description": one.description} for one in each.columns},
    }  # fmt: skip


def _indicator_wanted(found: Preview, each: Item) -> Wanted:
    return Wanted(kind="indicator", id=each.here, object=found.fragment.indicators[each.id])


def _taken_back(actor: Actor, each: Mapping[str, Any], reason: str) -> Wanted | None:
    """Undo one item; an indicator is answered, to be written with the others."""
    if each["part"] == "forms":
        put = requests.PutForm(each["version"], tuple(each["withdrawn"]))
        requests.take_form_back(actor=actor, put=put, why=reason)
    if each["part"] == "datasets" and not data.forget_draft(id=each["here"], actor=MACHINE):
        known = data.known_dataset(each["here"])
        if known is not None and known.status == "published":
            data.withdraw_dataset(id=each["here"], actor=MACHINE, reason=reason[:200])
    if each["part"] != "indicators":
        return None
    return Wanted(kind="indicator", id=each["here"], object=_before(each))


def _before(each: Mapping[str, Any]) -> Indicator | None:
    return Indicator.model_validate(yaml.safe_load(each["before"])) if each["before"] else None


def _stage(
    kit: str,
    code: str,
    stage: str,
    reason: str,
    day: date,
    *,
    number: int | None,
    said: Mapping[str, Any] | None = None,
) -> Wanted:
    """The commune's adoption with one more stage."""
    # Not the chart that this process holds: what was written a moment ago must be seen.
    now_written = fresh("kit", "adoption")
    one = now_written.one(Kit, kit)
    id = f"{kit[:74]}-{code}"
    held = now_written.get(Adoption, id)
    told: dict[str, Any] = (
        stored(held) if held else {"id": id, "title": stored(one)["title"], "kit": kit, "commune": code}
    )
    reached: dict[str, Any] = {"stage": stage, "date": day.isoformat()}
    if reason.strip():
        reached["reason"] = {"fr": reason.strip()}
    before = told.get("stages", [])
    if before and before[-1]["stage"] == stage and "reason" not in reached:
        reached = before[-1]
    stages = before if before and before[-1] == reached else [*before, reached]
    told = {**told, **dict(said or {}), "version": number, "stages": stages}
    try:
        return Wanted(kind="adoption", id=id, object=Adoption.model_validate(told))
    except ValueError as error:
        raise BadInput(_("Vérifiez l’étape : dans l’ordre des dates, avec une raison pour un abandon.")) from error
