"""Erasure (GDPR art. 17): what is personal goes, the person's key is destroyed, what the law keeps is told.

Crypto-shredding: all that was sealed with the key is unreadable from then on, in every copy made afterwards. A copy
made before still holds the key, wrapped: see docs/operators/erasure.md for what a backup can and cannot do, and
`reapply_erasures`, which erases again after an old backup was put back. For that, the pseudonyms that were erased are
kept in a file beside the database, and nothing else about them.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel import plugs
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput
from lacydon.kernel.personal import Kept

from ..models import (
    Authenticator,
    CivilIdentity,
    Consent,
    ConsentRequest,
    ContactPoint,
    Contest,
    DataExport,
    EmailChange,
    Entry,
    Identity,
    LocalAccount,
    Mandate,
    Membership,
    OneTimeLink,
    Passkey,
    Person,
    PersonKey,
    Proof,
    RecoveryCode,
    RoleGrant,
    Session,
)  # fmt: skip
from ..queries import policy
from ..queries.wall import in_house
from .journal import record

WORD = _l("EFFACER")
"""What the person types to be sure."""


def listed_in() -> Path:
    """The file of the pseudonyms that were erased, one a line, beside the database."""
    return Path(settings.HOME) / "erasures"


@in_house
@transaction.atomic
def erase_person(*, actor: Actor, typed: str) -> list[Kept]:
    """Erase all that is known of the person who asks, at once and for good; what is kept, and why.

    Raises BadInput when the word was not typed, NotAllowed under a mandate.
    """
    policy.require(actor=actor, action="rights.erase")
    if typed.strip().casefold() != str(WORD).casefold():
        raise BadInput(_("Écrivez le mot %s pour confirmer.") % WORD, field="word")
    record(actor=actor, action="rights.erase", purpose="rights", object="account")
    return erase_now(actor.person)


def kept_of(person: str) -> list[Kept]:
    """What an erasure would leave, told before it is done."""
    return [each for _name, offer in plugs.personal_data.items() for each in offer().kept(person)]


def erase_now(person: UUID | str) -> list[Kept]:
    """The erasure itself, in the caller's transaction: every capability, the highest first, then the key."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an erasure is one transaction")
    known = str(person)
    # A mandate or a request that is being made for this person waits here, then finds nobody.
    Person.objects.select_for_update().get(pk=known)
    kept = [each for _name, offer in reversed(list(plugs.personal_data.items())) for each in offer().erase(known)]
    moment = now()
    PersonKey.objects.filter(person_id=known, shredded_at=None).update(wrapped=None, shredded_at=moment)
    Person.objects.filter(pk=known).update(erased_at=moment)
    transaction.on_commit(lambda: _after(known))
    return kept


def erase(person: str) -> Iterable[Kept]:
    """Trust's own part: what can go goes, what must stay is emptied of what is personal."""
    moment = now()
    Session.objects.filter(person_id=person).delete()
    account = LocalAccount.objects.filter(person_id=person).first()
    links = Q(person_id=person)
    if account is not None:
        links |= Q(email_hash=account.email_hash)
    OneTimeLink.objects.filter(links).delete()
    for model in (
        Authenticator, RecoveryCode, Passkey, EmailChange, LocalAccount, Identity, CivilIdentity, ContactPoint, Proof,
        DataExport,
    ):  # fmt: skip
        model.objects.filter(person_id=person).delete()
    ConsentRequest.objects.filter(person_id=person).delete()
    Consent.objects.filter(person_id=person, withdrawn_at=None, until__gt=moment).update(withdrawn_at=moment)
    given = Q(principal=person) | Q(holder=person)
    Mandate.objects.filter(given, revoked_at=None, ends_at__gt=moment).update(
        revoked_at=moment, revoked_by_id=person, revoked_way="erasure"
    )
    Mandate.objects.filter(principal=UUID(person)).update(
        evidence_sealed=None, text_sealed=b"", revoked_sealed=None, contest_sealed=None, code_hash=None
    )
    RoleGrant.objects.filter(membership__person_id=person, until=None).update(until=moment)
    Membership.objects.filter(person_id=person, until=None).update(until=moment)
    Contest.objects.filter(person_id=person).update(sealed=b"", answer_sealed=None)
    return kept(person)


def kept(person: str) -> Iterable[Kept]:
    """What trust must keep of somebody who is erased: only what there is."""
    if Entry.objects.filter(Q(subject=person) | Q(actor=person)).exists():
        yield Kept(
            _l("Le journal : des numéros tirés au sort, des dates, des actions. Rien n’y dit plus qui vous étiez."),
            _l("Obligation de pouvoir rendre compte (articles 5.2 et 32 du RGPD)."),
            _l("Aussi longtemps que le journal, que personne ne peut modifier."),
        )
    if Consent.objects.filter(person_id=person).exists():
        yield Kept(
            _l("La trace de vos accords : à quel organisme, pour quoi, quand donnés et retirés, sans votre nom."),
            _l("Un organisme doit pouvoir prouver qu’il avait votre accord (article 7.1 du RGPD)."),
            _l("Cinq ans après la fin de chaque accord (article 2224 du code civil)."),
        )
    if Mandate.objects.filter(Q(principal=person) | Q(holder=person)).exists():
        yield Kept(
            _l("La trace de vos mandats : à quel organisme, sur quels thèmes, de quand à quand, sans votre nom."),
            _l("Un aidant doit pouvoir prouver qu’il était mandaté (articles 1984 et suivants du code civil)."),
            _l("Cinq ans après la fin de chaque mandat (article 2224 du code civil)."),
        )
    if Membership.objects.filter(person_id=person).exists():
        yield Kept(
            _l("Vos rôles d’agent, avec leurs dates, sans votre nom."),
            _l("L’organisme doit pouvoir dire qui avait accès à quoi (article 32 du RGPD)."),
            _l("Cinq ans après votre départ."),
        )
    if Contest.objects.filter(person_id=person).exists():
        yield Kept(
            _l("Le fait qu’un accès a été contesté, et la date de la réponse ; les textes sont détruits."),
            _l("Obligation de rendre compte des réponses (articles 5.2 et 12.3 du RGPD)."),
            _l("Cinq ans après la réponse."),
        )


def reapply_erasures() -> int:
    """After an old backup was put back: erase again who is in the list and came back with it; how many."""
    done, listed = 0, _listed()
    for start in range(0, len(listed), 500):
        back = Person.objects.filter(pk__in=listed[start : start + 500], erased_at=None)
        for person in back.values_list("pk", flat=True):
            with transaction.atomic():
                if not Person.objects.select_for_update().filter(pk=person, erased_at=None).exists():
                    continue
                known = str(person)
                record(actor=MACHINE, subject=known, action="rights.erase", purpose="rights", object="account")
                erase_now(known)
                done += 1
    return done


def note_erasures() -> None:
    """Write in the list who is erased and not in it yet (a process that died between the two); once a day."""
    listed = set(_listed())
    erased = Person.objects.filter(erased_at__isnull=False).order_by("erased_at").values_list("pk", flat=True)
    _append([str(pk) for pk in erased if str(pk) not in listed])


def _after(person: str) -> None:
    """Once it is committed: in the list, and out of the write-ahead log of SQLite, where the wrapped key was."""
    _append([person])
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _listed() -> list[str]:
    try:
        lines = listed_in().read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        with contextlib.suppress(ValueError):  # a line cut short by a full disk: note_erasures writes it again
            found.append(str(UUID(line)))
    return found


def _append(people: list[str]) -> None:
    if not people:
        return
    descriptor = os.open(listed_in(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.write(descriptor, "".join(f"\n{person}\n" for person in people).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
