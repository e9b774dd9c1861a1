import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0004_tables_4"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "draft",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="attachments",
                        to="requests.draft",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="requests.request",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="requests.step",
                    ),
                ),
                ("field", models.CharField(max_length=100)),
                ("wrapped", models.BinaryField()),
                ("name_sealed", models.BinaryField()),
                ("media_type", models.CharField(blank=True, max_length=60)),
                ("size", models.PositiveBigIntegerField()),
                ("received", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(db_index=True)),
                ("checked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="report",
                        serialize=False,
                        to="requests.request",
                    ),
                ),
                ("category", models.CharField(help_text="The form's id; Open311 service_code.", max_length=100)),
                ("text", models.TextField(blank=True)),
                ("place_label", models.CharField(blank=True, max_length=200)),
                ("facts", models.JSONField(default=list, help_text="Answers to choices: [field, value] of the form.")),
                (
                    "photo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="requests.attachment",
                    ),
                ),
                ("photo_shown_at", models.DateTimeField(null=True)),
                ("hidden_at", models.DateTimeField(help_text="Taken off the public map by an agent.", null=True)),
                ("followers_count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["category"], name="report_category")],
            },
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="followers", to="requests.report"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
                    ),
                ),
                ("email_hash", models.CharField(blank=True, max_length=64)),
                ("wrapped", models.BinaryField(null=True)),
                ("email_sealed", models.BinaryField(null=True)),
                (
                    "confirmed_at",
                    models.DateTimeField(help_text="Empty until the link sent to the address was opened.", null=True),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("person__isnull", False)),
                        fields=("report", "person"),
                        name="follower_once_by_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("email_hash", ""), _negated=True),
                        fields=("report", "email_hash"),
                        name="follower_once_by_address",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AskedDocument",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asked_documents",
                        to="requests.request",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("given", "Given"),
                            ("accepted", "Accepted"),
                            ("refused", "Refused"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("until", models.DateField(null=True)),
                (
                    "asked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="requests.step"
                    ),
                ),
                (
                    "given",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="requests.step"
                    ),
                ),
                (
                    "judged",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="requests.step"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "asked")), fields=["until"], name="asked_document_awaited"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "given", "accepted", "refused", "cancelled"])),
                        name="asked_document_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("given", "accepted")), _negated=True),
                            ("given__isnull", False),
                            _connector="OR",
                        ),
                        name="asked_document_given_somehow",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tellings", to="requests.step"
                    ),
                ),
                (
                    "means",
                    models.CharField(choices=[("email", "Email"), ("sms", "Sms"), ("push", "Push")], max_length=5),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="requests.pushsubscription",
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=20)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("sent_at", None)), fields=["made_at"], name="telling_unsent")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("subscription", None)), fields=("step", "means"), name="telling_is_one"
                    ),
                    models.UniqueConstraint(fields=("step", "subscription"), name="telling_is_one_by_browser"),
                    models.CheckConstraint(
                        condition=models.Q(("means__in", ["email", "sms", "push"])), name="telling_means_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CannedAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="trust.organisation"
                    ),
                ),
                ("title", models.CharField(max_length=80)),
                ("text", models.TextField(max_length=4000)),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "title"), name="canned_answer_title_is_one")
                ],
            },
        ),
    ]
