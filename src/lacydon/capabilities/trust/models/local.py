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
    totp_sealed = models.BinaryField(null=True)
    totp_confirmed_at = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0, help_text="RFC 6238 step last accepted: a code serves once.")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"local account of {self.person_id}"


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


class OneTimeLink(models.Model):
    """A link sent by e-mail, good once and for a short while. Only the hash of its secret is kept."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    purpose = models.CharField(max_length=20)
    email_hash = models.CharField(max_length=64)
    email_wrapped = models.BinaryField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link for {self.purpose}"


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
