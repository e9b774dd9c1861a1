"""Who wants to be told of disruptions: as little as is needed, sealed; and what they were told, once each."""

import uuid

from django.db import models

from .disruptions import Disruption


class AlertSubscription(models.Model):
    """« My line, on weekdays from 7 to 9 »: by e-mail once confirmed, or to a browser that asked for it.

    `sealed` holds the address (or the browser's subscription) and the secret of its links, sealed with a key of its
    own, wrapped in `wrapped`. `person`: only when they were signed in, so that they find it again in their space.
    """

    class Means(models.TextChoices):
        EMAIL = "email"
        PUSH = "push"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey("trust.Person", null=True, on_delete=models.CASCADE, related_name="+")
    means = models.CharField(max_length=5, choices=Means)
    address_hash = models.CharField(max_length=64)
    wrapped = models.BinaryField()
    sealed = models.BinaryField()
    secret_hash = models.CharField(max_length=64, unique=True)
    lang = models.CharField(max_length=2, default="fr")
    lines = models.JSONField(default=list)
    """Ids of lines."""
    places = models.JSONField(default=list)
    """Ids of places."""
    days = models.PositiveSmallIntegerField(default=31)
    """One bit a day, Monday first: 31 is from Monday to Friday."""
    from_minute = models.PositiveSmallIntegerField(default=0)
    until_minute = models.PositiveSmallIntegerField(default=1440)
    """Minutes of the civil day; the second below the first passes midnight."""
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["address_hash"], name="alert_by_address")]

    def __str__(self) -> str:
        return str(self.pk)


class AlertTold(models.Model):
    """What was told of a disruption to one of them: the row is made with the letter, in one transaction."""

    subscription = models.ForeignKey(AlertSubscription, on_delete=models.CASCADE, related_name="told")
    disruption = models.ForeignKey(Disruption, on_delete=models.CASCADE, related_name="tellings")
    news = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    """Not before: quiet hours."""
    sent_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    """sent, over (nothing to tell any more), gone (the browser wants no more), refused."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "disruption", "news"], name="told_once_of_a_state")
        ]
        indexes = [models.Index(fields=["sent_at", "due_at"], name="alert_due")]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.disruption_id}@{self.news}"
