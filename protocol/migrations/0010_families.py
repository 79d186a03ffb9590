"""Every connection of before speaks as the specification has it; another family's codes may be longer."""

from django.db import migrations, models

import protocol.models.connection


class Migration(migrations.Migration):

    dependencies = [("protocol", "0009_platform_health")]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="family",
            field=models.CharField(
                choices=protocol.models.connection.families,
                default="prep",
                max_length=32,
                verbose_name="family of platforms",
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="status",
            field=models.CharField(blank=True, max_length=32, verbose_name="status"),
        ),
    ]
