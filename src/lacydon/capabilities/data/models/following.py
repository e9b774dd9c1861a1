"""Who is told of new versions, and what was made of the data."""

from django.db import models

from .catalogue import Dataset


class Subscription(models.Model):
    """Someone wants an e-mail at each new version: confirmed by the link of a first e-mail, ended by that of any.

    `address` is sealed with a key of its own, wrapped in `wrapped`: nothing else is known of who it is. `told`: the
    number of the last version they were told of.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="subscriptions")
    address_hash = models.CharField(max_length=64)
    wrapped = models.BinaryField()
    address = models.BinaryField()
    secret_hash = models.CharField(max_length=64, unique=True)
    lang = models.CharField(max_length=2, default="fr")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    told = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "address_hash"], name="one_subscription_per_address")]

    def __str__(self) -> str:
        return f"{self.dataset_id}#{self.pk}"


class Hook(models.Model):
    """A machine wants a webhook at each new version, signed (kernel/webhooks.py)."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="hooks")
    organisation = models.ForeignKey("trust.Organisation", on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=2000)
    wrapped = models.BinaryField()
    secret = models.BinaryField(help_text="Sealed with the key that is wrapped.")
    made_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    last_failure = models.CharField(max_length=500, blank=True)
    told = models.PositiveIntegerField(default=0, help_text="The number of the last version it took.")
    told_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.url


class Reuse(models.Model):
    """What somebody made of the data; shown once an agent said yes."""

    title = models.CharField(max_length=300)
    description = models.TextField()
    url = models.CharField(max_length=2000)
    author = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    datasets = models.ManyToManyField(Dataset, related_name="reuses")
    proposed_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-shown_at",)

    def __str__(self) -> str:
        return self.title
