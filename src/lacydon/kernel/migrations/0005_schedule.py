from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_letter")]
    operations = [
        migrations.CreateModel(
            name="DailyJob",
            fields=[
                ("name", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("day", models.DateField(null=True)),
            ],
            options={"db_table": "kernel_daily_job"},
        ),
    ]
