"""The pages of a report: A4, upright or lying, each with its head and foot; no row is cut by a page's end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from guarantees.issuing.institution import FONTS
from guarantees.letter.typesetting.fonts import DRAWING, typeface
from guarantees.letter.typesetting.page_layout import GREY, INK, RULE, TINT
from guarantees.letter.typesetting.paragraphs import draw_lines
from guarantees.reports.paper.chart import Drawing, drawing
from guarantees.reports.paper.columns import PADDING, SAMPLE, Panel, height, is_figure, natural, panels
from guarantees.reports.paper.setting import LEADING, SIZE, Setter
from staff.desk.reports.cells import cell_text
from staff.desk.reports.report import Scale
from staff.desk.reports.table import Column, Row, Table
from staff.desk.reports.written import Head, Passing, Progress

SIDE, HEAD, FOOT = 40.0, 58.0, 44.0
#: More of a table is no paper that anybody reads: the first rows and the totals stand on it, and where the rest is.
MOST_ROWS = 2000
#: Below a chart, and between the parts.
GAP = 12.0
PAGES = "pages"


@dataclass(frozen=True)
class _Line:
    """A row as it is printed."""

    texts: Sequence[str]
    height: float
    is_sum: bool
    is_total: bool


def write_pdf(
    file: IO[bytes], head: Head, tables: Sequence[Table], scale: Scale = Scale.YUAN, progress: Progress | None = None
) -> int:
    """Writes the report; how many rows stand in it."""
    face = typeface(FONTS, settings.FALLBACK_FONT)
    setter = Setter(face)
    read: list[_Read] = []
    for table in tables:
        read.append(_Read(setter, table, scale, progress, sum(len(one.rows) for one in read)))
    lying = any(sum(one.widths) > A4[0] - 2 * SIDE for one in read)
    size = (A4[1], A4[0]) if lying else A4
    canvas = Canvas(file, pagesize=size, pageCompression=1, lang="zh-CN", initialFontName=face.regular)
    canvas.setTitle(head.title)
    canvas.setAuthor(settings.INSTITUTION_NAME)
    canvas.setCreator("guarantee-desk")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    paper = _Paper(canvas, setter, head, scale, size)
    for one in read:
        paper.table(one, alone=len(read) == 1)
    paper.end()
    with DRAWING:  # the typefaces are read as their subsets are made
        canvas.save()
    return sum(len(one.rows) for one in read)


class _Read:
    """A table of which the rows are read that stand on paper, so that its columns have their widths."""

    def __init__(self, setter: Setter, table: Table, scale: Scale, progress: Progress | None, before: int) -> None:
        self.table, self.columns, self.scale, self.setter = table, table.columns, scale, setter
        self.rows: list[Row] = []
        self.is_cut = False
        passing = Passing(table, progress, before)
        for row in passing:
            if len(self.rows) < MOST_ROWS:
                self.rows.append(row)
            elif not self.is_cut:
                self.is_cut = True
                if table.totals:
                    break
        self.totals = passing.totals if self.rows else None
        sample = [*self.rows[:SAMPLE], *([self.totals] if self.totals else [])]
        self.widths = natural(setter, self.columns, sample, scale)

    def lines(self, shown: Sequence[Panel]) -> Iterator[_Line]:
        """The rows, and below them the totals."""
        for row in [*self.rows, *([self.totals] if self.totals else [])]:
            texts = [
                "" if row.is_sum and value is None else cell_text(value, column.cell, self.scale)
                for value, column in zip(row.values, self.columns, strict=True)
            ]
            high = height(self.setter, texts, self.columns, shown, bold=row.is_sum)
            yield _Line(texts, high, row.is_sum, is_total=row is self.totals)


class _Paper:
    """Where on which page the pen stands."""

    def __init__(self, canvas: Canvas, setter: Setter, head: Head, scale: Scale, size: tuple[float, float]) -> None:
        self.canvas, self.setter, self.head, self.scale = canvas, setter, head, scale
        self.facts = [f"{label}：{text}" for label, text in head.facts]
        self.width, self.top = size
        self.measure = self.width - 2 * SIDE
        self.page = 1
        self.y = self.top - HEAD
        self._foot()
        self._title()

    # --- Pages ----------------------------------------------------------------------------------------------

    def turn(self) -> None:
        """A new page with its running head."""
        self.canvas.showPage()
        self.page += 1
        self.y = self.top - HEAD
        self._foot()
        self.canvas.setFillColorRGB(*GREY)
        self.setter.write(self.canvas, self.head.title, SIDE, self.top - 38)
        self.setter.write(self.canvas, self.facts[0], self.width - SIDE, self.top - 38, align="end")
        self._rule(self.top - 45, 0.5)

    def end(self) -> None:
        """The last page, and on all of them how many there are."""
        self.canvas.showPage()
        self.canvas.beginForm(PAGES, 0, -4, 80, 12)
        self.canvas.setFillColorRGB(*GREY)
        self.setter.write(self.canvas, _("of %(pages)d") % {"pages": self.page}, 0, 0)
        self.canvas.endForm()

    def room(self) -> float:
        return self.y - FOOT

    def _foot(self) -> None:
        self._rule(FOOT - 8, 0.5)
        self.canvas.setFillColorRGB(*GREY)
        page = _("page %(page)d") % {"page": self.page}
        middle = self.width / 2
        self.setter.write(self.canvas, page, middle - 3, FOOT - 20, align="end")
        self.canvas.saveState()
        self.canvas.translate(middle + 3, FOOT - 20)
        self.canvas.doForm(PAGES)
        self.canvas.restoreState()
        self.setter.write(self.canvas, self.facts[-1], self.width - SIDE, FOOT - 20, align="end")

    def _title(self) -> None:
        self.canvas.setFillColorRGB(*INK)
        title = self.setter.lines(self.head.title, self.measure, size=17, bold=True)
        self.y = self.top - 40
        for line in title:
            draw_lines(self.canvas, [line], (self.width - line.width) / 2, self.y, size=17, leading=26)
            self.y -= 26
        self.canvas.setFillColorRGB(*GREY)
        for line in self.setter.lines("    ".join(self.facts), self.measure, size=8.5):
            draw_lines(self.canvas, [line], (self.width - line.width) / 2, self.y, size=8.5, leading=13)
            self.y -= 13
        self._rule(self.y - 4, 1.2)
        self.y -= 4 + GAP

    # --- A table ----------------------------------------------------------------------------------------------

    def table(self, read: _Read, *, alone: bool) -> None:
        """Title, chart, rows and notes; a table that stands alone is called what the report is."""
        shown = panels(read.widths, SIDE, self.measure)
        head = height(self.setter, [str(one.label) for one in read.columns], _as_texts(read.columns), shown, bold=True)
        chart = drawing(read.table.chart, self.scale, self.setter, self._chart_width()) if read.table.chart else None
        self._table_title(read.table, chart, head, alone=alone)
        if not read.rows:
            self._say(_("Nothing falls into this."))
        for lines in self._pages_of(read, shown, head):
            for number, panel in enumerate(shown):
                if number:
                    self.turn()
                self._panel(read, panel, lines, head, wide=len(shown) > 1)
        self.y -= 4
        if read.is_cut:
            self._say(_("The first %(rows)d rows stand here; the spreadsheet has all of them.") % {"rows": MOST_ROWS})
        for note in read.table.notes:
            self._say(str(note))
        self.y -= GAP

    def _chart_width(self) -> float:
        return min(self.measure, 560.0)

    def _table_title(self, table: Table, chart: Drawing | None, head: float, *, alone: bool) -> None:
        """With what it is the title of, on one page."""
        name = "" if alone and str(table.title) in self.head.title else str(table.title)
        needed = (18 if name else 0) + (chart.height + GAP + 16 if chart else 0) + head + 3 * LEADING
        if self.room() < needed:
            self.turn()
        self.canvas.setFillColorRGB(*INK)
        if name:
            self.setter.write(self.canvas, name, SIDE, self.y - 11, size=11, bold=True)
            self.y -= 18
        if chart:
            self.setter.write(self.canvas, str(chart.chart.title), SIDE, self.y - 10, size=9)
            self.y -= 16
            chart.draw(self.canvas, SIDE + (self.measure - chart.width) / 2, self.y)
            self.y -= chart.height + GAP

    def _pages_of(self, read: _Read, shown: Sequence[Panel], head: float) -> Iterator[list[_Line]]:
        """The rows of each page; the totals never stand on one alone. The pen is at the page's beginning."""
        page: list[_Line] = []
        used = head
        for line in read.lines(shown):
            if used + line.height > self.room() and page:
                last = [page.pop()] if line.is_total and len(page) > 1 else []
                yield page
                self.turn()
                page, used = last, head + sum(one.height for one in last)
            page.append(line)
            used += line.height
        if page:
            yield page

    def _panel(self, read: _Read, panel: Panel, lines: Sequence[_Line], head: float, *, wide: bool) -> None:
        if wide:
            first, last = panel.numbers
            text = _("columns %(first)d to %(last)d of %(all)d")
            self.canvas.setFillColorRGB(*GREY)
            values = {"first": first, "last": last, "all": len(read.columns)}
            self.setter.write(self.canvas, text % values, SIDE, FOOT - 20)
        self.canvas.setFillColorRGB(*TINT)
        self.canvas.rect(SIDE, self.y - head, self.measure, head, stroke=0, fill=1)
        self._row(
            [str(column.label) for column in read.columns], panel, _as_texts(read.columns), read.columns, bold=True
        )
        self.y -= head
        self._rule(self.y, 0.8)
        for line in lines:
            if line.is_sum:
                self._rule(self.y, 0.8)
            self._row(line.texts, panel, read.columns, read.columns, bold=line.is_sum)
            self.y -= line.height
            self._rule(self.y, 0.3)

    def _row(
        self, texts: Sequence[str], panel: Panel, cells: Sequence[Column], columns: Sequence[Column], *, bold: bool
    ) -> None:
        self.canvas.setFillColorRGB(*INK)
        top = self.y - PADDING / 2
        for placed in panel.columns:
            text, left = texts[placed.number], placed.left + PADDING
            if is_figure(cells[placed.number]):
                self.setter.figure(self.canvas, text, left + placed.room, top, placed.room, bold=bold)
                continue
            for number, line in enumerate(self.setter.lines(text, placed.room, bold=bold)):
                # A heading stands over its figures.
                x = left + placed.room - line.width if is_figure(columns[placed.number]) else left
                draw_lines(self.canvas, [line], x, top - number * LEADING, size=SIZE, leading=LEADING)

    def _say(self, text: str) -> None:
        for line in self.setter.lines(text, self.measure):
            if self.room() < LEADING:
                self.turn()
            self.canvas.setFillColorRGB(*GREY)
            draw_lines(self.canvas, [line], SIDE, self.y, size=SIZE, leading=LEADING)
            self.y -= LEADING

    def _rule(self, y: float, thickness: float) -> None:
        self.canvas.setStrokeColorRGB(*RULE)
        self.canvas.setLineWidth(thickness)
        self.canvas.line(SIDE, y, SIDE + self.measure, y)


def _as_texts(columns: Sequence[Column]) -> list[Column]:
    """As the headings are set: broken into lines."""
    return [Column(column.label) for column in columns]
