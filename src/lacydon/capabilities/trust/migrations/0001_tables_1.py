import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("territory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("resident", "Resident"), ("agent", "Agent"), ("company", "Company")], max_length=10
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["resident", "agent", "company"])), name="person_kind_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("note", models.TextField()),
                ("signed_at", models.DateTimeField(help_text="Never earlier than that of the checkpoint before.")),
            ],
        ),
        migrations.CreateModel(
            name="CivilIdentity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="civil_identities", to="trust.person"
                    ),
                ),
                ("purpose", models.CharField(max_length=80)),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("kept_until", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "purpose"), name="civil_identity_per_purpose")
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contact_points", to="trust.person"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("email", "Email"), ("phone", "Phone"), ("postal", "Postal")], max_length=8
                    ),
                ),
                ("sealed", models.BinaryField()),
                (
                    "address_hash",
                    models.CharField(blank=True, db_index=True, help_text="queries/contacts.py", max_length=64),
                ),
                ("verified_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "kind"), name="contact_point_per_kind"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["email", "phone", "postal"])), name="contact_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cosignatures", to="trust.checkpoint"
                    ),
                ),
                ("witness", models.CharField(help_text="Its public key: name+id+base64.", max_length=300)),
                ("line", models.TextField()),
                ("at", models.DateTimeField(help_text="When the witness says it signed.")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("checkpoint", "witness"), name="cosignature_is_one")],
            },
        ),
        migrations.CreateModel(
            name="DataExport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exports", to="trust.person"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("ready_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField(null=True)),
                ("size", models.PositiveIntegerField(default=0, help_text="Bytes, before sealing.")),
                ("kept_until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        editable=False,
                        help_text="In the order of recording (UUID version 7).",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "position",
                    models.BigIntegerField(help_text="Index of the leaf in the tree, from 0.", null=True, unique=True),
                ),
                ("at", models.DateTimeField(help_text="What the clock said; the order is that of positions.")),
                ("action", models.CharField(max_length=60)),
                ("purpose", models.CharField(max_length=200)),
                ("basis", models.CharField(blank=True, max_length=200)),
                ("organisation", models.CharField(blank=True, max_length=80)),
                ("role", models.CharField(blank=True, max_length=200)),
                ("actor_kind", models.CharField(max_length=10)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="trust.person"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accesses",
                        to="trust.person",
                    ),
                ),
                ("mandate", models.CharField(blank=True, max_length=36)),
                ("object", models.CharField(blank=True, max_length=120)),
                (
                    "commitments",
                    models.BinaryField(
                        help_text="To subject, actor, object and mandate; 32 bytes each.", max_length=128
                    ),
                ),
                ("leaf_hash", models.BinaryField(max_length=32)),
                ("seal", models.BinaryField(max_length=32)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "at"], name="entry_of_subject"),
                    models.Index(condition=models.Q(("position", None)), fields=["id"], name="entry_without_position"),
                ],
            },
        ),
    ]
