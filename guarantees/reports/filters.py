"""By what reports of the book are narrowed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.models import Party, party_key
from protocol import folding
from protocol.names import choices_of
from protocol.reports.filters import PLATFORM as PLATFORM
from protocol.vocabulary import PurchaseNature
from staff.desk.reports.filters import Filter
from staff.models import Unit, User
from staff.roles import Role
from staff.units import UnitField, units_of, within

#: As many parties a text may mean before it is taken for too little.
MOST_PARTIES = 50


class PartyField(forms.CharField):
    """A party's code, or a part of its name, former names too; its value is the keys of all that are meant."""

    def __init__(self) -> None:
        super().__init__(max_length=256, strip=True)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        named = Q(key=party_key(text)) | Q(folded__contains=folding.name(text)) | Q(names__name__icontains=text)
        found = list(
            Party.objects.filter(named).order_by("pk").values_list("pk", "merged_into").distinct()[: MOST_PARTIES + 1]
        )
        if not found:
            raise forms.ValidationError(_("Nobody is called “%(text)s”, and no code is this.") % {"text": text})
        if len(found) > MOST_PARTIES:
            raise forms.ValidationError(
                _("More than %(number)d are called so; give more of the name.") % {"number": MOST_PARTIES}
            )
        return sorted({merged or party for party, merged in found})


def _party_names(keys: list[int]) -> str:
    names = list(Party.objects.filter(pk__in=keys).values_list("name", flat=True)[:4])
    return "、".join(names[:3]) + ("…" if len(names) > 3 else "")


class _UnitAndBelow(UnitField):
    """One of the units that the person sees, closed ones too; its value is its key and those of all below it."""

    def __init__(self, person: User) -> None:
        super().__init__(empty_label="—", required=False)
        self.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units_of(person)])

    def clean(self, value: Any) -> Any:
        unit = super().clean(value)
        return [one.pk for one in Unit.objects.from_here(unit)] if unit else None


def _unit_name(keys: list[int]) -> str:
    return str(Unit.objects.get(pk=keys[0]))


def _officers(person: User) -> forms.Field:
    people = User.objects.filter(groups__name__in=[role.value for role in Role]).order_by("name", "username")
    return forms.ModelChoiceField(within(people, person).distinct(), empty_label="—")


APPLICANT = Filter("applicant", gettext_lazy("Applicant (name or code)"), lambda person: PartyField(), _party_names)
PURCHASER = Filter("purchaser", gettext_lazy("Purchaser (name or code)"), lambda person: PartyField(), _party_names)
REGION = Filter(
    "region",
    gettext_lazy("Place of registration"),
    lambda person: forms.CharField(
        max_length=6,
        validators=[RegexValidator(r"^[1-9][0-9]{1,5}\Z", gettext_lazy("2 to 6 digits: 15, 1501, 150102."))],
        help_text=gettext_lazy("The first digits of the division: 15, 1501, 150102."),
    ),
)
UNIT = Filter("unit", gettext_lazy("Unit and below"), _UnitAndBelow, _unit_name)
NATURE = Filter(
    "nature",
    gettext_lazy("Nature"),
    lambda person: forms.ChoiceField(choices=[("", "—"), *choices_of(PurchaseNature)]),
    lambda value: dict(choices_of(PurchaseNature))[value],
)
OFFICER = Filter("officer", gettext_lazy("Officer"), _officers)

#: What every figure of the book can be narrowed by.
ALL = (PLATFORM, APPLICANT, PURCHASER, REGION, UNIT, NATURE)
