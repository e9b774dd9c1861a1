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
from lacydon.kernel.snapshots import hold, moved

from ..errors import ChangedMeanwhile, NotCoherent
from ..events import AgendaChanged
from ..models import State
from ..queries.chart import SNAPSHOT, Chart, made
from ..queries.coherence import Incoherence, Surroundings, incoherences
from ..queries.nouns import Object, stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one object is to be; None: it goes. `number`: the state that was read before, when somebody read it."""

    kind: str
    id: str
    object: Object | None
    number: int | None = None


def write(*, wanted: Iterable[Wanted], actor: Actor, reason: str, act: str = "") -> int:
    """Make these objects what is wanted; how many changed. What is wanted and is already so is left alone.

    Raises NotCoherent (its `facts["faults"]`: every Incoherence), ChangedMeanwhile. The caller has checked that the
    actor may.
    """
    asked = {(each.kind, each.id): each for each in wanted}
    with transaction.atomic():
        hold(SNAPSHOT)
        stands = made(State.objects.filter(last=True))
        changed = [each for key, each in asked.items() if _differs(each, stands.objects.get(key))]
        if not changed:
            return 0
        for each in changed:
            _check_number(each, stands.numbers.get((each.kind, each.id), 0))
        _check(asked, stands)
        before = State.objects.filter(last=True, object__in={each.id for each in changed}).defer("content")
        last = {(each.kind, each.object): each for each in before}
        previous = [last[key].pk for each in changed if (key := (each.kind, each.id)) in last]
        State.objects.filter(pk__in=previous).update(last=False)
        at = now()
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


def _differs(wanted: Wanted, stands: Object | None) -> bool:
    if wanted.object is None or stands is None:
        return wanted.object is not stands
    return stored(wanted.object) != stored(stands)


def _check_number(wanted: Wanted, number: int) -> None:
    if wanted.number not in (None, number):
        raise ChangedMeanwhile(
            _("« %s » a été changé par une autre personne pendant que vous l’écriviez : relisez-le.") % wanted.id
        )


def _check(asked: Mapping[tuple[str, str], Wanted], stands: Chart) -> None:
    objects = {key: each for key, each in stands.objects.items() if key not in asked}
    objects |= {key: each.object for key, each in asked.items() if each.object is not None}
    wrong = tuple(incoherences(Chart(objects=objects, numbers={}), surroundings()))
    if wrong:
        raise NotCoherent(sentence_of(wrong[0]), faults=wrong)


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
