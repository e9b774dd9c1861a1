import datetime
import uuid

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0001_tables_1"),
    ]

    operations = [
        migrations.CreateModel(
            name="Closure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="closures", to="requests.counterplace"
                    ),
                ),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("why", models.JSONField(default=dict, help_text="Language → text.")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first__lte", models.F("last"))), name="closure_begins_before_it_ends"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FormVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "form",
                    models.CharField(
                        db_index=True, help_text="The form's id, the same in all its versions.", max_length=100
                    ),
                ),
                ("number", models.PositiveIntegerField(help_text="1, 2, 3 … within the form.")),
                ("digest", models.CharField(help_text="SHA-256 of the canonical content.", max_length=64)),
                ("content", models.JSONField()),
                ("text", models.TextField(blank=True, help_text="The YAML it was written as.")),
                ("service_id", models.CharField(db_index=True, max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("withdrawn", "Withdrawn")],
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
                    ),
                ),
                ("published_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "published", "withdrawn"])), name="form_state_known"
                    ),
                    models.UniqueConstraint(fields=("form", "number"), name="form_version_is_one"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("form",),
                        name="one_published_version_per_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True)),
                ("kind", models.CharField(choices=[("request", "Request"), ("report", "Report")], max_length=8)),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="requests.formversion"
                    ),
                ),
                ("service_id", models.CharField(max_length=120)),
                ("skill", models.CharField(blank=True, max_length=60)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="trust.person",
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="trust.organisation"
                    ),
                ),
                ("citycode", models.CharField(max_length=5)),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("sent", "Sent"),
                            ("in-progress", "In Progress"),
                            ("waiting", "Waiting"),
                            ("closed", "Closed"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
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
                ("source", models.CharField(default="web", help_text="web, open311, counter …", max_length=20)),
                ("opened_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(help_text="When the law, or the promise, wants an answer.", null=True)),
                (
                    "wanted_at",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce(
                            "due_at", models.Value(datetime.datetime(9000, 1, 1, 0, 0, tzinfo=datetime.UTC))
                        ),
                        help_text="The order of the queue.",
                        output_field=models.DateTimeField(),
                    ),
                ),
                (
                    "silence",
                    models.CharField(
                        blank=True, choices=[("", "None"), ("accept", "Accept"), ("reject", "Reject")], max_length=6
                    ),
                ),
                (
                    "waiting_since",
                    models.DateTimeField(help_text="The clock stops while the resident is waited for.", null=True),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
                    ),
                ),
                ("urgent", models.BooleanField(default=False)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("steps_count", models.PositiveIntegerField(default=0)),
                (
                    "wrapped",
                    models.BinaryField(help_text="The request's own key, wrapped; empty once erased.", null=True),
                ),
                ("sealed", models.BinaryField(help_text="Answers, as JSON.")),
                (
                    "contact_sealed",
                    models.BinaryField(help_text="How to reach who has no account: email, phone, lang.", null=True),
                ),
                ("submission_key", models.UUIDField(unique=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="requests.request",
                    ),
                ),
                ("rating", models.PositiveSmallIntegerField(null=True)),
                ("rated_at", models.DateTimeField(null=True)),
                ("reopened", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["organisation", "wanted_at", "id", "state"],
                        name="queue_wanted",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["organisation", "state", "wanted_at", "id"],
                        name="queue_state",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["organisation", "assignee", "wanted_at", "id", "state"],
                        name="queue_assignee",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["organisation", "service_id", "wanted_at", "id", "state"],
                        name="queue_service",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["organisation", "citycode", "wanted_at", "id", "state"],
                        name="queue_commune",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["organisation", "opened_at", "id", "state"],
                        name="queue_opened",
                    ),
                    models.Index(fields=["organisation", "opened_at", "id"], name="request_opened"),
                    models.Index(fields=["organisation", "service_id", "opened_at", "id"], name="request_of_service"),
                    models.Index(
                        condition=models.Q(("closed_at", None), _negated=True),
                        fields=["organisation", "closed_at", "id"],
                        name="request_closed",
                    ),
                    models.Index(fields=["person", "opened_at"], name="request_of_person"),
                    models.Index(fields=["state", "due_at"], name="request_due"),
                    models.Index(fields=["kind", "state", "citycode"], name="request_reports"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["received", "sent", "in-progress", "waiting", "closed"])),
                        name="request_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", ""),
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
                            ),
                            _connector="OR",
                        ),
                        name="request_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state", "closed"),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True), ("closed_at", None), ("outcome", "")
                            ),
                            _connector="OR",
                        ),
                        name="request_closed_with_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rating", None), ("rating__range", (1, 5)), _connector="OR"),
                        name="request_rating_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="requests.request"
                    ),
                ),
                ("authority", models.CharField(max_length=80)),
                ("route", models.CharField(max_length=80)),
                ("channel", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("failed", "Failed"),
                            ("sent", "Sent"),
                            ("accepted", "Accepted"),
                            ("dead", "Dead"),
                            ("kept", "Kept"),
                        ],
                        max_length=10,
                    ),
                ),
                ("idempotency_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("turn", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("queued_at", models.DateTimeField()),
                ("next_at", models.DateTimeField(null=True)),
                ("doubt_since", models.DateTimeField(null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                ("give_up_at", models.DateTimeField()),
                ("last_error", models.CharField(blank=True, max_length=400)),
                ("handed_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("reference", models.CharField(blank=True, help_text="Theirs.", max_length=220)),
                ("receipt", models.JSONField(default=dict)),
                (
                    "told",
                    models.JSONField(default=dict, help_text="The last status they gave, and a digest of its words."),
                ),
                ("pull_at", models.DateTimeField(null=True)),
                ("pulled_at", models.DateTimeField(null=True)),
                (
                    "relayed",
                    models.PositiveIntegerField(default=1, help_text="The last step of the timeline that it was told."),
                ),
                ("files_handed_at", models.DateTimeField(null=True)),
                ("over_at", models.DateTimeField(help_text="Nothing more is expected of it.", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "next_at"], name="delivery_due"),
                    models.Index(
                        condition=models.Q(("pull_at__isnull", False)), fields=["pull_at"], name="delivery_to_pull"
                    ),
                    models.Index(fields=["authority", "state", "queued_at"], name="delivery_of_authority"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "failed", "sent", "accepted", "dead", "kept"])),
                        name="delivery_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Callback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="callbacks", to="requests.delivery"
                    ),
                ),
                ("message", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("delivery", "message"), name="callback_is_one")],
            },
        ),
    ]
