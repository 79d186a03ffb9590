"""Encrypts what platforms added beyond the tables, and folds the texts of up to 50,000 rows of a table.

`manage.py fold_texts` folds what is beyond; until then the search asks both forms.
"""

from django.db import migrations

from protocol import searching

MOST = 50_000


def seal(apps, schema_editor):
    Application = apps.get_model("guarantees", "Application")
    plain = Application.objects.using(schema_editor.connection.alias).exclude(plain_extensions={}, plain_extras={})
    for application in plain.only("pk", "plain_extensions", "plain_extras").order_by("pk").iterator(chunk_size=500):
        application.extensions, application.extras = application.plain_extensions, application.plain_extras
        application.save(update_fields=["extensions", "extras"])


def fold(apps, schema_editor):
    for name in ("Order", "Application", "Guarantee"):
        for _rows in searching.fold(apps.get_model("guarantees", name), most=MOST, using=schema_editor.connection.alias):
            pass


class Migration(migrations.Migration):

    dependencies = [("guarantees", "0009_folded_search")]

    operations = [
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
