"""业务参数: each piece of data that guides decisions, its value, its default, who confirmed it, and since when."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import clock
from staff.desk.case import CaseAdmin
from staff.desk.export import Column
from staff.desk.page import NOTHING, Badge, Flag, Row, Section, Text, Tone, moment, two_lines
from staff.models import BusinessParameter, ParameterVersion, User
from staff.parameter_decisions import still_to_come
from staff.parameters import Parameter, in_force, parameter_of


@admin.register(BusinessParameter)
class BusinessParameterAdmin(CaseAdmin):
    list_display = ["what", "group", "value", "default", "state", "since"]
    list_display_links = ["what"]
    ordering = ["code"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("versions__confirmed_by", "versions__proposed_by")

    @admin.display(description=gettext_lazy("business parameter"), ordering="code")
    def what(self, row: BusinessParameter) -> SafeString:
        parameter = parameter_of(row)
        return two_lines(parameter.label if parameter else NOTHING, row.code)

    @admin.display(description=gettext_lazy("group"))
    def group(self, row: BusinessParameter) -> Text:
        parameter = parameter_of(row)
        return parameter.group.label if parameter else NOTHING

    @admin.display(description=gettext_lazy("value"))
    def value(self, row: BusinessParameter) -> Text:
        return _value(row)

    @admin.display(description=gettext_lazy("default"))
    def default(self, row: BusinessParameter) -> Text:
        return _default(row)

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: BusinessParameter) -> str:
        return str(self.badge(row))

    @admin.display(description=gettext_lazy("since"))
    def since(self, row: BusinessParameter) -> str:
        version = _version(row)
        return moment(version.valid_from) if version else NOTHING

    def export_columns(self, person: User) -> list[Column]:
        return [
            Column(_("business parameter"), lambda row: str(self.shown_as(row))),
            Column(_("code"), lambda row: row.code),
            Column(_("value"), lambda row: str(_value(row))),
            Column(_("default"), lambda row: str(_default(row))),
            Column(_("since"), self.since),
        ]

    def shown_as(self, record: BusinessParameter) -> Text:
        parameter = parameter_of(record)
        return parameter.label if parameter else record.code

    def heading(self, record: BusinessParameter) -> str:
        return record.code

    def badge(self, record: BusinessParameter) -> Badge:
        version = _version(record)
        if version is None:
            nothing = (parameter := parameter_of(record)) is not None and parameter.default is None
            return Badge(_("not set") if nothing else _("default"), Tone.WAITS)
        if version.confirmed_by is None:
            return Badge(_("as before, not confirmed"), Tone.WAITS)
        return Badge(_("confirmed"), Tone.GOOD)

    def flags(self, record: BusinessParameter, person: User) -> list[Flag]:
        if parameter_of(record) is None:
            return [Flag(_("Nothing reads this parameter any more."))]
        return [Flag(text) for text in still_to_come(record)]

    def questions(self, case: BusinessParameter, person: User) -> list[Flag]:
        return []

    def sections(self, record: BusinessParameter, person: User) -> list[Section]:
        versions = [
            {
                "value": _text(record, version),
                "from": version.valid_from,
                "by": version.proposed_by,
                "confirmed": version.confirmed_by,
                "reason": version.reason,
            }
            for version in record.versions.all()
        ]
        history = [Section(_("Versions"), template="desk/versions.html", content=versions)] if versions else []
        return [self.summary(record, person), *history]

    def summary(self, case: BusinessParameter, person: User) -> Section:
        parameter = parameter_of(case)
        facts = [Row(_("value"), _value(case)), Row(_("default"), _default(case))]
        if parameter:
            facts += [Row(_("where the default comes from"), parameter.source, "wide")]
            facts += [Row(_("what it does"), parameter.help, "wide")] if parameter.help else []
        return Section(parameter.label if parameter else case.code, facts)


def _version(row: BusinessParameter) -> ParameterVersion | None:
    return in_force(row.versions.all(), clock.now())


def _text(row: BusinessParameter, version: ParameterVersion) -> Text:
    parameter = parameter_of(row)
    return parameter.text(parameter.read(version.value)) if parameter else str(version.value)


def _value(row: BusinessParameter) -> Text:
    version = _version(row)
    return _text(row, version) if version else _default(row)


def _default(row: BusinessParameter) -> Text:
    parameter: Parameter[Any] | None = parameter_of(row)
    return parameter.text(parameter.default) if parameter else NOTHING
