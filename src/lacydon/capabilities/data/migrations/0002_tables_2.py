import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("data", "0001_tables_1"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reuse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=300)),
                ("description", models.TextField()),
                ("url", models.CharField(max_length=2000)),
                ("author", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=20)),
                ("proposed_at", models.DateTimeField()),
                ("shown_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                ("datasets", models.ManyToManyField(related_name="reuses", to="data.dataset")),
            ],
            options={
                "ordering": ("-shown_at",),
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="views", to="data.dataset"
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("kind", models.CharField(help_text="table, chart, map", max_length=10)),
                ("asked", models.JSONField(help_text="The parameters of the page's address.")),
                ("version", models.PositiveIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="trust.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="data.dataset"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.CharField(help_text="SHA-256 of the Parquet file, in hexadecimal.", max_length=64)),
                (
                    "source_name",
                    models.CharField(blank=True, help_text="The file that was sent, or its address.", max_length=300),
                ),
                ("source_hash", models.CharField(blank=True, max_length=64)),
                ("rows", models.BigIntegerField()),
                ("bytes", models.BigIntegerField()),
                ("columns", models.JSONField()),
                ("ordered_by", models.JSONField(default=list, help_text="Columns the rows are sorted by in the file.")),
                ("published_at", models.DateTimeField()),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="trust.person"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("difference", models.JSONField(default=dict)),
                (
                    "checks",
                    models.JSONField(default=dict, help_text="What the validation said: {schema, valid, faults}."),
                ),
                ("entry", models.UUIDField(help_text="Of the journal.", null=True)),
                (
                    "made_of",
                    models.JSONField(
                        default=list, help_text="What a derived one was made of: [{dataset, number, content}]."
                    ),
                ),
                ("recipe", models.TextField(blank=True, help_text="The SQL a derived one was made by.")),
                (
                    "removed_at",
                    models.DateTimeField(help_text="When retention removed its file; the line stays.", null=True),
                ),
            ],
            options={
                "ordering": ("-number",),
                "constraints": [models.UniqueConstraint(fields=("dataset", "number"), name="one_version_per_number")],
            },
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="arrivals", to="data.dataset"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.organisation"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="trust.person"
                    ),
                ),
                ("way", models.CharField(help_text="upload, url, api, folder, harvest", max_length=10)),
                ("name", models.CharField(max_length=300)),
                ("address", models.CharField(blank=True, max_length=2000)),
                ("bytes", models.BigIntegerField()),
                ("content", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("read", "Read"),
                            ("refused", "Refused"),
                            ("published", "Published"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("guessed", models.JSONField(default=dict)),
                ("corrected", models.JSONField(default=dict)),
                ("report", models.JSONField(default=dict)),
                (
                    "personal",
                    models.JSONField(default=dict, help_text="Personal data found, and how each column is treated."),
                ),
                ("refusal", models.TextField(blank=True)),
                ("progress", models.FloatField(default=0)),
                ("received_at", models.DateTimeField()),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="arrivals",
                        to="data.version",
                    ),
                ),
            ],
            options={
                "ordering": ("-received_at",),
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="readings", to="data.contract"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="trust.person"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("entry", models.UUIDField(help_text="Of the journal.")),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["contract", "-at"], name="reading_of_contract")],
            },
        ),
        migrations.CreateModel(
            name="Harvested",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="records", to="data.source"
                    ),
                ),
                ("identifier", models.CharField(max_length=500)),
                (
                    "dataset",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="data.dataset"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("seen_at", models.DateTimeField()),
                ("missing_since", models.DateTimeField(null=True)),
                (
                    "waits",
                    models.BooleanField(
                        default=False, help_text="Its withdrawal waits for an agent: too many at once."
                    ),
                ),
                ("fault", models.TextField(blank=True, help_text="What could not be taken of it, and what to mend.")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "identifier"), name="one_record_per_identifier")
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="subscriptions", to="data.dataset"
                    ),
                ),
                ("address_hash", models.CharField(max_length=64)),
                ("wrapped", models.BinaryField()),
                ("address", models.BinaryField()),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("lang", models.CharField(default="fr", max_length=2)),
                ("asked_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("told", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("dataset", "address_hash"), name="one_subscription_per_address")
                ],
            },
        ),
        migrations.AddField(
            model_name="dataset",
            name="current",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="data.version"
            ),
        ),
    ]
