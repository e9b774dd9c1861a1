"""The journal: entries, the tree over them, what was signed. Append-only (see migrations/0002)."""

import uuid

from django.db import models

from .people import Person


class Entry(models.Model):
    """Who did what, for whom, why, when. `position` is given by the sequencer; `leaf_hash` is that of the tree."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.BigIntegerField(null=True, unique=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    purpose = models.CharField(max_length=200)
    basis = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=60, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="acts")
    subject = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="accesses")
    mandate = models.CharField(max_length=36, blank=True)
    object = models.CharField(max_length=120, blank=True)
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="entry_of_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.id}"


class Tile(models.Model):
    """A tile of the tree (C2SP tlog-tiles): up to 256 hashes of 32 bytes at a level."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="tile_is_one")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Checkpoint(models.Model):
    """A signed tree head (C2SP tlog-checkpoint)."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.size)


class Cosignature(models.Model):
    """The signature of a witness under a checkpoint."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=200)
    line = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "witness"], name="cosignature_is_one")]

    def __str__(self) -> str:
        return f"{self.witness} under {self.checkpoint_id}"
