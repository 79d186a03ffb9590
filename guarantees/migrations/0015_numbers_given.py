"""The numbers that were given before there was a register: used by their letters, or void where no letter has them."""

import re
from datetime import datetime, time

from django.conf import settings
from django.db import migrations

from staff.clock import CHINA

REASON = "登记簿启用前取用，未出具保函"


def register(apps, schema_editor):
    Guarantee = apps.get_model("guarantees", "Guarantee")
    GuaranteeNumber = apps.get_model("guarantees", "GuaranteeNumber")
    alias = schema_editor.connection.alias
    used = set()
    batch = []
    for letter in Guarantee.objects.using(alias).only("pk", "number", "application_id", "issued_at").order_by("pk").iterator():
        used.add(letter.number)
        batch.append(
            GuaranteeNumber(
                number=letter.number,
                application_id=letter.application_id,
                state="used",
                taken_at=letter.issued_at,
                guarantee_id=letter.pk,
            )
        )
    now = datetime.now(CHINA)
    for prefix, last in apps.get_model("guarantees", "NumberSequence").objects.using(alias).values_list("prefix", "last"):
        if (day := day_of(prefix)) is None:
            continue
        for number in (f"{prefix}{each:06d}" for each in range(1, last + 1)):
            if number not in used:
                batch.append(
                    GuaranteeNumber(number=number, state="void", taken_at=day, voided_at=now, reason=REASON)
                )
    GuaranteeNumber.objects.using(alias).bulk_create(batch, batch_size=500)


def day_of(prefix):
    """The day of a sequence of guarantee numbers; None for those of other papers, whose prefix has one letter more."""
    found = re.fullmatch(re.escape(settings.GUARANTEE_NUMBER_PREFIX) + r"(\d{8})", prefix)
    try:
        return datetime.combine(datetime.strptime(found[1], "%Y%m%d"), time(), CHINA) if found else None
    except ValueError:
        return None


class Migration(migrations.Migration):

    dependencies = [("guarantees", "0014_number_register")]

    operations = [migrations.RunPython(register, migrations.RunPython.noop)]
