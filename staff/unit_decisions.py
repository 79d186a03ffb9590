"""What is decided about units: one is set up below another, changed, closed and opened again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.audit import record
from staff.decisions import Decision, Inapplicable, NotPermitted, NotPossible, ReasonForm
from staff.events import Detail, EventKind
from staff.looks import Tone
from staff.models import Unit, User
from staff.models.unit import HEAD_OFFICE, Misplaced
from staff.proposals import CONFIRM_CHANGE
from staff.units import HELD, UnitField, covers, name_of

MANAGE = "staff.manage_units"
ADDED = EventKind("unit.added", gettext_lazy("Unit set up"), "domain_add", Tone.GOOD)


class NewUnitForm(ReasonForm):
    """A unit below another; its code stays for good, since the trail and spreadsheets name it."""

    field_order = ("code", "name", "reason")
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=16,
        help_text=gettext_lazy("Letters, digits and dashes, such as 0102. It is never changed."),
        validators=Unit._meta.get_field("code").validators,
    )
    name = forms.CharField(label=gettext_lazy("Unit name"), max_length=64)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Unit.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("There is a unit of this code already."))
        return code

    def clean_name(self) -> str:
        return _free_name(self.cleaned_data["name"])


class ChangeUnitForm(ReasonForm):
    """Another name, or another place in the tree; the head office stays where it is."""

    field_order = ("name", "parent", "reason")
    name = forms.CharField(label=gettext_lazy("Unit name"), max_length=64)
    parent = UnitField(label=gettext_lazy("Belongs to"), empty_label=None)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        if unit.pk == HEAD_OFFICE:
            del self.fields["parent"]

    def clean_name(self) -> str:
        return _free_name(self.cleaned_data["name"], self.unit)

    def clean_parent(self) -> Unit:
        parent: Unit = self.cleaned_data["parent"]
        if reason := self.unit.why_not_under(parent):
            raise forms.ValidationError(reason)
        return parent


class UnitDecision(Decision[Unit]):
    """A decision on the tree, which two people take: it holds the lock of all units."""

    permission = MANAGE
    confirm_permission = CONFIRM_CHANGE
    model = Unit
    detail_names = {
        "parent_before": Detail(gettext_lazy("belonged to"), text=name_of),
        "parent": Detail(gettext_lazy("belongs to"), text=name_of),
        "called": Detail(gettext_lazy("called")),
        "called_before": Detail(gettext_lazy("called before")),
    }

    def lock(self, pk: int) -> Unit:
        Unit.lock_tree()
        return Unit.objects.get(pk=pk)


class AddUnit(UnitDecision):
    """On the unit to which the new one belongs."""

    name = "add"
    label = gettext_lazy("Set up a unit below")
    form_class = NewUnitForm
    event = ADDED

    def obstacle(self, case: Unit, person: User) -> str | None:
        return None if case.active else Inapplicable(_("The unit is closed."))

    def consequence(self, case: Unit) -> str:
        return _("People and applications come to it by decisions of their own; until then it has none.")

    def perform(self, case: Unit, person: User, data: dict[str, Any]) -> None:
        if Unit.objects.filter(code__iexact=data["code"]).exists() or Unit.objects.filter(name=data["name"]).exists():
            raise NotPossible(_("There is such a unit already."))
        data["unit"] = unit = Unit.objects.create(code=data["code"], name=data["name"], parent=case)
        try:
            unit.place_under(case)
        except Misplaced as refusal:
            raise NotPossible(str(refusal)) from refusal
        unit.save()

    def details(self, case: Unit, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"unit": data["unit"].code, "called": data["unit"].name, "parent": case.code}

    def follow(self, case: Unit, person: User, data: dict[str, Any]) -> None:
        """The new one's own chain begins with it too."""
        unit: Unit = data["unit"]
        details = self.details(case, data)
        record(chain=unit.audit_chain, event=ADDED, subject=unit, actor=person, reason=data["reason"], details=details)


class ChangeUnit(UnitDecision):
    name = "change"
    label = gettext_lazy("Change")
    event = EventKind("unit.changed", gettext_lazy("Unit changed"), "edit")

    def initial(self, case: Unit) -> Mapping[str, Any]:
        return {"name": case.name, "parent": case.parent.code if case.parent else None}

    def form(self, case: Unit, data: Any = None, files: Any = None) -> forms.Form:
        return ChangeUnitForm(data, files, initial=dict(self.initial(case)), unit=case)

    def consequence(self, case: Unit) -> str:
        return _("Whoever stands above it sees its cases, and those of all below it. Issued letters stay as they are.")

    def perform(self, case: Unit, person: User, data: dict[str, Any]) -> None:
        data["before"] = {"name": case.name, "parent": case.parent.code if case.parent else ""}
        if Unit.objects.filter(name=data["name"]).exclude(pk=case.pk).exists():
            raise NotPossible(_("There is such a unit already."))
        case.name = data["name"]
        parent: Unit | None = data.get("parent")
        if parent is None or parent.pk == case.parent_id:
            return
        if not covers(person, parent):
            raise NotPermitted(_("%(unit)s is not yours to put a unit under.") % {"unit": parent})
        try:
            case.place_under(Unit.objects.get(pk=parent.pk))
        except Misplaced as refusal:
            raise NotPossible(str(refusal)) from refusal

    def details(self, case: Unit, data: Mapping[str, Any]) -> Mapping[str, Any]:
        before, parent = data["before"], case.parent.code if case.parent else ""
        told = {"called_before": before["name"], "called": case.name} if before["name"] != case.name else {}
        return {**told, "parent_before": before["parent"], "parent": parent} if before["parent"] != parent else told


class CloseUnit(UnitDecision):
    name = "close"
    label = gettext_lazy("Close the unit")
    form_class = ReasonForm
    final = True
    event = EventKind("unit.closed", gettext_lazy("Unit closed"), "domain_disabled", Tone.OVER)

    def obstacle(self, case: Unit, person: User) -> str | None:
        if case.pk == HEAD_OFFICE:
            return Inapplicable(_("The head office is always open."))
        if not case.active:
            return Inapplicable(_("The unit is closed."))
        holds = [f"{held.label} {number}" for held in HELD if (number := held.numbers().get(case.pk))]
        if below := case.children.filter(active=True).count():
            holds.append(f"{_('units below')} {below}")
        if holds:
            return _("It still has: %(what)s. Move or close these first.") % {"what": "、".join(holds)}
        return None

    def consequence(self, case: Unit) -> str:
        return _("Nobody and nothing comes to it any more. What was its own stays so, and is seen from above.")

    def perform(self, case: Unit, person: User, data: dict[str, Any]) -> None:
        case.active = False


class ReopenUnit(UnitDecision):
    name = "reopen"
    label = gettext_lazy("Open the unit again")
    form_class = ReasonForm
    event = EventKind("unit.reopened", gettext_lazy("Unit opened again"), "domain_verification", Tone.GOOD)

    def obstacle(self, case: Unit, person: User) -> str | None:
        if case.active:
            return Inapplicable(_("The unit is open."))
        if case.parent and not case.parent.active:
            return _("%(unit)s, to which it belongs, is closed.") % {"unit": case.parent}
        return None

    def perform(self, case: Unit, person: User, data: dict[str, Any]) -> None:
        case.active = True


def _free_name(name: str, unit: Unit | None = None) -> str:
    others = Unit.objects.exclude(pk=unit.pk) if unit else Unit.objects.all()
    if others.filter(name=name).exists():
        raise forms.ValidationError(_("There is a unit of this name already."))
    return name


UNIT_DECISIONS: list[Decision[Any]] = [ChangeUnit(), AddUnit(), CloseUnit(), ReopenUnit()]
