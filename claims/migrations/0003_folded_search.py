"""Columns for the search in folded texts; what a platform adds beyond the tables gets a column that is encrypted."""

from django.db import migrations

from protocol.fields import FoldedField, FoldingField
from staff.encryption import EncryptedJSONField


class Migration(migrations.Migration):

    dependencies = [("claims", "0002_resembles")]

    operations = [
        migrations.RenameField(model_name="demand", old_name="extras", new_name="plain_extras"),
        migrations.AddField(
            model_name="demand",
            name="extras",
            field=EncryptedJSONField(blank=True, default=dict, verbose_name="fields beyond the specification"),
        ),
        migrations.AddField(
            model_name="demand",
            name="folded",
            field=FoldedField(
                names=("applicant_name", "beneficiary_name", "project_name"),
                numbers=("named_number", "applicant_code", "beneficiary_code", "project_code"),
            ),
        ),
        migrations.AddField(model_name="demand", name="folding", field=FoldingField()),
    ]
