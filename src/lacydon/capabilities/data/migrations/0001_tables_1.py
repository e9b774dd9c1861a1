import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("trust", "0008_journal_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("title", models.JSONField()),
                ("description", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.organisation"
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("kind", models.CharField(max_length=40)),
                ("url", models.CharField(max_length=2000)),
                ("options", models.JSONField(default=dict)),
                ("every_hours", models.PositiveIntegerField(default=24)),
                ("active", models.BooleanField(default=True)),
                (
                    "with_rows",
                    models.BooleanField(
                        default=False, help_text="Whether tables are copied here too, or only described."
                    ),
                ),
                (
                    "state",
                    models.JSONField(
                        default=dict, help_text="What the connector wants to be told next time (cursor, ETag)."
                    ),
                ),
                ("next_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0, help_text="In a row.")),
                ("whole_at", models.DateTimeField(help_text="When all of it was last listed.", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Harvest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="harvests", to="data.source"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("beat_at", models.DateTimeField()),
                (
                    "whole",
                    models.BooleanField(
                        default=False, help_text="Whether all of it was listed, so that what lacks is gone."
                    ),
                ),
                ("found", models.PositiveIntegerField(default=0)),
                ("added", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("removed", models.PositiveIntegerField(default=0)),
                ("same", models.PositiveIntegerField(default=0)),
                ("faults", models.JSONField(default=list, help_text="[{id, title, sentence}], the first hundred.")),
                ("failure", models.TextField(blank=True, help_text="Why it ended early.")),
            ],
            options={
                "ordering": ("-started_at",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("source",), name="one_harvest_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dataset",
            fields=[
                (
                    "id",
                    models.CharField(
                        help_text="The last part of its address: a slug.",
                        max_length=120,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.organisation"
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="datasets",
                        to="data.series",
                    ),
                ),
                ("title", models.JSONField()),
                ("description", models.JSONField()),
                ("keywords", models.JSONField(default=list)),
                ("themes", models.JSONField(default=list)),
                ("licence", models.CharField(blank=True, max_length=40)),
                ("rights", models.TextField(blank=True)),
                (
                    "access",
                    models.CharField(
                        choices=[("public", "Public"), ("restricted", "Restricted"), ("private", "Private")],
                        default="public",
                        max_length=12,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("withdrawn", "Withdrawn")],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("coverage", models.JSONField(default=list)),
                ("starts_on", models.DateField(help_text="dct:temporal", null=True)),
                ("ends_on", models.DateField(null=True)),
                ("frequency", models.CharField(blank=True, max_length=20)),
                ("hvd", models.CharField(blank=True, max_length=40)),
                ("contact_name", models.CharField(blank=True, max_length=200)),
                ("contact_email", models.CharField(blank=True, max_length=200)),
                ("landing_page", models.CharField(blank=True, max_length=500)),
                ("schema", models.CharField(blank=True, max_length=300)),
                (
                    "columns",
                    models.JSONField(
                        default=list, help_text="What people say of its columns: {name: {label, description}}."
                    ),
                ),
                (
                    "keep",
                    models.PositiveIntegerField(
                        default=0, help_text="Versions kept besides the current one; 0 keeps all."
                    ),
                ),
                (
                    "key_hash",
                    models.CharField(
                        blank=True,
                        help_text="SHA-256 of the key with which a machine sends versions; empty without one.",
                        max_length=64,
                    ),
                ),
                ("issued", models.DateTimeField(null=True)),
                ("modified", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "source",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="datasets",
                        to="data.source",
                    ),
                ),
                (
                    "origin",
                    models.JSONField(
                        default=dict, help_text="Where it was harvested: {id, url, catalogue, modified, hash}."
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["status", "access"], name="dataset_shown")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("access__in", ["public", "restricted", "private"])),
                        name="dataset_access_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "published", "withdrawn"])),
                        name="dataset_status_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contracts", to="data.dataset"
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.organisation"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.organisation"
                    ),
                ),
                ("purpose", models.CharField(max_length=500)),
                ("fields", models.JSONField(help_text="Names of columns.")),
                ("rows", models.TextField(blank=True)),
                ("starts_on", models.DateField()),
                ("until", models.DateField()),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="trust.person"
                    ),
                ),
                ("given_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Distribution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="distributions", to="data.dataset"
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("description", models.TextField(blank=True)),
                ("access_url", models.CharField(max_length=2000)),
                ("download_url", models.CharField(blank=True, max_length=2000)),
                ("format", models.CharField(blank=True, help_text="CSV, GEOJSON, WMS …", max_length=40)),
                ("media_type", models.CharField(blank=True, max_length=120)),
                ("byte_size", models.BigIntegerField(null=True)),
                ("checksum", models.CharField(blank=True, help_text="sha256:…, sha1:… or md5:…", max_length=140)),
                ("modified", models.DateTimeField(null=True)),
                ("position", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ("position", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Hook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hooks", to="data.dataset"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.organisation"
                    ),
                ),
                ("url", models.CharField(max_length=2000)),
                ("wrapped", models.BinaryField()),
                ("secret", models.BinaryField(help_text="Sealed with the key that is wrapped.")),
                ("made_at", models.DateTimeField()),
                ("failures", models.PositiveIntegerField(default=0)),
                ("last_failure", models.CharField(blank=True, max_length=500)),
                ("told", models.PositiveIntegerField(default=0, help_text="The number of the last version it took.")),
                ("told_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Recipe",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dataset",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recipe", to="data.dataset"
                    ),
                ),
                ("sql", models.TextField()),
                ("inputs", models.JSONField(help_text="Ids of the datasets it reads.")),
                ("made_at", models.DateTimeField(null=True)),
                ("failure", models.TextField(blank=True)),
            ],
        ),
    ]
