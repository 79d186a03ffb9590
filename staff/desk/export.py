"""Lists as files: what the filter shows, as XLSX or CSV, for those who may take it out of the house."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import clock
from staff.audit import record_of
from staff.desk.page import Text, moment
from staff.desk.reports import runs
from staff.desk.reports.csv_file import write_csv
from staff.desk.reports.own_files import asked_for, handed_out
from staff.desk.reports.report import PERMISSION as SEES_REPORTS
from staff.desk.reports.report import Scale
from staff.desk.reports.table import Column as TableColumn
from staff.desk.reports.table import Row, Table
from staff.desk.reports.written import Head, Progress, file_name
from staff.desk.reports.xlsx import write_xlsx
from staff.events import EventKind
from staff.models import FileOf, User

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Base = ModelAdmin[Any]
else:
    Base = object

PERMISSION = "staff.export_lists"
EXPORTED = EventKind("list.exported", gettext_lazy("List exported"), "download")
#: Of a list. Whoever sees no reports takes what their work needs: a page of it, not all of the house's business.
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
        self._check(request, form)
        person, listed = cast("User", request.user), self._listed(request)
        rows, back = listed.count(), f"{self._list_address()}?{request.GET.urlencode()}"
        most = MOST_ROWS if person.has_perm(SEES_REPORTS) else runs.LONG
        if rows > most:
            messages.error(request, _("A file has at most %(most)s rows. Narrow the list.") % {"most": f"{most:,}"})
            return redirect(back)
        if runs.is_long(form, rows):
            name, query = self._file_name(form), request.GET.urlencode()
            return asked_for(request, FileOf.LIST, self.opts.label, name, query, form, rows, back=back)
        file = TemporaryFile()  # noqa: SIM115 (the answer closes it)
        self._write(file, request, listed, form)
        return handed_out(file, self._file_name(form))

    def write_list(
        self, file: IO[bytes], person: User, query: QueryDict, form: str, progress: Progress | None = None
    ) -> tuple[str, int]:
        """The same behind the pages, for what the person may see by then; the file's name, and how many rows it has.
        Raises NotMade."""
        request = HttpRequest()
        request.method, request.path, request.GET = "GET", self._list_address(), cast("Any", query)
        request.user = person
        try:
            self._check(request, form)
            rows = self._write(file, request, self._listed(request), form, progress)
        except (PermissionDenied, SuspiciousOperation):
            raise runs.NotMade(_("You may not see it any more.")) from None
        return self._file_name(form), rows

    def _check(self, request: HttpRequest, form: str) -> None:
        if form not in FORMATS or not self.has_view_permission(request) or not self.may_export(request):
            raise PermissionDenied

    def _listed(self, request: HttpRequest) -> QuerySet[Any]:
        try:
            listed: QuerySet[Any] = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            raise SuspiciousOperation("The list has no such filter.") from None
        return listed

    def _write(
        self,
        file: IO[bytes],
        request: HttpRequest,
        listed: QuerySet[Any],
        form: str,
        progress: Progress | None = None,
    ) -> int:
        """Writes the rows and tells the trail of it: the names of the filters alone, since what is searched for may be
        an ID number."""
        person = cast("User", request.user)
        shown = self.file_columns(person)
        rows = (Row([column.value(row) for column in shown]) for row in islice(listed.iterator(500), MOST_ROWS))
        label = str(self.opts.verbose_name_plural)
        table = Table(label, [TableColumn(column.label) for column in shown], rows)
        head = Head(label, [(_("Made by"), str(person)), (_("Made at"), moment(clock.now()))])
        written = FORMATS[form](file, head, [table], Scale.YUAN, progress)
        named = {"list": self.opts.label, "form": form, "filters": sorted(request.GET), "rows": written}
        record_of(person, EXPORTED, named)
        return written

    def _file_name(self, form: str) -> str:
        return file_name(str(self.opts.verbose_name_plural), clock.today().isoformat(), form)

    def _list_address(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


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
