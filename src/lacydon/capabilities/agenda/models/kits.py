"""What a kit carries, version by version; and what each adoption laid where, so that it can be put back."""

import uuid

from django.db import models


class KitVersion(models.Model):
    """The folder of text that a kit carried under one number: never changed once a commune has it."""

    kit = models.SlugField(max_length=80)
    number = models.PositiveIntegerField()
    files = models.JSONField()
    """Path in the folder → text."""
    content = models.CharField(max_length=64)
    """SHA-256 of the canonical JSON of `files`."""
    commune = models.CharField(max_length=5, blank=True)
    """INSEE code of where it was exported; empty: it came with the folder of the territory."""
    made_at = models.DateTimeField()
    entry = models.UUIDField(null=True)
    """The entry of the journal that says who exported it."""

    class Meta:
        ordering = ("kit", "number")
        constraints = [models.UniqueConstraint(fields=["kit", "number"], name="one_kit_version_a_number")]

    def __str__(self) -> str:
        return f"{self.kit}@{self.number}"


class Applied(models.Model):
    """One version of a kit, laid over one commune in one transaction. The last that stands is what can be put back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    version = models.ForeignKey(KitVersion, on_delete=models.PROTECT, related_name="applied")
    commune = models.CharField(max_length=5)
    items = models.JSONField()
    """What was taken of it: part, id, id here, what was made, what stood before."""
    at = models.DateTimeField()
    entry = models.UUIDField()
    undone_at = models.DateTimeField(null=True)
    undone_entry = models.UUIDField(null=True)

    class Meta:
        ordering = ("at", "pk")
        indexes = [models.Index(fields=["commune", "undone_at"], name="applied_by_commune")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.commune}"

    @property
    def layer(self) -> str:
        """The name of what it laid over the catalogue of services."""
        return f"adoption:{self.pk}"
