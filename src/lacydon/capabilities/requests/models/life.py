"""What happens to a request between its opening and its end: documents asked, decisions."""

import uuid

from django.db import models

from .requests import Outcome, Request, Step


class AskedState(models.TextChoices):
    ASKED = "asked"
    GIVEN = "given"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class AskedDocument(models.Model):
    """A document the resident is asked for. What it is, and why, are the words of the step `asked`, sealed there.

    `until`: the last day to give it, in Europe/Paris. `given`: the step by which it came; its files hang there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="asked_documents")
    state = models.CharField(max_length=10, choices=AskedState.choices, default=AskedState.ASKED)
    until = models.DateField(null=True)
    asked = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="+")
    given = models.ForeignKey(Step, null=True, on_delete=models.PROTECT, related_name="+")
    judged = models.ForeignKey(Step, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=AskedState.values), name="asked_document_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state__in=("given", "accepted")) | models.Q(given__isnull=False),
                name="asked_document_given_somehow",
            ),
        ]
        indexes = [
            models.Index(fields=["until"], condition=models.Q(state="asked"), name="asked_document_awaited"),
        ]

    def __str__(self) -> str:
        return f"document {self.pk} of {self.request_id}"


class Decision(models.Model):
    """A decision on a request. Its reason and the means of appeal are the words of its step, sealed there.

    `tacit`: nobody decided, the silence did (CRPA, art. L. 231-1 and following). `takes_effect_at`: when the delay was
    over, for a tacit one. A request that is opened again keeps the decision it had: the latest is the one that holds.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="decisions")
    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    tacit = models.BooleanField(default=False)
    takes_effect_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="decision_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} of {self.request_id}"
