"""The fields that the specification does not know, by a plain name."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("claims", "0006_clock")]

    operations = [migrations.RenameField(model_name="demand", old_name="extras", new_name="unknown_fields")]
