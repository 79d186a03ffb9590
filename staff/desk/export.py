"""Lists as files: what the filter shows, as XLSX or CSV, for those who may take it out of the house."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, cast

import xlsxwriter
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import models
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.audit import record_of
from staff.desk.page import Text
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
#: A spreadsheet's numbers have 15 digits; what was stored beyond them is written as a text.
EXACT_BELOW = Decimal(10) ** 13
#: A spreadsheet takes a text that begins so for a formula, be it after blanks and line ends or in full width.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
#: A spreadsheet takes such a text for a number, and drops its leading zeros, its last digits or its E.
NUMERAL = re.compile(r"\s*(0[0-9]+|[0-9]{12,}|[0-9]+[eE][0-9]+)\s*")


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
        if form not in ("xlsx", "csv") or not self.has_view_permission(request) or not self.may_export(request):
            raise PermissionDenied
        person = cast("User", request.user)
        try:
            listed = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            raise SuspiciousOperation("The list has no such filter.") from None
        shown = self.file_columns(person)
        # The names of the filters alone: what is searched for may be an ID number.
        named = {"list": self.opts.label, "form": form, "filters": sorted(request.GET), "rows": listed.count()}
        record_of(person, EXPORTED, named)
        name = f"{self.opts.model_name}-{timezone.localtime():%Y%m%d-%H%M%S}.{form}"
        headings = [str(column.label) for column in shown]
        values = ([column.value(row) for column in shown] for row in islice(listed.iterator(500), MOST_ROWS))
        return _xlsx(name, headings, values) if form == "xlsx" else _csv(name, headings, values)


def _csv(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """UTF-8 with a mark in front, by which Excel knows it."""

    class Echo:
        def write(self, text: str) -> str:
            return text

    writer, remaining, language = csv.writer(Echo()), iter(rows), translation.get_language()

    def lines() -> Iterator[str]:
        yield "\ufeff" + cast("str", writer.writerow(headings))
        while True:
            # They are written when the request is over, whose language is the reader's.
            with translation.override(language):
                if (row := next(remaining, None)) is None:
                    return
                line = cast("str", writer.writerow([_typed(value) for value in row]))
            yield line

    response = StreamingHttpResponse((line.encode() for line in lines()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _xlsx(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    file = TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    # Rows are written as they come; a text is never taken for a formula, a link or a number.
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    )
    sheet = book.add_worksheet()
    bold, amount = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, 20)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, Decimal) and abs(value) < EXACT_BELOW:
                sheet.write_number(number, column, value, amount)
            elif isinstance(value, int) and not isinstance(value, bool):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, _plain(value))
    book.close()
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    return response


def _typed(value: Any) -> str:
    """The value where no cell has a type: a spreadsheet that opens the file must leave every text as it is.

    A tab behind digits keeps Excel and LibreOffice from reading a number; an apostrophe, from reading a formula.
    """
    text = _plain(value)
    if isinstance(value, date | int | None):
        return text
    if isinstance(value, Decimal):
        return text if abs(value) < EXACT_BELOW else f"{text}\t"
    if FORMULA.match(text):
        return f"'{text}"
    return f"{text}\t" if NUMERAL.fullmatch(text) else text


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return value.isoformat()
        case Decimal() | int():
            return str(value)
    return str(value)


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
