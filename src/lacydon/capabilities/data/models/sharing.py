"""Sharing what is not open."""

from django.db import models

from .catalogue import Dataset


class Contract(models.Model):
    """An organisation may read rows of another's dataset: why, which columns, which rows, until when.

    `provider` gave it, `organisation` may read. `rows` is a condition in ODSQL over the dataset's columns; empty is all
    of them. Ended by its date, or by `revoked_at`; never removed: the journal speaks of it.
    """

    id = models.UUIDField(primary_key=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="contracts")
    provider = models.ForeignKey("trust.Organisation", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("trust.Organisation", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=500)
    fields = models.JSONField(help_text="Names of columns.")
    rows = models.TextField(blank=True)
    starts_on = models.DateField()
    until = models.DateField()
    given_by = models.ForeignKey("trust.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class Reading(models.Model):
    """Rows were read under a contract; `entry` is the line of the journal that says so."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey("trust.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField()
    entry = models.UUIDField(help_text="Of the journal.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["contract", "-at"], name="reading_of_contract")]

    def __str__(self) -> str:
        return str(self.entry)
