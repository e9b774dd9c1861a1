import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("trust", "0001_tables_1"),
    ]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("session_key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "browser",
                    models.CharField(
                        blank=True, help_text="In a few words, so that its owner knows it.", max_length=80
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SharingContract",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("purpose", models.CharField(max_length=80)),
                ("words", models.TextField(help_text="What for, in words a resident understands.")),
                ("legal_basis", models.TextField()),
                ("categories", models.JSONField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hashes", models.BinaryField(max_length=8192)),
            ],
        ),
        migrations.CreateModel(
            name="Authenticator",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="authenticator",
                        serialize=False,
                        to="trust.person",
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "last_step",
                    models.BigIntegerField(default=0, help_text="RFC 6238 step last accepted: a code serves once."),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EmailChange",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="email_change",
                        serialize=False,
                        to="trust.person",
                    ),
                ),
                ("email_hash", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
                ("proven_at", models.DateTimeField()),
                ("effective_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="PersonKey",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="key",
                        serialize=False,
                        to="trust.person",
                    ),
                ),
                ("wrapped", models.BinaryField(null=True)),
                ("shredded_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
