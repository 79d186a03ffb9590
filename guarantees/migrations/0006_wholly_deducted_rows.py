"""Guarantees that were wholly deducted had ended as paid out: they get the state of their own (decisions B19).

Which ending ran them down, the trail says: the entry before "guarantee.paid_out" is the deduction. What it called the
end stays as it was written; an entry of its own says what the state is now.
"""

import hashlib
import json

from django.db import migrations
from django.utils import timezone


def run_down(apps, schema_editor):
    Guarantee, AuditEntry = apps.get_model("guarantees", "Guarantee"), apps.get_model("staff", "AuditEntry")
    alias = schema_editor.connection.alias
    candidates = Guarantee.objects.using(alias).filter(state="paid_out", deducted__gt=0).select_related("application")
    for guarantee in candidates.order_by("pk").iterator(chunk_size=500):
        entries = AuditEntry.objects.using(alias).filter(chain=f"order:{guarantee.application.order_id}")
        ended = entries.filter(
            event="guarantee.paid_out", subject_type="guarantees.guarantee", subject_id=guarantee.pk
        ).first()
        before = ended and entries.filter(number=ended.number - 1).first()
        if guarantee.paid and not (before and before.event == "guarantee.deduction_recorded"):
            continue
        Guarantee.objects.using(alias).filter(pk=guarantee.pk).update(state="run_down")
        _say(entries, guarantee)


def _say(entries, guarantee):
    """As staff.audit writes it: the digest covers the entry and its predecessor's digest."""
    last = entries.order_by("-number").first()
    entry = entries.model(
        chain=f"order:{guarantee.application.order_id}",
        number=last.number + 1 if last else 1,
        at=timezone.now(),
        actor_name="system",
        event="guarantee.run_down",
        subject_type="guarantees.guarantee",
        subject_id=guarantee.pk,
        from_state="paid_out",
        to_state="run_down",
        details={"guarantee": guarantee.number, "left": "0.00"},
        previous_digest=last.digest if last else "",
    )
    said = [
        entry.chain,
        entry.number,
        entry.at.isoformat(),
        None,
        entry.actor_name,
        entry.event,
        entry.subject_type,
        entry.subject_id,
        entry.from_state,
        entry.to_state,
        entry.reason,
        entry.details,
        entry.previous_digest,
    ]
    entry.digest = hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    entry.save(using=entries.db)


class Migration(migrations.Migration):

    dependencies = [
        ("guarantees", "0005_wholly_deducted"),
        ("staff", "0001_initial"),
    ]

    operations = [migrations.RunPython(run_down, migrations.RunPython.noop)]
