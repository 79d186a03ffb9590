"""Guarantees whose end is near."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guarantees.models import Guarantee, GuaranteeState
from staff import clock

SOON = timedelta(days=30)


def ending_soon(guarantees: QuerySet[Guarantee]) -> QuerySet[Guarantee]:
    """Those in force that end within 30 days."""
    return guarantees.filter(state=GuaranteeState.IN_FORCE, valid_until__lt=clock.now() + SOON)


class EndsSoon(admin.SimpleListFilter):
    title = _("end")
    parameter_name = "ends"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("30", _("within 30 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Guarantee]) -> QuerySet[Guarantee]:
        return ending_soon(queryset) if self.value() == "30" else queryset
