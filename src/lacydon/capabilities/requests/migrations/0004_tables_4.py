import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0003_tables_3"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaymentAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="requests.payment"
                    ),
                ),
                ("provider", models.CharField(max_length=40)),
                ("external_id", models.CharField(max_length=80)),
                ("address", models.CharField(help_text="Where the payer goes.", max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "Started"),
                            ("paid", "Paid"),
                            ("refused", "Refused"),
                            ("abandoned", "Abandoned"),
                            ("mismatch", "Mismatch"),
                        ],
                        default="started",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("open_until", models.DateTimeField(help_text="Until when the payer may still enter by this address.")),
                ("asked_at", models.DateTimeField(help_text="When the provider was last asked.", null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "started")), fields=["asked_at"], name="attempt_to_ask")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["started", "paid", "refused", "abandoned", "mismatch"])),
                        name="attempt_state_known",
                    ),
                    models.UniqueConstraint(fields=("provider", "external_id"), name="attempt_external_id_is_one"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "started")),
                        fields=("payment",),
                        name="one_open_attempt_per_payment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PushSubscription",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"),
                ),
                ("endpoint_hash", models.CharField(max_length=64, unique=True)),
                ("sealed", models.BinaryField(help_text="endpoint, p256dh and auth, as JSON.")),
                ("browser", models.CharField(blank=True, max_length=40)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Preferences",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "person",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="preferences",
                        to="requests.request",
                    ),
                ),
                ("wanted", models.JSONField(default=list)),
                ("quiet_from", models.PositiveSmallIntegerField(default=21)),
                ("quiet_until", models.PositiveSmallIntegerField(default=8)),
                ("lang", models.CharField(default="fr", max_length=2)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person__isnull", False), ("request", None)),
                            models.Q(("person", None), ("request__isnull", False)),
                            _connector="OR",
                        ),
                        name="preferences_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quiet_from__lt", 24), ("quiet_until__lt", 24)),
                        name="preferences_hours_of_the_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RouteSecret",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("route", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=40)),
                ("wrapped", models.BinaryField()),
                ("sealed", models.BinaryField()),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("route", "name"), name="route_secret_is_one")],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="trust.organisation"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="trust.person"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("filters", models.CharField(help_text="As the address of the queue says them.", max_length=400)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "owner", "name"), name="saved_view_is_one"),
                    models.UniqueConstraint(
                        condition=models.Q(("owner", None)), fields=("organisation", "name"), name="shared_view_is_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="requests.request"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=40)),
                (
                    "by_kind",
                    models.CharField(
                        choices=[
                            ("resident", "Resident"),
                            ("agent", "Agent"),
                            ("machine", "Machine"),
                            ("authority", "Authority"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
                    ),
                ),
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
                    "for_whom",
                    models.BooleanField(default=False, help_text="Under a mandate: `by` acted for the resident."),
                ),
                ("public", models.BooleanField(default=True)),
                ("facts", models.JSONField(default=dict)),
                ("sealed", models.BinaryField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("position",),
                "indexes": [models.Index(condition=models.Q(("told_at", None)), fields=["at"], name="step_untold")],
                "constraints": [
                    models.UniqueConstraint(fields=("request", "position"), name="step_position_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(("by_kind__in", ["resident", "agent", "machine", "authority"])),
                        name="step_by_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="requests.request"
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="requests.step"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("solved", "Solved"),
                            ("unsolved", "Unsolved"),
                            ("accepted", "Accepted"),
                            ("partly", "Partly"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("duplicate", "Duplicate"),
                            ("tacit-accepted", "Tacit Accepted"),
                            ("tacit-refused", "Tacit Refused"),
                        ],
                        max_length=16,
                    ),
                ),
                ("tacit", models.BooleanField(default=False)),
                ("takes_effect_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                [
                                    "solved",
                                    "unsolved",
                                    "accepted",
                                    "partly",
                                    "refused",
                                    "withdrawn",
                                    "duplicate",
                                    "tacit-accepted",
                                    "tacit-refused",
                                ],
                            )
                        ),
                        name="decision_outcome_known",
                    )
                ],
            },
        ),
    ]
