"""Reviewers judged applications as underwriters do. The role is the second look now, so whoever holds it at the upgrade
holds the underwriter's as well and goes on as before; the trail says so of each."""

import hashlib
import json

from django.db import migrations
from django.utils import timezone

#: In the order in which they are written down.
ROLES = (
    "underwriter", "reviewer", "cashier", "accountant", "issuer", "claims_handler", "manager", "auditor",
    "administrator",
)
REASON = "升级：复核岗改为第二人复核，原复核岗人员同时授予审批岗，继续按原有权限办理。"


def reviewers_go_on(apps, schema_editor):
    using = schema_editor.connection.alias
    underwriters = apps.get_model("auth", "Group").objects.using(using).filter(name="underwriter").first()
    if underwriters is None:
        return  # nobody works here yet
    people = apps.get_model("staff", "User").objects.using(using)
    for person in people.filter(groups__name="reviewer").exclude(groups__name="underwriter").order_by("pk"):
        before = set(person.groups.values_list("name", flat=True))
        person.groups.add(underwriters)
        record(apps.get_model("staff", "AuditEntry"), using, person, before)


def record(AuditEntry, using, person, before):
    """As `staff.audit.record` wrote it in the version of this migration."""
    chain = f"account:{person.pk}"
    last = AuditEntry.objects.using(using).filter(chain=chain).order_by("-number").first()
    entry = AuditEntry(
        chain=chain,
        number=last.number + 1 if last else 1,
        at=timezone.now(),
        actor=None,
        actor_name="system",
        event="account.changed",
        subject_type="staff.user",
        subject_id=person.pk,
        from_state="",
        to_state="",
        reason=REASON,
        details={
            "changed": ["roles"],
            "roles_before": [role for role in ROLES if role in before],
            "roles": [role for role in ROLES if role in before | {"underwriter"}],
            "active": person.is_active,
        },
        previous_digest=last.digest if last else "",
    )
    said = [
        entry.chain,
        entry.number,
        entry.at.isoformat(),
        entry.actor_id,
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
    entry.save(using=using)


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0011_role_combinations'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [migrations.RunPython(reviewers_go_on, migrations.RunPython.noop)]
