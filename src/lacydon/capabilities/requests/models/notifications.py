"""How people want to be told of what happens to their requests, and what they were told."""

import uuid

from django.db import models

from .requests import Request, Step


class Means(models.TextChoices):
    EMAIL = "email"
    SMS = "sms"
    PUSH = "push"


class Preferences(models.Model):
    """Of a person for all their requests, or of who has no account for one request.

    `wanted`: pairs "means:event" of what is to be told. Who chose nothing has no row, and the defaults of
    queries/notifications.py. `quiet_from`, `quiet_until`: hours of Europe/Paris (0 to 23) between which no SMS and no
    push leaves; the same hour twice is no rest.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.OneToOneField("trust.Person", null=True, on_delete=models.PROTECT, related_name="+")
    request = models.OneToOneField(Request, null=True, on_delete=models.PROTECT, related_name="preferences")
    wanted = models.JSONField(default=list)
    quiet_from = models.PositiveSmallIntegerField(default=21)
    quiet_until = models.PositiveSmallIntegerField(default=8)
    lang = models.CharField(max_length=2, default="fr")
    digest = models.BooleanField(null=True, help_text="An agent's lateness every morning; empty: who manages only.")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, request=None) | models.Q(person=None, request__isnull=False),
                name="preferences_of_one",
            ),
            models.CheckConstraint(
                condition=models.Q(quiet_from__lt=24, quiet_until__lt=24), name="preferences_hours_of_the_day"
            ),
        ]

    def __str__(self) -> str:
        return f"preferences {self.pk}"


class PushSubscription(models.Model):
    """A browser that asked to be told (RFC 8030). Its address and keys are sealed with the person's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("trust.Person", on_delete=models.PROTECT, related_name="+")
    endpoint_hash = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField(help_text="endpoint, p256dh and auth, as JSON.")
    browser = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"push {self.pk}"


class Telling(models.Model):
    """One step told by SMS or push: made in the transaction that tells the step, sent once it is kept.

    E-mail has no row here: its letter is written in that same transaction (kernel.mail). `sent_at` is empty until the
    gateway took it, or it was given up (`outcome` says which).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="tellings")
    means = models.CharField(max_length=5, choices=Means.choices)
    subscription = models.ForeignKey(PushSubscription, null=True, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "means"], condition=models.Q(subscription=None), name="telling_is_one"
            ),
            models.UniqueConstraint(fields=["step", "subscription"], name="telling_is_one_by_browser"),
            models.CheckConstraint(condition=models.Q(means__in=Means.values), name="telling_means_known"),
        ]
        indexes = [models.Index(fields=["made_at"], condition=models.Q(sent_at=None), name="telling_unsent")]

    def __str__(self) -> str:
        return f"{self.step_id} by {self.means}"
