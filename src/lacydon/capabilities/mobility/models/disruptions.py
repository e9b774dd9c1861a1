"""Disruptions, whoever says them: an operator who writes here, a source, a dataset. Kept when they are over."""

from django.db import models


class Disruption(models.Model):
    """Something that disturbs transport, for a while. Texts are {language: text}, plain.

    `periods`: [[begin, end], …] in seconds since 1970, null for « not said »; `begins_at` and `ends_at` are the first
    and the last of them, for looking things up. `revision` moves with each change: it is what two agents compare, and
    what an undo counts back from. `news` moves when riders have something to be told: never twice of one.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    organisation = models.ForeignKey("trust.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    """Who writes it; nobody for what comes from a source."""
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.JSONField(default=dict)
    text = models.JSONField(default=dict)
    cause = models.CharField(max_length=16, default="unknown")
    effect = models.CharField(max_length=16, default="unknown")
    severity = models.CharField(max_length=8, default="unknown")
    """Words of `queries/live/alerts.py`: those of GTFS-RT."""
    planned = models.BooleanField(default=False)
    periods = models.JSONField(default=list)
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    shown_from = models.DateTimeField(null=True)
    """Published, but not shown before: a publication that was foreseen."""
    url = models.CharField(max_length=1000, blank=True)
    roadworks = models.CharField(max_length=300, blank=True)
    """The roadworks behind it, in words."""
    roadworks_url = models.CharField(max_length=1000, blank=True)
    """Their row in a dataset, or their page."""
    words = models.TextField(blank=True)
    """What it is found by: titles, texts and names, folded."""
    revision = models.PositiveIntegerField(default=1)
    news = models.PositiveIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)
    """The last `news` that everybody who asked was told of."""
    fingerprint = models.CharField(max_length=64, blank=True)
    """What it says, whoever says it: two sources that say the same are one disruption."""
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "ends_at"], name="disruption_current"),
            models.Index(fields=["fingerprint"], name="disruption_fingerprint"),
        ]

    def __str__(self) -> str:
        return f"disruption:{self.pk}"


class Concerned(models.Model):
    """What a disruption is about, by its name too: a line may be gone from the timetable when it is looked at later."""

    class Kind(models.TextChoices):
        ROUTE = "route"
        PLACE = "place"
        STOP = "stop"
        """A quay, when not the whole of its place."""
        COMMUNE = "commune"
        """Worked out: where its stops lie."""
        AGENCY = "agency"
        """A whole network."""
        MODE = "mode"
        """GTFS route_type."""
        TRIP = "trip"

    disruption = models.ForeignKey(Disruption, on_delete=models.CASCADE, related_name="concerned")
    kind = models.CharField(max_length=8, choices=Kind)
    ref = models.CharField(max_length=200)
    name = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["disruption", "kind", "ref"], name="concerned_once")]
        indexes = [models.Index(fields=["kind", "ref"], name="concerned_by_ref")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.ref}"


class Said(models.Model):
    """What a source says of a disruption: (source, id of the source) names it for ever."""

    disruption = models.ForeignKey(Disruption, on_delete=models.CASCADE, related_name="said")
    source = models.CharField(max_length=120)
    ref = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    """Of all it said last: the same again changes nothing."""
    said_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    """When the source did not say it any more."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "ref"], name="said_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.ref}"


class Revision(models.Model):
    """A disruption as it was, so that a change is seen and undone. Who changed it is in the journal."""

    disruption = models.ForeignKey(Disruption, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    what = models.CharField(max_length=20)
    """published, changed, ended, withdrawn, undone …"""
    content = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["disruption", "number"], name="one_revision_a_number")]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.disruption_id}@{self.number}"
