"""The states of applications and of guarantees, in the specification's words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationState(models.TextChoices):
    """In brackets the applicationStatus of PREP102 that tells the platform of it."""

    RECEIVED = "received", _("received")
    APPROVED = "approved", _("approved")  # 01
    REJECTED = "rejected", _("rejected")  # 02
    PAID = "paid", _("premium settled")  # 05
    ISSUED = "issued", _("issued")  # 03
    RETURNED = "returned", _("returned for correction")  # PREP108
    FAILED = "failed", _("abandoned")  # 04
    CANCELLED = "cancelled", _("order cancelled")  # 07
    SURRENDERED = "surrendered", _("surrendered")  # 08


class GuaranteeState(models.TextChoices):
    IN_FORCE = "in_force", _("in force")
    CANCELLED = "cancelled", _("cancelled")
    RETURNED = "returned", _("returned")
    SURRENDERED = "surrendered", _("surrendered")
    EXPIRED = "expired", _("expired")
    UNRELEASED = "unreleased", _("expired, not released")
    PAID_OUT = "paid_out", _("paid out")
    RUN_DOWN = "run_down", _("wholly deducted")  # by the purchaser; nothing is told (decisions B19)


class CancellationState(models.TextChoices):
    RECEIVED = "received", _("received")
    APPROVED = "approved", _("approved, not yet in effect")
    EFFECTIVE = "effective", _("in effect")  # PREP108
    REFUSED = "refused", _("refused")


class CorrectionState(models.TextChoices):
    PROPOSED = "proposed", _("to be confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    RETURNED = "returned", _("returned")


class NumberState(models.TextChoices):
    RESERVED = "reserved", _("reserved")
    USED = "used", _("used")
    VOID = "void", _("void")


class WordingState(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_USE = "in_use", _("in use")
    WITHDRAWN = "withdrawn", _("withdrawn")


class WithdrawalState(models.TextChoices):
    RECEIVED = "received", _("received")
    APPROVED = "approved", _("approved")  # 07, 08
    REFUSED = "refused", _("refused")  # 06, 09


class SupplementState(models.TextChoices):
    OPEN = "open", _("awaited")
    OVERDUE = "overdue", _("overdue")
    ANSWERED = "answered", _("answered")
    WITHDRAWN = "withdrawn", _("taken back")
    CLOSED = "closed", _("closed unanswered")
