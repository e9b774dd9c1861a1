"""« Qui a consulté mes données ? »: the journal, as the person it is about reads it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import override

from lacydon.kernel.access import Actor, Role
from lacydon.kernel.clock import LOCAL
from lacydon.kernel.errors import NotFound
from lacydon.kernel.personal import Purpose

from ..models import Contest, Entry, Mandate, Organisation
from .agents import agent_names
from .policy import roles
from .receipts import name_of
from .words import action_words, actions, category_words, purpose_words, purposes

PAGE = 20
MACHINES = "machine"
"""What the filter « who » says for the platform itself."""


@dataclass(frozen=True, slots=True)
class Access:
    """One entry in words; `mandate`, `consent` or `contract` it was done under, `law` when neither of the last two."""

    id: str
    at: datetime
    who: str
    role: str
    machine: bool
    action: str
    purpose: str
    object: str
    consent: str
    contract: str
    law: str
    mandate: str
    contest: Contest | None
    mine: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filters ask for; unknown values are no filter."""

    who: str = ""
    what: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def any(self) -> bool:
        return bool(self.who or self.what or self.since or self.until)


def wanted(asked: Any) -> Wanted:
    """The filters of an address: qui, quoi, du, au."""
    return Wanted(
        who=asked.get("qui", "")[:80],
        what=asked.get("quoi", "")[:60],
        since=_day(asked.get("du", "")),
        until=_day(asked.get("au", "")),
    )


def by_others(actor: Actor) -> QuerySet[Entry]:
    """What others, people or machines, did with the data of the person the actor acts for; newest first."""
    person = UUID(actor.principal)
    theirs = Q(actor=None) | ~Q(actor=person)
    return Entry.objects.filter(theirs, _open_to(actor), subject=person).order_by("-at", "-pk")


def by_oneself(actor: Actor) -> QuerySet[Entry]:
    """What that person did."""
    person = UUID(actor.principal)
    return Entry.objects.filter(_open_to(actor), subject=person, actor=person).order_by("-at", "-pk")


def _open_to(actor: Actor) -> Q:
    """Under a mandate, the history is cut by its themes: what a purpose within them was the reason of, and what was
    done under this very mandate. What has no theme (sign-ins, other mandates, rights) is the person's own."""
    if not actor.mandate:
        return Q()
    within = {id for id, each in purposes().items() if not actor.scope.isdisjoint(each.themes)} | actor.scope
    return Q(purpose__in=sorted(within)) | Q(mandate=actor.mandate)


def page_of(rows: QuerySet[Entry], filters: Wanted, *, number: str = "1") -> tuple[Page[Entry], list[Access]]:
    """A page of entries in words."""
    page = Paginator(_filtered(rows, filters), PAGE).get_page(number)
    return page, list(in_words(page.object_list))


def by_day(found: Iterable[Access]) -> list[tuple[date, list[Access]]]:
    """The same, by day of Europe/Paris."""
    return [(day, list(group)) for day, group in groupby(found, key=lambda each: each.at.astimezone(LOCAL).date())]


def choices(actor: Actor) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What the filters can say: the organisations and the actions there are."""
    rows = by_others(actor).order_by()
    ids = sorted(set(rows.exclude(organisation="").values_list("organisation", flat=True)))
    names = {row.pk: name_of(row) for row in Organisation.objects.filter(pk__in=ids)}
    who = [(id, names.get(id, id)) for id in ids]
    if rows.filter(organisation="").exists():
        who.append((MACHINES, _("La plateforme")))
    known = actions()
    what = sorted(set(rows.values_list("action", flat=True)))
    return who, [(each, action_words(each, known)) for each in what]


def entry_of(actor: Actor, id: UUID | str) -> Entry:
    """An entry about the person the actor acts for, within the mandate in hand. Raises NotFound, also for somebody
    else's."""
    found = Entry.objects.filter(_open_to(actor), pk=id, subject=UUID(actor.principal)).first()
    if found is None:
        raise NotFound(_("Cet accès n’est pas dans votre journal."))
    return found


def in_words(rows: Iterable[Entry]) -> Iterator[Access]:
    """Entries in words; a few look-ups for all of them."""
    entries = list(rows)
    known_actions, known_purposes, known_roles = actions(), purposes(), roles()
    names = {
        row.pk: name_of(row)
        for row in Organisation.objects.filter(pk__in={entry.organisation for entry in entries if entry.organisation})
    }
    mandates = {
        str(row.pk): row.reference
        for row in Mandate.objects.filter(pk__in={entry.mandate for entry in entries if entry.mandate})
    }
    helpers = agent_names({entry.actor_id for entry in entries if entry.mandate and entry.actor_id})
    contests = {row.entry_id: row for row in Contest.objects.filter(entry__in=entries)}
    for entry in entries:
        object, _semicolon, consent = entry.object.partition(";consent:")
        contract = entry.basis.removeprefix("contract:") if entry.basis.startswith("contract:") else ""
        yield Access(
            id=str(entry.pk),
            at=entry.at,
            who=_who(entry, names, helpers),
            role=_role(entry.role, known_roles),
            machine=entry.actor_kind == "machine",
            action=action_words(entry.action, known_actions),
            purpose=purpose_words(entry.purpose, known_purposes),
            object=_object(object),
            consent=consent,
            contract=contract,
            law="" if consent or contract else _law(entry, known_purposes),
            mandate=mandates.get(entry.mandate, entry.mandate[:8]),
            contest=contests.get(entry.pk),
            mine=entry.actor_id is not None and entry.actor_id == entry.subject_id,
        )


def _who(entry: Entry, names: dict[str, str], helpers: Mapping[UUID, str]) -> str:
    if entry.mandate and entry.actor_kind == "agent" and entry.actor_id is not None and entry.actor_id in helpers:
        # Who holds a mandate acts in their own name: whom they help may know it.
        shown = {"name": helpers[entry.actor_id], "place": names.get(entry.organisation, entry.organisation)}
        return _("%(name)s (%(place)s), pour vous,") % shown
    if entry.organisation:
        return names.get(entry.organisation, entry.organisation)
    if entry.actor_kind == "machine" or entry.actor_id is None:
        return _("La plateforme")
    if entry.actor_id == entry.subject_id:
        return _("Vous")
    return _("Une personne que vous avez mandatée") if entry.mandate else _("Une autre personne")


def _role(held: str, known: Any) -> str:
    found: list[Role] = [known[each] for each in held.split(",") if each in known]
    return ", ".join(str(each.title) for each in found)


def _law(entry: Entry, known: dict[str, Purpose]) -> str:
    """The ground as noted, in the reader's language when it is still the one of the purpose."""
    found = known.get(entry.purpose)
    with override("fr"):
        same = found is not None and str(found.law)[:200] == entry.basis
    return str(found.law) if found and same else entry.basis


def _object(object: str) -> str:
    """The kind of data, when that is what the object says; a case is said as it is."""
    words = category_words(object)
    if words != object:
        return words
    group, _colon, reference = object.partition(":")
    return _("dossier %s") % reference if group in ("request", "case") else ""


def _filtered(rows: QuerySet[Entry], filters: Wanted) -> QuerySet[Entry]:
    if filters.who == MACHINES:
        rows = rows.filter(organisation="")
    elif filters.who:
        rows = rows.filter(organisation=filters.who)
    if filters.what:
        rows = rows.filter(action=filters.what)
    if filters.since:
        rows = rows.filter(at__gte=_midnight(filters.since))
    if filters.until:
        rows = rows.filter(at__lt=_midnight(filters.until + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LOCAL)


def _day(text: str) -> date | None:
    try:
        found = parse_date(text[:10])
    except ValueError:
        return None
    return found if found and 1900 < found.year < 9999 else None
