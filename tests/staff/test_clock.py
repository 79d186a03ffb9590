"""One clock for the whole house, which can be set."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from guarantees.models import Application
from staff import clock
from staff.audit import broken_links
from staff.models import AuditEntry
from tests.platform import Platform

pytestmark = pytest.mark.django_db

LAST_EVENING = datetime(2024, 12, 31, 16, 30, tzinfo=UTC)


def test_what_happens_is_dated_by_the_clock_as_it_is_set(platform: Platform) -> None:
    with clock.running(lambda: LAST_EVENING):
        platform.apply()
        assert (clock.now(), clock.today()) == (LAST_EVENING, date(2025, 1, 1))
    application = Application.objects.get()
    assert {application.received_at, application.order.created_at} == {LAST_EVENING}
    assert set(AuditEntry.objects.filter(chain=application.audit_chain).values_list("at", flat=True)) == {LAST_EVENING}
    assert clock.now().year > 2024


def test_a_chain_is_whole_wherever_the_time_is_told(platform: Platform) -> None:
    """The same moment told in China's time is written as it is read again, or no digest would fit."""
    with clock.running(lambda: LAST_EVENING.astimezone(clock.CHINA)):
        platform.apply()
    assert list(broken_links(Application.objects.get().audit_chain)) == []
