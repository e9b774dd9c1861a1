import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0002_tables_2"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="requests.formversion"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="trust.person"
                    ),
                ),
                (
                    "filled_by",
                    models.ForeignKey(
                        help_text="Who types, under a mandate.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trust.person",
                    ),
                ),
                ("resume_hash", models.CharField(blank=True, db_index=True, max_length=64)),
                ("wrapped", models.BinaryField(help_text="The draft's own key, wrapped (kernel.sealing).")),
                ("sealed", models.BinaryField(help_text="Answers and place, as JSON.")),
                ("page", models.CharField(blank=True, help_text="The last page reached.", max_length=60)),
                ("submission_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", False), models.Q(("resume_hash", ""), _negated=True), _connector="OR"
                        ),
                        name="draft_has_a_holder",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Motive",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("name", models.JSONField(help_text="Language → text.")),
                ("about", models.JSONField(default=dict, help_text="What to know, language → text.")),
                ("documents", models.JSONField(default=list, help_text="What to bring, each language → text.")),
                ("forms", models.JSONField(default=list, help_text="Ids of the forms it goes with.")),
                ("minutes", models.PositiveSmallIntegerField(help_text="How long it takes: a multiple of five.")),
                (
                    "notice_hours",
                    models.PositiveSmallIntegerField(
                        default=24, help_text="Booked and moved no later than that before."
                    ),
                ),
                (
                    "ahead_days",
                    models.PositiveSmallIntegerField(default=60, help_text="Booked no sooner than that before."),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__range", (5, 480))), name="motive_lasts_a_while"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True)),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="requests.counterdesk",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="requests.counterplace",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.organisation"
                    ),
                ),
                (
                    "motive",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="requests.motive"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="requests.request",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
                    ),
                ),
                ("wrapped", models.BinaryField(help_text="Its own key, wrapped; empty once erased.", null=True)),
                ("sealed", models.BinaryField(help_text="name, email, phone, lang as JSON.", null=True)),
                ("secret_hash", models.CharField(max_length=64)),
                ("booking_key", models.UUIDField(unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("cancelled", "Cancelled"),
                            ("honoured", "Honoured"),
                            ("missed", "Missed"),
                        ],
                        default="booked",
                        max_length=10,
                    ),
                ),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("booked_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("reminder_sent_at", models.DateTimeField(null=True)),
                (
                    "to_tell",
                    models.CharField(
                        blank=True, help_text="booked, moved, cancelled, reminder: still to be written.", max_length=10
                    ),
                ),
                ("tell_at", models.DateTimeField(help_text="When a worker looks whether it was.", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "starts_at"], name="appointment_day"),
                    models.Index(fields=["person", "starts_at"], name="appointment_of_person"),
                    models.Index(
                        condition=models.Q(("reminder_sent_at", None), ("state", "booked")),
                        fields=["starts_at"],
                        name="appointment_remind",
                    ),
                    models.Index(
                        condition=models.Q(("tell_at__isnull", False)), fields=["tell_at"], name="appointment_to_tell"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["booked", "cancelled", "honoured", "missed"])),
                        name="appointment_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_at__lt", models.F("ends_at"))),
                        name="appointment_begins_before_it_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HeldTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="held", to="requests.appointment"
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="requests.counterdesk"
                    ),
                ),
                ("counter", models.PositiveSmallIntegerField(help_text="1, 2 … within the desk.")),
                ("at", models.DateTimeField(help_text="Its first moment, on a multiple of five minutes.")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("desk", "counter", "at"), name="counter_is_held_once")],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="openings", to="requests.counterdesk"
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(help_text="0 = Monday.")),
                ("begins", models.TimeField()),
                ("ends", models.TimeField()),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__range", (0, 6))), name="opening_weekday_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("begins__lt", models.F("ends"))), name="opening_begins_before_it_ends"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payment", to="requests.request"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.organisation"
                    ),
                ),
                ("reference", models.CharField(max_length=30, unique=True)),
                ("amount", models.DecimalField(decimal_places=2, help_text="Euros.", max_digits=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("started", "Started"),
                            ("paid", "Paid"),
                            ("refused", "Refused"),
                            ("abandoned", "Abandoned"),
                            ("waived", "Waived"),
                            ("refunded", "Refunded"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("paid_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(help_text="When it was waived or refunded.", null=True)),
                ("receipt", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "state", "asked_at"], name="payment_desk")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["asked", "started", "paid", "refused", "abandoned", "waived", "refunded"])
                        ),
                        name="payment_state_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="payment_amount_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paid_at__isnull", False), ("state__in", ("paid", "refunded"))),
                            models.Q(models.Q(("state__in", ("paid", "refunded")), _negated=True), ("paid_at", None)),
                            _connector="OR",
                        ),
                        name="payment_paid_at_a_moment",
                    ),
                ],
            },
        ),
    ]
