"""A correction of what an application says, proposed by one person and confirmed by another before the approval."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from guarantees.models.application import Application
from guarantees.models.states import CorrectionState


class Corrections(models.QuerySet["Correction"]):
    def waiting(self) -> Corrections:
        """Those to be confirmed or returned."""
        return self.filter(state=CorrectionState.PROPOSED)


class Correction(models.Model):
    """Nothing of it counts before it is confirmed; the message as received stays as it is.

    proposed → confirmed     the application says the new values
    proposed → returned      by another person, or taken back by whoever proposed it
    """

    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT, related_name="corrections"
    )
    state = FSMField(
        _("state"), choices=CorrectionState.choices, default=CorrectionState.PROPOSED, protected=True, db_index=True
    )
    #: Per field what stood and what is to stand.
    changes = models.JSONField(_("changes"))
    reason = models.CharField(_("reason"), max_length=255)
    reason_code = models.CharField(_("reason, by its code"), max_length=16, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    note = models.CharField(_("why returned"), max_length=255, blank=True)

    objects = Corrections.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=CorrectionState.values), name="correction_state_known"),
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(state=CorrectionState.PROPOSED), name="correction_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}"

    @transition(state, source=CorrectionState.PROPOSED, target=CorrectionState.CONFIRMED)
    def confirm(self) -> None:
        """Another person agrees: the application says it."""

    @transition(state, source=CorrectionState.PROPOSED, target=CorrectionState.RETURNED)
    def send_back(self) -> None:
        """Nothing changes."""
