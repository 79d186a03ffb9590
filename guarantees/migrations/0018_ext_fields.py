"""The specification's extension fields, and those that it does not know, by plain names."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("guarantees", "0017_words_of_ours")]

    operations = [
        migrations.RenameField(model_name="application", old_name="extensions", new_name="ext_fields"),
        migrations.RenameField(model_name="application", old_name="extras", new_name="unknown_fields"),
    ]
