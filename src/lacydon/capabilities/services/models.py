"""Tables of the catalogue, in CPSV-AP terms."""

from django.db import models


class Sector(models.Model):
    """A great family of services (cv:sector)."""

    id = models.CharField(primary_key=True, max_length=40)
    title = models.JSONField()
    icon = models.CharField(max_length=40)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.id


class EventKind(models.TextChoices):
    LIFE = "life"
    BUSINESS = "business"


class Event(models.Model):
    """A life event or a business event (cv:LifeEvent, cv:BusinessEvent): what happens to people, in their words."""

    id = models.CharField(primary_key=True, max_length=80)
    kind = models.CharField(max_length=8, choices=EventKind.choices)
    title = models.JSONField()
    summary = models.JSONField()
    words = models.JSONField()
    icon = models.CharField(max_length=40)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=EventKind.values), name="event_kind_known")]

    def __str__(self) -> str:
        return self.id


class PublicService(models.Model):
    """A public service (cpsv:PublicService). Its authority is not stored: its theme gives it at each place."""

    id = models.CharField(primary_key=True, max_length=120)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="services")
    theme = models.ForeignKey("territory.Theme", on_delete=models.PROTECT, related_name="+")
    commune = models.ForeignKey(
        "territory.Commune",
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="Set when only one offers it.",
    )
    title = models.JSONField()
    summary = models.JSONField()
    audience = models.JSONField()
    events = models.JSONField(help_text="Ids of life and business events.")
    keywords = models.JSONField()
    featured = models.BooleanField()
    details = models.JSONField(
        help_text="facts, description, concerned, evidence, cost, delay, channels, legal, output, falc"
    )
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.id


class LocalVersion(models.Model):
    """What one commune says otherwise of a service: the fields that replace those of the service."""

    id = models.CharField(primary_key=True, max_length=130, help_text="<INSEE code>/<service>")
    service = models.ForeignKey(PublicService, on_delete=models.CASCADE, related_name="local_versions")
    commune = models.ForeignKey("territory.Commune", on_delete=models.CASCADE, related_name="+")
    fields = models.JSONField()

    def __str__(self) -> str:
        return self.id


class LayeredKind(models.TextChoices):
    SERVICE = "service"
    LOCAL = "local"


class Layered(models.Model):
    """What was laid over the folder for one commune, and is lifted as it was laid: the folder's rows are never touched.

    `fields`: a service of the commune (kind `service`), or what it says otherwise of one (kind `local`), as written in
    a folder. Of two layers that say the same thing otherwise, the one laid last is heard.
    """

    layer = models.CharField(max_length=80, help_text="Who laid it; what bears this name is lifted together.")
    kind = models.CharField(max_length=8, choices=LayeredKind.choices)
    service = models.CharField(max_length=120)
    commune = models.ForeignKey("territory.Commune", on_delete=models.CASCADE, related_name="+")
    fields = models.JSONField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=LayeredKind.values), name="layered_kind_known"),
            models.UniqueConstraint(fields=["layer", "kind", "service", "commune"], name="layered_once_a_layer"),
        ]

    def __str__(self) -> str:
        return f"{self.layer} {self.kind} {self.commune_id}/{self.service}"


class WordFile(models.Model):
    """A file of everyday words, as text: kernel.search makes its synonyms of it."""

    name = models.CharField(primary_key=True, max_length=100)
    text = models.TextField()

    def __str__(self) -> str:
        return self.name
