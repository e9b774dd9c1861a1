import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.SlugField(max_length=80)),
                ("number", models.PositiveIntegerField()),
                ("date", models.DateField()),
                ("value", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("lower", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("upper", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                (
                    "quality",
                    models.CharField(
                        choices=[("mesure", "mesure"), ("estime", "estime"), ("provisoire", "provisoire")],
                        default="mesure",
                        max_length=10,
                    ),
                ),
                ("cells", models.JSONField(default=dict)),
                ("suppressed", models.PositiveIntegerField(default=0)),
                ("dataset", models.CharField(blank=True, max_length=80)),
                ("version", models.PositiveIntegerField(null=True)),
                ("content", models.CharField(blank=True, max_length=64)),
                ("query", models.TextField(blank=True)),
                ("query_hash", models.CharField(blank=True, max_length=64)),
                ("min_cell", models.PositiveIntegerField(default=0)),
                ("figure", models.CharField(blank=True, max_length=120)),
                ("comment", models.CharField(blank=True, max_length=500)),
                ("computed_at", models.DateTimeField()),
                ("entry", models.UUIDField()),
            ],
            options={
                "indexes": [models.Index(fields=["indicator", "date"], name="readings_by_day")],
                "constraints": [models.UniqueConstraint(fields=("indicator", "number"), name="one_reading_a_number")],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("indicator", models.SlugField(max_length=80, primary_key=True, serialize=False)),
                ("stale", models.CharField(blank=True, max_length=20)),
                ("why", models.CharField(blank=True, max_length=500)),
                ("since", models.DateTimeField(null=True)),
                ("source", models.CharField(blank=True, max_length=64)),
                ("columns", models.JSONField(default=dict)),
                ("checked_at", models.DateTimeField()),
                (
                    "before",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agenda.reading"
                    ),
                ),
                (
                    "reading",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agenda.reading"
                    ),
                ),
            ],
        ),
    ]
