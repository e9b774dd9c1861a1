"""Rows behind the second wall, and what stands before it as the platform's own user of the database."""

import re
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.test import Client

from lacydon.capabilities.trust.actions.people import keep_civil_identity
from lacydon.capabilities.trust.models import (
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
    MandateHelper,
    Membership,
    OneTimeLink,
    Passkey,
    PersonKey,
    Proof,
    RecoveryCode,
    RoleGrant,
    Session,
)
from lacydon.capabilities.trust.queries import wall
from lacydon.kernel.clock import now
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import verified_contact

OURS = {"Sec-Fetch-Site": "same-origin"}
WALLED = (
    Mandate, MandateHelper, Contest, Consent, ConsentRequest, DataExport, Proof, CivilIdentity, ContactPoint,
    Membership, RoleGrant, Identity, LocalAccount, Authenticator, Passkey, RecoveryCode, EmailChange, OneTimeLink,
    Session, PersonKey, Entry,
)  # fmt: skip
ONES_OWN = (
    Identity, LocalAccount, Authenticator, Passkey, RecoveryCode, EmailChange, OneTimeLink, Session, DataExport,
    ContactPoint,
)  # fmt: skip
"""Seen by nobody but the person: no organisation, whatever its roles."""


def row_of_each(help_, name):
    """A row of every walled table for this body and its resident."""
    mandate = help_.given()
    person = help_.resident
    moment = now()
    verified_contact(person, f"{name}@example.org")
    keep_civil_identity(
        actor=help_.me, person=str(person.id), purpose="mandate", claims={"name": name}, kept=timedelta(days=1)
    )
    Consent.objects.create(
        person=person, recipient=help_.body, purpose="x", categories=[], notice_version="1", notice_hash="h",
        language="fr", given_at=moment, given_by=person, until=moment + timedelta(days=1),
    )  # fmt: skip
    ConsentRequest.objects.create(
        person=person, recipient=help_.body, purpose="x", categories=[], wanted_days=1, asked_at=moment,
        expires_at=moment + timedelta(days=1),
    )  # fmt: skip
    DataExport.objects.create(person=person, asked_at=moment, kept_until=moment + timedelta(days=1))
    Proof.objects.create(
        person=person, kind="x", sealed=b"x", name_sealed=b"x", media_type="a/b", size=1, given_at=moment,
        given_by=person, kept_until=moment + timedelta(days=1),
    )  # fmt: skip
    entry = person.accesses.first()
    Contest.objects.create(entry=entry, person=person, organisation=help_.body, sealed=b"x", opened_at=moment)
    LocalAccount.objects.create(person=person, email_hash=name, email_sealed=b"x", created_at=moment)
    Authenticator.objects.create(person=person, sealed=b"x", created_at=moment)
    Passkey.objects.create(
        person=person, credential_id=name.encode(), public_key=b"x", sign_count=0, name="x", created_at=moment
    )
    RecoveryCode.objects.create(person=person, code_hash="x", created_at=moment)
    EmailChange.objects.create(person=person, email_hash="x", sealed=b"x", proven_at=moment, effective_at=moment)
    OneTimeLink.objects.create(
        token_hash=name, purpose="add", email_hash="x", email_wrapped=b"x", email_sealed=b"x", person=person,
        created_at=moment, expires_at=moment,
    )  # fmt: skip
    people.signed_in(Client(), person)
    return mandate


@contextmanager
def as_application():
    """As the database user of a deployment, neither superuser nor owner with BYPASSRLS, and as nobody at first."""
    role = f"app_{re.sub(r'[^a-z0-9]', '_', connection.settings_dict['NAME'].lower())}"
    walks_through = wall.bypassed()
    if walks_through:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {role} NOLOGIN NOBYPASSRLS")
            cursor.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
            cursor.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}")
            cursor.execute(f"SET ROLE {role}")
    connection.lacydon_as_application = True
    wall._stand(wall.NOBODY)
    try:
        yield
    finally:
        connection.lacydon_as_application = False
        if walks_through:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")
        wall._stand(wall.HOUSE)


def seen():
    return {model.__name__: model.objects.count() for model in WALLED}


NOTHING = dict.fromkeys((model.__name__ for model in WALLED), 0)
