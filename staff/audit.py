"""Writes and verifies the audit trail. A decision is recorded by its wrapper (`staff.decisions`); each room's own
`audit.py` has one typed function per kind of event that a platform or a clock brings about."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import models, transaction
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Substr

from staff import clock
from staff.events import EventKind
from staff.models import AuditEntry, User

SYSTEM = "system"


def record(
    *,
    chain: str,
    event: EventKind,
    subject: models.Model,
    actor: User | None,
    actor_name: str = "",
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Appends one entry to `chain`, inside the transaction of what it records.

    The caller holds the lock of what the chain belongs to. `details` are JSON values and never personal data.
    Without an `actor`, `actor_name` names the platform or the system.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit entry is written in the transaction of what it records.")
    last = AuditEntry.objects.filter(chain=chain).order_by("-number").first()
    entry = AuditEntry(
        chain=chain,
        number=last.number + 1 if last else 1,
        at=clock.now(),
        actor=actor,
        actor_name=actor_name or (str(actor) if actor else SYSTEM),
        event=event.code,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        details=dict(details or {}),
        previous_digest=last.digest if last else "",
    )
    entry.digest = digest(entry)
    entry.save()
    return entry


def move(
    case: Any,
    transition: Callable[[], object],
    event: EventKind,
    *,
    actor: User | None,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Takes a transition of `case`, saves it, and records it with the states that it led from and to."""
    was = case.state
    transition()
    case.save()
    return record(
        chain=case.audit_chain,
        event=event,
        subject=case,
        actor=actor,
        from_state=was,
        to_state=case.state,
        reason=reason,
        details=details,
    )


def record_of(person: User, event: EventKind, details: Mapping[str, Any]) -> None:
    """Appends to a person's own chain what they did that belongs to no case; in a transaction, under their lock."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        record(chain=person.audit_chain, event=event, subject=person, actor=person, details=details)


def last_number(chain: str) -> int:
    """The number of the last entry of `chain`, 0 where there is none: it grows with whatever happens."""
    numbers = AuditEntry.objects.filter(chain=chain).order_by("-number").values_list("number", flat=True)
    return numbers.first() or 0


def digest(entry: AuditEntry) -> str:
    """SHA-256 in hex over everything the entry says and its predecessor's digest."""
    fields = [
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
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def chain_number(kind: str) -> Combinable:
    """Of an entry whose chain is "<kind>:<number>", that number; else null."""
    number = Cast(Substr("chain", len(kind) + 2), models.BigIntegerField())
    return models.Case(models.When(chain__startswith=f"{kind}:", then=number))


def broken_links(chain: str) -> Iterator[AuditEntry]:
    """The entries of `chain` that were changed, or whose predecessor is missing."""
    previous, number = "", 0
    for entry in AuditEntry.objects.filter(chain=chain).order_by("number"):
        number += 1
        if entry.number != number or entry.previous_digest != previous or entry.digest != digest(entry):
            yield entry
        previous, number = entry.digest, entry.number


def history(subject: models.Model) -> models.QuerySet[AuditEntry]:
    """What happened to `subject`, the oldest first."""
    return AuditEntry.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by("at", "id")
