"""What is shared with whom, why, on which ground, until when; proofs given once."""

import uuid

from django.db import models

from .mandates import Mandate
from .organisations import Organisation
from .people import Person


class Consent(models.Model):
    """A person lets an organisation use some of their data for a purpose, until a day or until they say stop.

    Fields follow the consent record of ISO/IEC TS 27560:2023; the receipt is made from them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=80)
    categories = models.JSONField(help_text="Kinds of data, e.g. proof:income, contact:email.")
    notice_version = models.CharField(max_length=20)
    notice_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT)
    until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "recipient", "purpose"], name="consent_looked_up")]

    def __str__(self) -> str:
        return str(self.id)


class ConsentRequest(models.Model):
    """An organisation asks a person to agree; yes and no cost the same, and silence is a no when it expires."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consent_requests")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="consent_requests")
    purpose = models.CharField(max_length=80)
    categories = models.JSONField()
    wanted_days = models.PositiveSmallIntegerField(help_text="How long the consent would last.")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    consent = models.ForeignKey(Consent, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["person", "answered_at"], name="consent_request_open")]

    def __str__(self) -> str:
        return str(self.id)


class SharingContract(models.Model):
    """Two organisations agree that one gives the other some kinds of data, on a ground other than consent.

    It holds once the recipient's data protection has accepted it, from `since` to `until`, unless one side ended it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contracts_given")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contracts_received")
    purpose = models.CharField(max_length=80)
    words = models.TextField(help_text="What for, in words a resident understands.")
    legal_basis = models.TextField()
    categories = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(provider=models.F("recipient")), name="sharing_contract_between_two"
            ),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")), name="sharing_contract_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Proof(models.Model):
    """A supporting document given once (« Dites-le-nous une fois »), sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=40)
    sealed = models.BinaryField()
    name_sealed = models.BinaryField()
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="Bytes, before sealing.")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT)
    kept_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "kind"], name="proof_of_person")]

    def __str__(self) -> str:
        return str(self.id)
