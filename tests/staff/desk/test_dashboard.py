"""The dashboard: figures that the rooms offer, on the home page of whoever sees reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from config import rooms
from protocol.models import Notification
from protocol.models.outbox import NotificationState
from staff.clock import CHINA
from staff.desk.dashboard import FIGURES, Figure, Reading, Value
from staff.desk.reports.table import Cell, Chart, Series, Shape
from staff.models import Proposal
from staff.roles import Role
from tests.institution import approved, person
from tests.platform import Platform

NOW = datetime(2026, 11, 27, 15, tzinfo=CHINA)
SUM = Value(Decimal("12345678.90"), Cell.MONEY, before=Decimal("10000000.00"), compared="last month")


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def offered(db: None) -> Iterator[Callable[..., None]]:
    """Offers one figure alone."""

    def offer(reading: Reading | None, permission: str = "staff.view_reports") -> None:
        FIGURES.hand_over({"test": [Figure("Tried", lambda who, now: reading, permission, 1)]})

    yield offer
    rooms.join()


def card(client: Client) -> str:
    page = client.get("/admin/").content.decode()
    return page[page.index('<div class="figures">') : page.index("<h2>To do</h2>")] if "figures" in page else ""


def test_a_figure_has_its_number_its_change_its_lines_and_its_report(
    offered: Callable[..., None], desk: Callable[[Role], Client]
) -> None:
    chart = Chart("Months", Shape.BARS, ["1", "2"], [Series("sums", [Decimal(1), Decimal(2)])])
    lines = [Value(3, Cell.COUNT, "overdue", url="/admin/overdue/", is_trouble=True), Value(None, Cell.HOURS, "oldest")]
    offered(Reading(SUM, lines, chart, "/admin/reports/tried/?period=this_month"))
    shown = card(desk(Role.MANAGER))
    for said in ("1,234.57", "10,000 CNY", "last month", "+23.46 %", "<svg", "/admin/overdue/", ">3", "—"):
        assert said in shown
    assert 'href="/admin/reports/tried/?period=this_month"' in shown
    assert shown.count("figure-trouble") == 1


@pytest.mark.parametrize(
    ("role", "permission", "seen"),
    [
        (Role.MANAGER, "staff.view_reports", True),
        (Role.MANAGER, "protocol.add_connection", False),
        (Role.AUDITOR, "staff.view_reports", True),
        (Role.UNDERWRITER, "staff.view_proposal", False),
    ],
)
def test_it_is_shown_to_whom_it_is_for(
    offered: Callable[..., None], desk: Callable[[Role], Client], role: Role, permission: str, seen: bool
) -> None:
    offered(Reading(SUM), permission)
    assert bool(card(desk(role))) is seen


def test_what_has_nothing_to_say_takes_no_room(offered: Callable[..., None], desk: Callable[[Role], Client]) -> None:
    offered(None)
    assert card(desk(Role.MANAGER)) == ""


def test_what_waits_for_a_second_person_is_told_with_its_age(
    platform: Platform, desk: Callable[[Role], Client]
) -> None:
    proposer = person(Role.UNDERWRITER)
    application = approved(platform)
    for hours in (1, 30):
        Proposal.objects.create(
            decision=f"x{hours}",
            subject_type="guarantees.application",
            subject_id=application.pk,
            case_text="SQ",
            chain="order:1",
            permission="staff.confirm_change",
            data={},
            seen=1,
            proposed_by=proposer,
            proposed_at=NOW - timedelta(hours=hours),
            until=NOW + timedelta(hours=30 - hours),
        )
    shown = card(desk(Role.MANAGER))
    shown = shown[shown.index("Waits for a second person") :]
    assert "state__exact=proposed" in shown
    # Since 9:00 of the day before: three hours to noon and three after it, this morning's 3.5, this afternoon's half.
    assert "10.0 h" in shown
    assert "figure-trouble" in shown


def test_the_delivery_tells_what_waits_and_what_needs_attention(
    platform: Platform, desk: Callable[[Role], Client]
) -> None:
    common: dict[str, Any] = {
        "connection": platform.connection,
        "queue": "Q",
        "transcode": "PREP102",
        "plaintext": "{}",
    }
    states = [NotificationState.DELIVERED] * 3 + [NotificationState.WAITING, NotificationState.ATTENTION]
    for number, state in enumerate(states):
        at = NOW - timedelta(hours=2 * number)
        Notification.objects.create(**common, state=state, created_at=at, next_attempt_at=at, delivered_at=at)
    shown = card(desk(Role.MANAGER))
    shown = shown[shown.index("/admin/reports/delivery/") :]
    for said in ("60.00 %", "6.0 h", "state__exact=attention", "/admin/reports/delivery/?period=this_month", "<svg"):
        assert said in shown
