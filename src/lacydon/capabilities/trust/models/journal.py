"""The journal: entries, the tree over them, what was signed. Append-only (see migrations/0005 and 0008)."""

from django.db import models

from .people import Person


class Entry(models.Model):
    """Who did what, for whom, why, when. Its form and its hashes: queries/leaves.py.

    Written without a position in the transaction of the act; the sequencer gives the position, once. `seal` is keyed:
    whoever changes, moves or adds a row cannot make it again.
    """

    id = models.UUIDField(primary_key=True, editable=False, help_text="In the order of recording (UUID version 7).")
    position = models.BigIntegerField(null=True, unique=True, help_text="Index of the leaf in the tree, from 0.")
    at = models.DateTimeField(help_text="What the clock said; the order is that of positions.")
    action = models.CharField(max_length=60)
    purpose = models.CharField(max_length=200)
    basis = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=1000, blank=True)  # all the roles of an agent, of every capability
    actor_kind = models.CharField(max_length=10)
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="acts")
    subject = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="accesses", db_index=False)
    mandate = models.CharField(max_length=36, blank=True)
    object = models.CharField(max_length=120, blank=True)
    commitments = models.BinaryField(max_length=128, help_text="To subject, actor, object and mandate; 32 bytes each.")
    leaf_hash = models.BinaryField(max_length=32)
    seal = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "at"], name="entry_of_subject"),
            models.Index(fields=["id"], name="entry_without_position", condition=models.Q(position=None)),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.id}"


class Tile(models.Model):
    """A tile of the tree (C2SP tlog-tiles): up to 256 hashes of 32 bytes at a level. It only gets longer."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField(max_length=8192)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="tile_is_one")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Checkpoint(models.Model):
    """A signed tree head (C2SP tlog-checkpoint): `note` has the log's own signature."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    signed_at = models.DateTimeField(help_text="Never earlier than that of the checkpoint before.")

    def __str__(self) -> str:
        return str(self.size)


class KeyNote(models.Model):
    """What a key said of another: who follows it, or that it signs no more: kernel/merkle/succession."""

    number = models.PositiveIntegerField(primary_key=True, help_text="In order, from 1.")
    note = models.TextField()
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.number)


class Cosignature(models.Model):
    """The signature of a witness under a checkpoint."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=300, help_text="Its public key: name+id+base64.")
    line = models.TextField()
    at = models.DateTimeField(help_text="When the witness says it signed.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "witness"], name="cosignature_is_one")]

    def __str__(self) -> str:
        return f"{self.witness} under {self.checkpoint_id}"
