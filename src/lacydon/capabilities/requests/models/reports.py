"""What is public of a report of a problem in public space; who follows it; who may send reports by machine."""

import uuid

from django.db import models

from .drafts import Attachment
from .requests import Request


class Report(models.Model):
    """The public side of a request of kind « report »: nothing of who made it.

    `text`: what was written, without what looks like an address, a number or a name of somebody (queries/masking.py).
    A photo is shown once an agent has looked at it (`photo_shown_at`): faces and plates are not ours to publish.
    """

    request = models.OneToOneField(Request, primary_key=True, on_delete=models.PROTECT, related_name="report")
    category = models.CharField(max_length=100, help_text="The form's id; Open311 service_code.")
    text = models.TextField(blank=True)
    place_label = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=list, help_text="Answers to choices: [field, value] of the form.")
    photo = models.ForeignKey(Attachment, null=True, on_delete=models.SET_NULL, related_name="+")
    photo_shown_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True, help_text="Taken off the public map by an agent.")
    followers_count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["category"], name="report_category")]

    def __str__(self) -> str:
        return f"report {self.request_id}"


class Follower(models.Model):
    """Somebody who wants to know what becomes of a report; `email` is sealed under the follower's own key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="followers")
    person = models.ForeignKey("trust.Person", null=True, on_delete=models.PROTECT, related_name="+")
    email_hash = models.CharField(max_length=64, blank=True)
    wrapped = models.BinaryField(null=True)
    email_sealed = models.BinaryField(null=True)
    confirmed_at = models.DateTimeField(null=True, help_text="Empty until the link sent to the address was opened.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "person"], condition=models.Q(person__isnull=False), name="follower_once_by_person"
            ),
            models.UniqueConstraint(
                fields=["report", "email_hash"], condition=~models.Q(email_hash=""), name="follower_once_by_address"
            ),
        ]

    def __str__(self) -> str:
        return f"follower of {self.report_id}"


class ApiKey(models.Model):
    """Who may post reports by machine (Open311 `api_key`); the key itself is shown once, only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100, unique=True)
    key_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
