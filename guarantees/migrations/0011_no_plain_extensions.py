"""What platforms added beyond the tables stands in the encrypted columns alone."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("guarantees", "0010_seal_and_fold")]

    operations = [
        migrations.RemoveField(model_name="application", name="plain_extensions"),
        migrations.RemoveField(model_name="application", name="plain_extras"),
    ]
