"""The agents' desk: queues they keep, answers they have ready, and what is done to many requests at once."""

import uuid

from django.db import models


class SavedView(models.Model):
    """Filters of the queue, under a name: of one agent, or of all in the organisation (`owner` empty)."""

    organisation = models.ForeignKey("trust.Organisation", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey("trust.Person", null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    filters = models.CharField(max_length=400, help_text="As the address of the queue says them.")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "owner", "name"], name="saved_view_is_one"),
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=models.Q(owner=None), name="shared_view_is_one"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CannedAnswer(models.Model):
    """An answer ready to be sent, with places to fill (queries/canned.py); of an organisation."""

    organisation = models.ForeignKey("trust.Organisation", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=4000)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("trust.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "title"], name="canned_answer_title_is_one")]

    def __str__(self) -> str:
        return self.title


class Bulk(models.Model):
    """One act done to many requests. `at` counts those dealt with, in the order of `numbers`, in their transactions.

    `refused`: [number, sentence] of those it could not be done to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("trust.Organisation", on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey("trust.Person", on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=20)
    arguments = models.JSONField(default=dict)
    numbers = models.JSONField()
    at = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    begun_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.act} × {len(self.numbers)}"
