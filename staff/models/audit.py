"""The append-only record of what was decided by whom."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.models.account import User


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("The audit trail is append-only.")

    def delete(self) -> NoReturn:
        raise TypeError("The audit trail is append-only.")


class AuditEntry(models.Model):
    """One event in the life of one thing; entries of a chain carry the digest of their predecessor.

    A chain belongs to what is locked while its events happen (an order, a connection, an account), so
    that numbering it needs no lock of its own and unrelated work never waits.
    """

    unit_path = None  # whose it is, its chain names (NAMINGS of the rooms' offers)

    chain = models.CharField(_("chain"), max_length=64)
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("at"), db_index=True)
    actor = models.ForeignKey(
        User, verbose_name=_("person"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_name = models.CharField(_("by"), max_length=128)
    event = models.CharField(_("event"), max_length=64, db_index=True)
    subject_type = models.CharField(_("kind"), max_length=64)
    subject_id = models.BigIntegerField(_("subject"))
    from_state = models.CharField(_("state before"), max_length=32, blank=True)
    to_state = models.CharField(_("state after"), max_length=32, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        default_permissions = ("view",)
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="audit_one_number_per_chain")]
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.chain}#{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The audit trail is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("The audit trail is append-only.")
