import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0004_units'),
    ]

    operations = [
        migrations.AddField(
            model_name='accountrequest',
            name='unit',
            field=models.ForeignKey(default=1, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.unit', verbose_name='unit'),
        ),
        migrations.AddField(
            model_name='user',
            name='unit',
            field=models.ForeignKey(default=1, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='staff.unit', verbose_name='unit'),
        ),
    ]
