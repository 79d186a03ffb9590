"""A guarantee: an issued letter, and its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models.functions import Round
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from guarantees.fields import MoneyField
from guarantees.letter.wording.wordings import kind_of
from guarantees.models.application import Application
from guarantees.models.states import GuaranteeState
from protocol.fields import FoldedField, FoldingField
from staff import clock


class MoreThanIsLeft(Exception):
    """A sum that cannot be taken from a guarantee; `str()` of it says so to a person."""


#: `valid_until` names the last second of validity, which is wholly included.
LAST_SECOND = timedelta(seconds=1)


def letter_path(issued_at: datetime, number: str) -> str:
    return f"letters/{issued_at:%Y/%m}/{number}.pdf"


#: States in which the institution may still have to pay.
EXPOSED = (GuaranteeState.IN_FORCE, GuaranteeState.UNRELEASED)


class Guarantees(models.QuerySet["Guarantee"]):
    def in_force(self) -> Guarantees:
        return self.filter(state=GuaranteeState.IN_FORCE)

    def exposed(self) -> Guarantees:
        """Those on which the institution may still have to pay: in force, or expired and not released."""
        return self.filter(state__in=EXPOSED)

    def with_remaining(self) -> Guarantees:
        """Each with `left`, what may still be demanded, in CNY: as `remaining`, for sorting and adding up."""
        left = models.F("amount") - models.F("deducted") - models.F("paid")
        return self.annotate(left=Round(left, 2, output_field=MoneyField()))

    def ending_within(self, days: int) -> Guarantees:
        """Those in force whose validity ends within so many days from now."""
        return self.in_force().filter(valid_until__lt=clock.now() + timedelta(days=days))

    def past_their_end(self, now: datetime) -> Guarantees:
        """Those in force whose last second is over: the last day counts until 24 o'clock."""
        return self.in_force().filter(valid_until__lte=now - LAST_SECOND)


class Guarantee(models.Model):
    """One letter. It is never made again: every reading serves the stored file, whose digest stands here.

    in force → cancelled | returned | surrendered | expired | paid out | wholly deducted
    in force → expired, not released → expired | paid out | wholly deducted
    """

    unit_path = "application__order__unit"

    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT, related_name="guarantees"
    )
    number = models.CharField(_("guarantee number"), max_length=32, unique=True)
    folded = FoldedField(numbers=("number",))
    folding = FoldingField()
    state = FSMField(
        _("state"), choices=GuaranteeState.choices, default=GuaranteeState.IN_FORCE, protected=True, db_index=True
    )
    amount = MoneyField(_("guaranteed amount"))
    paid = MoneyField(_("paid on demands"), default=Decimal(0))
    deducted = MoneyField(_("deducted by the purchaser"), default=Decimal(0))
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"), db_index=True)
    issued_at = models.DateTimeField(_("issued at"), db_index=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("issued by"), on_delete=models.PROTECT, related_name="+"
    )
    verification_code = models.CharField(_("verification code"), max_length=16)
    wording = models.CharField(_("wording"), max_length=64)
    particulars = models.JSONField(_("particulars"))
    file = models.FileField(_("letter"), max_length=200)
    file_digest = models.CharField(_("the letter's SHA-256"), max_length=64, db_index=True)
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("replaces"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="successor",
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = Guarantees.as_manager()

    class Meta:
        verbose_name = _("guarantee")
        verbose_name_plural = _("guarantees")
        default_permissions = ("view",)
        permissions = [
            ("confirm_deduction", _("Can confirm the purchaser's deductions")),
            ("record_deduction", _("Can record the purchaser's deductions")),
            ("confirm_release", _("Can confirm that expired guarantees are released")),
            ("release_guarantee", _("Can release expired guarantees")),
        ]
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["folded"], name="guarantee_by_folded_number")]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=GuaranteeState.values), name="guarantee_state_known"),
            models.CheckConstraint(
                # SQLite subtracts fractions of two: 7.46 less 5.53 is a little less than 1.93.
                condition=models.Q(
                    paid__gte=0, deducted__gte=0, paid__lte=Round(models.F("amount") - models.F("deducted"), 2)
                ),
                name="guarantee_paid_within_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from")), name="guarantee_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(state=GuaranteeState.IN_FORCE), name="guarantee_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def letter_kind(self) -> str:
        """The kind of its letter's wording, whose words everything about it uses."""
        return kind_of(self.wording)

    @property
    def audit_chain(self) -> str:
        return f"order:{self.application.order_id}"

    @property
    def over_at(self) -> datetime:
        """The first instant after its validity: 24 o'clock of the last day."""
        return self.valid_until + LAST_SECOND

    @property
    def is_exposed(self) -> bool:
        """Whether the institution may still have to pay on it."""
        return self.state in EXPOSED

    @property
    def used(self) -> Decimal:
        """What was paid on demands and deducted by the purchaser, in CNY."""
        return self.paid + self.deducted

    @property
    def remaining(self) -> Decimal:
        """What may still be demanded, in CNY."""
        return self.amount - self.used

    @property
    def balance(self) -> Decimal:
        """The same as a book has it: of a letter that ended nothing may be demanded."""
        return self.remaining if self.is_exposed else Decimal("0.00")

    def pay(self, amount: Decimal) -> None:
        """`amount` (CNY) was paid on a demand. Raises MoreThanIsLeft where less is left; whoever calls saves."""
        self._need(amount)
        self.paid += amount

    def deduct(self, amount: Decimal) -> None:
        """The purchaser deducted `amount` (CNY). Raises MoreThanIsLeft where less is left; whoever calls saves."""
        self._need(amount)
        self.deducted += amount

    def _need(self, amount: Decimal) -> None:
        if not 0 < amount <= self.remaining:
            raise MoreThanIsLeft(
                gettext("%(amount)s CNY cannot be taken from this guarantee: %(left)s CNY are left of it.")
                % {"amount": f"{amount:,.2f}", "left": f"{self.remaining:,.2f}"}
            )

    def replace(self, old: Guarantee) -> None:
        """This letter goes on where the returned one stood: what was paid and deducted under it counts (B9)."""
        self.supersedes, self.paid, self.deducted = old, old.paid, old.deducted

    @transition(state, source=GuaranteeState.IN_FORCE, target=GuaranteeState.CANCELLED)
    def cancel(self) -> None:
        """PREP108: the contract is performed."""

    @transition(state, source=GuaranteeState.IN_FORCE, target=GuaranteeState.RETURNED)
    def return_for_correction(self) -> None:
        """PREP108: the file was defective; a corrected letter replaces it."""

    @transition(state, source=GuaranteeState.IN_FORCE, target=GuaranteeState.SURRENDERED)
    def surrender(self) -> None:
        """PREP102 08, on the purchaser's sealed release."""

    @transition(state, source=GuaranteeState.IN_FORCE, target=GuaranteeState.EXPIRED)
    def expire(self) -> None:
        """Its end has passed with no demand open."""

    @transition(state, source=GuaranteeState.IN_FORCE, target=GuaranteeState.UNRELEASED)
    def expire_unreleased(self) -> None:
        """Its printed end has passed, but the law may make its period longer: its exposure stays."""

    @transition(state, source=GuaranteeState.UNRELEASED, target=GuaranteeState.EXPIRED)
    def release(self) -> None:
        """Its period has ended beyond doubt."""

    @transition(state, source=list(EXPOSED), target=GuaranteeState.PAID_OUT)
    def pay_out(self) -> None:
        """A payment left nothing to demand."""

    @transition(state, source=list(EXPOSED), target=GuaranteeState.RUN_DOWN)
    def run_down(self) -> None:
        """The purchaser's deductions left nothing to demand (decisions B19)."""
