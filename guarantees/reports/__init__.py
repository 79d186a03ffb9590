"""Reports of applications, guarantees and premiums, one file each."""

from __future__ import annotations

from guarantees.reports.behind import CasesBehind
from guarantees.reports.concentration import Concentration
from guarantees.reports.decided import Decisions
from guarantees.reports.exposure import Exposure
from guarantees.reports.ledger import Ledger
from guarantees.reports.monthly import Monthly
from guarantees.reports.premiums import Premiums
from staff.desk.reports.report import Report

ALL: list[Report] = [
    Ledger(),
    Monthly(),
    Exposure(),
    Concentration(),
    Premiums(),
    Decisions(),
    CasesBehind(),
]
