"""Mandates: which hold now, for whom, by whom. What holds is read from the database each time, never from a session."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lacydon.kernel import sealing
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.french import plain
from lacydon.kernel.texts import said

from ..errors import MandateOver
from ..models import Entry, Mandate, MandateHelper, MandateKind, Organisation, RoleGrant
from .organisations import roles_of
from .roles import HELPER
from .wall import in_house

IDLE = timedelta(minutes=30)
"""A mandate in hand is dropped after so long without a visit."""
IDLE_MARK = "idle"
"""What an actor holds instead of a mandate that was dropped: nothing can be done until it is handed back."""


def holding(at: datetime | None = None) -> QuerySet[Mandate]:
    """Mandates that hold at a moment: confirmed, not revoked, begun, not over."""
    moment = at or now()
    return Mandate.objects.filter(
        confirmed_at__isnull=False, revoked_at=None, starts_at__lte=moment, ends_at__gt=moment
    ).exclude(principal__erased_at__isnull=False)


def usable_by(person: UUID, *, organisation: str, helper: bool) -> QuerySet[Mandate]:
    """Mandates a person may take in hand now: held in person, or of the organisation in which they help."""
    mine = Q(holder_id=person) & ~Q(kind=MandateKind.HELP)
    if helper and organisation:
        named = Q(any_helper=True) | Q(pk__in=MandateHelper.objects.filter(agent_id=person).values("mandate_id"))
        mine |= Q(kind=MandateKind.HELP, organisation_id=organisation, organisation__active=True) & named
    return holding().filter(mine).exclude(principal_id=person)


def scope_now(mandate: Mandate) -> frozenset[str]:
    """Themes it covers now: what a body of help is no longer entitled to falls out."""
    if mandate.kind == MandateKind.HELP and mandate.organisation:
        return frozenset(mandate.scope) & frozenset(mandate.organisation.themes)
    return frozenset(mandate.scope)


def in_hand(actor: Actor, mandate: str, *, lock: bool = False) -> Actor | None:
    """The actor with this mandate in hand; None when it does not hold for them now.

    `lock`: the row is locked until the transaction ends. Whoever revokes takes the same lock, so that of the two one
    comes first: after the commit of a revocation this gives None.
    """
    try:
        id = UUID(mandate)
    except ValueError:
        return None
    rows = usable_by(UUID(actor.person), organisation=actor.organisation, helper=HELPER in actor.roles).filter(pk=id)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    held = rows.select_related("organisation").first()
    scope = scope_now(held) if held else frozenset()
    if held is None or not scope:
        return None
    limits = frozenset(held.limits)
    return replace(actor.alone(), principal=str(held.principal_id), mandate=str(held.pk), scope=scope, limits=limits)


def still_holds(actor: Actor, *, for_update: bool = True) -> Actor:
    """The actor, with roles and mandate as they are now, its row locked. Raises MandateOver.

    Without a mandate in hand: the actor.
    """
    if not actor.mandate:
        return actor
    roles = roles_of(actor.person, organisation=actor.organisation) if actor.organisation else frozenset()
    fresh = in_hand(replace(actor.alone(), roles=roles), actor.mandate, lock=for_update)
    if fresh is None or fresh.principal != actor.principal:
        raise MandateOver()
    return fresh


def over(actor: Actor, mandate: str) -> Actor:
    """Somebody whose session has a mandate in hand that no longer holds.

    They are not let act in their own name without knowing it: all is closed to them until they hand it back.
    """
    everything = frozenset({"read", "write", "history"})
    return replace(actor.alone(), mandate=mandate, scope=frozenset(), limits=everything)


# What pages list.


def given_by(person: UUID) -> QuerySet[Mandate]:
    """Mandates of which somebody is the principal, confirmed, the newest first."""
    rows = Mandate.objects.filter(principal_id=person, confirmed_at__isnull=False)
    return rows.select_related("organisation").order_by("-created_at")


def received_by(person: UUID) -> QuerySet[Mandate]:
    """Mandates a parent, guardian or representative holds or asked for, the newest first."""
    rows = Mandate.objects.filter(holder_id=person).exclude(kind=MandateKind.HELP)
    return rows.select_related("organisation").order_by("-created_at")


def given_mandate(reference: str, *, person: UUID) -> Mandate | None:
    """One of them by its reference, whether somebody gave it or holds it."""
    rows = Mandate.objects.select_related("organisation")
    mine = Q(principal_id=person, confirmed_at__isnull=False) | (Q(holder_id=person) & ~Q(kind=MandateKind.HELP))
    return rows.filter(mine, reference=reference).first()


def own_draft(reference: str, *, person: UUID) -> Mandate | None:
    """What somebody wrote from their own space and has not accepted yet."""
    rows = Mandate.objects.filter(principal_id=person, created_by_id=person, confirmed_at=None, revoked_at=None)
    return rows.select_related("organisation").filter(reference=reference).first()


def places_of_help(words: str = "") -> list[Organisation]:
    """Bodies that may help, whose name or commune has these words; by name."""
    sought = plain(words).split()
    bodies = Organisation.objects.filter(active=True).exclude(themes=[])
    found = [each for each in bodies if all(w in plain(f"{said(each.name)} {each.citycode}") for w in sought)]
    return sorted(found, key=lambda each: plain(said(each.name)))


def authorities() -> list[Organisation]:
    """Bodies that may check a document."""
    bodies = Organisation.objects.filter(active=True).exclude(kind__in=("help", "operator"))
    return sorted(bodies, key=lambda each: plain(said(each.name)))


@in_house
def helpers_of(organisation: str) -> list[UUID]:
    """The agents who help in a body now."""
    held = RoleGrant.objects.filter(
        role=HELPER, until=None, membership__until=None, membership__organisation_id=organisation
    )
    return list(held.order_by("membership__since", "pk").values_list("membership__person_id", flat=True))


def of_organisation(reference: str, *, organisation: str) -> Mandate | None:
    """A mandate of a body by its reference, drafts too."""
    rows = Mandate.objects.select_related("organisation")
    return rows.filter(reference=reference, organisation_id=organisation).first() if organisation else None


def drafts_of(organisation: str, *, kinds: tuple[str, ...], evidence: tuple[str, ...]) -> QuerySet[Mandate]:
    """What waits to be confirmed in a body, the oldest first."""
    rows = Mandate.objects.filter(
        organisation_id=organisation, kind__in=kinds, evidence__in=evidence, confirmed_at=None, revoked_at=None
    )
    return rows.filter(ends_at__gt=now()).select_related("organisation").order_by("created_at")


def acts_under(mandate: Mandate) -> QuerySet[Entry]:
    """What was done or seen under a mandate, the newest first."""
    return Entry.objects.filter(mandate=str(mandate.pk)).order_by("-at", "-pk")


# Codes.


def tidy_code(typed: str) -> str:
    """A code as we keep it: O and 0, I, L and 1 are one sign, spaces and dashes do not count."""
    kept = "".join(sign for sign in typed.upper() if sign.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))


def code_hash(code: str) -> str:
    return sealing.keyed_hash(tidy_code(code), purpose="mandate-code-found")


def stop_hash(code: str) -> str:
    return sealing.keyed_hash(tidy_code(code), purpose="mandate-stop-found")


@in_house
def draft_by_code(typed: str) -> Mandate | None:
    """The draft whose code is on a helper's screen now."""
    rows = Mandate.objects.filter(code_hash=code_hash(typed), code_until__gt=now(), confirmed_at=None, revoked_at=None)
    return rows.select_related("organisation").first()


@in_house
def mandate_to_stop(typed: str) -> Mandate | None:
    """The mandate whose stop code this is, stopped or not."""
    return Mandate.objects.filter(stop_hash=stop_hash(typed)).select_related("organisation").first()


def why_over(mandate: Mandate) -> str:
    """Why a mandate does not hold, in a sentence; empty when it does."""
    if mandate.revoked_at:
        return _("Ce mandat a été arrêté.")
    if mandate.confirmed_at is None:
        return _("Ce mandat n’a pas encore été confirmé.")
    if mandate.ends_at <= now():
        return _("Ce mandat est fini : sa date est passée.")
    if mandate.organisation and not mandate.organisation.active:
        return _("Ce lieu ne peut plus aider.")
    return ""
