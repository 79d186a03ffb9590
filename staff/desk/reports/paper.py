"""Reports on paper are drawn by a room above, which has the typefaces and offers it."""

from __future__ import annotations

from dataclasses import dataclass

from staff.desk.reports.written import Write
from staff.offered import Offered


@dataclass(frozen=True)
class Printer:
    """`write` writes the tables with their charts as PDF."""

    name: str
    write: Write


PRINTERS: Offered[Printer] = Offered("PRINTERS", Printer, known_by=lambda printer: printer.name)


def printer() -> Printer | None:
    """Who draws; None where no room does."""
    return next(iter(PRINTERS), None)
