"""What platforms and clocks do in the life of an application or guarantee, for the trail; decisions name their own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guarantees.letter.wording.kinds import PaperKind
from guarantees.models import Application, Cancellation, Guarantee, GuaranteeState, UnitRule, Withdrawal
from staff.audit import record
from staff.desk.page import Tone
from staff.events import EventKind

APPLICATION_RECEIVED = EventKind("application.received", _("Application received"), "inbox", Tone.WAITS)
CANCELLATION_RECEIVED = EventKind("cancellation.received", _("Cancellation received"), "inbox", Tone.WAITS)
WITHDRAWAL_RECEIVED = EventKind("withdrawal.received", _("Withdrawal received"), "inbox", Tone.WAITS)
RETURN_RECEIVED = EventKind("cancellation.return_received", _("Return asked for"), "inbox", Tone.WAITS)
EFFECTIVE = EventKind("cancellation.effective", _("Cancellation in effect"), "event_busy", Tone.OVER)
RETURN_EFFECTIVE = EventKind("cancellation.return_effective", _("Return in effect"), "undo", Tone.WARNING)
LAPSED = EventKind("cancellation.lapsed", _("Cancellation lapsed: the guarantee had ended"), "event_busy", Tone.OVER)
RETURNED = EventKind("application.returned", _("Letter returned for correction"), "undo", Tone.WARNING)
#: How a guarantee ends: the event is called after the state.
ENDED = {
    state: EventKind(f"guarantee.{state}", title, icon, tone)
    for state, title, icon, tone in (
        (GuaranteeState.CANCELLED, _("Guarantee cancelled"), "event_busy", Tone.OVER),
        (GuaranteeState.RETURNED, _("Guarantee returned"), "undo", Tone.WARNING),
        (GuaranteeState.SURRENDERED, _("Guarantee surrendered"), "event_busy", Tone.OVER),
        (GuaranteeState.EXPIRED, _("Guarantee expired"), "event_busy", Tone.OVER),
        (GuaranteeState.UNRELEASED, _("Guarantee expired, not released"), "hourglass", Tone.WARNING),
        (GuaranteeState.PAID_OUT, _("Guarantee paid out"), "paid", Tone.OVER),
        (GuaranteeState.RUN_DOWN, _("Guarantee wholly deducted"), "event_busy", Tone.OVER),
    )
}
EVENTS = [
    APPLICATION_RECEIVED,
    CANCELLATION_RECEIVED,
    WITHDRAWAL_RECEIVED,
    RETURN_RECEIVED,
    EFFECTIVE,
    RETURN_EFFECTIVE,
    LAPSED,
    RETURNED,
    *ENDED.values(),
]


def paper_made(kind: PaperKind) -> EventKind:
    """That a paper of this kind was made."""
    return EventKind(f"paper.{kind.name}", kind.made, "description")


def application_received(application: Application, rule: UnitRule | None = None) -> None:
    """`rule` is what brought it to another unit than the head office."""
    details = {"round": application.round, "advance": str(application.advance_amount)}
    if rule:
        details |= {"unit": rule.unit.code, "unit_rule": rule.place}
    _received(APPLICATION_RECEIVED, application, details)


def cancellation_received(cancellation: Cancellation) -> None:
    details = {
        "guarantee": cancellation.guarantee.number,
        "kind": cancellation.kind,
        "invalid_time": cancellation.invalid_time.isoformat(),
    }
    _received(RETURN_RECEIVED if cancellation.is_return else CANCELLATION_RECEIVED, cancellation, details)


def withdrawal_received(withdrawal: Withdrawal) -> None:
    _received(WITHDRAWAL_RECEIVED, withdrawal, {"kind": withdrawal.kind})


def _received(event: EventKind, case: Application | Cancellation | Withdrawal, details: Mapping[str, Any]) -> None:
    record(
        chain=case.audit_chain,
        event=event,
        subject=case,
        actor=None,
        actor_name=str(case.order.connection),
        to_state=case.state,
        details=details,
    )


def end_details(guarantee: Guarantee) -> dict[str, str]:
    """What the trail tells of a guarantee that ends."""
    return {"guarantee": guarantee.number, "left": str(guarantee.remaining)}


def particulars_digest(particulars: Mapping[str, Any]) -> str:
    """SHA-256 in hex of what a letter or another paper says, so that the trail vouches for every word of it."""
    text = json.dumps(particulars, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
