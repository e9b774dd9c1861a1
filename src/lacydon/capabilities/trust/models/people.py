"""People, as pseudonyms: who they are in civil life is sealed, apart, and only where something needs it."""

import uuid

from django.db import models


class PersonKind(models.TextChoices):
    RESIDENT = "resident"
    AGENT = "agent"
    COMPANY = "company"


class Person(models.Model):
    """A principal: a random identifier, nothing else. The row outlives an erasure: the journal stays true."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=PersonKind.choices)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=PersonKind.values), name="person_kind_known"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PersonKey(models.Model):
    """The key all that is personal is sealed with (kernel.sealing), itself wrapped; without it, nothing can be read."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT, related_name="key")
    wrapped = models.BinaryField(null=True)
    shredded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wrapped=None, shredded_at__isnull=False)
                | models.Q(wrapped__isnull=False, shredded_at=None),
                name="person_key_held_or_shredded",
            )
        ]

    def __str__(self) -> str:
        return f"key of {self.person_id}"


class Identity(models.Model):
    """A way to sign in: an account at a provider. Its key is (issuer, subject), never an e-mail address.

    `subject_hash`: keyed hash of issuer and subject under the pepper of this territory (kernel.sealing.keyed_hash), so
    that two territories cannot join their people.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identities")
    provider = models.CharField(max_length=40)
    issuer = models.CharField(max_length=200)
    subject_hash = models.CharField(max_length=64)
    assurance = models.PositiveSmallIntegerField()
    linked_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject_hash"], name="identity_is_one")]

    def __str__(self) -> str:
        return f"{self.provider} of {self.person_id}"


class CivilIdentity(models.Model):
    """Names, birth date and the like, sealed, for one purpose and until a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="civil_identities")
    purpose = models.CharField(max_length=80)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
    kept_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "purpose"], name="civil_identity_per_purpose")]

    def __str__(self) -> str:
        return f"civil identity of {self.person_id} for {self.purpose}"


class ContactKind(models.TextChoices):
    EMAIL = "email"
    PHONE = "phone"
    POSTAL = "postal"


class ContactPoint(models.Model):
    """Where to write to a person; sealed."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=ContactKind.choices)
    sealed = models.BinaryField()
    verified_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="contact_point_per_kind"),
            models.CheckConstraint(condition=models.Q(kind__in=ContactKind.values), name="contact_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"
