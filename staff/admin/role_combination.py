"""Roles held together: each person with theirs, and what keeps apart the duties that these add up to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.accounts import profile
from staff.admin.account import RoleFilter
from staff.admin.account_texts import role_names
from staff.desk.export import Column, columns
from staff.desk.page import NOTHING, Badge, Flag, Row, Section, Tone, moment, rows, two_lines
from staff.desk.record import RecordAdmin
from staff.duties import Duty, forbidden_pairs
from staff.models import RoleCombination, User
from staff.role_combinations import Standing, combinations, duties_open_to, standing, with_permissions

TONES = {
    Standing.FORBIDDEN: Tone.BAD,
    Standing.APART: Tone.WAITS,
    Standing.ALLOWED: Tone.WARNING,
    Standing.NONE: Tone.OVER,
}


class StandingFilter(SimpleListFilter):
    title = gettext_lazy("what parts them")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Standing.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[RoleCombination]) -> QuerySet[RoleCombination]:
        if self.value() not in Standing.values:
            return queryset
        now = profile()
        return queryset.filter(pk__in=[one.pk for one in queryset if standing(one, now) == self.value()])


@admin.register(RoleCombination)
class RoleCombinationAdmin(RecordAdmin):
    list_display = ["person", "role_names", "both", "state"]
    list_display_links = ["person"]
    list_filter = [StandingFilter, RoleFilter]
    search_fields = ["username", "name"]
    search_help_text = gettext_lazy("Sign-in name or name")
    ordering = ["username"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoleCombination]:
        return with_permissions(super().get_queryset(request).filter(is_active=True))

    @admin.display(description=gettext_lazy("person"), ordering="username")
    def person(self, record: RoleCombination) -> SafeString:
        return two_lines(record.name or record.username, record.username)

    @admin.display(description=gettext_lazy("roles"))
    def role_names(self, record: RoleCombination) -> str:
        return role_names(record.roles)

    @admin.display(description=gettext_lazy("could do both"))
    def both(self, record: RoleCombination) -> SafeString | str:
        found = combinations(record, profile())
        return format_html_join(mark_safe("<br>"), "{}", ((str(one),) for one in found)) if found else NOTHING

    @admin.display(description=gettext_lazy("what parts them"))
    def state(self, record: RoleCombination) -> str:
        return str(self.badge(record))

    def export_columns(self, person: User) -> list[Column]:
        now = profile()
        return [
            *columns(RoleCombination, "username", "name"),
            Column(_("roles"), lambda record: role_names(record.roles)),
            Column(_("could do both"), lambda record: "；".join(map(str, combinations(record, now)))),
            Column(_("what parts them"), lambda record: standing(record, now).label),
            *columns(RoleCombination, "last_login"),
        ]

    def heading(self, record: RoleCombination) -> str:
        return record.username

    def badge(self, record: RoleCombination) -> Badge:
        found = standing(record, profile())
        return Badge(found.label, TONES[found])

    def flags(self, record: RoleCombination, person: User) -> list[Flag]:
        reasons = dict.fromkeys(pair.why for pair in forbidden_pairs(record.roles, profile()))
        return [Flag(why, Tone.BAD) for why in reasons]

    def sections(self, record: RoleCombination, person: User) -> list[Section]:
        now = profile()
        open_to = duties_open_to(record)
        duties = "、".join(str(duty.noun) for duty in Duty if duty in open_to)
        found = combinations(record, now)
        return [
            Section(
                _("Person"),
                [
                    *rows(record, "username", "name"),
                    Row(_("roles"), role_names(record.roles)),
                    Row(_("duties that these allow"), duties or NOTHING, "wide"),
                    Row(_("last sign-in"), moment(record.last_login)),
                ],
            ),
            Section(
                _("Two duties of one person"),
                [Row(str(one), one.standing.label) for one in found],
                note=_("The profile in force is “%(profile)s”.") % {"profile": now.label},
            ),
        ]
