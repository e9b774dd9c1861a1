"""What an agent changes of the agenda: within what their organisation leads, with a reason, and a vote's dates kept."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor
from lacydon.kernel.errors import BadInput
from lacydon.kernel.snapshots import hold

from ..errors import DateVoted, UnknownObject
from ..queries.chart import SNAPSHOT, Chart
from ..queries.nouns import Action, Object
from ..queries.writing import past
from ..queries.writing.rights import check_answers, check_steers, check_tells, check_writes, place_of, steers
from ..queries.writing.words import OF_COMMUNES
from .writing import Wanted, write

LONGEST_REASON = 500


def edit(*, actor: Actor, wanted: Iterable[Wanted], reason: str, act: str = "") -> int:
    """Make these objects what is wanted, if this agent may; how many changed.

    Raises what the policy refuses, BadInput without a reason, DateVoted, and what `write` raises.
    """
    asked = list(wanted)
    reason = " ".join(reason.split())
    if not reason:
        raise BadInput(_("Dites pourquoi : la raison est gardée avec le changement."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise BadInput(_("C’est trop long : %d signes au plus.") % LONGEST_REASON, field="reason")
    with transaction.atomic():
        hold(SNAPSHOT)
        stands = past.standing([*((each.kind, each.id) for each in asked), ("act", act)])
        if act and ("act", act) not in stands:
            raise BadInput(_("Cet acte n’est pas dans l’agenda : écrivez-le d’abord."), field="act")
        now, vote = past.fresh(), past.last_vote()
        everything = steers(actor, now)
        for each in asked:
            before = stands[each.kind, each.id][0] if (each.kind, each.id) in stands else None
            if each.kind != "action":
                _check_may(actor, each, before, now)
                continue
            for action in (before, each.object):
                if isinstance(action, Action) and not everything:
                    check_writes(actor, action.owner, now)
            frozen = vote.chart.get(Action, each.id) if vote else None
            if frozen and isinstance(before, Action) and isinstance(each.object, Action) and not (everything and act):
                _keep_what_was_voted(each.object, before, frozen)
        return write(wanted=asked, actor=actor, reason=reason, act=act)


def restore(*, actor: Actor, kind: str, id: str, number: int, seen: int, reason: str = "") -> int:
    """Make an object again what it was at one of its states. `seen`: the last state the agent saw, 0 if it is gone.

    Raises UnknownObject when there is no such state, and what `edit` raises.
    """
    before = past.was(kind, id, number)
    if before is None:
        raise UnknownObject(_("Cet état n’existe pas."))
    said = reason or _("Retour à l’état %d") % number
    return edit(actor=actor, wanted=[Wanted(kind=kind, id=id, object=before, number=seen)], reason=said)


def _check_may(actor: Actor, wanted: Wanted, before: Object | None, now: Chart) -> None:
    """What is no action: the steward's, but answers to recommendations, and what a commune tells of itself."""
    if wanted.kind == "evaluation":
        check_answers(actor, before, wanted.object, now)
    elif wanted.kind in OF_COMMUNES:
        for each in filter(None, (before, wanted.object)):
            check_tells(actor, place_of(each), now)
    else:
        check_steers(actor, now)


def _keep_what_was_voted(will: Action, was: Action, voted: Action) -> None:
    """What a vote froze changes by another act only; what slips is said beside it."""
    if will.planned != was.planned and will.planned != voted.planned:
        raise DateVoted(
            _("Ces dates ont été votées : ajoutez plutôt des dates révisées, ou l’acte qui les change."),
            field="planned.start" if will.planned.start != was.planned.start else "planned.end",
        )
    frozen = {each.id for each in voted.milestones}
    dates = {each.id: each.baseline for each in was.milestones if each.id in frozen}
    for n, each in enumerate(will.milestones):
        if each.id in dates and each.baseline != dates[each.id]:
            raise DateVoted(
                _("Cette date a été votée : changez plutôt la date prévue, ou donnez l’acte qui la change."),
                field=f"milestones.{n}.baseline",
            )
    missing = [each for each in was.milestones if each.id in dates and each.id not in {m.id for m in will.milestones}]
    if missing:
        raise DateVoted(
            _("« %s » a été voté : ce jalon reste, même s’il n’est pas tenu.") % missing[0].title.fr,
            field="milestones",
        )


def shifted(actions: Sequence[Action], *, end: date, reason: str, decided: date) -> list[Action]:
    """These actions, with a revised end more."""
    made = []
    for each in actions:
        revision = {"decided": decided, "reason": reason, "end": end}
        content = each.model_dump() | {"revised": [*each.model_dump()["revised"], revision]}
        made.append(Action.model_validate(content))
    return made
