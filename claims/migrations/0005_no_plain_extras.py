"""What platforms added to demands stands in the encrypted column alone."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("claims", "0004_seal_and_fold")]

    operations = [migrations.RemoveField(model_name="demand", name="plain_extras")]
