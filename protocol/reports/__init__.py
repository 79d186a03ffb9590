"""Reports of what was exchanged with platforms, one file each."""

from __future__ import annotations

from protocol.reports.delivery import Delivery
from staff.desk.reports.report import Report

ALL: list[Report] = [Delivery()]
