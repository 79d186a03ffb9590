import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('guarantees', '0021_terms_of_approvals'),
        ('staff', '0005_unit_of_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='unit',
            field=models.ForeignKey(default=1, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='staff.unit', verbose_name='unit'),
        ),
    ]
