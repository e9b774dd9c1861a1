"""What was already told of what evaluations ask: each thing once before its date, and once after."""

from django.db import models

BEFORE, AFTER = "avant", "apres"


class Reminder(models.Model):
    """An organisation was told, and is not told again, unless the date moves."""

    evaluation = models.SlugField(max_length=80)
    recommendation = models.SlugField(max_length=80, blank=True)
    """Empty: it is the evaluation itself that is due."""
    organisation = models.CharField(max_length=80)
    due = models.DateField()
    moment = models.CharField(max_length=5, choices=[(each, each) for each in (BEFORE, AFTER)])
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "recommendation", "organisation", "due", "moment"], name="reminded_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation} {self.recommendation} {self.organisation} {self.moment}"
