"""Second factors: the application that gives codes, the passkeys, the recovery codes on paper; what they open.

Adding the first one makes all ways in stronger: from then on, a link or a passphrase alone opens nothing; it takes a
sign-in of less than ten minutes, whatever the identity provider said of it. Whoever changes them later has just shown
one (the pages see to that) and must hold a strong session; every other session ends.
"""

import hmac
import secrets
from datetime import datetime, timedelta

import pyotp
import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel import attempts, sealing
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Conflict

from ..errors import NotAllowed, UnknownPerson, WrongSecret
from ..models import Authenticator, LocalAccount, Passkey, RecoveryCode
from ..queries import passkeys, policy
from ..queries.accounts import has_second_factor
from ..queries.freshness import require_proven
from ..queries.keys import seal_for, unseal_of
from ..queries.wall import in_house
from .journal import record
from .notices import tell_owner
from .sessions import end_sessions

log = structlog.get_logger("lacydon.security")
STEP = 30
"""Seconds a code lives (RFC 6238, 5.2); the step before and the one after are accepted too."""
TRIES, SPELL = 10, timedelta(hours=1)
CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Signs of a recovery code: none is taken for another one."""
MOST_PASSKEYS = 20
LONGEST_NAME = 60


def authenticator_place(person: str) -> str:
    return f"trust_authenticator:{person}:sealed"


@transaction.atomic
def begin_authenticator(*, actor: Actor) -> str:
    """The secret (base32) to put in an application; the same until a code confirms it. Raises Conflict when one is."""
    _may_change(actor)
    row = Authenticator.objects.select_for_update().filter(person_id=actor.person).first()
    if row is not None and row.confirmed_at:
        raise Conflict(_("Une application donne déjà vos codes : retirez-la d’abord."))
    if row is not None:
        return unseal_of(actor.person, row.sealed, place=authenticator_place(actor.person)).decode()
    secret = pyotp.random_base32()
    sealed = seal_for(actor.person, secret, place=authenticator_place(actor.person))
    Authenticator.objects.create(person_id=actor.person, sealed=sealed, created_at=now())
    return secret


def confirm_authenticator(*, actor: Actor, code: str, session: str) -> None:
    """The application gave a right code: from now on it counts. Raises WrongSecret, TooManyRequests."""
    _may_change(actor)
    attempts.spend(what="code", who=actor.person, most=TRIES, per=SPELL)
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(person_id=actor.person, confirmed_at=None).first()
        if row is None:
            raise Conflict(_("Recommencez : il n’y a pas d’application à confirmer."))
        if not _accept(row, code):
            raise _wrong_code()
        row.confirmed_at = now()
        row.save(update_fields=["confirmed_at"])
        _changed(actor, "authenticator:added", _("Une application qui donne des codes a été ajoutée."), session=session)
    attempts.forgive(what="code", who=actor.person)


@transaction.atomic
def remove_authenticator(*, actor: Actor, session: str) -> None:
    """Take the application away; with the last second factor go the passphrase and the recovery codes."""
    _may_change(actor)
    Authenticator.objects.filter(person_id=actor.person).delete()
    _without_factor(actor.person)
    _changed(actor, "authenticator:removed", _("L’application qui donne des codes a été retirée."), session=session)


@in_house
def show_code(*, person: str, code: str, session: str = "") -> str:
    """Accept a second factor typed by somebody: a code of the application, or a recovery code; says which ("code" or
    "recovery"). A recovery code ends the other sessions, for a lost device may be one of them; `session` is the hashed
    key of the one in hand. Raises WrongSecret, TooManyRequests. Not to be called in a transaction."""
    attempts.spend(what="code", who=person, most=TRIES, per=SPELL)
    typed = "".join(sign for sign in code.lower() if sign.isalnum())
    row = Authenticator.objects.filter(person_id=person, confirmed_at__isnull=False).first()
    with transaction.atomic():
        if row is not None and len(typed) == 6 and _accept(row, typed):
            kind = "code"
        elif len(typed) > 6 and _use_recovery_code(person, typed):
            end_sessions(person=person, but=session)
            tell_owner(person, _("Un de vos codes de secours a servi."))
            kind = "recovery"
        else:
            raise _wrong_code()
    attempts.forgive(what="code", who=person)
    log.info("second-factor.shown", way=kind)
    return kind


def _accept(row: Authenticator, code: str) -> bool:
    """Whether the code is right now, and newer than the last one accepted, which it becomes (once)."""
    secret = unseal_of(row.person_id, row.sealed, place=authenticator_place(str(row.person_id))).decode()
    present = int(now().timestamp()) // STEP
    typed = "".join(code.split())
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(pyotp.HOTP(secret).at(step).encode(), typed.encode()):
            newer = Authenticator.objects.filter(pk=row.pk, last_step__lt=step)
            return newer.update(last_step=step) == 1
    return False


def _wrong_code() -> WrongSecret:
    log.warning("sign-in.refused", way="second-factor")
    return WrongSecret(_("Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant."), field="code")


# Passkeys.


@in_house
@transaction.atomic
def add_passkey(
    *, actor: Actor, answer: str, challenge: bytes, site: passkeys.Site, name: str, session: str
) -> Passkey:
    """Keep the key a browser made. Raises PasskeyRefused, Conflict (already known, or too many)."""
    _may_change(actor)
    proven = passkeys.proven_new(answer, challenge=challenge, site=site)
    if Passkey.objects.filter(credential_id=proven.credential_id).exists():
        raise Conflict(_("Cette clé est déjà enregistrée."))
    if Passkey.objects.filter(person_id=actor.person).count() >= MOST_PASSKEYS:
        raise Conflict(_("Vous avez déjà 20 clés : retirez-en une."))
    made = Passkey.objects.create(
        person_id=actor.person,
        credential_id=proven.credential_id,
        public_key=proven.public_key,
        sign_count=proven.sign_count,
        name=" ".join(name.split())[:LONGEST_NAME] or _("Ma clé d’accès"),
        created_at=now(),
    )
    _changed(actor, f"passkey:{made.pk}:added", _("Une clé d’accès a été ajoutée."), session=session)
    return made


@in_house
@transaction.atomic
def show_passkey(*, answer: str, challenge: bytes, site: passkeys.Site, person: str = "") -> Passkey:
    """Accept a key somebody signed with; of this person when it is known who it should be. Raises PasskeyRefused."""
    found, count = passkeys.signed_by(answer, challenge=challenge, site=site)
    if person and str(found.person_id) != person:
        raise passkeys.refusal()
    unchanged = Passkey.objects.filter(pk=found.pk, sign_count=found.sign_count)
    if not unchanged.update(sign_count=count, last_used_at=now()):
        raise passkeys.refusal()
    log.info("second-factor.shown", way="passkey")
    return found


@transaction.atomic
def remove_passkey(*, actor: Actor, passkey: int, session: str) -> None:
    """Take a key away; with the last second factor go the passphrase and the recovery codes."""
    _may_change(actor)
    gone, _by_model = Passkey.objects.filter(pk=passkey, person_id=actor.person).delete()
    if not gone:
        raise UnknownPerson(_("Cette clé n’est pas à vous, ou elle est déjà retirée."))
    _without_factor(actor.person)
    _changed(actor, f"passkey:{passkey}:removed", _("Une clé d’accès a été retirée."), session=session)


# Recovery codes.


@transaction.atomic
def new_recovery_codes(*, actor: Actor, session: str) -> list[str]:
    """Ten new codes, in words for the only time; those of before are worth nothing any more."""
    policy.require(actor=actor, action="security.change")
    if not has_second_factor(actor.person):
        raise NotAllowed(_("Ces codes remplacent un second moyen perdu : ajoutez-en d’abord un."))
    require_proven(actor)
    RecoveryCode.objects.filter(person_id=actor.person).delete()
    codes = ["".join(secrets.choice(ALPHABET) for _sign in range(10)) for _code in range(CODES)]
    moment: datetime = now()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person_id=actor.person, code_hash=_code_hash(actor.person, code), created_at=moment)
        for code in codes
    )
    _changed(actor, "recovery-codes:made", _("De nouveaux codes de secours ont été faits."), session=session)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _use_recovery_code(person: str, code: str) -> bool:
    free = RecoveryCode.objects.filter(person_id=person, code_hash=_code_hash(person, code), used_at=None)
    return free.update(used_at=now()) == 1


def _code_hash(person: str, code: str) -> str:
    return sealing.keyed_hash(f"{person}\x00{code}", purpose="recovery-code")


# What they have in common.


def strengthen(*, actor: Actor, by: str) -> None:
    """Note that somebody who was signed in has shown a second factor."""
    with transaction.atomic():
        record(actor=actor, action="session.strengthen", purpose="sign-in", object=by)


def _may_change(actor: Actor) -> None:
    policy.require(actor=actor, action="security.change")
    require_proven(actor)


def _without_factor(person: str) -> None:
    """A passphrase alone opens nothing, and codes that replace nothing are dangerous: they go with the last factor."""
    if not has_second_factor(person):
        LocalAccount.objects.filter(person_id=person).update(passphrase="")
        RecoveryCode.objects.filter(person_id=person).delete()


def _changed(actor: Actor, object: str, told: str, *, session: str) -> None:
    record(actor=actor, action="security.change", purpose="account", object=object)
    end_sessions(person=actor.person, but=session)
    tell_owner(actor.person, told)
