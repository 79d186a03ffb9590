"""Columns for the search in folded texts; what a platform adds beyond the tables gets columns that are encrypted."""

from django.db import migrations, models

from protocol.fields import FoldedField, FoldingField
from staff.encryption import EncryptedJSONField


class Migration(migrations.Migration):

    dependencies = [("guarantees", "0008_paid_within_amount_to_the_fen")]

    operations = [
        migrations.RenameField(model_name="application", old_name="extensions", new_name="plain_extensions"),
        migrations.RenameField(model_name="application", old_name="extras", new_name="plain_extras"),
        migrations.AddField(
            model_name="application",
            name="extensions",
            field=EncryptedJSONField(blank=True, default=dict, verbose_name="extension fields"),
        ),
        migrations.AddField(
            model_name="application",
            name="extras",
            field=EncryptedJSONField(blank=True, default=dict, verbose_name="fields beyond the specification"),
        ),
        migrations.AddField(
            model_name="application",
            name="folded",
            field=FoldedField(
                names=("applicant_name", "beneficiary_name", "project_name"),
                numbers=("order.number", "applicant_code", "beneficiary_code", "project_code"),
            ),
        ),
        migrations.AddField(model_name="application", name="folding", field=FoldingField()),
        migrations.AddField(model_name="guarantee", name="folded", field=FoldedField(numbers=("number",))),
        migrations.AddField(model_name="guarantee", name="folding", field=FoldingField()),
        migrations.AddField(model_name="order", name="folded", field=FoldedField(numbers=("number",))),
        migrations.AddField(model_name="order", name="folding", field=FoldingField()),
        migrations.AddIndex(
            model_name="guarantee", index=models.Index(fields=["folded"], name="guarantee_by_folded_number")
        ),
        migrations.AddIndex(
            model_name="order", index=models.Index(fields=["connection", "folded"], name="order_by_folded_number")
        ),
    ]
