import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("trust", "0003_links_1"),
    ]

    operations = [
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="roles", to="trust.membership"
                    ),
                ),
                ("role", models.CharField(max_length=60)),
                ("granted_at", models.DateTimeField()),
                (
                    "granted_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="trust.person"),
                ),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("membership", "role"), name="role_grant_is_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("session_key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to="trust.person",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "browser",
                    models.CharField(
                        blank=True, help_text="In a few words, so that its owner knows it.", max_length=80
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["expire_date"], name="session_expiry")],
            },
        ),
        migrations.CreateModel(
            name="SharingContract",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts_given",
                        to="trust.organisation",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts_received",
                        to="trust.organisation",
                    ),
                ),
                ("purpose", models.CharField(max_length=80)),
                ("words", models.TextField(help_text="What for, in words a resident understands.")),
                ("legal_basis", models.TextField()),
                ("categories", models.JSONField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"),
                ),
                ("accepted_at", models.DateTimeField(null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("provider", models.F("recipient")), _negated=True),
                        name="sharing_contract_between_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("since"))),
                        name="sharing_contract_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hashes", models.BinaryField(max_length=8192)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("level", "index"), name="tile_is_one")],
            },
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
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("shredded_at__isnull", False), ("wrapped", None)),
                            models.Q(("shredded_at", None), ("wrapped__isnull", False)),
                            _connector="OR",
                        ),
                        name="person_key_held_or_shredded",
                    )
                ],
            },
        ),
    ]
