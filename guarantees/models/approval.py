"""An approval: who agreed to which terms, when, and what the checks said to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guarantees.fields import MoneyField
from guarantees.models.application import Application
from staff.models import User

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class ApprovalKind(models.TextChoices):
    APPLICATION = "application", _("of the application")
    CORRECTION = "correction", _("of the corrected letter")


@dataclass(frozen=True)
class Terms:
    """What is agreed to, sums in CNY; no `start`: from the moment of issue; no `end`: for the term asked for."""

    amount: Decimal
    start: date | None
    end: date | None
    premium: Decimal


class Approvals(models.QuerySet["Approval"]):
    """Rows that are added, and neither changed nor removed."""

    def update(self, **_kwargs: Any) -> NoReturn:
        raise TypeError("What was approved is not changed; another approval follows it.")

    def delete(self) -> NoReturn:
        raise TypeError("What was approved stays.")


class Approval(models.Model):
    """One approval of an order, in whichever round; a later one never overwrites it.

    Which of them is in force, the application says. `inferred` says that an upgrade made the row from the trail.
    """

    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT, related_name="approvals"
    )
    kind = models.CharField(_("approval"), max_length=16, choices=ApprovalKind.choices)
    amount = MoneyField(_("guaranteed amount"))
    start = models.DateField(_("approved from"), null=True, blank=True)
    end = models.DateField(_("approved until"), null=True, blank=True)
    premium = MoneyField(_("premium"))
    #: The checks that found something to look at, as the page showed it to whoever approved.
    findings = models.JSONField(_("remarks"), default=list, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    reason_code = models.CharField(_("reason, by its code"), max_length=16, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("approved by"), on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"))
    #: Of one that two people gave: who approved proposed it.
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("confirmed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    inferred = models.BooleanField(_("made from the trail"), default=False)

    objects = Approvals.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ApprovalKind.values), name="approval_kind_known"),
            models.CheckConstraint(condition=models.Q(amount__gt=0, premium__gte=0), name="approval_has_terms"),
        ]

    def __str__(self) -> str:
        return f"{self.application}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("What was approved is not changed; another approval follows it.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("What was approved stays.")

    @classmethod
    def give(
        cls,
        application: Application,
        *,
        kind: ApprovalKind,
        terms: Terms,
        person: User,
        at: datetime,
        reason: str,
        findings: Sequence[str],
        reason_code: str = "",
        confirmed_by: User | None = None,
    ) -> Approval:
        """Writes down what `person` approved and puts it in force; whoever calls saves the application."""
        application.approval = cls.objects.create(
            application=application,
            kind=kind,
            amount=terms.amount,
            start=terms.start,
            end=terms.end,
            premium=terms.premium,
            findings=list(findings),
            reason=reason,
            reason_code=reason_code,
            approved_by=person,
            approved_at=at,
            confirmed_by=confirmed_by,
        )
        return application.approval
