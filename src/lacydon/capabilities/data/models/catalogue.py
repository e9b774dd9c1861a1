"""The catalogue, in the terms of DCAT-AP 3."""

from django.db import models


class Access(models.TextChoices):
    """dct:accessRights, of the EU vocabulary access-right."""

    PUBLIC = "public"
    RESTRICTED = "restricted"
    """Described for all; its rows for whoever has a contract."""
    PRIVATE = "private"
    """Known to its organisation and to whoever has a contract only."""


class Status(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Series(models.Model):
    """A dcat:DatasetSeries: the same dataset, year after year or commune after commune."""

    id = models.CharField(primary_key=True, max_length=120)
    title = models.JSONField()
    description = models.JSONField()

    def __str__(self) -> str:
        return self.id


class Dataset(models.Model):
    """A dcat:Dataset. Texts are written by people: `title`, `description` are {language: text}.

    `themes`: codes of the EU vocabulary data-theme (AGRI, ECON, …). `coverage`: INSEE codes, or SIREN of a group of
    communes; empty is the whole territory. `frequency`: code of the EU vocabulary frequency. `hvd`: category of high
    value (Implementing Regulation 2023/138). `schema`: the Table Schema its versions are checked against.
    """

    id = models.CharField(primary_key=True, max_length=120, help_text="The last part of its address: a slug.")
    organisation = models.ForeignKey("trust.Organisation", on_delete=models.PROTECT, related_name="+")
    series = models.ForeignKey(Series, null=True, on_delete=models.SET_NULL, related_name="datasets")
    title = models.JSONField()
    description = models.JSONField()
    keywords = models.JSONField(default=list)
    themes = models.JSONField(default=list)
    licence = models.CharField(max_length=40, blank=True)
    rights = models.TextField(blank=True)
    access = models.CharField(max_length=12, choices=Access.choices, default=Access.PUBLIC)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    coverage = models.JSONField(default=list)
    starts_on = models.DateField(null=True, help_text="dct:temporal")
    ends_on = models.DateField(null=True)
    frequency = models.CharField(max_length=20, blank=True)
    hvd = models.CharField(max_length=40, blank=True)
    contact_name = models.CharField(max_length=200, blank=True)
    contact_email = models.CharField(max_length=200, blank=True)
    landing_page = models.CharField(max_length=500, blank=True)
    schema = models.CharField(max_length=300, blank=True)
    columns = models.JSONField(default=list, help_text="What people say of its columns: {name: {label, description}}.")
    keep = models.PositiveIntegerField(default=0, help_text="Versions kept besides the current one; 0 keeps all.")
    key_hash = models.CharField(
        max_length=64,
        blank=True,
        help_text="SHA-256 of the key with which a machine sends versions; empty without one.",
    )
    current = models.ForeignKey("Version", null=True, on_delete=models.PROTECT, related_name="+")
    issued = models.DateTimeField(null=True)
    modified = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    source = models.ForeignKey("Source", null=True, on_delete=models.SET_NULL, related_name="datasets")
    origin = models.JSONField(default=dict, help_text="Where it was harvested: {id, url, catalogue, modified, hash}.")

    class Meta:
        indexes = [models.Index(fields=["status", "access"], name="dataset_shown")]
        constraints = [
            models.CheckConstraint(condition=models.Q(access__in=Access.values), name="dataset_access_known"),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="dataset_status_known"),
        ]

    def __str__(self) -> str:
        return self.id


class Distribution(models.Model):
    """A dcat:Distribution that is not made of a version's rows: a file kept beside, or one that stays elsewhere."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="distributions")
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    access_url = models.CharField(max_length=2000)
    download_url = models.CharField(max_length=2000, blank=True)
    format = models.CharField(max_length=40, blank=True, help_text="CSV, GEOJSON, WMS …")
    media_type = models.CharField(max_length=120, blank=True)
    byte_size = models.BigIntegerField(null=True)
    checksum = models.CharField(max_length=140, blank=True, help_text="sha256:…, sha1:… or md5:…")
    modified = models.DateTimeField(null=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.title
