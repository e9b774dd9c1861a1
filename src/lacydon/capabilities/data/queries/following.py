"""Who follows a dataset: addresses that asked for it, machines of organisations."""

import hashlib
import json
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import in_house, reach_of
from lacydon.kernel import sealing
from lacydon.kernel.access import Actor
from lacydon.kernel.errors import NotFound
from lacydon.kernel.webhooks import NoSecret

from ..models import Hook, Subscription

STOPPED_AFTER = 15
"""Failures in a row after which a machine is called no more, until somebody starts it again."""


def address_hash(address: str) -> str:
    """What finds an address again without keeping it in the clear."""
    return sealing.keyed_hash(address.strip().lower(), purpose="data-follower")


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@in_house
def by_secret(secret: str) -> Subscription:
    """The subscription whose link holds this. Raises NotFound."""
    found = Subscription.objects.select_related("dataset").filter(secret_hash=hash_of(secret)).first()
    if found is None:
        raise NotFound(_("Ce lien ne mène plus à rien : le suivi est peut-être déjà arrêté."))
    return found


def opened(row: Subscription) -> tuple[str, str]:
    """The address, and the secret of its links. Raises sealing.Unsealable."""
    told = json.loads(
        sealing.unseal(bytes(row.address), key=key_of(row), place=place(row, "address")),
    )
    return str(told["address"]), str(told["secret"])


def secret_of(hook: Hook) -> str:
    """What its messages are signed with. Raises NoSecret."""
    try:
        return sealing.unseal(bytes(hook.secret), key=key_of(hook), place=place(hook, "secret")).decode()
    except sealing.Unsealable as error:
        raise NoSecret(_("Le secret de cet appel ne s’ouvre plus : faites-en un nouveau.")) from error


def key_of(row: Subscription | Hook) -> bytes:
    return sealing.unwrap(bytes(row.wrapped), place=place(row, "wrapped"))


def place(row: Subscription | Hook, field: str) -> str:
    """Where a sealed value stands. Its own secret names a subscription, its dataset and address a hook: both are known
    before there is a number."""
    if isinstance(row, Subscription):
        return f"data_subscription:{row.secret_hash}:{field}"
    return f"data_hook:{row.organisation_id}/{row.dataset_id}/{hash_of(row.url)}:{field}"


def wrapped_place(row: Any) -> str:
    return place(row, "wrapped")


@in_house
def followers(dataset: str) -> int:
    """How many addresses follow a dataset."""
    return Subscription.objects.filter(dataset=dataset, confirmed_at__isnull=False).count()


def hooks_of(organisation: str) -> list[Hook]:
    """The calls of an organisation, those that fail first."""
    rows = Hook.objects.filter(organisation=organisation).select_related("dataset", "dataset__current")
    return sorted(rows.order_by("-made_at"), key=lambda each: (each.stopped_at is None, each.failures == 0))


def hook_of(actor: Actor, id: int) -> Hook:
    """Raises NotFound, for those of others too."""
    found = Hook.objects.select_related("dataset").filter(pk=id, organisation=actor.organisation or None).first()
    if found is None:
        raise NotFound(_("Cet appel n’existe pas pour votre organisme."))
    return found


@in_house
def subscriptions_of(person: UUID | str) -> list[Subscription]:
    """Those of the e-mail addresses a person proved to be theirs."""
    hashes = [address_hash(each) for each in reach_of(person).emails]
    return list(Subscription.objects.filter(address_hash__in=hashes).order_by("pk")) if hashes else []
