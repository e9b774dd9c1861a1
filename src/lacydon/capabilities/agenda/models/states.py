"""The agenda's memory: each state of each object, never changed nor removed; what is now is the last one.

So any past date is rendered by reading, and a vote only has to name a moment and keep the hash of what stood then.
"""

from django.db import models

KINDS = (
    "agenda", "axis", "lever", "policy", "plan", "act", "action", "budget", "indicator", "evaluation", "experience",
    "kit", "adoption", "profile",
)  # fmt: skip


class State(models.Model):
    """What one object was from one moment to the next; `number` counts them from 1."""

    kind = models.CharField(max_length=12, choices=[(each, each) for each in KINDS])
    object = models.SlugField(max_length=80)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    """When it was written here (transaction time); what dates the object speaks of is in its content (valid time)."""
    entry = models.UUIDField()
    """The entry of the journal that says who did it: names stay there."""
    reason = models.CharField(max_length=500, blank=True)
    act = models.SlugField(max_length=80, blank=True)
    """The legal act that decided it, when one did: an object of kind `act`."""
    removed = models.BooleanField(default=False)
    content = models.JSONField(default=dict)
    """In the shape of its kind (queries/nouns)."""
    last = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object", "number"], name="one_state_a_number"),
            models.UniqueConstraint(
                fields=["kind", "object"], condition=models.Q(last=True), name="one_last_state_an_object"
            ),
        ]
        indexes = [models.Index(fields=["at"], name="states_by_moment")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object} {self.number}"


class Frozen(models.Model):
    """The agenda as it stood at a vote."""

    agenda = models.SlugField(max_length=80)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    """The moment rendered."""
    act = models.SlugField(max_length=80)
    content = models.CharField(max_length=64)
    """SHA-256 of the canonical JSON of all its objects: what was voted can be proven."""
    frozen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agenda", "number"], name="one_frozen_version_a_number"),
            models.UniqueConstraint(fields=["agenda", "act"], name="one_frozen_version_an_act"),
        ]

    def __str__(self) -> str:
        return f"{self.agenda} {self.number}"
