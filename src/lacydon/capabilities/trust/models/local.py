"""Local accounts, for places without a national identity provider: e-mail link, or passphrase and second factor."""

import uuid

from django.db import models

from .people import Person


class LocalAccount(models.Model):
    """An account of this platform. `email_hash` finds it; the address itself is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="local_account")
    email_hash = models.CharField(max_length=64, unique=True)
    email_sealed = models.BinaryField()
    passphrase = models.CharField(max_length=200, blank=True, help_text="Argon2id, by Django's hasher.")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"local account of {self.person_id}"


class Authenticator(models.Model):
    """An application that gives one-time codes (RFC 6238); `confirmed_at` is empty until it gave a first right one."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT, related_name="authenticator")
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0, help_text="RFC 6238 step last accepted: a code serves once.")

    def __str__(self) -> str:
        return f"authenticator of {self.person_id}"


class Passkey(models.Model):
    """A WebAuthn credential."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="passkeys")
    credential_id = models.BinaryField(unique=True, max_length=1023)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField()
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"passkey of {self.person_id}"


class LinkPurpose(models.TextChoices):
    SIGN_IN = "sign-in"
    ADD = "add"
    CONTACT = "contact"
    CANCEL = "cancel"


class OneTimeLink(models.Model):
    """A link sent by e-mail, good once and for a short while. Only the hash of its secret is kept.

    The address it went to is sealed under a key of the link's own. `code_hash`: a code of six digits that stands for
    the link in the browser that asked for it.
    """

    token_hash = models.CharField(max_length=64, primary_key=True)
    purpose = models.CharField(max_length=8, choices=LinkPurpose.choices)
    email_hash = models.CharField(max_length=64)
    email_wrapped = models.BinaryField()
    email_sealed = models.BinaryField()
    code_hash = models.CharField(max_length=64, blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link for {self.purpose}"


class EmailChange(models.Model):
    """A new e-mail address that was proven, and takes effect after the delay in which the old one may cancel it."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT, related_name="email_change")
    email_hash = models.CharField(max_length=64)
    sealed = models.BinaryField()
    proven_at = models.DateTimeField()
    effective_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"change of e-mail of {self.person_id}"


class RecoveryCode(models.Model):
    """A code kept on paper, good once, for who lost the second factor."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "code_hash"], name="recovery_code_is_one")]

    def __str__(self) -> str:
        return f"recovery code of {self.person_id}"
