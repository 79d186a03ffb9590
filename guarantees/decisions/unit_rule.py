"""What is decided about the rules of arrival: one is added for a unit, changed, withdrawn.

Which rule comes first is one matter for the whole house: whoever sees every unit decides on it, and another confirms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import arrival
from guarantees.models import UnitRule
from protocol.models import Connection
from protocol.names import choices_of
from protocol.vocabulary import PurchaseNature
from staff import clock
from staff.audit import record
from staff.decisions import Decision, Inapplicable, ReasonForm
from staff.desk.form_fields import DayField, MoneyInput
from staff.events import Detail, EventKind
from staff.looks import Tone
from staff.models import Unit, User
from staff.proposals import CONFIRM_CHANGE
from staff.units import UnitField, sees_every_unit

MANAGE = "staff.manage_units"
CONDITIONS = ("place", "connection", "region", "nature", "amount_from", "amount_to", "active_from")


class RuleForm(ReasonForm):
    """Refuses a rule that would never take anything, and one behind which another would not."""

    field_order = (*CONDITIONS, "unit", "reason")
    place = forms.IntegerField(
        label=gettext_lazy("Place"),
        min_value=1,
        max_value=999_999,
        help_text=gettext_lazy("Rules are asked in this order; the first that takes an application decides."),
    )
    connection = forms.ModelChoiceField(
        Connection.objects.all(), label=gettext_lazy("Platform"), required=False, empty_label=gettext_lazy("Any")
    )
    region = forms.CharField(
        label=gettext_lazy("Purchaser's region"),
        required=False,
        max_length=6,
        help_text=gettext_lazy(
            "The first 2, 4 or 6 digits of the division in its credit code (its digits 3 to 8), such as 15, 1501."
        ),
    )
    nature = forms.ChoiceField(
        label=gettext_lazy("Nature of purchase"),
        required=False,
        choices=[("", gettext_lazy("Any")), *choices_of(PurchaseNature)],
    )
    amount_from = MoneyInput(label=gettext_lazy("Advance from (CNY)"), required=False)
    amount_to = MoneyInput(label=gettext_lazy("Advance up to (CNY)"), required=False)
    active_from = DayField(label=gettext_lazy("In use from"))

    def __init__(self, *args: Any, rule: UnitRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule

    def clean_region(self) -> str:
        region: str = self.cleaned_data["region"]
        if region and not (region.isascii() and region.isdigit() and len(region) in arrival.REGION_DIGITS):
            raise forms.ValidationError(_("A region is 2, 4 or 6 digits: a province, a city, a county."))
        return region

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        least, most = data.get("amount_from"), data.get("amount_to")
        if least is not None and most is not None and least > most:
            self.add_error("amount_to", _("No advance is both at least the one sum and at most the other."))
        if not self.errors and (trouble := self._among_the_others(data)):
            self.add_error(*trouble)
        return data

    def _among_the_others(self, data: Mapping[str, Any]) -> tuple[str, str] | None:
        """The field, and why the rule cannot stand there."""
        today = clock.today()
        meant = UnitRule(unit=self.rule.unit, **{name: data[name] for name in CONDITIONS})
        for other in UnitRule.objects.in_use().exclude(pk=self.rule.pk).select_related("unit"):
            if other.place == meant.place:
                return "place", _("There is a rule at this place already: %(rule)s.") % {"rule": other}
            if other.place < meant.place and arrival.takes_all_of(other, meant, today):
                told = _("It would take nothing: the rule %(rule)s comes before and takes all that it would.")
                return "place", told % {"rule": other}
            if meant.place < other.place and arrival.takes_all_of(meant, other, today):
                told = _(
                    "The rule %(rule)s would then take nothing: withdraw it before, or let this one come behind it."
                )
                return "place", told % {"rule": other}
        return None


class ChangeRuleForm(RuleForm):
    unit = UnitField(label=gettext_lazy("Unit"), empty_label=None)


class RuleDecision(Decision[UnitRule]):
    """A decision on the rules: it holds the lock of all units, so that no two rules are changed at once."""

    permission = MANAGE
    confirm_permission = CONFIRM_CHANGE
    model = UnitRule

    def lock(self, pk: int) -> UnitRule:
        Unit.lock_tree()
        return super().lock(pk)

    def obstacle(self, case: UnitRule, person: User) -> str | None:
        if case.withdrawn_at:
            return Inapplicable(_("The rule is withdrawn."))
        return another_matter(person)


class AddRule(Decision[Unit]):
    """On the unit to which the applications shall come."""

    name = "add_rule"
    label = gettext_lazy("Let applications come here")
    permission = MANAGE
    confirm_permission = CONFIRM_CHANGE
    model = Unit
    event = EventKind("unit_rule.added", gettext_lazy("Rule of arrival added"), "alt_route", Tone.GOOD)
    detail_names = {
        "conditions": Detail(
            gettext_lazy("takes"),
            {name: getattr(UnitRule._meta.get_field(name), "verbose_name", name) for name in CONDITIONS},
        ),
    }

    def lock(self, pk: int) -> Unit:
        Unit.lock_tree()
        return Unit.objects.get(pk=pk)

    def obstacle(self, case: Unit, person: User) -> str | None:
        if not case.active:
            return Inapplicable(_("The unit is closed."))
        if not Unit.objects.exclude(pk=case.pk).exists():
            return Inapplicable(_("There is no other unit."))
        return another_matter(person)

    def initial(self, case: Unit) -> Mapping[str, Any]:
        last = UnitRule.objects.in_use().order_by("place").last()
        return {"place": last.place + 10 if last else 10, "active_from": clock.today()}

    def form(self, case: Unit, data: Any = None, files: Any = None) -> forms.Form:
        return RuleForm(data, files, initial=dict(self.initial(case)), rule=UnitRule(unit=case))

    def consequence(self, case: Unit) -> str:
        return _("Applications that arrive from that day on come here. What has arrived stays where it is.")

    def perform(self, case: Unit, person: User, data: dict[str, Any]) -> None:
        data["rule"] = UnitRule.objects.create(unit=case, **{name: data[name] for name in CONDITIONS})

    def details(self, case: Unit, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return _details(data["rule"])

    def follow(self, case: Unit, person: User, data: dict[str, Any]) -> None:
        """The rule's own chain begins with it too."""
        rule: UnitRule = data["rule"]
        record(
            chain=rule.audit_chain,
            event=self.event,
            subject=rule,
            actor=person,
            reason=data["reason"],
            details=_details(rule),
        )


class ChangeRule(RuleDecision):
    name = "change"
    label = gettext_lazy("Change")
    event = EventKind("unit_rule.changed", gettext_lazy("Rule of arrival changed"), "edit")
    detail_names = {
        "conditions_before": Detail(gettext_lazy("took"), AddRule.detail_names["conditions"].words),
    }

    def initial(self, case: UnitRule) -> Mapping[str, Any]:
        return {**{name: getattr(case, name) for name in CONDITIONS}, "unit": case.unit.code}

    def form(self, case: UnitRule, data: Any = None, files: Any = None) -> forms.Form:
        return ChangeRuleForm(data, files, initial=dict(self.initial(case)), rule=case)

    def consequence(self, case: UnitRule) -> str:
        return _("It counts for what arrives from now on. What has arrived stays where it is.")

    def perform(self, case: UnitRule, person: User, data: dict[str, Any]) -> None:
        data["before"] = _details(case)
        for name in (*CONDITIONS, "unit"):
            setattr(case, name, data[name])

    def details(self, case: UnitRule, data: Mapping[str, Any]) -> Mapping[str, Any]:
        before, now = data["before"], _details(case)
        moved = {"unit_before": before["unit"]} if before["unit"] != now["unit"] else {}
        return {"conditions_before": before["conditions"], **moved, **now}


class WithdrawRule(RuleDecision):
    name = "withdraw"
    label = gettext_lazy("Withdraw")
    form_class = ReasonForm
    final = True
    event = EventKind("unit_rule.withdrawn", gettext_lazy("Rule of arrival withdrawn"), "cancel", Tone.OVER)

    def perform(self, case: UnitRule, person: User, data: dict[str, Any]) -> None:
        case.withdrawn_at = clock.now()

    def details(self, case: UnitRule, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return _details(case)


def another_matter(person: User) -> str | None:
    """Why this person may not touch any rule."""
    return None if sees_every_unit(person) else _("The rules of arrival are the head office's matter.")


def _details(rule: UnitRule) -> dict[str, Any]:
    said = {name: getattr(rule, name) for name in CONDITIONS}
    return {"unit": rule.unit.code, "conditions": {name: str(value) for name, value in said.items() if value}}
