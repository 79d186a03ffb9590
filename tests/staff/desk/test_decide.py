"""Taking a decision in the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone

from guarantees.models import Application
from protocol.models import Notification
from staff.roles import Role
from tests.institution import decide, parameter, person

TERMS = {
    "approved_amount": "900000.00",
    "approved_start": "",
    "approved_end": "",
    "premium": "4500.00",
    "reason": "",
}


def payment() -> dict[str, str]:
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M:%S")
    return {"amount": "2000.00", "paid_at": now, "means": "bank_transfer", "reference": ""}


def address(case: Application, name: str) -> str:
    return f"/admin/guarantees/application/{case.pk}/decide/{name}/"


def seen(client: Client, case: Application, name: str) -> dict[str, Any]:
    """What the page adds to the form: how far the person has read."""
    return {"seen": client.get(address(case, name)).context["guard"].initial["seen"]}


def state(case: Application) -> str:
    return Application.objects.get(pk=case.pk).state


def test_it_works(desk: Callable[[Role], Client], received: Application) -> None:
    client = desk(Role.UNDERWRITER)
    answer = client.post(address(received, "approve"), TERMS | seen(client, received, "approve"), follow=True)
    assert answer.redirect_chain == [(f"/admin/guarantees/application/{received.pk}/change/", 302)]
    assert "Approved, and the platform is told." in answer.content.decode()
    assert state(received) == "approved"


def test_the_page_says_what_the_platform_will_be_told(desk: Callable[[Role], Client], received: Application) -> None:
    assert "PREP102 01" in desk(Role.UNDERWRITER).get(address(received, "approve")).content.decode()


def test_errors_stand_beside_their_fields_and_nothing_is_lost(
    desk: Callable[[Role], Client], received: Application
) -> None:
    answer = desk(Role.UNDERWRITER).post(address(received, "approve"), {**TERMS, "premium": "", "reason": "kept"})
    page = answer.content.decode()
    assert 'id="id_premium_error"' in page
    assert "kept" in page
    assert state(received) == "received"


def test_a_second_click_does_nothing_twice(desk: Callable[[Role], Client], received: Application) -> None:
    client = desk(Role.UNDERWRITER)
    form = TERMS | seen(client, received, "approve")
    client.post(address(received, "approve"), form)
    again = client.post(address(received, "approve"), form, follow=True)
    assert "Not possible any more" in again.content.decode()
    assert Notification.objects.count() == 1


def test_a_part_payment_sent_twice_counts_once(desk: Callable[[Role], Client], approved: Application) -> None:
    client = desk(Role.CASHIER)
    form = payment() | seen(client, approved, "record_payment")
    client.post(address(approved, "record_payment"), form)
    again = client.post(address(approved, "record_payment"), form, follow=True)
    assert "Something happened on this case" in again.content.decode()
    assert approved.receipts.count() == 1


def test_two_part_payments_count_twice(desk: Callable[[Role], Client], approved: Application) -> None:
    client = desk(Role.CASHIER)
    for _payment in range(2):
        client.post(address(approved, "record_payment"), payment() | seen(client, approved, "record_payment"))
    assert approved.receipts.count() == 2


def test_the_second_of_two_underwriters_is_told_who_was_first(
    desk: Callable[[Role], Client], received: Application
) -> None:
    client = desk(Role.UNDERWRITER)
    form = TERMS | seen(client, received, "approve")
    decide("reject", received, person(Role.UNDERWRITER, "colleague"), reason="no")
    answer = client.post(address(received, "approve"), form, follow=True)
    assert "colleague" in answer.content.decode()
    assert state(received) == "rejected"


def test_a_decision_that_is_over_leads_back_with_the_reason(
    desk: Callable[[Role], Client], approved: Application
) -> None:
    answer = desk(Role.UNDERWRITER).get(address(approved, "approve"), follow=True)
    assert "Not possible any more" in answer.content.decode()


def test_who_approved_cannot_take_the_money(desk: Callable[[Role], Client], approved: Application) -> None:
    parameter("duties.profile", "full")
    both = person(Role.UNDERWRITER)
    both.groups.add(*person(Role.CASHIER).groups.all())
    answer = desk(Role.UNDERWRITER).post(address(approved, "record_payment"), payment(), follow=True)
    assert "another person must do this" in answer.content.decode()
    assert approved.receipts.count() == 0


def test_a_final_decision_asks_twice(desk: Callable[[Role], Client], received: Application) -> None:
    client = desk(Role.UNDERWRITER)
    answer = client.post(address(received, "reject"), {"reason": "no"})
    assert "Tick this to confirm." in answer.content.decode()
    assert state(received) == "received"
    client.post(address(received, "reject"), {"reason": "no", "sure": "on"})
    assert state(received) == "rejected"


def test_a_role_without_the_permission_is_refused(desk: Callable[[Role], Client], received: Application) -> None:
    assert desk(Role.CASHIER).post(address(received, "approve"), TERMS).status_code == 403
    assert state(received) == "received"


def test_an_unknown_decision_is_not_found(desk: Callable[[Role], Client], received: Application) -> None:
    assert desk(Role.UNDERWRITER).get(address(received, "bless")).status_code == 404
