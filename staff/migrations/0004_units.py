"""Units: one is there from the first day, and everybody and everything is its own."""

import django.core.validators
import django.db.models.deletion
from django.core.management.color import no_style
from django.db import migrations, models


def make_head_office(apps, schema_editor):
    Unit = apps.get_model("staff", "Unit")
    Unit.objects.using(schema_editor.connection.alias).create(pk=1, code="HQ", name="总部", lineage="000001")
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Unit]):
            cursor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0003_nobodys_permissions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True, validators=[django.core.validators.RegexValidator('^[0-9A-Za-z-]+\\Z', "A unit's code has ASCII letters, digits and dashes.")], verbose_name='unit code')),
                ('name', models.CharField(max_length=64, unique=True, verbose_name='unit name')),
                ('lineage', models.CharField(db_index=True, editable=False, max_length=48)),
                ('active', models.BooleanField(default=True, verbose_name='active')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='staff.unit', verbose_name='belongs to')),
            ],
            options={
                'verbose_name': 'unit',
                'verbose_name_plural': 'units',
                'ordering': ['lineage'],
                'permissions': [('manage_units', 'Can set up units, and the rules by which applications come to them'), ('see_every_unit', "Can see every unit's cases")],
                'default_permissions': ('view',),
            },
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('parent__isnull', False), ('id', 1), _connector='OR'), name='unit_one_head_office'),
        ),
        migrations.RunPython(make_head_office, migrations.RunPython.noop),
    ]
