"""What staff decide on a withdrawal (PREP109): the order is cancelled or surrendered, or not (decisions B11, B12)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import audit, notifications
from guarantees.applicants import requests
from guarantees.blockers import what_blocks_the_end
from guarantees.book import entries
from guarantees.decisions.case import OrderDecision
from guarantees.decisions.settle_premium import settle_if_complete
from guarantees.issuing import numbers
from guarantees.models import (
    Application,
    ApplicationState,
    Guarantee,
    GuaranteeState,
    Withdrawal,
    WithdrawalState,
)
from guarantees.money import refunds
from guarantees.money.receipts import premium_held
from guarantees.word_lists import REFUSAL
from protocol.vocabulary import ApplicationOutcome
from staff import clock
from staff.audit import move
from staff.decisions import Inapplicable, state_obstacle
from staff.desk.form_fields import DocumentField, MoneyInput
from staff.desk.page import Tone
from staff.events import EventKind
from staff.models import User
from staff.reasons import ListedReasonForm
from staff.stored_files import store

CANCELLED = EventKind("application.cancelled", gettext_lazy("Order cancelled"), "cancel", Tone.OVER)
SURRENDERED = EventKind("application.surrendered", gettext_lazy("Surrendered"), "cancel", Tone.OVER)

CANCELLABLE = (ApplicationState.RECEIVED, ApplicationState.APPROVED, ApplicationState.PAID)


class RefundForm(forms.Form):
    """How much of the premium goes back."""

    refund = MoneyInput(label=gettext_lazy("Premium to pay back (CNY)"), min_value=Decimal(0))

    def __init__(self, *args: Any, received: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.received = received
        self.fields["refund"].help_text = _("Received: %(amount)s") % {"amount": f"{received:,.2f}"}

    def clean_refund(self) -> Decimal:
        refund: Decimal = self.cleaned_data["refund"]
        if refund > self.received:
            raise forms.ValidationError(_("More than was received."))
        return refund


class ApproveWithdrawal(OrderDecision[Withdrawal]):
    name = "approve"
    label = gettext_lazy("Approve")
    permission = "guarantees.decide_withdrawal"
    model = Withdrawal
    final = True
    transition = "approve"
    event = EventKind("withdrawal.approved", gettext_lazy("Withdrawal approved"), "check_circle", Tone.GOOD)
    other_events = (CANCELLED, SURRENDERED)

    def obstacle(self, case: Withdrawal, person: User) -> str | None:
        application = case.application
        if not case.is_surrender:
            if application.state in CANCELLABLE and not application.guarantees.exists():
                return None
            return _("Only an order without a letter can be cancelled; this can only be refused.")
        if application.state != ApplicationState.ISSUED or application.guarantee is None:
            return _("There is no issued letter to surrender; this can only be refused.")
        if application.order.rounds.filter(round__gt=application.round).exists():
            return _("The guarantee has ended; this can only be refused.")
        return _surrender_obstacle(case, application.guarantee)

    def consequence(self, case: Withdrawal) -> str:
        if case.is_surrender:
            message = notifications.message(case.application, ApplicationOutcome.SURRENDERED)
            return _("The guarantee is surrendered, and the platform is told (%(message)s).") % {"message": message}
        message = notifications.message(case.application, ApplicationOutcome.CANCELLED)
        return _("The order is cancelled, and the platform is told (%(message)s).") % {"message": message}

    def initial(self, case: Withdrawal) -> Mapping[str, Any]:
        return {"refund": premium_held(case.application)}

    def form(self, case: Withdrawal, data: Any = None, files: Any = None) -> forms.Form:
        return RefundForm(data, files, initial=dict(self.initial(case)), received=premium_held(case.application))

    def perform(self, case: Withdrawal, person: User, data: dict[str, Any]) -> None:
        case.decided_by, case.decided_at = person, clock.now()

    def follow(self, case: Withdrawal, person: User, data: dict[str, Any]) -> None:
        if case.is_surrender:
            _surrender(case.application, person)
        else:
            _cancel(case.application, person, case.reason)
        refunds.owe(case.application, data["refund"], person)


class RefusalForm(ListedReasonForm):
    word_list = REFUSAL


class RefuseWithdrawal(OrderDecision[Withdrawal]):
    name = "refuse"
    label = gettext_lazy("Refuse")
    permission = "guarantees.decide_withdrawal"
    model = Withdrawal
    form_class = RefusalForm
    final = True
    transition = "refuse"
    event = EventKind("withdrawal.refused", gettext_lazy("Withdrawal refused"), "cancel", Tone.BAD)

    def consequence(self, case: Withdrawal) -> str:
        refused = ApplicationOutcome.SURRENDER_REFUSED if case.is_surrender else ApplicationOutcome.CANCELLATION_REFUSED
        return _("The platform is told of the refusal, with this reason (%(message)s); all stays as it is.") % {
            "message": notifications.message(case.application, refused)
        }

    def perform(self, case: Withdrawal, person: User, data: dict[str, Any]) -> None:
        case.decided_by, case.decided_at = person, clock.now()
        case.refusal, case.reason_code = data["reason"], data.get("reason_code", "")

    def tell(self, case: Withdrawal, data: Mapping[str, Any]) -> None:
        tell = notifications.surrender_refused if case.is_surrender else notifications.cancelling_refused
        tell(case.application, data["reason"])

    def follow(self, case: Withdrawal, person: User, data: dict[str, Any]) -> None:
        super().follow(case, person, data)
        application = case.application
        if cashier := application.receipts.order_by("paid_at", "id").last():
            # The money that waited in suspense settles the premium now, as its cashier's work.
            entries.applied(application, cashier.recorded_by)
            settle_if_complete(application, cashier.recorded_by)
            application.save()


class ReleaseForm(forms.Form):
    """The purchaser's release, as it was sealed."""

    release = DocumentField(
        label=gettext_lazy("Sealed release"), help_text=gettext_lazy("A scan or a signed file, PDF or image.")
    )


class UploadRelease(OrderDecision[Withdrawal]):
    """The purchaser's release stands in for an approved cancellation; a second person checks it."""

    name = "upload_release"
    label = gettext_lazy("Upload the purchaser's release")
    permission = "guarantees.decide_withdrawal"
    model = Withdrawal
    form_class = ReleaseForm
    event = EventKind("withdrawal.release_uploaded", gettext_lazy("Purchaser's release uploaded"), "upload_file")

    def obstacle(self, case: Withdrawal, person: User) -> str | None:
        if reason := state_obstacle(case, WithdrawalState.RECEIVED):
            return reason
        return None if case.is_surrender else Inapplicable(_("Only a surrender needs the purchaser's release."))

    def form(self, case: Withdrawal, data: Any = None, files: Any = None) -> forms.Form:
        return ReleaseForm(data, files)

    def perform(self, case: Withdrawal, person: User, data: dict[str, Any]) -> None:
        release = store("releases", data["release"])
        case.release, case.release_digest = release.path, release.digest
        case.release_by, case.release_checked_by = person, None

    def details(self, case: Withdrawal, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"sha256": case.release_digest}


class CheckRelease(OrderDecision[Withdrawal]):
    name = "check_release"
    never_by = gettext_lazy("whoever uploaded the release")
    label = gettext_lazy("Confirm the purchaser's release")
    permission = "guarantees.check_release"
    model = Withdrawal
    event = EventKind(
        "withdrawal.release_checked", gettext_lazy("Purchaser's release confirmed"), "task_alt", Tone.GOOD
    )

    def obstacle(self, case: Withdrawal, person: User) -> str | None:
        if reason := state_obstacle(case, WithdrawalState.RECEIVED):
            return reason
        if not case.release:
            return Inapplicable(_("No release has been uploaded."))
        if case.release_checked_by_id:
            return Inapplicable(_("The release is confirmed already."))
        if case.release_by_id == person.pk:
            return _("You uploaded the release; another person must confirm it.")
        return None

    def perform(self, case: Withdrawal, person: User, data: dict[str, Any]) -> None:
        case.release_checked_by = person

    def details(self, case: Withdrawal, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"sha256": case.release_digest}


def _surrender_obstacle(case: Withdrawal, guarantee: Guarantee) -> str | None:
    """A surrender ends the purchaser's protection, so it needs the purchaser's release (decisions B11, B13)."""
    if guarantee.cancellations.open().exists():
        return _("A cancellation of the guarantee is open; decide on that first.")
    if guarantee.state == GuaranteeState.CANCELLED:
        return None
    if guarantee.state != GuaranteeState.IN_FORCE:
        return _("The guarantee has ended; this can only be refused.")
    if not case.release_checked_by_id:
        return _(
            "The purchaser has not released the guarantee: approve its cancellation first (PREP107), or upload its "
            "sealed release and have it confirmed by a second person."
        )
    return what_blocks_the_end(guarantee)


def _surrender(application: Application, person: User) -> None:
    guarantee = application.guarantee
    if guarantee is not None and guarantee.state == GuaranteeState.IN_FORCE:
        guarantee.ended_at = clock.now()
        ended = audit.ENDED[GuaranteeState.SURRENDERED]
        move(guarantee, guarantee.surrender, ended, actor=person, details=audit.end_details(guarantee))
        entries.ended(guarantee, person)
    move(application, application.surrender, SURRENDERED, actor=person)
    notifications.surrendered(application)


def _cancel(application: Application, person: User, reason: str) -> None:
    move(application, application.cancel, CANCELLED, actor=person, reason=reason[:255])
    entries.cancelled(application, person)
    requests.close(application, person)
    numbers.void(application, person, reason or str(application.get_state_display()))
    notifications.order_cancelled(application)
