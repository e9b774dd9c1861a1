from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0005_tables_5")]

    operations = [
        migrations.AddField(
            model_name="motive",
            name="services",
            field=models.JSONField(default=list, help_text="Ids of the services it goes with, with a form or without."),
        ),
    ]
