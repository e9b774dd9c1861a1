"""Catalogues that are harvested, and how each harvest went."""

from django.db import models


class Source(models.Model):
    """Another catalogue. `kind` is the id of a connector plugged into `ports.catalogues`."""

    id = models.CharField(primary_key=True, max_length=80)
    organisation = models.ForeignKey("trust.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=40)
    url = models.CharField(max_length=2000)
    options = models.JSONField(default=dict)
    every_hours = models.PositiveIntegerField(default=24)
    active = models.BooleanField(default=True)
    with_rows = models.BooleanField(default=False, help_text="Whether tables are copied here too, or only described.")
    state = models.JSONField(default=dict, help_text="What the connector wants to be told next time (cursor, ETag).")
    next_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    whole_at = models.DateTimeField(null=True, help_text="When all of it was last listed.")

    def __str__(self) -> str:
        return self.id


class Harvest(models.Model):
    """One visit to a source. Only one of a source is under way; `beat_at` says that whoever is at it is alive."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="harvests")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField()
    whole = models.BooleanField(default=False, help_text="Whether all of it was listed, so that what lacks is gone.")
    found = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list, help_text="[{id, title, sentence}], the first hundred.")
    failure = models.TextField(blank=True, help_text="Why it ended early.")

    class Meta:
        ordering = ("-started_at",)
        constraints = [
            models.UniqueConstraint(fields=["source"], condition=models.Q(ended_at=None), name="one_harvest_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.started_at:%Y-%m-%d %H:%M}"


class Harvested(models.Model):
    """One record of a source, and the dataset it became: found again by its identifier, not by its title."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="records")
    identifier = models.CharField(max_length=500)
    dataset = models.ForeignKey("Dataset", null=True, on_delete=models.SET_NULL, related_name="+")
    fingerprint = models.CharField(max_length=64)
    seen_at = models.DateTimeField()
    missing_since = models.DateTimeField(null=True)
    waits = models.BooleanField(default=False, help_text="Its withdrawal waits for an agent: too many at once.")
    fault = models.TextField(blank=True, help_text="What could not be taken of it, and what to mend.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "identifier"], name="one_record_per_identifier")]

    def __str__(self) -> str:
        return self.identifier
