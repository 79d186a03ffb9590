"""The institution's other papers: made once, signed, stored and handed over by staff; the platform is told of none."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guarantees.letter.wording.kinds import PaperKind
from guarantees.letter.wording.papers import PAPERS
from guarantees.models.application import Application
from guarantees.models.guarantee import Guarantee


def paper_path(made_at: datetime, number: str) -> str:
    return f"papers/{made_at:%Y/%m}/{number}.pdf"


class IssuedPaper(models.Model):
    """One signed paper. It is never made again: every reading serves the stored file, whose digest stands here.

    What it was made for is named as in the audit trail, since it may be of a room above.
    """

    unit_path = "application__order__unit"

    kind = models.CharField(
        _("kind"), max_length=16, choices=[(kind.name, kind.label) for kind in PAPERS.values()], db_index=True
    )
    number = models.CharField(_("paper number"), max_length=32, unique=True)
    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT, related_name="papers"
    )
    guarantee = models.ForeignKey(
        Guarantee,
        verbose_name=_("guarantee"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="papers",
    )
    subject_type = models.CharField(_("made for"), max_length=64)
    subject_id = models.BigIntegerField(_("subject"))
    verification_code = models.CharField(_("verification code"), max_length=16)
    wording = models.CharField(_("wording"), max_length=80)
    particulars = models.JSONField(_("particulars"))
    file = models.FileField(_("file"), max_length=200)
    file_digest = models.CharField(_("the file's SHA-256"), max_length=64, db_index=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"), db_index=True)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        default_permissions = ("view",)
        permissions = [("make_payment_notice", _("Can make payment notices"))]
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=list(PAPERS)), name="paper_kind_known"),
            models.UniqueConstraint(fields=["kind", "subject_type", "subject_id"], name="paper_once"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def declared(self) -> PaperKind:
        """What its kind declares of itself."""
        return PAPERS[self.kind]


def papers_for(case: models.Model) -> models.QuerySet[IssuedPaper]:
    """What was made for a case, the latest first."""
    made = IssuedPaper.objects.select_related("made_by")
    return made.filter(subject_type=case._meta.label_lower, subject_id=case.pk)
