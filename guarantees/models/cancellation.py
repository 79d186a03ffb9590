"""A cancellation: what the platform asks for by PREP107, a guarantee's end or its return for correction."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from guarantees.models.guarantee import Guarantee
from guarantees.models.order import Order
from guarantees.models.states import CancellationState
from guarantees.targets import OrderWork
from protocol.names import choices_of, values_of
from protocol.vocabulary import CancellationKind

#: States in which the guarantee may still end by it.
OPEN = (CancellationState.RECEIVED, CancellationState.APPROVED)


class Cancellations(models.QuerySet["Cancellation"]):
    def waiting(self) -> Cancellations:
        """Those to be decided."""
        return self.filter(state=CancellationState.RECEIVED)

    def approved(self) -> Cancellations:
        """Those that are to take effect at their time."""
        return self.filter(state=CancellationState.APPROVED)

    def open(self) -> Cancellations:
        """Those by which the guarantee may still end."""
        return self.filter(state__in=OPEN)


class Cancellation(OrderWork):
    """One request that a guarantee end (decisions B8 to B10).

    received → approved → effective       PREP108 when it takes effect; a defective file's return at once
    approved → refused                    the guarantee ended otherwise before its time came
    received → refused                    nothing is sent (dialect: PREP108); the purchaser is told by other means
    """

    unit_path = "order__unit"

    order = models.ForeignKey(Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="cancellations")
    guarantee = models.ForeignKey(
        Guarantee, verbose_name=_("guarantee"), on_delete=models.PROTECT, related_name="cancellations"
    )
    state = FSMField(
        _("state"), choices=CancellationState.choices, default=CancellationState.RECEIVED, protected=True, db_index=True
    )
    kind = models.CharField(_("kind"), max_length=16, choices=choices_of(CancellationKind))
    invalid_time = models.DateTimeField(_("to end at"))
    remark = models.TextField(_("remark"), blank=True)
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
    reason = models.CharField(_("reason"), max_length=255, blank=True)
    reason_code = models.CharField(_("reason, by its code"), max_length=16, blank=True)
    effective_at = models.DateTimeField(_("in effect since"), null=True, blank=True)
    purchaser_told_at = models.DateTimeField(_("purchaser told"), null=True, blank=True)
    purchaser_told_how = models.CharField(_("told how"), max_length=255, blank=True)

    objects = Cancellations.as_manager()

    class Meta:
        verbose_name = _("cancellation")
        verbose_name_plural = _("cancellations")
        default_permissions = ("view",)
        permissions = [("decide_cancellation", _("Can decide on cancellations"))]
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=CancellationState.values), name="cancellation_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=values_of(CancellationKind)), name="cancellation_kind_known"
            ),
            models.UniqueConstraint(
                fields=["guarantee"],
                condition=models.Q(state__in=OPEN),
                name="cancellation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return self.guarantee.number

    @property
    def audit_chain(self) -> str:
        return f"order:{self.order_id}"

    @property
    def is_open(self) -> bool:
        """Whether the guarantee may still end by it."""
        return self.state in OPEN

    @property
    def is_return(self) -> bool:
        return self.kind == CancellationKind.DEFECTIVE

    @transition(state, source=CancellationState.RECEIVED, target=CancellationState.APPROVED)
    def approve(self) -> None:
        """The guarantee is to end at its time."""
        self.end_work()

    @transition(state, source=CancellationState.APPROVED, target=CancellationState.EFFECTIVE)
    def take_effect(self) -> None:
        """PREP108: the guarantee has ended, or is returned."""

    @transition(state, source=CancellationState.APPROVED, target=CancellationState.REFUSED)
    def lapse(self) -> None:
        """The guarantee has ended otherwise (paid out, say) before the cancellation's time came."""

    @transition(state, source=CancellationState.RECEIVED, target=CancellationState.REFUSED)
    def refuse(self) -> None:
        """The guarantee stays as it is."""
        self.end_work()
