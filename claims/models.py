"""A demand on a guarantee (索赔), from PREP105 to PREP106, and the payments made on it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from claims import deadline
from guarantees.fields import MoneyField
from guarantees.models import Guarantee, Order
from guarantees.targets import OrderWork, Work
from protocol.fields import BlindIndexField, FoldedField, FoldingField
from protocol.folding import same_number
from staff import clock
from staff.encryption import EncryptedJSONField, EncryptedTextField
from staff.targets import Alarm


class DemandState(models.TextChoices):
    """In brackets the status of PREP106 that tells the platform of it."""

    WAITING = "waiting", _("waiting")
    IN_HAND = "in_hand", _("in hand")  # 00
    PAID = "paid", _("demand paid")  # 01
    REFUSED = "refused", _("payment refused")  # 02
    CLOSED = "closed", _("closed as a duplicate")


#: States in which a demand is not decided.
OPEN = (DemandState.WAITING, DemandState.IN_HAND)


class Demands(models.QuerySet["Demand"]):
    def waiting(self) -> Demands:
        """Those to be taken up."""
        return self.filter(state=DemandState.WAITING)

    def open(self) -> Demands:
        """Those to be decided, whether or not a handler is at work on them."""
        return self.filter(state__in=OPEN)


class Demand(OrderWork):
    """What a beneficiary demands under a guarantee (decisions B6, B7).

    waiting → in hand → paid | refused     demands of one guarantee are handled one after the other, the oldest first
    waiting → closed                       a duplicate, without being taken up; nothing is sent

    An authentic demand is accepted whatever is odd about it; `flags` say what is, and a person decides.
    """

    unit_path = "order__unit"

    order = models.ForeignKey(Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="demands")
    guarantee = models.ForeignKey(
        Guarantee, verbose_name=_("guarantee"), on_delete=models.PROTECT, related_name="demands"
    )
    named_number = models.CharField(_("guarantee number in the demand"), max_length=64)
    state = FSMField(
        _("state"), choices=DemandState.choices, default=DemandState.WAITING, protected=True, db_index=True
    )
    received_at = models.DateTimeField(_("received at"), db_index=True)
    timely = models.BooleanField(_("in time"))
    flags = models.JSONField(_("remarks"), default=list, blank=True)
    resembles = models.ForeignKey(
        "self",
        verbose_name=_("probably repeats"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    amount = MoneyField(_("amount demanded"))
    reason = models.CharField(_("reason of the demand"), max_length=255)
    section_code = models.CharField(_("section code"), max_length=256)
    project_code = models.CharField(_("project code"), max_length=128)
    project_name = models.CharField(_("project"), max_length=256)
    applicant_name = models.CharField(_("applicant"), max_length=256)
    applicant_code = models.CharField(_("applicant's credit code"), max_length=64)
    beneficiary_name = models.CharField(_("beneficiary"), max_length=256)
    beneficiary_code = models.CharField(_("beneficiary's code"), max_length=64)
    bank = models.CharField(_("beneficiary's bank"), max_length=255)
    account = EncryptedTextField(_("beneficiary's account"))
    account_index = BlindIndexField(source="account")
    claimant = EncryptedTextField(_("who demands"))
    claimant_phone = EncryptedTextField(_("their telephone"))
    claimant_phone_index = BlindIndexField(source="claimant_phone")
    claimant_id_number = EncryptedTextField(_("their ID number"))
    claimant_id_number_index = BlindIndexField(source="claimant_id_number")
    unknown_fields = EncryptedJSONField(_("fields beyond the specification"), default=dict, blank=True)
    folded = FoldedField(
        names=("applicant_name", "beneficiary_name", "project_name"),
        numbers=("named_number", "applicant_code", "beneficiary_code", "project_code"),
    )
    folding = FoldingField()

    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("handled by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    taken_up_at = models.DateTimeField(_("taken up"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_reason = models.TextField(_("reason of the decision"), blank=True)
    reason_code = models.CharField(_("reason, by its code"), max_length=16, blank=True)

    objects = Demands.as_manager()

    class Meta:
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        default_permissions = ("view",)
        permissions = [
            ("handle_demand", _("Can handle demands")),
            ("release_payment", _("Can release payments of demands")),
        ]
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=DemandState.values), name="demand_state_known"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="demand_amount_positive"),
            models.UniqueConstraint(
                fields=["guarantee"], condition=models.Q(state=DemandState.IN_HAND), name="demand_one_in_hand"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.named_number} {self.amount:,.2f}"

    @property
    def audit_chain(self) -> str:
        return f"order:{self.order_id}"

    @property
    def is_next(self) -> bool:
        """Whether no older demand on the guarantee is open."""
        return not Demand.objects.open().filter(guarantee=self.guarantee_id, id__lt=self.pk).exists()

    def alarm(self, work: str, since: datetime) -> Alarm:
        """In hand, the letter's own clock runs, from when the demand came in."""
        return deadline.alarm(self.guarantee, since) if work == Work.DEMAND else deadline.take_up(since)

    def released_payment(self) -> Settlement | None:
        """The payment that is released and not recorded as made."""
        return self.settlements.to_be_paid().first()

    @transition(state, source=DemandState.WAITING, target=DemandState.IN_HAND)
    def take_up(self) -> None:
        """00: a handler is at work on it."""
        self.begin(Work.DEMAND, self.received_at)

    @transition(state, source=DemandState.IN_HAND, target=DemandState.PAID)
    def pay(self) -> None:
        """01: paid, wholly or in part."""
        self.end_work()

    @transition(state, source=DemandState.IN_HAND, target=DemandState.REFUSED)
    def refuse(self) -> None:
        """02: not paid."""
        self.end_work()

    @transition(state, source=DemandState.WAITING, target=DemandState.CLOSED)
    def close(self) -> None:
        """A duplicate of another demand."""
        self.end_work()


class Payments(models.QuerySet["Payment"]):
    def not_bounced(self) -> Payments:
        return self.filter(bounced_at=None)


class Payment(models.Model):
    """Money paid on a demand. One that bounced is followed by another; the platform is told of the first only."""

    unit_path = "demand__order__unit"

    demand = models.ForeignKey(Demand, verbose_name=_("demand"), on_delete=models.PROTECT, related_name="payments")
    amount = MoneyField(_("amount"))
    paid_at = models.DateTimeField(_("paid at"))
    bank = models.CharField(_("bank"), max_length=255)
    account = EncryptedTextField(_("account"))
    reference = models.CharField(_("bank reference"), max_length=64)
    voucher = models.FileField(_("voucher"), max_length=200, blank=True)
    voucher_digest = models.CharField(_("the voucher's SHA-256"), max_length=64, blank=True)
    bounced_at = models.DateTimeField(_("bounced"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now, editable=False)

    objects = Payments.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        default_permissions = ("view",)
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_amount_positive")]

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.paid_at:%Y-%m-%d}"


class Settlements(models.QuerySet["Settlement"]):
    def to_be_paid(self) -> Settlements:
        """Those that are released and neither recorded as made nor taken back."""
        return self.filter(payment=None, taken_back_at=None)


class Settlement(models.Model):
    """A payment on a demand that one person proposed and another released, and the payment once it was made."""

    unit_path = "demand__order__unit"

    demand = models.ForeignKey(Demand, verbose_name=_("demand"), on_delete=models.PROTECT, related_name="settlements")
    amount = MoneyField(_("amount"))
    bank = models.CharField(_("bank"), max_length=255)
    account = EncryptedTextField(_("account"))
    reason = models.TextField(_("reason"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+"
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("released by"), on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(_("released at"))
    payment = models.OneToOneField(
        Payment, verbose_name=_("payment"), null=True, blank=True, on_delete=models.PROTECT, related_name="settlement"
    )
    taken_back_at = models.DateTimeField(_("release taken back at"), null=True, blank=True)

    objects = Settlements.as_manager()

    class Meta:
        verbose_name = _("released payment")
        verbose_name_plural = _("released payments")
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="settlement_amount_positive"),
            models.UniqueConstraint(
                fields=["demand"],
                condition=models.Q(payment=None, taken_back_at=None),
                name="settlement_one_to_be_paid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand} {self.amount:,.2f}"

    @property
    def is_elsewhere(self) -> bool:
        """Whether it goes to another account than the demand names."""
        return not same_number(self.account, self.demand.account)
