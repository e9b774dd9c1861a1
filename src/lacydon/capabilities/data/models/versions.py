"""Versions of a dataset's rows, what is on its way to become one, and how one is made of others."""

from django.db import models

from .catalogue import Dataset


class Version(models.Model):
    """The rows of a dataset as they were published once; never changed after. Its file is named after its content.

    `columns` is a list of {name, label, type, kind, description, nullable}: `queries/columns.py` says which types.
    `difference` from the version before: {columns: {added, removed, changed}, rows: {added, removed, same}}.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.CharField(max_length=64, help_text="SHA-256 of the Parquet file, in hexadecimal.")
    source_name = models.CharField(max_length=300, blank=True, help_text="The file that was sent, or its address.")
    source_hash = models.CharField(max_length=64, blank=True)
    rows = models.BigIntegerField()
    bytes = models.BigIntegerField()
    columns = models.JSONField()
    ordered_by = models.JSONField(default=list, help_text="Columns the rows are sorted by in the file.")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("trust.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    difference = models.JSONField(default=dict)
    checks = models.JSONField(default=dict, help_text="What the validation said: {schema, valid, faults}.")
    entry = models.UUIDField(null=True, help_text="Of the journal.")
    made_of = models.JSONField(default=list, help_text="What a derived one was made of: [{dataset, number, content}].")
    recipe = models.TextField(blank=True, help_text="The SQL a derived one was made by.")
    removed_at = models.DateTimeField(null=True, help_text="When retention removed its file; the line stays.")

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return f"{self.dataset_id}@{self.number}"


class Arrival(models.Model):
    """A file that arrived and is not published yet: what was guessed of it, what its sender corrected."""

    class State(models.TextChoices):
        RECEIVED = "received"
        READ = "read"
        REFUSED = "refused"
        PUBLISHED = "published"

    id = models.UUIDField(primary_key=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="arrivals")
    organisation = models.ForeignKey("trust.Organisation", on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey("trust.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    way = models.CharField(max_length=10, help_text="upload, url, api, folder, harvest")
    name = models.CharField(max_length=300)
    address = models.CharField(max_length=2000, blank=True)
    bytes = models.BigIntegerField()
    content = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    guessed = models.JSONField(default=dict)
    corrected = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    personal = models.JSONField(default=dict, help_text="Personal data found, and how each column is treated.")
    refusal = models.TextField(blank=True)
    progress = models.FloatField(default=0)
    received_at = models.DateTimeField()
    version = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="arrivals")

    class Meta:
        ordering = ("-received_at",)

    def __str__(self) -> str:
        return self.name


class Recipe(models.Model):
    """A derived dataset: SQL over the current versions of others, made again when one of them changes."""

    dataset = models.OneToOneField(Dataset, on_delete=models.CASCADE, related_name="recipe")
    sql = models.TextField()
    inputs = models.JSONField(help_text="Ids of the datasets it reads.")
    made_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.dataset_id)
