"""Whether the database still says of a letter or other paper what was signed: nothing that was changed is confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guarantees import audit
from guarantees.corrections import PRINTED
from guarantees.letter.wording.particulars import Issued, Particulars
from guarantees.models import Guarantee, GuaranteeState, IssuedPaper
from protocol import alerts
from staff.audit import digest
from staff.models import AuditEntry

Texts = list[str | Promise]


def check(issued: Guarantee | IssuedPaper) -> Texts:
    """What disagrees, in words; people are alerted of it, once until they have dealt with it."""
    found = list(dict.fromkeys(disagreements(issued)))
    if found:
        with translation.override(settings.LANGUAGE_CODE):
            alerts.record_differs(issued.number, [str(what) for what in found])
    return found


def disagreements(issued: Guarantee | IssuedPaper) -> Iterator[str | Promise]:
    """Compares what was frozen at the issue with the columns beside it, and both with the trail's entry of the issue.

    The trail has the digests of the signed file and of what it says, and is a chain of digests itself.
    """
    try:
        frozen = _frozen(issued)
    except (ValueError, TypeError, InvalidOperation):
        yield _("what the file says")
        return
    if isinstance(issued, Guarantee) and isinstance(frozen, Particulars):
        yield from _on_letter(issued, frozen)
        yield from _by_trail(issued, issued.issued_at, frozen, "guarantee.issued", "guarantee")
    elif isinstance(issued, IssuedPaper):
        yield from _compared(issued, frozen, {"number": "number", "verification_code": "verification_code"})
        yield from _by_trail(issued, issued.made_at, frozen, audit.paper_made(issued.declared).code, "paper")


def _frozen(issued: Guarantee | IssuedPaper) -> Issued:
    kind = Particulars if isinstance(issued, Guarantee) else issued.declared.particulars
    return kind.from_mapping(issued.particulars)


def _on_letter(guarantee: Guarantee, frozen: Particulars) -> Iterator[str | Promise]:
    same = ("number", "verification_code", "amount", "valid_from", "valid_until")
    yield from _compared(guarantee, frozen, {name: name for name in same})
    if (guarantee.supersedes.number if guarantee.supersedes else "") != frozen.supersedes:
        yield _label(Guarantee, "supersedes")
    # What a returned letter said wrongly is corrected in the application, for the next one.
    if guarantee.state != GuaranteeState.RETURNED:
        yield from _compared(guarantee.application, frozen, {name: name for name in PRINTED})


def _compared(record: Any, frozen: Issued, names: Mapping[str, str]) -> Iterator[str | Promise]:
    for column, name in names.items():
        if getattr(record, column) != getattr(frozen, name):
            yield _label(type(record), column)


def _by_trail(
    issued: Guarantee | IssuedPaper, at: datetime, frozen: Issued, event: str, key: str
) -> Iterator[str | Promise]:
    entry = _entry(issued, event, key)
    if entry is None:
        yield _("the audit trail")
        return
    if at != frozen.issued_at:
        yield _label(type(issued), "issued_at" if isinstance(issued, Guarantee) else "made_at")
    details, digest_now = entry.details, audit.particulars_digest(issued.particulars)
    if details.get("sha256") != issued.file_digest:
        yield _label(type(issued), "file_digest")
    # Entries from before this digest was written have the terms alone.
    if details.get("particulars", digest_now) != digest_now:
        yield _("what the file says")
    if isinstance(frozen, Particulars):
        if Decimal(details["amount"]) != frozen.amount:
            yield _label(Guarantee, "amount")
        for name in ("valid_from", "valid_until"):
            if datetime.fromisoformat(details[name]) != getattr(frozen, name):
                yield _label(Guarantee, name)


def _entry(issued: Guarantee | IssuedPaper, event: str, key: str) -> AuditEntry | None:
    """The trail's entry of the issue, if it stands as it was written: its own digest, and what its successor knows."""
    chain = issued.audit_chain if isinstance(issued, Guarantee) else issued.application.audit_chain
    entries = list(AuditEntry.objects.filter(chain=chain).order_by("number"))
    for place, entry in enumerate(entries):
        if entry.event == event and entry.details.get(key) == issued.number:
            after = entries[place + 1 : place + 2]
            sound = entry.digest == digest(entry) and all(one.previous_digest == entry.digest for one in after)
            return entry if sound else None
    return None


def _label(model: type, name: str) -> str | Promise:
    found: str | Promise = getattr(model._meta.get_field(name), "verbose_name", name)  # type: ignore[attr-defined]
    return found
