"""Requests and their timelines."""

import uuid
from datetime import UTC, datetime

from django.db import models
from django.db.models.functions import Coalesce

from .forms import FormVersion

FAR = datetime(9000, 1, 1, tzinfo=UTC)
"""Where in the queue stands what has no delay: after all that has one."""
OPEN = models.Q(closed_at=None)


class RequestKind(models.TextChoices):
    REQUEST = "request"
    REPORT = "report"


class RequestState(models.TextChoices):
    RECEIVED = "received"
    SENT = "sent"
    IN_PROGRESS = "in-progress"
    WAITING = "waiting"
    CLOSED = "closed"


class Outcome(models.TextChoices):
    SOLVED = "solved"
    UNSOLVED = "unsolved"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    TACIT_ACCEPTED = "tacit-accepted"
    TACIT_REFUSED = "tacit-refused"


class Silence(models.TextChoices):
    NONE = ""
    ACCEPT = "accept"
    REJECT = "reject"


class Request(models.Model):
    """A request of somebody to a competent authority. Everything personal is sealed under its own key.

    `number` is what people read and say; `secret_hash` opens it beside its number, for who has no account. `revision`
    grows with each write: who writes says which one was read. `organisation`: the authority in charge now.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=8, choices=RequestKind.choices)
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="requests")
    service_id = models.CharField(max_length=120)
    skill = models.CharField(max_length=60, blank=True)
    person = models.ForeignKey("trust.Person", null=True, on_delete=models.PROTECT, related_name="requests")
    secret_hash = models.CharField(max_length=64)
    organisation = models.ForeignKey("trust.Organisation", on_delete=models.PROTECT, related_name="requests")
    citycode = models.CharField(max_length=5)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    state = models.CharField(max_length=12, choices=RequestState.choices)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    source = models.CharField(max_length=20, default="web", help_text="web, open311, counter …")
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, help_text="When the law, or the promise, wants an answer.")
    wanted_at = models.GeneratedField(
        expression=Coalesce("due_at", models.Value(FAR)),
        output_field=models.DateTimeField(),
        db_persist=True,
        help_text="The order of the queue.",
    )
    silence = models.CharField(max_length=6, choices=Silence.choices, blank=True)
    waiting_since = models.DateTimeField(null=True, help_text="The clock stops while the resident is waited for.")
    assignee = models.ForeignKey("trust.Person", null=True, on_delete=models.PROTECT, related_name="+")
    urgent = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    steps_count = models.PositiveIntegerField(default=0)
    wrapped = models.BinaryField(null=True, help_text="The request's own key, wrapped; empty once erased.")
    sealed = models.BinaryField(help_text="Answers, as JSON.")
    contact_sealed = models.BinaryField(null=True, help_text="How to reach who has no account: email, phone, lang.")
    submission_key = models.UUIDField(unique=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    rating = models.PositiveSmallIntegerField(null=True)
    rated_at = models.DateTimeField(null=True)
    reopened = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=RequestState.values), name="request_state_known"),
            models.CheckConstraint(
                condition=models.Q(outcome="") | models.Q(outcome__in=Outcome.values), name="request_outcome_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False) & ~models.Q(outcome="")
                | ~models.Q(state="closed") & models.Q(closed_at=None, outcome=""),
                name="request_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(rating=None) | models.Q(rating__range=(1, 5)), name="request_rating_in_range"
            ),
        ]
        indexes = [
            # The desk's queue (queries/queue.py): what is open, in the order it is wanted, whole or by one filter; the
            # state last, so that what waits for its resident is left out without reading the row.
            models.Index(fields=["organisation", "wanted_at", "id", "state"], condition=OPEN, name="queue_wanted"),
            models.Index(fields=["organisation", "state", "wanted_at", "id"], condition=OPEN, name="queue_state"),
            models.Index(
                fields=["organisation", "assignee", "wanted_at", "id", "state"], condition=OPEN, name="queue_assignee"
            ),
            models.Index(
                fields=["organisation", "service_id", "wanted_at", "id", "state"], condition=OPEN, name="queue_service"
            ),
            models.Index(
                fields=["organisation", "citycode", "wanted_at", "id", "state"], condition=OPEN, name="queue_commune"
            ),
            models.Index(fields=["organisation", "opened_at", "id", "state"], condition=OPEN, name="queue_opened"),
            models.Index(fields=["organisation", "opened_at", "id"], name="request_opened"),
            models.Index(fields=["organisation", "service_id", "opened_at", "id"], name="request_of_service"),
            models.Index(fields=["organisation", "closed_at", "id"], condition=~OPEN, name="request_closed"),
            models.Index(fields=["person", "opened_at"], name="request_of_person"),
            models.Index(fields=["state", "due_at"], name="request_due"),
            models.Index(fields=["kind", "state", "citycode"], name="request_reports"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def themes(self) -> list[str]:
        """What a mandate must cover (trust's policy asks)."""
        found: list[str] = self.form.content.get("themes") or []
        return found

    @property
    def open(self) -> bool:
        return self.state != RequestState.CLOSED


class ByKind(models.TextChoices):
    RESIDENT = "resident"
    AGENT = "agent"
    MACHINE = "machine"
    AUTHORITY = "authority"
    """Another system, in the name of the authority."""


class Step(models.Model):
    """A line of the timeline. `facts`: nothing personal; words people wrote are in `sealed`, under the request's key.

    `public`: shown to the resident; internal notes are not. `told_at`: when the resident was told, or it was decided
    that there was nothing to tell.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    by_kind = models.CharField(max_length=10, choices=ByKind.choices)
    by = models.ForeignKey("trust.Person", null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("trust.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    for_whom = models.BooleanField(default=False, help_text="Under a mandate: `by` acted for the resident.")
    public = models.BooleanField(default=True)
    facts = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["request", "position"], name="step_position_is_one"),
            models.CheckConstraint(condition=models.Q(by_kind__in=ByKind.values), name="step_by_known"),
        ]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(told_at=None), name="step_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}#{self.position} {self.kind}"
