import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("trust", "0002_tables_2"),
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="trust.person"
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="trust.organisation"
                    ),
                ),
                ("purpose", models.CharField(max_length=80)),
                ("categories", models.JSONField(help_text="Kinds of data, e.g. proof:income, contact:email.")),
                ("notice_version", models.CharField(max_length=20)),
                ("notice_hash", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=5)),
                ("given_at", models.DateTimeField()),
                (
                    "given_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"),
                ),
                (
                    "mandate",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="trust.mandate"),
                ),
                ("until", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["person", "recipient", "purpose"], name="consent_looked_up")],
            },
        ),
        migrations.CreateModel(
            name="ConsentRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consent_requests", to="trust.person"
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consent_requests",
                        to="trust.organisation",
                    ),
                ),
                ("purpose", models.CharField(max_length=80)),
                ("categories", models.JSONField()),
                ("wanted_days", models.PositiveSmallIntegerField(help_text="How long the consent would last.")),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "consent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.consent"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "answered_at"], name="consent_request_open")],
            },
        ),
        migrations.CreateModel(
            name="MandateHelper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mandate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="helpers", to="trust.mandate"
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="help_given", to="trust.person"
                    ),
                ),
                ("since", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("mandate", "agent"), name="mandate_helper_once")],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="trust.person"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="trust.organisation"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("person", "organisation"), name="membership_is_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="passkeys", to="trust.person"
                    ),
                ),
                ("credential_id", models.BinaryField(max_length=1023, unique=True)),
                ("public_key", models.BinaryField()),
                ("sign_count", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="trust.person"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("sealed", models.BinaryField()),
                ("name_sealed", models.BinaryField()),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField(help_text="Bytes, before sealing.")),
                ("given_at", models.DateTimeField()),
                (
                    "given_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"),
                ),
                (
                    "mandate",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="trust.mandate"),
                ),
                ("kept_until", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["person", "kind"], name="proof_of_person")],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recovery_codes", to="trust.person"
                    ),
                ),
                ("code_hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "code_hash"), name="recovery_code_is_one")],
            },
        ),
    ]
