"""What was measured of the indicators: readings with what proves them, never changed nor removed; how each stands.

Definitions are objects of the agenda like the others (models.State, kind `indicator`).
"""

from typing import Any

from django.db import models

QUALITIES = ("mesure", "estime", "provisoire")


class Reading(models.Model):
    """The value of an indicator on a day, as it was computed at a moment.

    A later version of the data may say another value of the same day: it is another reading, of a higher `number`.
    """

    indicator = models.SlugField(max_length=80)
    number = models.PositiveIntegerField()
    """Counts the readings of this indicator from 1."""
    date = models.DateField()
    """The day it speaks of."""
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    """None: too few observations to be told."""
    lower = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    upper = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    quality = models.CharField(max_length=10, choices=[(each, each) for each in QUALITIES], default="mesure")
    cells: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Its parts (by commune, most often): their names → their values as text; None: too few to be told."""
    suppressed = models.PositiveIntegerField(default=0)
    """How many of its cells are not told."""
    dataset = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(null=True)
    content = models.CharField(max_length=64, blank=True)
    """SHA-256 of the rows read: those of this version."""
    query = models.TextField(blank=True)
    """The SQL that was asked, pinned to the version: the same rows whenever it is asked."""
    query_hash = models.CharField(max_length=64, blank=True)
    min_cell = models.PositiveIntegerField(default=0)
    """Fewer observations than this were not told."""
    figure = models.CharField(max_length=120, blank=True)
    """The figure of a capability it was read from, when it is not from a dataset."""
    comment = models.CharField(max_length=500, blank=True)
    computed_at = models.DateTimeField()
    entry = models.UUIDField()
    """The entry of the journal that says who had it computed."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="one_reading_a_number"),
        ]
        indexes = [models.Index(fields=["indicator", "date"], name="readings_by_day")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.date}: {self.value}"


class Standing(models.Model):
    """How an indicator stands now: its last reading, and why it cannot be trusted, when it cannot."""

    indicator = models.SlugField(max_length=80, primary_key=True)
    reading = models.ForeignKey(Reading, null=True, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(Reading, null=True, on_delete=models.PROTECT, related_name="+")
    """The last reading that said another value."""
    stale = models.CharField(max_length=20, blank=True)
    """Why its value is not that of now (queries/indicators/staleness); empty: it is."""
    why = models.CharField(max_length=500, blank=True)
    """What went: the name of the dataset, of the columns; what was refused. Technical, shown as it is."""
    since = models.DateTimeField(null=True)
    """When it became stale."""
    source = models.CharField(max_length=64, blank=True)
    """SHA-256 of the definition of its source that the last computing followed."""
    columns: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """The columns its question reads and their types, when it was first computed: others are another indicator."""
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.indicator}{' (stale)' if self.stale else ''}"
