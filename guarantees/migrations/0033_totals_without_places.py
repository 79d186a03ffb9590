from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("guarantees", "0032_book"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="dailytotal",
            name="matures_on",
        ),
        migrations.RemoveField(
            model_name="dailytotal",
            name="region",
        ),
        migrations.RemoveIndex(
            model_name="movement",
            name="movement_by_day",
        ),
        migrations.AddIndex(
            model_name="movement",
            index=models.Index(
                fields=["measure", "counts_on", "matures_on", "region", "fen", "count"], name="movement_sums_by_day"
            ),
        ),
    ]
