import uuid

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
                ("purpose", models.CharField(max_length=80)),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("kept_until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("purpose", models.CharField(max_length=80)),
                ("categories", models.JSONField(help_text="Kinds of data, e.g. proof:income, contact:email.")),
                ("notice_version", models.CharField(max_length=20)),
                ("notice_hash", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=5)),
                ("given_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ConsentRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("purpose", models.CharField(max_length=80)),
                ("categories", models.JSONField()),
                ("wanted_days", models.PositiveSmallIntegerField(help_text="How long the consent would last.")),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
        ),
        migrations.CreateModel(
            name="Contest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField(help_text="What the resident wrote.")),
                ("opened_at", models.DateTimeField()),
                ("answer_sealed", models.BinaryField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("witness", models.CharField(help_text="Its public key: name+id+base64.", max_length=300)),
                ("line", models.TextField()),
                ("at", models.DateTimeField(help_text="When the witness says it signed.")),
            ],
        ),
        migrations.CreateModel(
            name="DataExport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
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
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=40)),
                ("issuer", models.CharField(max_length=200)),
                ("subject_hash", models.CharField(max_length=64)),
                ("assurance", models.PositiveSmallIntegerField()),
                ("linked_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LocalAccount",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email_hash", models.CharField(max_length=64, unique=True)),
                ("email_sealed", models.BinaryField()),
                ("passphrase", models.CharField(blank=True, help_text="Argon2id, by Django's hasher.", max_length=200)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=14, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("help", "Help"),
                            ("parent", "Parent"),
                            ("guardian", "Guardian"),
                            ("company", "Company"),
                        ],
                        max_length=8,
                    ),
                ),
                ("any_helper", models.BooleanField(default=False)),
                (
                    "scope",
                    models.JSONField(
                        help_text="Themes (see queries/themes.py) it covers; never all of them by default."
                    ),
                ),
                (
                    "limits",
                    models.JSONField(default=list, help_text="What is taken away from the scope: submit, history…"),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "evidence",
                    models.CharField(
                        choices=[
                            ("presence", "Presence"),
                            ("code", "Code"),
                            ("paper", "Paper"),
                            ("judgement", "Judgement"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "evidence_sealed",
                    models.BinaryField(help_text="Reference of the paper or judgement, or of the channel.", null=True),
                ),
                ("text_version", models.CharField(max_length=20)),
                ("text_hash", models.CharField(help_text="SHA-256 of the exact text shown.", max_length=64)),
                (
                    "text_sealed",
                    models.BinaryField(help_text="That text, under the principal's key, once confirmed.", null=True),
                ),
                ("language", models.CharField(max_length=5)),
                ("easy", models.BooleanField(default=False, help_text="Whether the easy version was shown.")),
                (
                    "code_hash",
                    models.CharField(help_text="Finds a draft by its code.", max_length=64, null=True, unique=True),
                ),
                ("code_until", models.DateTimeField(null=True)),
                ("code_tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "stop_hash",
                    models.CharField(help_text="Finds a mandate by its code to stop it.", max_length=64, unique=True),
                ),
                ("created_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_way", models.CharField(blank=True, max_length=20)),
                (
                    "revoked_sealed",
                    models.BinaryField(help_text="Reference of the paper that revokes it at a counter.", null=True),
                ),
                ("contested_at", models.DateTimeField(null=True)),
                ("contest_sealed", models.BinaryField(help_text="What a protected person says against it.", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="MandateHelper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="OneTimeLink",
            fields=[
                ("token_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "purpose",
                    models.CharField(
                        choices=[("sign-in", "Sign In"), ("add", "Add"), ("contact", "Contact"), ("cancel", "Cancel")],
                        max_length=8,
                    ),
                ),
                ("email_hash", models.CharField(max_length=64)),
                ("email_wrapped", models.BinaryField()),
                ("email_sealed", models.BinaryField()),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("commune", "Commune"),
                            ("metropole", "Metropole"),
                            ("departement", "Departement"),
                            ("region", "Region"),
                            ("etat", "Etat"),
                            ("operator", "Operator"),
                            ("help", "Help"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.JSONField()),
                ("siren", models.CharField(blank=True, max_length=9)),
                ("siret", models.CharField(blank=True, max_length=14)),
                ("citycode", models.CharField(blank=True, max_length=5)),
                (
                    "themes",
                    models.JSONField(
                        default=list, help_text="What its helpers are entitled to help with; empty = no help."
                    ),
                ),
                (
                    "data_protection",
                    models.CharField(blank=True, help_text="Its data protection officer's address.", max_length=200),
                ),
                ("active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("kind", models.CharField(max_length=40)),
                ("sealed", models.BinaryField()),
                ("name_sealed", models.BinaryField()),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField(help_text="Bytes, before sealing.")),
                ("given_at", models.DateTimeField()),
                ("kept_until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=60)),
                ("granted_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
        ),
    ]
