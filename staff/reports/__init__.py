"""Reports of who did what, for whoever looks over the house."""

from __future__ import annotations

from staff.desk.reports.report import Report
from staff.reports.exceptions import Exceptions
from staff.reports.trail import Trail

ALL: list[Report] = [Exceptions(), Trail()]
