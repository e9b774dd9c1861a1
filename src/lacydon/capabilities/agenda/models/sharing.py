"""Links by which somebody without an account sees the screen of those who decide, for a time."""

import uuid

from django.db import models


class SharedScreen(models.Model):
    """The link is the signature of `id`: nothing here lets somebody make it again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label = models.CharField(max_length=120)
    """For whom, in the words of who shared it: a committee, not a person."""
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    entry = models.UUIDField()
    """The entry of the journal that says who shared it."""

    def __str__(self) -> str:
        return f"{self.label} → {self.expires_at:%Y-%m-%d}"
