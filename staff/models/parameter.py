"""Data that guides decisions: each value with its history."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.models.account import User


class BusinessParameter(models.Model):
    """One piece of data, by the code under which a room offers it (`staff.parameters`)."""

    unit_path = None  # the whole institution's

    code = models.CharField(_("code"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("business parameter")
        verbose_name_plural = _("business parameters")
        default_permissions = ("view",)
        permissions = [
            ("propose_change", _("Can propose changes of data that guides decisions")),
            ("confirm_change", _("Can confirm changes of data that guides decisions")),
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def audit_chain(self) -> str:
        return f"parameter:{self.pk}"


class ParameterVersionQuerySet(models.QuerySet["ParameterVersion"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("A version of a parameter is never changed.")

    def delete(self) -> NoReturn:
        raise TypeError("A version of a parameter is never deleted.")


class ParameterVersion(models.Model):
    """A value from a moment on. The one in force is the latest whose moment has come; nobody changes one.

    Without `proposed_by` it is what the environment or the version before said.
    """

    parameter = models.ForeignKey(
        BusinessParameter, verbose_name=_("business parameter"), on_delete=models.PROTECT, related_name="versions"
    )
    value = models.JSONField(_("value"))
    valid_from = models.DateTimeField(_("valid from"), db_index=True)
    made_at = models.DateTimeField(_("made at"))
    proposed_by = models.ForeignKey(
        User, verbose_name=_("proposed by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        User, verbose_name=_("confirmed by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=255, blank=True)

    objects = ParameterVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a parameter")
        verbose_name_plural = _("versions of parameters")
        default_permissions = ()
        ordering = ["-valid_from", "-id"]

    def __str__(self) -> str:
        return f"{self.parameter} · {self.valid_from:%Y-%m-%d}"
