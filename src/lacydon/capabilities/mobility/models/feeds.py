"""Feeds of timetables (GTFS), their versions, and the one timetable made of those in force."""

from django.db import models


class Feed(models.Model):
    """A timetable that an operator publishes; its prefix tells its stops and lines from those of the others."""

    id = models.SlugField(primary_key=True, max_length=60)
    name = models.CharField(max_length=200)
    prefix = models.SlugField(max_length=12, unique=True)
    """Put before each identifier of the feed, with a colon: `RTM:1234`."""
    url = models.URLField(max_length=1000, blank=True)
    """Where it is fetched each night; empty: it is sent by hand."""
    producer = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    example = models.BooleanField(default=False)
    """Invented for a demonstration: said on every page that shows it."""
    position = models.PositiveSmallIntegerField(default=0)
    """When two feeds say the same trip, the one of the lower position is heard."""
    etag = models.CharField(max_length=200, blank=True)
    """What the source said of the file it gave last: asked again, it only answers when it has another."""
    checked_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=1000, blank=True)
    """Why the last fetch gave nothing, in a sentence; empty when it went well."""
    current = models.ForeignKey("FeedVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.name


class FeedVersion(models.Model):
    """One file of a feed, by its content; what was wrong in it is kept, in words."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="versions")
    content = models.CharField(max_length=64)
    """SHA-256 of the file."""
    received_at = models.DateTimeField()
    origin = models.CharField(max_length=1000, blank=True)
    size = models.BigIntegerField()
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    counts = models.JSONField(default=dict)
    """Stops, lines, trips, passages … by name."""
    remarks = models.JSONField(default=list)
    """What was found wrong: code, severity, file, lines, how many, sentence."""
    refused = models.CharField(max_length=1000, blank=True)
    """Why it was never put in force; empty when it could be."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "content"], name="one_version_a_content")]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.content[:12]}"


class TimetableVersion(models.Model):
    """The feeds in force merged in one: a folder of arrays named after its content."""

    content = models.CharField(primary_key=True, max_length=64)
    made_at = models.DateTimeField()
    made_of = models.JSONField(default=list)
    """[{"feed": id, "content": sha256}], in the order they were merged."""
    in_force = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["in_force"], condition=models.Q(in_force=True), name="one_timetable_in_force"
            )
        ]

    def __str__(self) -> str:
        return self.content[:16]


class Grouping(models.Model):
    """What a person decided of quays: they are one place, or they are not. It wins over the rule."""

    class Kind(models.TextChoices):
        TOGETHER = "together"
        APART = "apart"

    stop = models.CharField(max_length=200)
    other = models.CharField(max_length=200)
    """Identifiers with their prefix, `stop` being the first of the two in the order of the alphabet."""
    kind = models.CharField(max_length=8, choices=Kind)
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stop", "other"], name="one_decision_a_pair_of_stops")]

    def __str__(self) -> str:
        return f"{self.stop} {self.kind} {self.other}"
