"""A withdrawal: what the applicant asks for by PREP109, that the order be cancelled or the guarantee surrendered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from guarantees.models.application import Application
from guarantees.models.order import Order
from guarantees.models.states import WithdrawalState
from guarantees.targets import OrderWork
from protocol.names import choices_of, values_of
from protocol.vocabulary import WithdrawalKind


class Withdrawals(models.QuerySet["Withdrawal"]):
    def waiting(self) -> Withdrawals:
        """Those to be decided; one blocks every other decision on its order (decisions B13)."""
        return self.filter(state=WithdrawalState.RECEIVED)


class Withdrawal(OrderWork):
    """One request to withdraw, for the latest round of its order (decisions B11, B12).

    received → approved     PREP102 07 (cancelled) or 08 (surrendered)
    received → refused      PREP102 06 or 09, and all stays
    """

    unit_path = "order__unit"

    order = models.ForeignKey(Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="withdrawals")
    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT, related_name="withdrawals"
    )
    state = FSMField(
        _("state"), choices=WithdrawalState.choices, default=WithdrawalState.RECEIVED, protected=True, db_index=True
    )
    kind = models.CharField(_("kind"), max_length=24, choices=choices_of(WithdrawalKind))
    reason = models.TextField(_("applicant's reason"), blank=True)
    received_at = models.DateTimeField(_("received at"), db_index=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    refusal = models.CharField(_("why refused"), max_length=255, blank=True)
    reason_code = models.CharField(_("reason, by its code"), max_length=16, blank=True)
    release = models.FileField(_("purchaser's sealed release"), max_length=200, blank=True)
    release_digest = models.CharField(_("the release's SHA-256"), max_length=64, blank=True)
    release_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("release uploaded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    release_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("release checked by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = Withdrawals.as_manager()

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        default_permissions = ("view",)
        permissions = [
            ("decide_withdrawal", _("Can decide on withdrawals")),
            ("check_release", _("Can confirm the purchaser's releases")),
        ]
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=WithdrawalState.values), name="withdrawal_state_known"),
            models.CheckConstraint(
                condition=models.Q(kind__in=values_of(WithdrawalKind)), name="withdrawal_kind_known"
            ),
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(state=WithdrawalState.RECEIVED), name="withdrawal_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.order.number

    @property
    def audit_chain(self) -> str:
        return f"order:{self.order_id}"

    @property
    def is_surrender(self) -> bool:
        return self.kind == WithdrawalKind.SURRENDER

    @transition(state, source=WithdrawalState.RECEIVED, target=WithdrawalState.APPROVED)
    def approve(self) -> None:
        """07 or 08."""
        self.end_work()

    @transition(state, source=WithdrawalState.RECEIVED, target=WithdrawalState.REFUSED)
    def refuse(self) -> None:
        """06 or 09."""
        self.end_work()
