"""Sources of real time: what they are, whose turn it is, the last thing each said, and how well it answered.

Every process of every machine shares these rows. What is written here is worth minutes: nothing is lost with it.
"""

from django.db import models


class LiveSource(models.Model):
    """A source that is asked: timetables of now, bicycles, car parks, charging points."""

    id = models.SlugField(primary_key=True, max_length=60)
    name = models.CharField(max_length=200)
    kind = models.SlugField(max_length=40)
    """The connector that knows how to ask it."""
    urls = models.JSONField(default=list)
    """Addresses, each asked in turn and read as one."""
    options = models.JSONField(default=dict)
    """What its connector wants to know: identifiers, services, patterns."""
    prefixes = models.JSONField(default=list)
    """Feeds of timetables whose trips and stops it speaks of."""
    every = models.PositiveIntegerField(default=20)
    """Seconds between two questions."""
    stale_after = models.PositiveIntegerField(default=120)
    """Seconds after which what it said is not believed any more."""
    per_minute = models.PositiveSmallIntegerField(default=0)
    """Questions that it accepts in any minute, from all of us; 0: as many as we like."""
    enabled = models.BooleanField(default=True)
    why_disabled = models.CharField(max_length=300, blank=True)
    example = models.BooleanField(default=False)
    producer = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    licence_url = models.URLField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    """The first of two sources that contradict each other is believed."""

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class LiveTurn(models.Model):
    """Whose turn it is to ask a source, and how it answered last. One process at a time holds it, for a while."""

    source = models.OneToOneField(LiveSource, primary_key=True, on_delete=models.CASCADE, related_name="turn")
    holder = models.CharField(max_length=80, blank=True)
    held_until = models.DateTimeField(null=True)
    """After which another takes it: the holder was killed."""
    next_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    said_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    """In a row."""
    failing_since = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
    """The last one, in words; kept when all is well again."""
    error_at = models.DateTimeField(null=True)
    remarks = models.JSONField(default=list)
    """What was odd in its last answer: code, sentence, how many, examples."""
    spent = models.JSONField(default=list)
    """When each question of the last minute was asked (seconds since 1970): the quota counts them."""
    state = models.JSONField(default=dict)
    """What its connector, and the turn of its subjects, remember."""

    def __str__(self) -> str:
        return f"turn of {self.source_id}"


class LiveWords(models.Model):
    """The last thing a source said, of all it knows or of one subject (a stop, a line): bytes that processes read."""

    source = models.ForeignKey(LiveSource, on_delete=models.CASCADE, related_name="words")
    subject = models.CharField(max_length=200, blank=True)
    version = models.CharField(max_length=32)
    said_at = models.DateTimeField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "subject"], name="one_last_word_a_subject")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.subject}".strip()


class LiveHour(models.Model):
    """How a source did in one hour: the public measure of its availability."""

    source = models.ForeignKey(LiveSource, on_delete=models.CASCADE, related_name="hours")
    hour = models.DateTimeField()
    """Its beginning, UTC."""
    asked = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    stale = models.PositiveIntegerField(default=0)
    """Answered, but with what was too old."""
    milliseconds = models.PositiveBigIntegerField(default=0)
    """Of all the answers together."""
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "hour"], name="one_row_a_source_and_hour")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.hour:%Y-%m-%d %H}"


class LookedAt(models.Model):
    """A stop or a line that somebody looks at now: by whom is not known. What is asked of a source follows from it."""

    subject = models.CharField(primary_key=True, max_length=220)
    """`place:` and the id of a place, or `route:` and the id of a line."""
    looked_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.subject
