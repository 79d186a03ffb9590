"""What is paid may be just what deductions left: SQLite subtracts fractions of two, and refused some of such sums."""

from django.db import migrations, models
from django.db.models.functions import Round


class Migration(migrations.Migration):

    dependencies = [("guarantees", "0007_corrections")]

    operations = [
        migrations.RemoveConstraint(model_name="guarantee", name="guarantee_paid_within_amount"),
        migrations.AddConstraint(
            model_name="guarantee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    deducted__gte=0, paid__gte=0, paid__lte=Round(models.F("amount") - models.F("deducted"), 2)
                ),
                name="guarantee_paid_within_amount",
            ),
        ),
    ]
