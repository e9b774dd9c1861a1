import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("trust", "0008_journal_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="LiveSource",
            fields=[
                ("id", models.SlugField(max_length=60, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.SlugField(max_length=40)),
                ("urls", models.JSONField(default=list)),
                ("options", models.JSONField(default=dict)),
                ("prefixes", models.JSONField(default=list)),
                ("every", models.PositiveIntegerField(default=20)),
                ("stale_after", models.PositiveIntegerField(default=120)),
                ("per_minute", models.PositiveSmallIntegerField(default=0)),
                ("enabled", models.BooleanField(default=True)),
                ("why_disabled", models.CharField(blank=True, max_length=300)),
                ("example", models.BooleanField(default=False)),
                ("producer", models.CharField(blank=True, max_length=200)),
                ("licence", models.CharField(blank=True, max_length=200)),
                ("licence_url", models.URLField(blank=True, max_length=500)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="LookedAt",
            fields=[
                ("subject", models.CharField(max_length=220, primary_key=True, serialize=False)),
                ("looked_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="AlertSubscription",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="trust.person"
                    ),
                ),
                ("means", models.CharField(choices=[("email", "Email"), ("push", "Push")], max_length=5)),
                ("address_hash", models.CharField(max_length=64)),
                ("wrapped", models.BinaryField()),
                ("sealed", models.BinaryField()),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("lang", models.CharField(default="fr", max_length=2)),
                ("lines", models.JSONField(default=list)),
                ("places", models.JSONField(default=list)),
                ("days", models.PositiveSmallIntegerField(default=31)),
                ("from_minute", models.PositiveSmallIntegerField(default=0)),
                ("until_minute", models.PositiveSmallIntegerField(default=1440)),
                ("asked_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("paused_until", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["address_hash"], name="alert_by_address")],
            },
        ),
        migrations.CreateModel(
            name="Disruption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trust.organisation",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("withdrawn", "Withdrawn")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("title", models.JSONField(default=dict)),
                ("text", models.JSONField(default=dict)),
                ("cause", models.CharField(default="unknown", max_length=16)),
                ("effect", models.CharField(default="unknown", max_length=16)),
                ("severity", models.CharField(default="unknown", max_length=8)),
                ("planned", models.BooleanField(default=False)),
                ("periods", models.JSONField(default=list)),
                ("begins_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                ("shown_from", models.DateTimeField(null=True)),
                ("url", models.CharField(blank=True, max_length=1000)),
                ("roadworks", models.CharField(blank=True, max_length=300)),
                ("roadworks_url", models.CharField(blank=True, max_length=1000)),
                ("words", models.TextField(blank=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("news", models.PositiveIntegerField(default=0)),
                ("told", models.PositiveIntegerField(default=0)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "ends_at"], name="disruption_current"),
                    models.Index(fields=["fingerprint"], name="disruption_fingerprint"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Concerned",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "disruption",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="concerned", to="mobility.disruption"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("route", "Route"),
                            ("place", "Place"),
                            ("stop", "Stop"),
                            ("commune", "Commune"),
                            ("agency", "Agency"),
                            ("mode", "Mode"),
                            ("trip", "Trip"),
                        ],
                        max_length=8,
                    ),
                ),
                ("ref", models.CharField(max_length=200)),
                ("name", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "ref"], name="concerned_by_ref")],
                "constraints": [models.UniqueConstraint(fields=("disruption", "kind", "ref"), name="concerned_once")],
            },
        ),
        migrations.CreateModel(
            name="AlertTold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told",
                        to="mobility.alertsubscription",
                    ),
                ),
                (
                    "disruption",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tellings", to="mobility.disruption"
                    ),
                ),
                ("news", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=12)),
            ],
            options={
                "indexes": [models.Index(fields=["sent_at", "due_at"], name="alert_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("subscription", "disruption", "news"), name="told_once_of_a_state")
                ],
            },
        ),
        migrations.CreateModel(
            name="Grouping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stop", models.CharField(max_length=200)),
                ("other", models.CharField(max_length=200)),
                ("kind", models.CharField(choices=[("together", "Together"), ("apart", "Apart")], max_length=8)),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.UUIDField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("stop", "other"), name="one_decision_a_pair_of_stops")],
            },
        ),
    ]
