"""Writing the agenda: each change is a new state, with who, why and by which act; all of a change stands, or none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.territory.public import authorities, communes
from lacydon.capabilities.trust.public import Draft, record_all
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.events import publish
from lacydon.kernel.snapshots import moved

from ..errors import ChangedMeanwhile, NotCoherent
from ..events import AgendaChanged
from ..models import State
from ..queries.chart import SNAPSHOT, Chart
from ..queries.coherence import Incoherence, Surroundings, incoherences
from ..queries.nouns import SHAPES, Object, stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one object is to be; None: it goes. `number`: the state that was read before, when somebody read it."""

    kind: str
    id: str
    object: Object | None
    number: int | None = None


def write(*, wanted: Iterable[Wanted], actor: Actor, reason: str, act: str = "") -> int:
    """Make these objects what is wanted; how many changed. What is wanted and is already so is left alone.

    Raises NotCoherent, ChangedMeanwhile. The caller has checked that the actor may.
    """
    asked = {(each.kind, each.id): each for each in wanted}
    with transaction.atomic():
        last = {(s.kind, s.object): s for s in State.objects.select_for_update().filter(last=True)}
        changed = [each for key, each in asked.items() if _differs(each, last.get(key))]
        if not changed:
            return 0
        for each in changed:
            _check_number(each, last.get((each.kind, each.id)))
        _check(asked, last)
        at = now()
        previous = [last[key].pk for each in changed if (key := (each.kind, each.id)) in last]
        State.objects.filter(pk__in=previous).update(last=False)
        entries = record_all(
            Draft(actor=actor, action="agenda.write", purpose="agenda", object=f"{each.kind}:{each.id}", basis=act)
            for each in changed
        )
        State.objects.bulk_create(
            State(
                kind=each.kind, object=each.id, at=at, entry=entry, reason=reason, act=act, removed=each.object is None,
                number=last[each.kind, each.id].number + 1 if (each.kind, each.id) in last else 1,
                content={} if each.object is None else stored(each.object),
            )
            for each, entry in zip(changed, entries, strict=True)
        )  # fmt: skip
        moved(SNAPSHOT)
        publish(AgendaChanged(objects=tuple((each.kind, each.id) for each in changed)))
    return len(changed)


def _differs(wanted: Wanted, state: State | None) -> bool:
    if state is None or state.removed:
        return wanted.object is not None
    return wanted.object is None or stored(wanted.object) != state.content


def _check_number(wanted: Wanted, state: State | None) -> None:
    if wanted.number is not None and wanted.number != (state.number if state else 0):
        raise ChangedMeanwhile(
            _("« %s » a été changé par une autre personne pendant que vous l’écriviez : relisez-le.") % wanted.id
        )


def _check(asked: Mapping[tuple[str, str], Wanted], last: Mapping[tuple[str, str], State]) -> None:
    objects = {
        key: SHAPES[key[0]].model_validate(state.content)
        for key, state in last.items()
        if not state.removed and key not in asked
    }
    objects |= {key: each.object for key, each in asked.items() if each.object is not None}
    wrong = next(incoherences(Chart(objects=objects, numbers={}), surroundings()), None)
    if wrong is not None:
        raise NotCoherent(sentence_of(wrong))


def surroundings() -> Surroundings:
    return Surroundings(
        authorities=frozenset(each.id for each in authorities()), citycodes=frozenset(each.code for each in communes())
    )


def sentence_of(wrong: Incoherence) -> str:
    where = ".".join(str(step) for step in wrong.path)
    return _("%(object)s, %(where)s : trouvé %(found)s ; attendu %(expected)s.") % {
        "object": f"{wrong.kind}:{wrong.object}",
        "where": where,
        "found": wrong.found,
        "expected": wrong.expected,
    }
