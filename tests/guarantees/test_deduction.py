"""What the purchaser deducts lowers the guaranteed amount; deducted to nothing, the guarantee has run down (B19)."""

from __future__ import annotations

import ast
from base64 import b64encode
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings

from claims.models import Demand
from guarantees.models import Application, Guarantee
from guarantees.models.guarantee import MoreThanIsLeft
from staff import clock
from staff.roles import Role
from tests.institution import decide, demanded, issued, notified, person
from tests.platform import Platform

pytestmark = pytest.mark.usefixtures("plain_letters")


def deduct(guarantee: Guarantee, amount: str) -> None:
    decide("deduct", Guarantee.objects.get(pk=guarantee.pk), Role.UNDERWRITER, amount=amount, reason="扣回证明1号")


def pay(platform: Platform, guarantee: Guarantee, amount: str) -> None:
    demand = demanded(platform, guarantee, claimAmount=amount)
    decide("take_up", demand, Role.CLAIMS_HANDLER)
    decide("pay", Demand.objects.get(pk=demand.pk), Role.CLAIMS_HANDLER, reference="P1", reason="…")


def verified(platform: Platform, guarantee: Guarantee) -> tuple[Any, str]:
    data = b64encode(guarantee.file.read()).decode()
    answer = platform.send("PREP104", {"guaranteeId": guarantee.number, "guaranteeData": data})
    return answer.fields["status"], answer.message


def test_it_works(platform: Platform) -> None:
    guarantee = issued(platform)
    deduct(guarantee, "400000.00")
    assert Guarantee.objects.get().state == "in_force"
    before = notified(platform)
    deduct(guarantee, "500000.00")
    guarantee = Guarantee.objects.get()
    assert (guarantee.state, guarantee.remaining) == ("run_down", 0)
    assert guarantee.ended_at is not None
    assert notified(platform) == before  # nothing is sent
    assert verified(platform, guarantee) == ("01", "保函真实有效签发，担保金额已全部扣回")


def test_the_order_is_over_and_may_begin_again(platform: Platform) -> None:
    deduct(issued(platform), "900000.00")
    assert platform.apply(supplier="另一企业").code == "000"
    assert [one.round for one in Application.objects.order_by("id")] == [1, 2]


def test_no_page_calls_it_paid(platform: Platform) -> None:
    guarantee = issued(platform)
    deduct(guarantee, "900000.00")
    guarantee = Guarantee.objects.get()
    platform.client.force_login(person(Role.MANAGER))
    for page in (
        f"/admin/guarantees/guarantee/{guarantee.pk}/change/",
        "/admin/guarantees/guarantee/",
        f"/verify/{guarantee.number}/?code={guarantee.verification_code}",
    ):
        shown = platform.client.get(page).content.decode()
        assert "已扣清" in shown, page
        assert "代偿完毕" not in shown.replace(">已代偿完毕</a>", ""), page  # but for the list's tab of that name


@pytest.mark.parametrize(("first", "last", "state"), [("deduct", "pay", "paid_out"), ("pay", "deduct", "run_down")])
def test_what_ended_it_names_its_state_and_the_platform_is_told_of_both(
    platform: Platform, first: str, last: str, state: str
) -> None:
    guarantee = issued(platform)
    for step in (first, last):
        if step == "pay":
            pay(platform, guarantee, "450000.00")
        else:
            deduct(guarantee, "450000.00")
    guarantee = Guarantee.objects.get()
    assert guarantee.state == state
    assert verified(platform, guarantee) == ("01", "保函真实有效签发，担保金额已由扣回和代偿用尽")


def test_a_demand_that_comes_then_finds_nothing_and_is_a_case_all_the_same(platform: Platform) -> None:
    guarantee = issued(platform)
    deduct(guarantee, "900000.00")
    demand = demanded(platform, guarantee)
    assert (demand.timely, demand.flags) == (False, ["ended", "beyond"])


@pytest.mark.parametrize("amount", ["900000.01", "0.00", "-1.00"])
def test_no_more_is_taken_from_a_guarantee_than_is_left(platform: Platform, amount: str) -> None:
    guarantee = issued(platform)
    for take in (guarantee.pay, guarantee.deduct):
        with pytest.raises(MoreThanIsLeft, match=r"900,000\.00 CNY are left"):
            take(Decimal(amount))
    assert (guarantee.paid, guarantee.deducted) == (0, 0)


def test_nothing_else_writes_what_was_paid_and_deducted() -> None:
    model = settings.BASE_DIR / "guarantees" / "models" / "guarantee.py"
    writers = {
        path.name
        for room in ("guarantees", "claims")
        for path in (settings.BASE_DIR / room).rglob("*.py")
        if path.parent.name != "migrations"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in ("paid", "deducted")
    }
    assert writers == {model.name}


def test_what_is_asked_of_guarantees_again_and_again(platform: Platform) -> None:
    used = issued(platform, applicationId="SQ-USED")
    deduct(used, "400000.10")
    pay(platform, used, "0.20")
    run_down = issued(platform, applicationId="SQ-RUN-DOWN")
    deduct(run_down, "900000.00")
    assert list(Guarantee.objects.in_force()) == list(Guarantee.objects.exposed()) == [used]
    assert {one.pk: one.left for one in Guarantee.objects.with_remaining()} == {
        used.pk: Decimal("499999.70"),
        run_down.pk: Decimal("0.00"),
    }
    days = (used.valid_until - clock.now()) // timedelta(days=1)
    assert list(Guarantee.objects.ending_within(days)) == []
    assert list(Guarantee.objects.ending_within(days + 1)) == [used]
    assert list(Guarantee.objects.past_their_end(used.valid_until)) == []
    assert list(Guarantee.objects.past_their_end(used.over_at)) == [used]
