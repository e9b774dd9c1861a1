"""Handing requests over: by which routes, and what became of each."""

import uuid

from django.db import models

from .requests import Request


class Route(models.Model):
    """Where requests to an authority go, as the territory's folder says (deliveries.yaml): mirrored, never edited here.

    `services` and `skills` narrow it; none means all. The most precise wins, then the first written.
    """

    id = models.CharField(max_length=80, primary_key=True)
    position = models.PositiveIntegerField()
    authority = models.CharField(max_length=80, db_index=True, help_text="An organisation's id.")
    channel = models.CharField(max_length=40)
    services = models.JSONField(default=list)
    skills = models.JSONField(default=list)
    settings = models.JSONField(default=dict)
    patience_days = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.id


class RouteSecret(models.Model):
    """A secret of a route (a key, a password), sealed under a key of its own; no folder holds one."""

    route = models.CharField(max_length=80)
    name = models.CharField(max_length=40)
    wrapped = models.BinaryField()
    sealed = models.BinaryField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["route", "name"], name="route_secret_is_one")]

    def __str__(self) -> str:
        return f"{self.route}.{self.name}"


class RouteState(models.Model):
    """What happens on a route: when it last worked, when it last did not, whether the other side closed it."""

    route = models.CharField(max_length=80, primary_key=True)
    worked_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True, help_text="Empty while it works.")
    why = models.CharField(max_length=400, blank=True)
    stopped_at = models.DateTimeField(null=True, help_text="The other side wants nothing more.")

    def __str__(self) -> str:
        return self.route


class DeliveryState(models.TextChoices):
    QUEUED = "queued"
    FAILED = "failed"
    """The last try failed; another is planned."""
    SENT = "sent"
    """Handed over; the other side has not said that it has it."""
    ACCEPTED = "accepted"
    DEAD = "dead"
    """Given up: a person has to look at it."""
    KEPT = "kept"
    """Given back to the platform's own queue."""


class Delivery(models.Model):
    """A request on its way to a system of the authority in charge: a row of the transactional outbox.

    `turn`: only the job that bears this number may send it, so that an old one does nothing. `doubt_since`: when the
    first try began whose end is unknown. `pull_at`: when to ask next what became of it; empty when nobody asks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="deliveries")
    authority = models.CharField(max_length=80)
    route = models.CharField(max_length=80)
    channel = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=DeliveryState.choices)
    idempotency_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    turn = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    doubt_since = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    give_up_at = models.DateTimeField()
    last_error = models.CharField(max_length=400, blank=True)
    handed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=220, blank=True, help_text="Theirs.")
    receipt = models.JSONField(default=dict)
    told = models.JSONField(default=dict, help_text="The last status they gave, and a digest of its words.")
    pull_at = models.DateTimeField(null=True)
    pulled_at = models.DateTimeField(null=True)
    relayed = models.PositiveIntegerField(default=1, help_text="The last step of the timeline that it was told.")
    files_handed_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True, help_text="Nothing more is expected of it.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=DeliveryState.values), name="delivery_state_known"),
        ]
        indexes = [
            models.Index(fields=["state", "next_at"], name="delivery_due"),
            models.Index(fields=["pull_at"], condition=models.Q(pull_at__isnull=False), name="delivery_to_pull"),
            models.Index(fields=["authority", "state", "queued_at"], name="delivery_of_authority"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} → {self.route}"


class Callback(models.Model):
    """A message the other side sent about a delivery, by its id: the same a second time changes nothing."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="callbacks")
    message = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "message"], name="callback_is_one")]

    def __str__(self) -> str:
        return self.message
