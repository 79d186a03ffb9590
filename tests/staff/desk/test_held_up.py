"""A decision that a case does not allow stands there greyed with its reason, unless it is not its turn at all."""

from __future__ import annotations

import re
from typing import Any

from claims.models import Demand
from guarantees.models import Application, Guarantee
from staff.models import AuditEntry
from staff.roles import Role
from tests.institution import approved, cancellation, decide, demanded, issued, paid, parameter, person, withdrawal
from tests.platform import APPLICATION, Platform

NUMBER = APPLICATION["applicationId"]


def shown(platform: Platform, case: Any, role: Role) -> dict[str, str]:
    """The greyed decisions of a case's page, and why."""
    platform.client.force_login(person(role))
    page = platform.client.get(f"/admin/{case._meta.label_lower.replace('.', '/')}/{case.pk}/change/").content.decode()
    found = re.findall(r'data-held-up="(\w+)"><button [^>]*disabled[^>]*>[^<]*</button><p [^>]*>([^<]*)</p>', page)
    return dict(found)


def test_a_surrender_without_a_release(platform: Platform) -> None:
    issued(platform)
    assert "采购人" in shown(platform, withdrawal(platform, NUMBER, "01"), Role.UNDERWRITER)["approve"]


def test_cancelling_an_issued_order(platform: Platform) -> None:
    issued(platform)
    assert shown(platform, withdrawal(platform, NUMBER, "02"), Role.UNDERWRITER).keys() == {"approve"}


def test_what_another_person_must_do(platform: Platform) -> None:
    parameter("duties.profile", "full")
    application = paid(platform)
    person(Role.CASHIER).groups.add(*person(Role.ISSUER).groups.all())
    assert "他人" in shown(platform, application, Role.CASHIER)["issue"]


def test_a_demand_that_is_open(platform: Platform) -> None:
    guarantee = issued(platform)
    asked = cancellation(platform, guarantee)
    demanded(platform, guarantee)
    assert shown(platform, asked, Role.UNDERWRITER).keys() == {"approve"}
    assert shown(platform, guarantee, Role.UNDERWRITER).keys() == {"deduct"}


def test_what_lies_behind_a_case_or_before_it_is_left_out(platform: Platform) -> None:
    guarantee = issued(platform)
    assert shown(platform, guarantee.application, Role.UNDERWRITER) == {}
    assert shown(platform, guarantee, Role.UNDERWRITER) == {}


def test_timelines_say_words_and_no_codes(platform: Platform) -> None:
    """A whole life: no state, flag, code or ISO time stands on its pages as it is stored."""
    guarantee = issued(platform)
    demand = demanded(platform, guarantee, claimAmount="2000000.00")
    decide("take_up", demand, Role.CLAIMS_HANDLER)
    decide("refuse", Demand.objects.get(pk=demand.pk), Role.CLAIMS_HANDLER, reason="单据不符")
    asked = cancellation(platform, guarantee)
    withdrawal(platform, NUMBER, "02")
    platform.client.force_login(person(Role.AUDITOR))
    addresses = [
        f"/admin/guarantees/application/{guarantee.application.pk}/change/",
        f"/admin/claims/demand/{demand.pk}/change/",
        f"/admin/guarantees/cancellation/{asked.pk}/change/",
        "/admin/staff/auditentry/",
        *(f"/admin/staff/auditentry/{entry.pk}/change/" for entry in AuditEntry.objects.all()),
    ]
    for address in addresses:
        page = platform.client.get(address).content.decode()
        page = re.sub(r"<(script|style)\b.*?</\1>|<span [^>]*material-symbols.*?</span>", "", page, flags=re.DOTALL)
        text = re.sub(r"<[^>]+>", " ", page)
        for raw in ("[&#x27;", "['", "beyond", "received", "in_hand", "waiting", "guarantees.", "on_account"):
            assert raw not in text, (address, raw)
        assert not re.search(r"\d{4}-\d{2}-\d{2}T\d{2}", text), address
    assert Application.objects.count() == 1
    assert Guarantee.objects.count() == 1


def test_a_part_payment_is_told_with_its_means(platform: Platform) -> None:
    application = approved(platform)
    decide("record_payment", application, Role.CASHIER, amount="1000.00", means="wechat")
    platform.client.force_login(person(Role.CASHIER))
    page = platform.client.get(f"/admin/guarantees/application/{application.pk}/change/").content.decode()
    assert "微信" in page
