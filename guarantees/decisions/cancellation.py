"""What staff decide on a cancellation (PREP107): it takes effect (PREP108), or it is refused (decisions B8 to B10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import notifications
from guarantees.blockers import what_blocks_the_end
from guarantees.decisions.case import OrderDecision
from guarantees.ending import effect_time, take_effect
from guarantees.models import Cancellation, CancellationState, GuaranteeState
from guarantees.word_lists import REFUSAL
from protocol.dialect import Dialect
from staff import clock
from staff.decisions import Inapplicable, state_obstacle
from staff.desk.page import Tone, moment
from staff.events import EventKind
from staff.models import User
from staff.reasons import ListedReasonForm

#: Characters in cancelNotice.
NOTICE_HOLDS = 200


class ApproveCancellation(OrderDecision[Cancellation]):
    name = "approve"
    label = gettext_lazy("Approve")
    permission = "guarantees.decide_cancellation"
    model = Cancellation
    transition = "approve"
    event = EventKind("cancellation.approved", gettext_lazy("Cancellation approved"), "check_circle", Tone.GOOD)
    returned = EventKind("cancellation.return_approved", gettext_lazy("Return approved"), "check_circle", Tone.GOOD)
    other_events = (returned,)

    def obstacle(self, case: Cancellation, person: User) -> str | None:
        if case.guarantee.state != GuaranteeState.IN_FORCE:
            return _("The guarantee has ended already; the request can only be refused.")
        return what_blocks_the_end(case.guarantee)

    def consequence(self, case: Cancellation) -> str:
        if case.is_return:
            return _(
                "The guarantee is returned, and the platform is told at once (PREP108). The letter is then issued "
                "again with corrected particulars under a new number."
            )
        now = clock.now()
        if (at := effect_time(case, now)) > now:
            return _("The guarantee ends on %(time)s; the platform is told then (PREP108).") % {"time": moment(at)}
        return _("The guarantee ends now, and the platform is told (PREP108).")

    def event_of(self, case: Cancellation) -> EventKind:
        return self.returned if case.is_return else self.event

    def perform(self, case: Cancellation, person: User, data: dict[str, Any]) -> None:
        case.decided_by, case.decided_at = person, clock.now()

    def follow(self, case: Cancellation, person: User, data: dict[str, Any]) -> None:
        """The platform is told when it takes effect."""
        take_effect(case, case.decided_at or clock.now(), person)


class RefusalForm(ListedReasonForm):
    """What cancelNotice of PREP108 holds beside the words that stand before it."""

    word_list = REFUSAL
    longest = NOTICE_HOLDS - len(notifications.Notice.NOT_CANCELLED.on_the_wire(reason=""))


class RefuseCancellation(OrderDecision[Cancellation]):
    name = "refuse"
    label = gettext_lazy("Refuse")
    permission = "guarantees.decide_cancellation"
    model = Cancellation
    form_class = RefusalForm
    final = True
    transition = "refuse"
    event = EventKind("cancellation.refused", gettext_lazy("Cancellation refused"), "cancel", Tone.BAD)
    kept = EventKind("cancellation.return_refused", gettext_lazy("Return refused"), "cancel", Tone.BAD)
    other_events = (kept,)

    def consequence(self, case: Cancellation) -> str:
        if _tells_refusals(case):
            return _("The platform is told of the refusal, with this reason (PREP108).")
        return _("The platform has no message for a refusal: tell the purchaser by other means, and record it here.")

    def event_of(self, case: Cancellation) -> EventKind:
        return self.kept if case.is_return else self.event

    def perform(self, case: Cancellation, person: User, data: dict[str, Any]) -> None:
        case.decided_by, case.decided_at = person, clock.now()
        case.reason, case.reason_code = data["reason"], data.get("reason_code", "")

    def tell(self, case: Cancellation, data: Mapping[str, Any]) -> None:
        if case.decided_at and _tells_refusals(case):
            notifications.guarantee_cancelled(case, case.decided_at, notice=_refusal(data["reason"]))


class TellForm(forms.Form):
    """How the purchaser was told."""

    how = forms.CharField(
        label=gettext_lazy("How the purchaser was told"),
        max_length=255,
        help_text=gettext_lazy("For example: by telephone, to whom, when."),
    )


class RecordPurchaserTold(OrderDecision[Cancellation]):
    name = "purchaser_told"
    label = gettext_lazy("Record that the purchaser was told")
    permission = "guarantees.decide_cancellation"
    model = Cancellation
    form_class = TellForm
    event = EventKind("cancellation.purchaser_told", gettext_lazy("Purchaser told of the refusal"), "call")

    def obstacle(self, case: Cancellation, person: User) -> str | None:
        if reason := state_obstacle(case, CancellationState.REFUSED):
            return reason
        return Inapplicable(_("This is recorded already.")) if case.purchaser_told_at else None

    def perform(self, case: Cancellation, person: User, data: dict[str, Any]) -> None:
        case.purchaser_told_at, case.purchaser_told_how = clock.now(), data["how"]

    def reason(self, case: Cancellation, data: Mapping[str, Any]) -> str:
        return str(data["how"])


def _tells_refusals(case: Cancellation) -> bool:
    return Dialect.from_mapping(case.order.connection.dialect).refusal == "prep108"


def _refusal(reason: str) -> str:
    """In the platform's language."""
    return notifications.Notice.NOT_CANCELLED.on_the_wire(reason=reason)[:NOTICE_HOLDS]
