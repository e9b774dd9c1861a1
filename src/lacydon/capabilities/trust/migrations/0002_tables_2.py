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
            name="Identity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="identities", to="trust.person"
                    ),
                ),
                ("provider", models.CharField(max_length=40)),
                ("issuer", models.CharField(max_length=200)),
                ("subject_hash", models.CharField(max_length=64)),
                ("assurance", models.PositiveSmallIntegerField()),
                ("linked_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("issuer", "subject_hash"), name="identity_is_one")],
            },
        ),
        migrations.CreateModel(
            name="LocalAccount",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="local_account", to="trust.person"
                    ),
                ),
                ("email_hash", models.CharField(max_length=64, unique=True)),
                ("email_sealed", models.BinaryField()),
                ("passphrase", models.CharField(blank=True, help_text="Argon2id, by Django's hasher.", max_length=200)),
                ("created_at", models.DateTimeField()),
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
                (
                    "person",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="trust.person"),
                ),
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
                    "authority",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to="territory.authority"
                    ),
                ),
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
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["commune", "metropole", "departement", "region", "etat", "operator", "help"])
                        ),
                        name="organisation_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Contest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contests", to="trust.entry"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contests", to="trust.person"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contests", to="trust.organisation"
                    ),
                ),
                ("sealed", models.BinaryField(help_text="What the resident wrote.")),
                ("opened_at", models.DateTimeField()),
                ("answer_sealed", models.BinaryField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("entry", "person"), name="contest_once_an_entry")],
            },
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
                (
                    "principal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates_given",
                        to="trust.person",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates",
                        to="trust.organisation",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates_held",
                        to="trust.person",
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
                (
                    "created_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"),
                ),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
                    ),
                ),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
                    ),
                ),
                ("revoked_way", models.CharField(blank=True, max_length=20)),
                (
                    "revoked_sealed",
                    models.BinaryField(help_text="Reference of the paper that revokes it at a counter.", null=True),
                ),
                ("contested_at", models.DateTimeField(null=True)),
                ("contest_sealed", models.BinaryField(help_text="What a protected person says against it.", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "ends_at"], name="mandate_of_organisation"),
                    models.Index(fields=["principal", "created_at"], name="mandate_of_principal"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["help", "parent", "guardian", "company"])),
                        name="mandate_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("evidence__in", ["presence", "code", "paper", "judgement"])),
                        name="mandate_evidence_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="mandate_ends_after_it_starts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "help"), ("organisation__isnull", False)),
                            models.Q(models.Q(("kind", "help"), _negated=True), ("holder__isnull", False)),
                            _connector="OR",
                        ),
                        name="mandate_has_a_holder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("holder", None),
                            ("principal", None),
                            models.Q(("holder", models.F("principal")), _negated=True),
                            _connector="OR",
                        ),
                        name="mandate_not_to_oneself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at", None),
                            models.Q(("principal__isnull", False), ("text_sealed__isnull", False)),
                            _connector="OR",
                        ),
                        name="mandate_confirmed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("evidence", "paper"), _negated=True),
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("created_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="mandate_paper_has_four_eyes",
                    ),
                ],
            },
        ),
    ]
