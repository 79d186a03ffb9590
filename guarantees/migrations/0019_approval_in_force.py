import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('guarantees', '0018_ext_fields')]

    operations = [
        migrations.AddField(
            model_name='application',
            name='approval',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guarantees.approval', verbose_name='approval in force'),
        ),
    ]
