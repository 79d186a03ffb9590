"""The rules of arrival: the list in their order, with a line to try them out, and the page of one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import arrival
from guarantees.models import UnitRule
from protocol.models import Connection
from protocol.names import choices_of
from protocol.vocabulary import PurchaseNature
from staff import clock
from staff.desk.case import CaseAdmin
from staff.desk.export import Column, columns
from staff.desk.form_fields import MoneyInput
from staff.desk.page import Badge, Flag, Section, Tone, day, money, rows
from staff.models import Unit, User
from staff.models.unit import HEAD_OFFICE


class TryForm(forms.Form):
    """What an application would say."""

    prefix = "try"
    connection = forms.ModelChoiceField(Connection.objects.all(), label=gettext_lazy("Platform"), empty_label=None)
    beneficiary_code = forms.CharField(label=gettext_lazy("Purchaser's credit code"), max_length=64)
    nature = forms.ChoiceField(label=gettext_lazy("Nature of purchase"), choices=choices_of(PurchaseNature))
    amount = MoneyInput(label=gettext_lazy("Advance (CNY)"))


def rule_badge(rule: UnitRule) -> Badge:
    if rule.withdrawn_at:
        return Badge(_("withdrawn"), Tone.OVER)
    if rule.active_from > clock.today():
        return Badge(_("not yet in use"), Tone.WAITS)
    return Badge(_("in use"), Tone.GOOD)


@admin.register(UnitRule)
class UnitRuleAdmin(CaseAdmin):
    list_display = ["place", "connection", "region", "nature", "amounts", "to_unit", "since", "state_badge"]
    list_display_links = ["place"]
    list_filter = ["connection", ("withdrawn_at", admin.EmptyFieldListFilter)]
    list_before_template = "desk/above_rules.html"
    search_fields = ["region", "unit__name"]
    search_help_text = gettext_lazy("Region or unit")
    ordering = ["place", "id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[UnitRule]:
        return super().get_queryset(request).select_related("connection", "unit")

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.list_display  # the unit is its own column

    @admin.display(description=gettext_lazy("advance (CNY)"), ordering="amount_from")
    def amounts(self, rule: UnitRule) -> str:
        least = [] if rule.amount_from is None else [f"≥ {money(rule.amount_from)}"]
        return " ".join(least if rule.amount_to is None else [*least, f"≤ {money(rule.amount_to)}"])

    @admin.display(description=gettext_lazy("unit"), ordering="unit__lineage")
    def to_unit(self, rule: UnitRule) -> str:
        return str(rule.unit)

    @admin.display(description=gettext_lazy("in use from"), ordering="active_from")
    def since(self, rule: UnitRule) -> str:
        return day(rule.active_from)

    @admin.display(description=gettext_lazy("state"), ordering="withdrawn_at")
    def state_badge(self, rule: UnitRule) -> str:
        return str(rule_badge(rule))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, and above it where an application of the values in the address would go."""
        names = {f"{TryForm.prefix}-{name}" for name in TryForm.base_fields}
        given = {name: request.GET[name] for name in names if name in request.GET}
        left = request.GET.copy()
        for name in names:
            left.pop(name, None)
        request.GET = left  # type: ignore[assignment]
        form = TryForm(given or None)
        tried = _tried(form) if given and form.is_valid() else {}
        return super().changelist_view(request, {"try_form": form, **tried, **(extra_context or {})})

    def export_columns(self, person: User) -> list[Column]:
        return columns(
            UnitRule,
            "place",
            "connection",
            "region",
            "nature",
            "amount_from",
            "amount_to",
            "active_from",
            "withdrawn_at",
        )

    def heading(self, record: UnitRule) -> str:
        return _("Applications that it takes come to %(unit)s.") % {"unit": record.unit}

    def badge(self, record: UnitRule) -> Badge:
        return rule_badge(record)

    def sections(self, record: UnitRule, person: User) -> list[Section]:
        return [self.summary(record, person)]

    def summary(self, case: UnitRule, person: User) -> Section:
        shown = ("place", "connection", "region", "nature", "amount_from", "amount_to", "unit", "active_from")
        return Section(
            _("Rule"),
            [*rows(case, *shown), *(rows(case, "withdrawn_at") if case.withdrawn_at else [])],
            note=_("What stands empty is not asked for."),
        )

    def questions(self, case: UnitRule, person: User) -> list[Flag]:
        return []  # it is no case of anybody's


def _tried(form: TryForm) -> dict[str, Any]:
    values = arrival.Arriving(
        form.cleaned_data["connection"].pk,
        form.cleaned_data["beneficiary_code"],
        form.cleaned_data["nature"],
        form.cleaned_data["amount"],
    )
    rule = arrival.first_that_takes(UnitRule.objects.in_use().select_related("unit"), values, clock.today())
    region = arrival.region(values.beneficiary_code)
    return {
        "tried_unit": rule.unit if rule else Unit.objects.get(pk=HEAD_OFFICE),
        "tried_rule": rule,
        "tried_region": region or _("none: the code is no credit code"),
    }
