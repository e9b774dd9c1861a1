"""What is due for a request, and each way it was tried to be paid."""

import uuid

from django.db import models

from .requests import Request


class PaymentState(models.TextChoices):
    ASKED = "asked"
    STARTED = "started"
    PAID = "paid"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    WAIVED = "waived"
    REFUNDED = "refunded"


class Payment(models.Model):
    """A fee of a request, worked out once by the rules of its form's version: nobody types an amount.

    `receipt`: what the provider said of the payment that counts, nothing personal. Why this amount is worked out again
    from the answers each time it is shown (queries/fees.py): it tells of an income, and stands nowhere in the clear.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="payment")
    organisation = models.ForeignKey("trust.Organisation", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=30, unique=True)
    amount = models.DecimalField(max_digits=10, decimal_places=2, help_text="Euros.")
    state = models.CharField(max_length=10, choices=PaymentState.choices, default=PaymentState.ASKED)
    asked_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="When it was waived or refunded.")
    receipt = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=PaymentState.values), name="payment_state_known"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(state__in=("paid", "refunded"), paid_at__isnull=False)
                | ~models.Q(state__in=("paid", "refunded")) & models.Q(paid_at=None),
                name="payment_paid_at_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state", "asked_at"], name="payment_desk")]

    def __str__(self) -> str:
        return self.reference

    @property
    def payable(self) -> bool:
        """Whether money is still awaited."""
        return self.state in (
            PaymentState.ASKED, PaymentState.STARTED, PaymentState.REFUSED, PaymentState.ABANDONED,
        )  # fmt: skip


class AttemptState(models.TextChoices):
    STARTED = "started"
    PAID = "paid"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    MISMATCH = "mismatch"
    """The provider speaks of another amount or another reference: it counts for nothing, a person must look."""


class PaymentAttempt(models.Model):
    """One operation at the provider (`external_id`, its own); asked about until it has ended."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="attempts")
    provider = models.CharField(max_length=40)
    external_id = models.CharField(max_length=80)
    address = models.CharField(max_length=500, help_text="Where the payer goes.")
    state = models.CharField(max_length=10, choices=AttemptState.choices, default=AttemptState.STARTED)
    started_at = models.DateTimeField()
    open_until = models.DateTimeField(help_text="Until when the payer may still enter by this address.")
    asked_at = models.DateTimeField(null=True, help_text="When the provider was last asked.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=AttemptState.values), name="attempt_state_known"),
            models.UniqueConstraint(fields=["provider", "external_id"], name="attempt_external_id_is_one"),
            models.UniqueConstraint(
                fields=["payment"], condition=models.Q(state="started"), name="one_open_attempt_per_payment"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(state="started"), name="attempt_to_ask"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}:{self.external_id}"
