"""Lists as files: what the filter shows, as XLSX or CSV, for those who may take it out of the house."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, cast

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import models
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import clock
from staff.audit import record_of
from staff.desk.page import Text, moment
from staff.desk.reports.csv_file import write_csv
from staff.desk.reports.table import Column as TableColumn
from staff.desk.reports.table import Row, Table
from staff.desk.reports.written import Head, file_name
from staff.desk.reports.xlsx import write_xlsx
from staff.events import EventKind
from staff.models import User

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Base = ModelAdmin[Any]
else:
    Base = object

PERMISSION = "staff.export_lists"
EXPORTED = EventKind("list.exported", gettext_lazy("List exported"), "download")
MOST_ROWS = 200_000
FORMATS = {"xlsx": write_xlsx, "csv": write_csv}


@dataclass(frozen=True)
class Column:
    """One column of a file: its heading, and its value for a row."""

    label: Text
    value: Callable[[Any], Any]


def columns(model: type[models.Model], *paths: str) -> list[Column]:
    """A column for each path of fields, headed by the last field's name, with the words for choices."""
    return [_column(model, path) for path in paths]


class ExportAdmin(Base):
    """Adds `export/` to a list: the rows that its filters and its search show."""

    def export_columns(self, person: User) -> list[Column]:
        """The columns for this person, who may not be allowed to see all; none: the list is not exported."""
        return []

    def file_columns(self, person: User) -> list[Column]:
        """Those, and what the frame adds to every list."""
        return self.export_columns(person)

    def may_export(self, request: HttpRequest) -> bool:
        person = cast("User", request.user)
        return bool(self.export_columns(person)) and person.has_perm(PERMISSION)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [
            path("export/<slug:form>/", self.admin_site.admin_view(self.export_view), name=name),
            *super().get_urls(),
        ]

    def export_view(self, request: HttpRequest, form: str) -> HttpResponseBase:
        if form not in FORMATS or not self.has_view_permission(request) or not self.may_export(request):
            raise PermissionDenied
        person = cast("User", request.user)
        try:
            listed = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            raise SuspiciousOperation("The list has no such filter.") from None
        shown = self.file_columns(person)
        rows = (Row([column.value(row) for column in shown]) for row in islice(listed.iterator(500), MOST_ROWS))
        label = str(self.opts.verbose_name_plural)
        table = Table(label, [TableColumn(column.label) for column in shown], rows)
        now = clock.now()
        head = Head(label, [(_("Made by"), str(person)), (_("Made at"), moment(now))])
        file = TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
        written = FORMATS[form](file, head, [table])
        # The names of the filters alone: what is searched for may be an ID number.
        named = {"list": self.opts.label, "form": form, "filters": sorted(request.GET), "rows": written}
        record_of(person, EXPORTED, named)
        file.seek(0)
        response = FileResponse(file, as_attachment=True, filename=file_name(label, moment(now)[:10], form))
        response["Cache-Control"] = "private, no-store"
        return response


def _column(model: type[models.Model], path: str) -> Column:
    *parents, name = path.split("__")
    owner: Any = model
    for parent in parents:
        owner = owner._meta.get_field(parent).related_model
    field: Any = owner._meta.get_field(name)
    words = dict(field.flatchoices) if getattr(field, "flatchoices", None) else None

    def value(row: Any) -> Any:
        for parent in parents:
            if (row := getattr(row, parent)) is None:
                return None
        found = getattr(row, name)
        return words.get(found, found) if words else found

    return Column(field.verbose_name, value)
