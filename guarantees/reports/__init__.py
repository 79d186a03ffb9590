"""Reports of applications, guarantees and premiums, one file each."""

from __future__ import annotations

from guarantees.reports.behind import CasesBehind
from guarantees.reports.concentration import Concentration
from guarantees.reports.exposure import Exposure
from guarantees.reports.monthly import Monthly
from staff.desk.reports.report import Report

ALL: list[Report] = [CasesBehind(), Monthly(), Exposure(), Concentration()]
