"""Each application points to its latest approval, whose terms the application's columns had.

Where no row says what the columns say, one is made of them, marked as inferred. What the trail left out of an inferred
approval before another one is filled in: a correction agrees to what stood but for what it changed, and to no other
premium. Terms were never received from a platform, so they leave `as_received`; the first approval has them.
"""

from collections import defaultdict
from datetime import date
from itertools import islice, pairwise

from django.db import migrations

UNAPPROVED = ("received", "rejected", "cancelled")
TERMS = {"approved_amount": "amount", "approved_start": "start", "approved_end": "end"}
AT_ONCE = 500


def put_in_force(apps, schema_editor):
    alias = schema_editor.connection.alias
    columns = ("state", "received_at", "as_received", *TERMS, "premium", "approved_by", "approved_at")
    found = apps.get_model("guarantees", "Application").objects.using(alias).order_by("pk")
    every = found.only(*columns).iterator(AT_ONCE)
    while batch := list(islice(every, AT_ONCE)):
        approved = [one for one in batch if one.state not in UNAPPROVED or one.approved_amount is not None]
        _point(apps, alias, approved)


def fill_the_columns(apps, schema_editor):
    """The way back: the application's columns say again what its approval in force says."""
    alias = schema_editor.connection.alias
    Application = apps.get_model("guarantees", "Application")
    every = Application.objects.using(alias).exclude(approval=None).select_related("approval").order_by("pk")
    found = every.iterator(AT_ONCE)
    while batch := list(islice(found, AT_ONCE)):
        for application in batch:
            approval = application.approval
            for name, term in (*TERMS.items(), ("premium", "premium")):
                setattr(application, name, getattr(approval, term))
            application.approved_by_id, application.approved_at = approval.approved_by_id, approval.approved_at
        Application.objects.using(alias).bulk_update(batch, [*TERMS, "premium", "approved_by", "approved_at"])


def _point(apps, alias, applications):
    Application, Approval = apps.get_model("guarantees", "Application"), apps.get_model("guarantees", "Approval")
    given, corrected = defaultdict(list), {}
    for approval in Approval.objects.using(alias).filter(application__in=applications).order_by("id"):
        given[approval.application_id].append(approval)
    trail = apps.get_model("staff", "AuditEntry").objects.using(alias).filter(
        subject_type="guarantees.application",
        subject_id__in=[one.pk for one in applications],
        event="application.corrected",
    )
    for entry in trail:
        corrected[entry.subject_id, entry.at] = entry.details.get("corrected", {})
    completed = []
    for application in applications:
        approvals = given[application.pk]
        if not approvals or not _says(approvals[-1], application):
            approvals.append(Approval.objects.using(alias).create(**_of_the_columns(application, approvals)))
        completed += _completed(approvals, corrected)
        latest = application.approval = approvals[-1]
        if latest.inferred and application.approved_at:
            latest.approved_at = application.approved_at  # the trail was written a little later
            completed.append(latest)
        for name in TERMS:
            application.as_received.pop(name, None)
    Approval.objects.using(alias).bulk_update(completed, ["amount", "start", "end", "premium", "approved_at"], batch_size=100)
    Application.objects.using(alias).bulk_update(applications, ["approval", "as_received"], batch_size=100)


def _says(approval, application):
    return (approval.amount, approval.start, approval.end, approval.premium) == (
        application.approved_amount,
        application.approved_start,
        application.approved_end,
        application.premium,
    ) and application.approved_by_id in (approval.approved_by_id, None)


def _of_the_columns(application, before):
    person = application.approved_by_id or (before[-1].approved_by_id if before else None)
    at = application.approved_at or (before[-1].approved_at if before else application.received_at)
    if person is None:
        raise ValueError(
            f"Nothing says who approved application {application.pk}: set its approved_by_id, then migrate again."
        )
    return {
        "application_id": application.pk,
        "kind": before[-1].kind if before else "application",
        "amount": application.approved_amount,
        "start": application.approved_start,
        "end": application.approved_end,
        "premium": application.premium,
        "approved_by_id": person,
        "approved_at": at,
        "inferred": True,
    }


def _completed(approvals, corrected):
    """Those of them that now say what the trail did not; the last is whole."""
    last, changed = approvals[-1], []
    for before, approval in pairwise([None, *approvals[:-1]]):
        if not approval.inferred or (approval.amount is not None and approval.premium is not None):
            continue
        known = before or last
        changes = corrected.get((approval.application_id, approval.approved_at), {})
        if approval.amount is None:
            approval.amount = known.amount
        if approval.premium is None:
            approval.premium = known.premium
        for name, term in (("approved_start", "start"), ("approved_end", "end")):
            if getattr(approval, term) is None:
                setattr(approval, term, _after(changes[name]) if name in changes else getattr(known, term))
        changed.append(approval)
    return changed


def _after(change):
    """What is to stand, of "2027-01-01 → 2027-02-01"; a dash is nothing."""
    day = change.rpartition(" → ")[2]
    return None if day == "—" else date.fromisoformat(day)


class Migration(migrations.Migration):

    dependencies = [("guarantees", "0019_approval_in_force"), ("staff", "0002_account_requests")]

    operations = [migrations.RunPython(put_in_force, fill_the_columns)]
