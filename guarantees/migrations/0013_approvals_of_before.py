"""Approvals of before get their rows from the trail, which names who gave them; where it is silent on the terms, the
application's own stand for its last approval. Each is marked as inferred."""

from datetime import date
from decimal import Decimal

from django.db import migrations

KINDS = {"application.approved": "application", "application.corrected": "correction"}


def infer(apps, schema_editor):
    Application, Approval = apps.get_model("guarantees", "Application"), apps.get_model("guarantees", "Approval")
    AuditEntry = apps.get_model("staff", "AuditEntry")
    alias = schema_editor.connection.alias
    approved = Application.objects.using(alias).filter(approved_at__isnull=False).order_by("pk")
    wanted = ("approved_amount", "approved_start", "approved_end", "premium", "approved_by_id", "approved_at")
    for pk, amount, start, end, premium, person, at in approved.values_list("pk", *wanted).iterator(chunk_size=500):
        present = {"amount": amount, "start": start, "end": end, "premium": premium}
        entries = list(
            AuditEntry.objects.using(alias).filter(
                subject_type="guarantees.application", subject_id=pk, event__in=KINDS, actor__isnull=False
            ).order_by("id")
        )
        rows = [
            Approval(
                application_id=pk,
                kind=KINDS[entry.event],
                approved_by_id=entry.actor_id,
                approved_at=entry.at,
                reason=entry.reason,
                inferred=True,
                **(present if entry is entries[-1] else _told(entry.details)),
            )
            for entry in entries
        ]
        if not rows and person:
            rows = [
                Approval(
                    application_id=pk,
                    kind="application",
                    approved_by_id=person,
                    approved_at=at,
                    inferred=True,
                    **present,
                )
            ]
        Approval.objects.using(alias).bulk_create(rows)


def _told(details):
    """What an entry says of the terms."""
    return {
        **{name: Decimal(details[name]) for name in ("amount", "premium") if details.get(name)},
        **{name: date.fromisoformat(details[name]) for name in ("start", "end") if details.get(name)},
    }


class Migration(migrations.Migration):

    dependencies = [("guarantees", "0012_approvals"), ("staff", "0002_account_requests")]

    operations = [migrations.RunPython(infer, migrations.RunPython.noop)]
