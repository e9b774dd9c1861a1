"""Mandates: acting for somebody in one's own name, never in theirs."""

import uuid

from django.db import models

from .organisations import Organisation
from .people import Person


class MandateKind(models.TextChoices):
    HELP = "help"  # a helper of a place of digital help
    PARENT = "parent"  # a parent for a child
    GUARDIAN = "guardian"  # tutelle, curatelle, habilitation familiale
    COMPANY = "company"  # the representative of a company


class Evidence(models.TextChoices):
    PRESENCE = "presence"  # the principal signs in beside the helper
    CODE = "code"  # a code sent to the principal's own phone or mailbox
    PAPER = "paper"  # a signed paper, checked by a second agent
    JUDGEMENT = "judgement"  # a judgement, a civil-status document, a company register


class Mandate(models.Model):
    """A written mandate: by whom, to whom, for what, from when to when, on which evidence.

    It holds when it is confirmed, not revoked, and now is within [starts_at, ends_at).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=14, unique=True)
    kind = models.CharField(max_length=8, choices=MandateKind.choices)
    principal = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates_given")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="mandates")
    holder = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="mandates_held")
    scope = models.JSONField(help_text="Themes (see queries/themes.py) it covers; never all of them by default.")
    limits = models.JSONField(default=list, help_text="What is taken away from the scope: submit, history…")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    evidence = models.CharField(max_length=10, choices=Evidence.choices)
    evidence_sealed = models.BinaryField(null=True, help_text="Reference of the paper or judgement, or of the channel.")
    text_version = models.CharField(max_length=20)
    text_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_way = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "ends_at"], name="mandate_of_organisation")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=MandateKind.values), name="mandate_kind_known"),
            models.CheckConstraint(condition=models.Q(evidence__in=Evidence.values), name="mandate_evidence_known"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="mandate_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="help", organisation__isnull=False)
                | (~models.Q(kind="help") & models.Q(holder__isnull=False)),
                name="mandate_has_a_holder",
            ),
            models.CheckConstraint(
                condition=models.Q(holder=None) | ~models.Q(holder=models.F("principal")), name="mandate_not_to_oneself"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class MandateHelper(models.Model):
    """An agent named in a mandate of help."""

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="helpers")
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="help_given")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mandate", "agent"], name="mandate_helper_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} in {self.mandate_id}"
