"""What is being filled in, and the files that go with it."""

import uuid

from django.db import models

from .forms import FormVersion
from .requests import Request


class Draft(models.Model):
    """A form being filled in: of somebody signed in, or of whoever holds its resume link (`resume_hash`).

    `submission_key` is what makes a submission happen once: the request made of this draft bears it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="drafts")
    person = models.ForeignKey("trust.Person", null=True, on_delete=models.PROTECT, related_name="drafts")
    filled_by = models.ForeignKey(
        "trust.Person", null=True, on_delete=models.PROTECT, related_name="+", help_text="Who types, under a mandate."
    )
    resume_hash = models.CharField(max_length=64, blank=True, db_index=True)
    wrapped = models.BinaryField(help_text="The draft's own key, wrapped (kernel.sealing).")
    sealed = models.BinaryField(help_text="Answers and place, as JSON.")
    page = models.CharField(max_length=60, blank=True, help_text="The last page reached.")
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | ~models.Q(resume_hash=""), name="draft_has_a_holder"
            )
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Attachment(models.Model):
    """A file of a draft, then of its request. Its content is sealed, in HOME/files (or an object store).

    `received` grows while a file is sent in pieces; `size` is what was announced; `checked_at` is empty until the whole
    was looked at (kernel.uploads), and only then is it part of a request.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, null=True, on_delete=models.SET_NULL, related_name="attachments")
    request = models.ForeignKey(Request, null=True, on_delete=models.PROTECT, related_name="attachments")
    step = models.ForeignKey("requests.Step", null=True, on_delete=models.PROTECT, related_name="attachments")
    field = models.CharField(max_length=100)
    wrapped = models.BinaryField()
    name_sealed = models.BinaryField()
    media_type = models.CharField(max_length=60, blank=True)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(db_index=True)
    checked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"attachment {self.pk}"
