"""Encrypts what platforms added to demands, and folds the texts of up to 50,000 of them.

`manage.py fold_texts` folds what is beyond; until then the search asks both forms.
"""

from django.db import migrations

from protocol import searching

MOST = 50_000


def seal(apps, schema_editor):
    Demand = apps.get_model("claims", "Demand")
    plain = Demand.objects.using(schema_editor.connection.alias).exclude(plain_extras={})
    for demand in plain.only("pk", "plain_extras").order_by("pk").iterator(chunk_size=500):
        demand.extras = demand.plain_extras
        demand.save(update_fields=["extras"])


def fold(apps, schema_editor):
    for _rows in searching.fold(apps.get_model("claims", "Demand"), most=MOST, using=schema_editor.connection.alias):
        pass


class Migration(migrations.Migration):

    dependencies = [("claims", "0003_folded_search")]

    operations = [
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
