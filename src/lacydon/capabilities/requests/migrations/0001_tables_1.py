import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("trust", "0007_row_security_2"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100, unique=True)),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PublishedFigures",
            fields=[
                (
                    "until",
                    models.DateField(
                        help_text="The first day that is not counted, the first of a month.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("content", models.JSONField()),
            ],
            options={
                "verbose_name_plural": "published figures",
            },
        ),
        migrations.CreateModel(
            name="Route",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                ("authority", models.CharField(db_index=True, help_text="An organisation's id.", max_length=80)),
                ("channel", models.CharField(max_length=40)),
                ("services", models.JSONField(default=list)),
                ("skills", models.JSONField(default=list)),
                ("settings", models.JSONField(default=dict)),
                ("patience_days", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ("position",),
            },
        ),
        migrations.CreateModel(
            name="RouteState",
            fields=[
                ("route", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("worked_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("failing_since", models.DateTimeField(help_text="Empty while it works.", null=True)),
                ("why", models.CharField(blank=True, max_length=400)),
                ("stopped_at", models.DateTimeField(help_text="The other side wants nothing more.", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Bulk",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.organisation"
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"),
                ),
                ("act", models.CharField(max_length=20)),
                ("arguments", models.JSONField(default=dict)),
                ("numbers", models.JSONField()),
                ("at", models.PositiveIntegerField(default=0)),
                ("refused", models.JSONField(default=list)),
                ("begun_at", models.DateTimeField(db_index=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CounterPlace",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.organisation"
                    ),
                ),
                ("name", models.JSONField(help_text="Language → text.")),
                ("address", models.CharField(max_length=200)),
                ("citycode", models.CharField(max_length=5)),
                ("lon", models.FloatField(help_text="Degrees, WGS 84.", null=True)),
                ("lat", models.FloatField(null=True)),
                ("access", models.JSONField(default=dict, help_text="How to get in, language → text.")),
                ("position", models.PositiveIntegerField(default=0)),
                ("active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="CounterDesk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="desks", to="requests.counterplace"
                    ),
                ),
                ("name", models.CharField(help_text="Its id within the place.", max_length=80)),
                ("motives", models.JSONField(default=list, help_text="Ids.")),
                ("counters", models.PositiveSmallIntegerField()),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("place", "name"), name="desk_name_is_one")],
            },
        ),
    ]
