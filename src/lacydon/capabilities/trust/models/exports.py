"""The copy of all one's data, made in the background when it is large."""

import uuid

from django.db import models

from .people import Person


class DataExport(models.Model):
    """An export asked for: sealed once it is made, removed after a few days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="exports")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)
    size = models.PositiveIntegerField(default=0, help_text="Bytes, before sealing.")
    kept_until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
