from django.db import migrations, models


def begin(apps, schema_editor):
    """What waits for a handler, since it came in; the moments come with the first recount, by the calendar."""
    demands = apps.get_model("claims", "Demand").objects.using(schema_editor.connection.alias)
    for state, work in (("waiting", "take_up"), ("in_hand", "demand")):
        demands.filter(state=state).update(work=work, work_since=models.F("received_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0008_targets'),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
