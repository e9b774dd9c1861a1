from django.db import migrations, models

KINDS = (
    "agenda", "axis", "lever", "policy", "plan", "act", "action", "budget", "indicator", "evaluation", "experience",
    "kit", "adoption", "profile",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("agenda", "0003_kits")]

    operations = [
        migrations.AlterField(
            model_name="state",
            name="kind",
            field=models.CharField(choices=[(each, each) for each in KINDS], max_length=12),
        ),
    ]
