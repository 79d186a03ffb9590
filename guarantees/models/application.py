"""An application: one round of an order, from PREP101 to its end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from guarantees.fields import MoneyField
from guarantees.models.order import Order
from guarantees.models.states import ApplicationState
from guarantees.targets import OrderWork, Work, application_alarm, pay_by, premium_alarm, supplement_alarm
from protocol.fields import BlindIndexField, FoldedField, FoldingField
from protocol.names import choices_of
from protocol.vocabulary import PurchaseNature
from staff import calendar, clock
from staff.encryption import EncryptedJSONField, EncryptedTextField
from staff.targets import Alarm

if TYPE_CHECKING:
    from guarantees.models.guarantee import Guarantee
    from guarantees.models.supplement import SupplementRequest


#: States in which something is still to be done before there is a letter.
WAITING = (ApplicationState.RECEIVED, ApplicationState.APPROVED, ApplicationState.PAID, ApplicationState.RETURNED)
#: States of what was never approved, or may not have been.
WITHOUT_APPROVAL = (ApplicationState.RECEIVED, ApplicationState.REJECTED, ApplicationState.CANCELLED)
#: States that no application reaches with its premium open.
SETTLED = (
    ApplicationState.PAID,
    ApplicationState.ISSUED,
    ApplicationState.RETURNED,
    ApplicationState.SURRENDERED,
)


class Settlement(models.TextChoices):
    """How the premium came to be settled (decisions B5)."""

    RECEIVED = "received", _("received in full")
    WAIVED = "waived", _("waived")
    ON_ACCOUNT = "on_account", _("on account")


class Applications(models.QuerySet["Application"]):
    def waiting(self) -> Applications:
        """Those on which something is still to be done before there is a letter."""
        return self.filter(state__in=WAITING)

    def with_turnaround(self) -> Applications:
        """Each with `to_approval`, from its receipt to its first approval, and `to_issue`, from there to its letter.

        Both are a `timedelta`, or None where it did not come to that; of several letters it is the first.
        """
        approved, issued = self._first("approvals__approved_at"), self._first("guarantees__issued_at")
        return self.annotate(
            to_approval=models.ExpressionWrapper(approved - models.F("received_at"), models.DurationField()),
            to_issue=models.ExpressionWrapper(issued - approved, models.DurationField()),
        )

    def _first(self, path: str) -> models.Subquery:
        of_one = self.model._default_manager.filter(pk=models.OuterRef("pk")).order_by()
        return models.Subquery(of_one.values(first=models.Min(path)))


class Application(OrderWork):
    """What the platform asked for (the fields of PREP101), and what we decided on it.

    The way of its states (decisions B4):

        received → approved → paid → issued
        received → rejected
        approved, paid → failed               lapsed unpaid, or cannot be issued
        received, approved, paid → cancelled  the applicant took the order back (PREP109 02)
        issued → surrendered                  (PREP109 01)
        issued → returned → paid → issued     defective file (PREP107 1), corrected and approved anew
        returned → failed                     the reissue is given up
    """

    unit_path = "order__unit"
    alarm_reads = ("supplements",)

    order = models.ForeignKey(Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="rounds")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    state = FSMField(
        _("state"), choices=ApplicationState.choices, default=ApplicationState.RECEIVED, protected=True, db_index=True
    )
    received_at = models.DateTimeField(_("received at"), db_index=True)

    applicant_name = models.CharField(_("applicant"), max_length=256)
    applicant_code = models.CharField(_("applicant's credit code"), max_length=64, db_index=True)
    applicant_address = models.CharField(_("applicant's address"), max_length=256, blank=True)
    legal_name = EncryptedTextField(_("legal representative"))
    legal_id_number = EncryptedTextField(_("legal representative's ID number"))
    legal_id_number_index = BlindIndexField(source="legal_id_number")
    agent_name = EncryptedTextField(_("agent"))
    agent_phone = EncryptedTextField(_("agent's telephone"))
    agent_phone_index = BlindIndexField(source="agent_phone")
    agent_id_number = EncryptedTextField(_("agent's ID number"))
    agent_id_number_index = BlindIndexField(source="agent_id_number")

    project_code = models.CharField(_("project code"), max_length=128, db_index=True)
    project_name = models.CharField(_("project"), max_length=256)
    section_code = models.CharField(_("section code"), max_length=256)
    section_name = models.CharField(_("section"), max_length=256)
    purchase_nature = models.CharField(_("nature of purchase"), max_length=16, choices=choices_of(PurchaseNature))
    award_date = models.DateField(_("date of award"))
    award_amount = MoneyField(_("award amount"))
    beneficiary_name = models.CharField(_("beneficiary"), max_length=256)
    beneficiary_code = models.CharField(_("beneficiary's code"), max_length=64, db_index=True)

    advance_amount = MoneyField(_("advance asked for"))
    guarantee_months = models.PositiveSmallIntegerField(_("guarantee term in months"))
    contract_months = models.PositiveSmallIntegerField(_("contract term in months"), null=True, blank=True)
    start_date = models.DateField(_("guarantee from"), null=True, blank=True)
    end_date = models.DateField(_("guarantee until"), null=True, blank=True)
    ext_fields = EncryptedJSONField(_("extension fields"), default=dict, blank=True)
    #: What corrections replaced (no personal data): the same PREP101 again is compared with what it said then.
    as_received = models.JSONField(_("as received, where corrected"), default=dict, blank=True)
    unknown_fields = EncryptedJSONField(_("fields beyond the specification"), default=dict, blank=True)
    folded = FoldedField(
        names=("applicant_name", "beneficiary_name", "project_name"),
        numbers=("order.number", "applicant_code", "beneficiary_code", "project_code"),
    )
    folding = FoldingField()

    #: The latest of its approvals: the letter is made from it, the premium taken by it.
    approval = models.OneToOneField(
        "guarantees.Approval",
        verbose_name=_("approval in force"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settlement = models.CharField(_("settlement of the premium"), max_length=16, choices=Settlement.choices, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("premium taken by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("premium settled at"), null=True, blank=True)
    waiver_code = models.CharField(_("reason of the waiver, by its code"), max_length=16, blank=True)
    failure = models.CharField(_("why it ended"), max_length=255, blank=True)
    reason_code = models.CharField(_("reason, by its code"), max_length=16, blank=True)
    last_issue_error = models.CharField(_("last failed issue"), max_length=255, blank=True)

    objects = Applications.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        default_permissions = ("view",)
        permissions = [
            ("approve_application", _("Can approve or reject applications")),
            ("confirm_approval", _("Can confirm approvals above what one person decides alone")),
            ("confirm_large_approval", _("Can confirm approvals above what the reviewer confirms")),
            ("confirm_correction", _("Can confirm or return corrections of applications")),
            ("settle_premium", _("Can record the premium")),
            ("waive_premium", _("Can propose to waive the premium or take it on account")),
            ("confirm_waiver", _("Can confirm that a premium is waived or taken on account")),
            ("confirm_receipt", _("Can confirm receipts of more than twice what is due")),
            ("issue_guarantee", _("Can issue guarantees")),
            ("give_up_application", _("Can give up an application that cannot be issued")),
            ("pay_refund", _("Can ask for refunds to be released, and pay premiums back")),
            ("view_personal_data", _("Can see personal data unmasked")),
        ]
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "round"], name="application_round_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=ApplicationState.values), name="application_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=WITHOUT_APPROVAL) | models.Q(approval__isnull=False),
                name="application_approved_has_approval",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=SETTLED) | ~models.Q(settlement=""),
                name="application_paid_is_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order.number}" if self.round == 1 else f"{self.order.number}/{self.round}"

    @property
    def audit_chain(self) -> str:
        return f"order:{self.order_id}"

    @property
    def guarantee(self) -> Guarantee | None:
        """The latest letter of this round."""
        return self.guarantees.order_by("-id").first()

    @property
    def premium(self) -> Decimal:
        """What its approval asks for, in CNY; nothing before there is one."""
        return self.approval.premium if self.approval else Decimal("0.00")

    @property
    def is_alive(self) -> bool:
        """Whether the same applicationId still means this round (decisions B1)."""
        if self.state == ApplicationState.ISSUED:
            return self.guarantees.in_force().exists()
        return self.is_waiting

    @property
    def is_waiting(self) -> bool:
        """Whether something is still to be done before there is a letter."""
        return self.state in WAITING

    def alarm(self, work: str, since: datetime) -> Alarm:
        """The premium is waited for until the day that the applicant was told, or would have been told then; documents
        until their deadline, and so long the clock of the decision rests."""
        if work == Work.SUPPLEMENT and (asked := self.pending_request()):
            return supplement_alarm(asked.deadline)
        if work in (Work.APPLICATION, Work.SUPPLEMENT):
            return application_alarm(since, self.rested())
        if work != Work.PREMIUM:
            return super().alarm(work, since)
        told = self.papers.filter(kind="payment_notice").values_list("particulars__pay_by", flat=True).first()
        return premium_alarm(date.fromisoformat(told) if told else pay_by(since).day)

    def rested(self) -> timedelta:
        """The working time in which the applicant was waited for, by the calendar as it is now."""
        waits = self.supplements.all() if self.pk else ()
        return sum((calendar.working_hours(one.asked_at, one.ended_at) for one in waits if one.ended_at), timedelta())

    def pending_request(self) -> SupplementRequest | None:
        """What the applicant was asked for and may answer now."""
        return next((asked for asked in self.supplements.all() if asked.is_pending), None)

    def wait_for_documents(self) -> None:
        """The clock of its decision rests."""
        self.begin(Work.SUPPLEMENT, clock.now())

    def go_on(self) -> None:
        """The clock of its decision runs again, from where it rested."""
        self.begin(Work.APPLICATION, self.received_at)

    @transition(state, source=ApplicationState.RECEIVED, target=ApplicationState.APPROVED)
    def approve(self) -> None:
        """01: within our terms, on payment of the premium."""
        self.begin(Work.PREMIUM, clock.now())

    @transition(state, source=ApplicationState.RECEIVED, target=ApplicationState.REJECTED)
    def reject(self) -> None:
        """02: not guaranteed."""
        self.end_work()

    @transition(state, source=ApplicationState.APPROVED, target=ApplicationState.PAID)
    def settle_premium(self) -> None:
        """05: the premium is received in full, waived, or on account."""
        self.begin(Work.ISSUE, clock.now())

    @transition(state, source=ApplicationState.PAID, target=ApplicationState.ISSUED)
    def issue(self) -> None:
        """03: the letter is signed and stored."""
        self.end_work()

    @transition(state, source=ApplicationState.ISSUED, target=ApplicationState.RETURNED)
    def return_for_correction(self) -> None:
        """PREP108: the letter's file was defective (PREP107 type 1)."""
        self.begin(Work.CORRECTION, clock.now())

    @transition(state, source=ApplicationState.RETURNED, target=ApplicationState.PAID)
    def correct(self) -> None:
        """The particulars are corrected and approved anew; no 01, no second premium."""
        self.begin(Work.ISSUE, clock.now())

    @transition(
        state,
        source=[ApplicationState.RECEIVED, ApplicationState.APPROVED, ApplicationState.PAID],
        target=ApplicationState.CANCELLED,
    )
    def cancel(self) -> None:
        """07: the applicant took the order back."""
        self.end_work()

    @transition(state, source=ApplicationState.ISSUED, target=ApplicationState.SURRENDERED)
    def surrender(self) -> None:
        """08: the applicant surrendered the guarantee."""

    @transition(
        state,
        source=[ApplicationState.APPROVED, ApplicationState.PAID, ApplicationState.RETURNED],
        target=ApplicationState.FAILED,
    )
    def give_up(self) -> None:
        """04: lapsed unpaid, or it cannot be issued."""
        self.end_work()
