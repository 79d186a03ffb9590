"""Names what the delivery knows of a platform, and its slots, what they are; tables, rows and content types stay."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('protocol', '0008_nobodys_permissions'),
    ]

    operations = [
        migrations.AlterModelTable(name='line', table='protocol_line'),
        migrations.RenameModel(old_name='Line', new_name='PlatformHealth'),
        migrations.AlterModelTable(name='place', table='protocol_place'),
        migrations.RenameModel(old_name='Place', new_name='SendingSlot'),
        migrations.AlterField(
            model_name='platformhealth',
            name='connection',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='health', to='protocol.connection'),
        ),
    ]
