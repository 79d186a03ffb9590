"""Units: the tree as a list, with what each has, and the page of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.desk.case import CaseAdmin
from staff.desk.export import Column, columns
from staff.desk.page import NOTHING, Badge, Flag, Row, Section, Tone, rows
from staff.models import Unit, User
from staff.unit_decisions import MANAGE
from staff.units import HELD, Held


def unit_badge(unit: Unit) -> Badge:
    return Badge(_("in operation"), Tone.GOOD) if unit.active else Badge(_("closed down"), Tone.OVER)


@admin.register(Unit)
class UnitAdmin(CaseAdmin):
    list_display = ["in_the_tree", "code", "state_badge"]
    list_display_links = ["in_the_tree"]
    list_filter = ["active"]
    search_fields = ["code", "name"]
    search_help_text = gettext_lazy("Code or name")
    ordering = ["lineage"]
    list_per_page = 200

    def get_list_display(self, request: HttpRequest) -> Any:
        return [*super().get_list_display(request), *(_counted(held) for held in HELD)]

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        person = cast("User", request.user)
        if not person.has_perm(MANAGE):
            return []
        return [{"label": _("Set up a unit"), "url": reverse("admin:staff_unit_decide", args=[person.unit_id, "add"])}]

    @admin.display(description=gettext_lazy("unit"))
    def in_the_tree(self, unit: Unit) -> SafeString:
        return format_html('<span class="in-tree in-tree-{}">{}</span>', unit.level, unit.name)

    @admin.display(description=gettext_lazy("state"), ordering="active")
    def state_badge(self, unit: Unit) -> str:
        return str(unit_badge(unit))

    def export_columns(self, person: User) -> list[Column]:
        return [*columns(Unit, "code", "name", "parent", "active"), *(_column(held) for held in HELD)]

    def heading(self, record: Unit) -> str:
        return " › ".join(str(unit) for unit in record.above())

    def badge(self, record: Unit) -> Badge:
        return unit_badge(record)

    def sections(self, record: Unit, person: User) -> list[Section]:
        return [
            self.summary(record, person),
            Section(_("What it has"), [Row(held.label, held.numbers().get(record.pk, 0)) for held in HELD]),
            *([Section(_("Units below"), [Row(_("units"), below)])] if (below := _below(record)) else []),
        ]

    def summary(self, case: Unit, person: User) -> Section:
        return Section(_("Unit"), [*rows(case, "code", "name"), *(rows(case, "parent") if case.parent else [])])

    def questions(self, case: Unit, person: User) -> list[Flag]:
        return []  # it is no case of anybody's


def _counted(held: Held) -> Callable[[Unit], str]:
    """A column of the list: how many each unit has, counted by one question for all."""
    column = _column(held)

    @admin.display(description=str(held.label))
    def number(unit: Unit) -> str:
        return str(column.value(unit) or NOTHING)

    return number


def _column(held: Held) -> Column:
    numbers: dict[int, int] | None = None

    def value(unit: Unit) -> int:
        nonlocal numbers
        if numbers is None:
            numbers = held.numbers()
        return numbers.get(unit.pk, 0)

    return Column(held.label, value)


def _below(unit: Unit) -> SafeString:
    named = (
        (reverse("admin:staff_unit_change", args=[one.pk]), one.name, "" if one.active else unit_badge(one))
        for one in unit.children.all()
    )
    return format_html_join("、", '<a href="{}">{}</a>{}', named)
