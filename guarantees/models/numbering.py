"""Our own numbers: one sequence a day, never given twice, and of each guarantee number what became of it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from guarantees.models.application import Application
from guarantees.models.guarantee import Guarantee
from guarantees.models.states import NumberState
from staff.clock import CHINA


class NumberSequence(models.Model):
    """The last number given out under a prefix."""

    prefix = models.CharField(max_length=24, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.prefix}{self.last:06d}"


class GuaranteeNumber(models.Model):
    """A guarantee number from the moment it is taken, so that no gap in the numbers is without its reason.

    reserved → used    its letter is issued
    reserved → void    its application ended without it

    A number stays reserved while its letter fails to be made, and the next attempt takes it again. Numbers from before
    there was this register that no letter has are void and have no application.
    """

    unit_path = "application__order__unit"

    number = models.CharField(_("guarantee number"), max_length=32, unique=True)
    application = models.ForeignKey(
        Application, verbose_name=_("application"), null=True, on_delete=models.PROTECT, related_name="numbers"
    )
    state = FSMField(_("state"), choices=NumberState.choices, default=NumberState.RESERVED, protected=True)
    taken_at = models.DateTimeField(_("taken at"), db_index=True)
    guarantee = models.OneToOneField(
        Guarantee, verbose_name=_("guarantee"), null=True, on_delete=models.PROTECT, related_name="register_entry"
    )
    voided_at = models.DateTimeField(_("void since"), null=True)
    reason = models.CharField(_("why it is void"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("guarantee number")
        verbose_name_plural = _("register of numbers")
        default_permissions = ("view",)
        ordering = ["-taken_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=NumberState.values), name="number_state_known"),
            models.CheckConstraint(
                condition=models.Q(state=NumberState.USED, guarantee__isnull=False)
                | (~models.Q(state=NumberState.USED) & models.Q(guarantee__isnull=True)),
                name="number_used_has_its_letter",
            ),
            models.CheckConstraint(
                condition=(models.Q(state=NumberState.VOID, voided_at__isnull=False) & ~models.Q(reason=""))
                | (~models.Q(state=NumberState.VOID) & models.Q(voided_at__isnull=True, reason="")),
                name="number_void_has_its_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state=NumberState.VOID) | models.Q(application__isnull=False),
                name="number_has_its_application",
            ),
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(state=NumberState.RESERVED), name="number_one_reserved"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @transition(state, source=NumberState.RESERVED, target=NumberState.USED)
    def use(self, guarantee: Guarantee) -> None:
        """Its letter is issued."""
        self.guarantee = guarantee

    @transition(state, source=NumberState.RESERVED, target=NumberState.VOID)
    def void(self, reason: str, now: datetime) -> None:
        """No letter will bear it."""
        self.reason, self.voided_at = reason, now


def new_guarantee_number(now: datetime) -> str:
    """A guaranteeId of 16 or more characters, for example BH20261124000001; at most 32 (decisions F1)."""
    return _next(settings.GUARANTEE_NUMBER_PREFIX, now)


def new_paper_number(letter: str, now: datetime) -> str:
    """The number of another paper, with the letter of its kind: BHP20261124000001."""
    return _next(f"{settings.GUARANTEE_NUMBER_PREFIX}{letter}", now)


def _next(beginning: str, now: datetime) -> str:
    prefix = f"{beginning}{now.astimezone(CHINA):%Y%m%d}"
    with transaction.atomic():
        NumberSequence.objects.get_or_create(prefix=prefix)
        sequence = NumberSequence.objects.select_for_update().get(prefix=prefix)
        sequence.last += 1
        sequence.save()
    return str(sequence)
