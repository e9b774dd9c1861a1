"""People: their making at a first sign-in, the identities linked to them, what is known of them."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lacydon.kernel import sealing
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now

from ..errors import IdentityTaken, NotAllowed, UnknownPerson
from ..models import CivilIdentity, Identity, LocalAccount, Person, PersonKey
from ..queries import policy
from ..queries.agents import AGENT
from ..queries.freshness import require_proven
from ..queries.keys import place_of_key, seal_for
from ..queries.people import civil_identity_place, subject_hash
from ..queries.wall import in_house
from .journal import record
from .notices import tell_owner
from .organisations import join_by_claims
from .sessions import end_sessions


def new_person(*, kind: str) -> Person:
    """A new pseudonym and its key. To be called in a transaction."""
    person = Person.objects.create(kind=kind, created_at=now())
    wrapped = sealing.wrap(sealing.new_key(), place=place_of_key(person.id))
    PersonKey.objects.create(person=person, wrapped=wrapped)
    return person


@in_house
@transaction.atomic
def sign_in(
    *,
    provider: str,
    kind: str,
    issuer: str,
    subject: str,
    assurance: int,
    strong: bool = False,
    link_to: str = "",
    claims: Mapping[str, Any] | None = None,
) -> tuple[Person, bool]:
    """The person behind a proven identity, made at the first sign-in; and whether the person is new.

    The key is (issuer, subject), never an address. `link_to`: the person already signed in who adds this identity;
    raises IdentityTaken when it belongs to somebody else. Two first sign-ins at once make one person.
    """
    moment = now()
    key = subject_hash(issuer=issuer, subject=subject)
    found = Identity.objects.select_related("person").filter(issuer=issuer, subject_hash=key).first()
    if found is not None:
        if link_to and str(found.person_id) != link_to:
            raise IdentityTaken(_("Cette identité appartient déjà à un autre compte : rien n’a été changé."))
        Identity.objects.filter(pk=found.pk).update(last_seen_at=moment, assurance=assurance)
        actor = _actor(found.person, kind=kind, assurance=assurance, strong=strong)
        record(actor=actor, action="session.open", purpose=_PURPOSE, object=f"identity:{provider}")
        _agent_facts(found.person, actor=actor, claims=claims or {})
        return found.person, False
    person = Person.objects.get(pk=link_to) if link_to else new_person(kind=kind)
    try:
        with transaction.atomic():
            Identity.objects.create(
                person=person,
                provider=provider,
                issuer=issuer,
                subject_hash=key,
                assurance=assurance,
                linked_at=moment,
                last_seen_at=moment,
            )
    except IntegrityError:
        raise IdentityTaken(_("Cette identité vient d’être liée ailleurs : réessayez.")) from None
    actor = _actor(person, kind=kind, assurance=assurance, strong=strong)
    record(actor=actor, action="identity.link", purpose=_PURPOSE, object=f"identity:{provider}")
    _agent_facts(person, actor=actor, claims=claims or {})
    return person, not link_to


_PURPOSE = "sign-in"
LOCAL = "local"
"""The provider of local accounts: this platform itself."""
AGENT_KEPT = timedelta(days=365)


def _agent_facts(person: Person, *, actor: Actor, claims: Mapping[str, Any]) -> None:
    """What an agent's provider says that the house needs: the organisation, and the name colleagues and residents see.

    Nothing is kept of a resident: their civil identity is asked for when a request needs it.
    """
    if actor.kind != "agent":
        return
    join_by_claims(person, claims=claims)
    name = {key: claims[key] for key in ("given_name", "family_name") if claims.get(key)}
    if name:
        keep_civil_identity(actor=actor, person=str(person.id), purpose=AGENT, claims=name, kept=AGENT_KEPT)


def _actor(person: Person, *, kind: str, assurance: int, strong: bool) -> Actor:
    known = str(person.id)
    return Actor(person=known, principal=known, kind=kind, assurance=assurance, strong=strong)


@in_house
@transaction.atomic
def link_identity(
    *,
    actor: Actor,
    provider: str,
    kind: str,
    issuer: str,
    subject: str,
    assurance: int,
    strong: bool,
    session: str = "",
) -> None:
    """Add a proven identity to the ways in of who is signed in; every other session ends, and the owner is told.

    Raises IdentityTaken, StrongerSignInNeeded; NotAllowed for an identity of another kind: agents enter through their
    organisation only, and who leaves it must not keep a door of their own.
    """
    _may_change(actor, action="identity.link")
    if not Person.objects.filter(pk=actor.person, kind=kind, erased_at=None).exists():
        raise NotAllowed(_("Ce compte est d’un autre genre : un agent et un habitant ont chacun leur espace."))
    sign_in(
        provider=provider,
        kind=kind,
        issuer=issuer,
        subject=subject,
        assurance=assurance,
        strong=strong,
        link_to=actor.person,
    )
    end_sessions(person=actor.person, but=session)
    tell_owner(actor.person, _("Un autre compte ouvre maintenant votre espace."))


@transaction.atomic
def unlink_identity(*, actor: Actor, identity: int, session: str = "") -> None:
    """Undo a link. The last way in cannot be undone; every other session of the person ends, and the owner is told.

    With the identity of this platform goes the local account, which would make it again at the next link by e-mail.
    """
    _may_change(actor, action="identity.unlink")
    found = Identity.objects.select_for_update().filter(pk=identity, person_id=actor.person).first()
    if found is None:
        raise UnknownPerson(_("Cette identité n’est pas liée à votre compte."))
    policy.require(actor=actor, action="identity.unlink", object=found)
    if not Identity.objects.filter(person_id=actor.person).exclude(pk=found.pk).exists():
        raise NotAllowed(_("C’est votre seul moyen de vous connecter : liez-en d’abord un autre."))
    tell_owner(actor.person, _("Un des comptes qui ouvraient votre espace ne l’ouvre plus."))
    found.delete()
    if found.provider == LOCAL:
        LocalAccount.objects.filter(person_id=actor.person).delete()
    end_sessions(person=actor.person, but=session)
    record(actor=actor, action="identity.unlink", purpose="account", object=f"identity:{found.provider}")


def _may_change(actor: Actor, *, action: str) -> None:
    policy.require(actor=actor, action=action)
    require_proven(actor)


@in_house
@transaction.atomic
def keep_civil_identity(
    *, actor: Actor, person: str, purpose: str, claims: Mapping[str, Any], kept: timedelta
) -> CivilIdentity:
    """Seal who somebody is in civil life, for one purpose and a time. Only where something needs it."""
    sealed = seal_for(
        person,
        json.dumps(dict(claims), ensure_ascii=False),
        place=civil_identity_place(person=person, purpose=purpose),
    )
    moment = now()
    row, _made = CivilIdentity.objects.update_or_create(
        person_id=person,
        purpose=purpose,
        defaults={"sealed": sealed, "created_at": moment, "kept_until": moment + kept},
    )
    record(actor=actor, subject=person, action="civil-identity.keep", purpose=purpose, object="civil-identity")
    return row
