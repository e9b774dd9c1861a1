"""Following a dataset: by e-mail, without an account; by a call to a machine, for organisations. Told once each."""

import base64
import json
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import in_house, record, require
from lacydon.kernel import attempts, sealing, site
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.http import HttpClient, Timeout
from lacydon.kernel.mail import Link, Message, post
from lacydon.kernel.personal import Kept
from lacydon.kernel.texts import said
from lacydon.kernel.webhooks import signed_headers

from ..models import Dataset, Hook, Reuse, Subscription, Version
from ..queries import contracts
from ..queries.datasets import DatasetView, dataset, shown_to_all
from ..queries.following import (
    STOPPED_AFTER,
    address_hash,
    by_secret,
    hash_of,
    opened,
    place,
    secret_of,
    subscriptions_of,
)

UNCONFIRMED = timedelta(days=7)
"""How long an address that nobody confirmed is kept."""
REFUSED = timedelta(days=365)
"""How long a refused reuse is."""
MOST_HOOKS = 50
"""Calls an organisation may have."""
LONGEST = 200
GONE = 410
client = HttpClient(name="data-hook", timeout=Timeout(connect=3, read=10, total=15), largest=100_000, retries=0)


class CallFailed(Exception):  # noqa: N818  (what happened, for the job that tries again)
    """A machine did not take a message; to be tried again."""


# By e-mail.


def follow(*, id: str, address: str, network: str) -> None:
    """Ask for an e-mail at each version; it begins once the link of a first message is followed.

    Whoever asks is told the same, whether the address follows already or not. Raises BadInput, TooManyRequests,
    UnknownDataset.
    """
    found = dataset(id)
    tidy = address.strip()
    try:
        validate_email(tidy)
    except ValidationError as error:
        raise BadInput(_("Écrivez une adresse e-mail, comme nom@exemple.fr."), field="address") from error
    if len(tidy) > LONGEST:
        raise BadInput(_("Cette adresse est trop longue."), field="address")
    attempts.spend(what="data-follow", who=network, most=20, per=timedelta(hours=1))
    attempts.spend(what="data-follow-address", who=tidy.lower(), most=5, per=timedelta(days=1))
    _ask(found, tidy)


@in_house
@transaction.atomic
def _ask(found: DatasetView, address: str) -> None:
    hashed = address_hash(address)
    known = Subscription.objects.select_for_update().filter(dataset=found.id, address_hash=hashed).first()
    if known is not None and known.confirmed_at is not None:
        _write(known, found, subject=_("Vous suivez déjà ce jeu de données"), told=_("Vous n’avez rien à faire."))
        return
    if known is not None:
        known.delete()
    secret, key = secrets.token_urlsafe(24), sealing.new_key()
    row = Subscription(
        dataset_id=found.id,
        address_hash=hashed,
        secret_hash=hash_of(secret),
        lang=(translation.get_language() or "fr")[:2],
        asked_at=now(),
        told=found.version.number if found.version else 0,
    )
    row.wrapped = sealing.wrap(key, place=place(row, "wrapped"))
    told = json.dumps({"address": address, "secret": secret}).encode()
    row.address = sealing.seal(told, key=key, place=place(row, "address"))
    row.save()
    title = said(found.title)
    post(
        Message(
            to=address,
            subject=_("Confirmez que vous voulez suivre « %s »") % title[:120],
            paragraphs=(
                _("Quelqu’un, sans doute vous, a demandé un message à chaque nouvelle version de « %s ».") % title,
                _("Confirmez, et rien d’autre ne vous sera envoyé. Sinon, ne faites rien : tout s’efface en 7 jours."),
            ),
            action=Link(_("Confirmer"), site.address() + reverse("follow-confirm", kwargs={"secret": secret})),
        )
    )


@in_house
@transaction.atomic
def confirm(*, secret: str) -> Subscription:
    """The address is its owner's. Raises NotFound."""
    row = by_secret(secret)
    if row.confirmed_at is None:
        row.confirmed_at = now()
        row.save(update_fields=["confirmed_at"])
    return row


@in_house
@transaction.atomic
def stop(*, secret: str) -> str:
    """No more messages, and the address is forgotten; the dataset it followed. Raises NotFound."""
    row = by_secret(secret)
    row.delete()
    return str(row.dataset_id)


@in_house
def tell_follower(*, subscription: int, number: int) -> bool:
    """Write to one address of a version, once: whether it was done now."""
    with transaction.atomic():
        row = Subscription.objects.select_for_update().filter(pk=subscription, confirmed_at__isnull=False).first()
        if row is None or row.told >= number:
            return False
        found = shown_to_all().get(row.dataset_id)
        if found is None:
            return False
        with translation.override(row.lang):
            _write(row, found, subject=_("Nouvelle version : %s") % said(found.title)[:120], told=_what(found, number))
        row.told = number
        row.save(update_fields=["told"])
    return True


def waiting(*, id: str, number: int) -> list[int]:
    """The subscriptions that are not told of a version yet."""
    rows = Subscription.objects.filter(dataset=id, confirmed_at__isnull=False, told__lt=number)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def purge(moment: datetime) -> int:
    """Forget the addresses that nobody confirmed, and the reuses refused a year ago; how many."""
    rows = Subscription.objects.filter(confirmed_at=None, asked_at__lt=moment - UNCONFIRMED)
    refused = Reuse.objects.filter(refused_at__lt=moment - REFUSED)
    return int(rows.delete()[0] + refused.delete()[0])


@in_house
def erase(person: str) -> Iterable[Kept]:
    """Forget the addresses of a person; what they published as an agent stays, under a pseudonym of nobody."""
    for row in subscriptions_of(person):
        row.delete()
    return ()


def _what(found: DatasetView, number: int) -> str:
    version = Version.objects.filter(dataset=found.id, number=number).first()
    if version is None:
        return ""
    rows: dict[str, Any] = version.difference.get("rows") or {}
    facts = [_("%d lignes") % version.rows]
    facts += [_("%d ajoutées") % rows["added"]] if rows.get("added") else []
    facts += [_("%d retirées") % rows["removed"]] if rows.get("removed") else []
    return _("Version %(number)d : %(facts)s.") % {"number": number, "facts": ", ".join(facts)}


def _write(row: Subscription, found: DatasetView, *, subject: str, told: str) -> None:
    address, secret = opened(row)
    stopping = site.address() + reverse("follow-stop", kwargs={"secret": secret})
    post(
        Message(
            to=address,
            subject=subject,
            paragraphs=tuple(filter(None, (said(found.title), told))),
            action=Link(_("Voir le jeu de données"), site.address() + reverse("dataset", kwargs={"id": found.id})),
            after=(_("Ne plus recevoir ces messages : %s") % stopping,),
            stop=stopping,
        )
    )


# By a call to a machine.


@transaction.atomic
def make_hook(*, actor: Actor, id: str, url: str) -> tuple[Hook, str]:
    """Call an address at each version; the secret that signs the calls, shown once. Raises BadInput, NotAllowed."""
    require(actor=actor, action="hook.manage")
    found = dataset(id, actor=actor)
    parts = urlsplit(url.strip())
    if parts.scheme != "https" or not parts.hostname or parts.username is not None or len(url) > 2_000:
        raise BadInput(_("Écrivez une adresse qui commence par https://, sans mot de passe."), field="url")
    mine = Hook.objects.filter(organisation=actor.organisation)
    if mine.filter(dataset=id, url=url.strip()).exists():
        raise BadInput(_("Cette adresse est déjà appelée pour ce jeu de données."), field="url")
    if mine.count() >= MOST_HOOKS:
        raise BadInput(_("Votre organisme a déjà %d appels : retirez-en un.") % MOST_HOOKS)
    secret, key = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(), sealing.new_key()
    row = Hook(
        dataset_id=id, organisation_id=actor.organisation, url=url.strip(), made_at=now(),
        told=found.version.number if found.version else 0,
    )  # fmt: skip
    row.wrapped = sealing.wrap(key, place=place(row, "wrapped"))
    row.secret = sealing.seal(secret.encode(), key=key, place=place(row, "secret"))
    row.save()
    record(actor=actor, subject="", action="hook.make", purpose="publication", object=f"dataset:{id}"[:120])
    return row, secret


@transaction.atomic
def remove_hook(*, actor: Actor, hook: Hook) -> None:
    """It is called no more."""
    require(actor=actor, action="hook.manage", object=hook)
    record(
        actor=actor, subject="", action="hook.remove", purpose="publication", object=f"dataset:{hook.dataset_id}"[:120]
    )
    hook.delete()


@transaction.atomic
def resume_hook(*, actor: Actor, hook: Hook) -> None:
    """Call it again after it was stopped, from the next version on."""
    require(actor=actor, action="hook.manage", object=hook)
    hook.stopped_at, hook.failures, hook.last_failure = None, 0, ""
    hook.save(update_fields=["stopped_at", "failures", "last_failure"])


def call(*, hook: int, number: int) -> None:
    """Tell a machine of a version. Raises CallFailed, to be tried again.

    A call that was made twice is known by its id, `dataset@number`. What fails fifteen times in a row is not called
    any more.
    """
    row = Hook.objects.select_related("dataset").filter(pk=hook, stopped_at=None).first()
    if row is None or row.told >= number or not _may_know(row):
        return
    version = Version.objects.filter(dataset=row.dataset_id, number=number).first()
    if version is None:
        return
    try:
        status = _sent(row, version)
        failure = "" if 200 <= status < 300 else _("la machine a répondu %d") % status
    except Refused as error:
        status, failure = 0, str(error.sentence)
    if not failure:
        Hook.objects.filter(pk=row.pk, told__lt=number).update(
            told=number, told_at=now(), failures=0, last_failure=""
        )  # fmt: skip
        return
    with transaction.atomic():
        held = Hook.objects.select_for_update().get(pk=row.pk)
        held.failures, held.last_failure = held.failures + 1, failure[:500]
        if status == GONE or held.failures >= STOPPED_AFTER:
            held.stopped_at = now()
        held.save(update_fields=["failures", "last_failure", "stopped_at"])
    if held.stopped_at is None:
        raise CallFailed(failure)


def _sent(row: Hook, version: Version) -> int:
    """The status a machine answered. Raises Refused."""
    body = json.dumps(
        {
            "type": "dataset.version-published",
            "timestamp": version.published_at.isoformat(),
            "data": {
                "dataset": row.dataset_id,
                "number": version.number,
                "content": f"sha256:{version.content}",
                "rows": version.rows,
                "url": f"{site.address()}/donnees/{row.dataset_id}",
            },
        }
    ).encode()
    headers = signed_headers(body, id=f"{row.dataset_id}@{version.number}", secret=secret_of(row))
    return client.request(
        "POST", row.url, headers={**headers, "Content-Type": "application/json"}, content=body
    ).status  # fmt: skip


def _may_know(row: Hook) -> bool:
    """Whether its organisation may still know of the dataset."""
    mine: Dataset = row.dataset
    return (
        mine.organisation_id == row.organisation_id
        or mine.id in shown_to_all()
        or contracts.holding(dataset=mine.id, organisation=row.organisation_id) is not None
    )
