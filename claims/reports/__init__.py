"""Reports of demands, one file each."""

from __future__ import annotations

from claims.reports.demands import DemandsReport
from staff.desk.reports.report import Report

ALL: list[Report] = [DemandsReport()]
