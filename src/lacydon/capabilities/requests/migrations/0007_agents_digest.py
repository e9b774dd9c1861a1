from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0006_motive_services")]

    operations = [
        migrations.AddField(
            model_name="preferences",
            name="digest",
            field=models.BooleanField(
                help_text="An agent's lateness every morning; empty: who manages only.", null=True
            ),
        ),
    ]
