"""By when a demand is to be decided and paid: the letter's working days, or the law's days for insurers."""

from __future__ import annotations

from datetime import datetime

import pytest

from claims import deadline
from guarantees.models import Guarantee
from staff.clock import CHINA
from staff.roles import Role
from tests.institution import demanded, signed_in
from tests.platform import Platform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_letters")]

MONDAY = datetime(2026, 9, 28, 16, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("wording", "received", "until"),
    [
        ("suretyship/2026-1", MONDAY, "2026-10-10"),  # over National Day, up to the make-up Saturday
        ("independent/2026-1", MONDAY, "2026-10-10"),
        ("insurance/2026-1", MONDAY, "2026-10-28"),
        ("suretyship/2026-1", MONDAY.replace(year=2027), "2027-10-05 (estimated: only weekends count as off)"),
    ],
)
def test_it_works(wording: str, received: datetime, until: str) -> None:
    letter = Guarantee(wording=wording, particulars={"payment_working_days": 5})
    assert deadline.of_demand(letter, received).day_text == until


def test_the_page_says_it_while_the_demand_is_open(platform: Platform, letter: Guarantee) -> None:
    demand = demanded(platform, letter)
    shown = signed_in(Role.CLAIMS_HANDLER).get(f"/admin/claims/demand/{demand.pk}/change/").content.decode()
    assert "To be decided and paid by".casefold() in shown.casefold()
    assert deadline.of_demand(letter, demand.received_at).day.isoformat() in shown
