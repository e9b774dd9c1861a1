"""An access that somebody contests, until the data protection officer has answered."""

import uuid

from django.db import models

from .journal import Entry
from .organisations import Organisation
from .people import Person


class Contest(models.Model):
    """A resident asks why their data were looked at."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="contests")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contests")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contests")
    sealed = models.BinaryField(help_text="What the resident wrote.")
    opened_at = models.DateTimeField()
    answer_sealed = models.BinaryField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "person"], name="contest_once_an_entry")]

    def __str__(self) -> str:
        return str(self.id)
