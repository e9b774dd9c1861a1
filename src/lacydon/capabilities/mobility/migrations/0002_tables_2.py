import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mobility", "0001_tables_1"),
    ]

    operations = [
        migrations.CreateModel(
            name="LiveTurn",
            fields=[
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="turn",
                        serialize=False,
                        to="mobility.livesource",
                    ),
                ),
                ("holder", models.CharField(blank=True, max_length=80)),
                ("held_until", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("said_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=500)),
                ("error_at", models.DateTimeField(null=True)),
                ("remarks", models.JSONField(default=list)),
                ("spent", models.JSONField(default=list)),
                ("state", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="LiveHour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hours", to="mobility.livesource"
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("asked", models.PositiveIntegerField(default=0)),
                ("answered", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("stale", models.PositiveIntegerField(default=0)),
                ("milliseconds", models.PositiveBigIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("source", "hour"), name="one_row_a_source_and_hour")],
            },
        ),
        migrations.CreateModel(
            name="LiveWords",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="words", to="mobility.livesource"
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("version", models.CharField(max_length=32)),
                ("said_at", models.DateTimeField()),
                ("content", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("source", "subject"), name="one_last_word_a_subject")],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "disruption",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="mobility.disruption"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("what", models.CharField(max_length=20)),
                ("content", models.JSONField()),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [models.UniqueConstraint(fields=("disruption", "number"), name="one_revision_a_number")],
            },
        ),
        migrations.CreateModel(
            name="Said",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "disruption",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="said", to="mobility.disruption"
                    ),
                ),
                ("source", models.CharField(max_length=120)),
                ("ref", models.CharField(max_length=300)),
                ("digest", models.CharField(max_length=64)),
                ("said_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("source", "ref"), name="said_once")],
            },
        ),
        migrations.CreateModel(
            name="TimetableVersion",
            fields=[
                ("content", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("made_of", models.JSONField(default=list)),
                ("in_force", models.BooleanField(default=False)),
                ("counts", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("in_force", True)), fields=("in_force",), name="one_timetable_in_force"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.SlugField(max_length=60, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("prefix", models.SlugField(max_length=12, unique=True)),
                ("url", models.URLField(blank=True, max_length=1000)),
                ("producer", models.CharField(blank=True, max_length=200)),
                ("licence", models.CharField(blank=True, max_length=200)),
                ("example", models.BooleanField(default=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("etag", models.CharField(blank=True, max_length=200)),
                ("checked_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, max_length=1000)),
            ],
        ),
        migrations.CreateModel(
            name="FeedVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="mobility.feed"
                    ),
                ),
                ("content", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("origin", models.CharField(blank=True, max_length=1000)),
                ("size", models.BigIntegerField()),
                ("first_day", models.DateField(null=True)),
                ("last_day", models.DateField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("remarks", models.JSONField(default=list)),
                ("refused", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("feed", "content"), name="one_version_a_content")],
            },
        ),
        migrations.AddField(
            model_name="feed",
            name="current",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="mobility.feedversion",
            ),
        ),
    ]
