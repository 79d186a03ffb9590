"""What a platform writes in another way the second time is still the same (decisions F8)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from claims.models import Demand
from guarantees.models import Application, Order
from staff.roles import Role
from tests.institution import cancellation, demanded, issued, person
from tests.platform import APPLICATION, Platform, demand_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_letters")]


def test_the_same_application_in_another_writing_is_the_same(platform: Platform) -> None:
    platform.apply(supplier="青城建设（集团）有限公司", ext1="甲（乙）")
    otherwise = {
        "supplier": "青城建设(集团)有限公司 ",
        "ext1": "甲(乙)",
        "socialCreditCode": APPLICATION["socialCreditCode"].lower(),
        "contactsWay": "+86 139 0471 0001",
        "projectCode": "nmgzc-2026-0001",
    }
    assert platform.send("PREP101", {**APPLICATION, **otherwise}).code == "000"
    application = Application.objects.get()
    assert (application.applicant_name, application.agent_phone) == ("青城建设（集团）有限公司", "13904710001")
    differing = platform.send("PREP101", {**APPLICATION, **otherwise, "supplier": "青城建设有限公司"})
    assert (differing.code, "supplier" in differing.message) == ("103", True)


def test_outer_blanks_make_no_other_order_and_another_case_does(platform: Platform) -> None:
    platform.apply()
    platform.apply(applicationId=f" {APPLICATION['applicationId']} ")
    assert Order.objects.count() == 1
    platform.apply(applicationId=APPLICATION["applicationId"].lower())
    assert Order.objects.count() == 2


def test_an_order_is_found_in_another_writing_where_it_can_mean_but_one(platform: Platform) -> None:
    platform.apply()
    withdrawal = {"applicationType": "02", "refundReason": "不再需要"}
    lower = {**withdrawal, "applicationId": APPLICATION["applicationId"].lower()}
    assert platform.send("PREP109", lower).code == "000"
    platform.apply(applicationId="ABC-1")
    platform.apply(applicationId="abc-1")
    assert platform.send("PREP109", {**withdrawal, "applicationId": "Abc-1"}).code == "203"
    assert platform.send("PREP109", {**withdrawal, "applicationId": "abc-1"}).code == "000"


@pytest.mark.parametrize("other", ["NM2026-11-1", "NM2026111", "NM2026-1 11", "NM2026-1-1-1"])
def test_an_order_that_we_never_had_is_not_another_one_with_its_dashes_elsewhere(
    platform: Platform, other: str
) -> None:
    issued(platform, applicationId="NM2026-1-11")
    withdrawal = {"applicationId": other, "applicationType": "01", "refundReason": "不再需要"}
    assert platform.send("PREP103", {"applicationId": other}).code == "203"
    assert platform.send("PREP109", withdrawal).code == "203"
    assert platform.send("PREP103", {"applicationId": "nm2026－1－11 "}).code == "000"


@pytest.mark.parametrize("written", ["BH{day}{count} ", "bh{day}{count}", "ｂｈ{day}{count}", "BH-{day} {count}"])
def test_our_own_number_is_found_in_any_writing(platform: Platform, written: str) -> None:
    guarantee = issued(platform)
    as_written = written.format(day=guarantee.number[2:10], count=guarantee.number[10:])
    demand = demanded(platform, guarantee, guaranteeId=as_written)
    assert (demand.guarantee, demand.flags, demand.named_number) == (guarantee, [], as_written)
    assert cancellation(platform, guarantee, guaranteeId=as_written).guarantee == guarantee


def test_a_demand_in_another_writing_is_the_same_demand(platform: Platform) -> None:
    guarantee = issued(platform)
    demand = demanded(platform, guarantee, bankAccount="6228480000001234568", companyName="青城建设有限公司")
    again = demand_fields(guarantee.number, bankAccount="6228 4800 0000 1234 568", companyName="青城建设有限公司 ")
    again["contractway"] = f"+86{again['contractway']}"
    assert platform.send("PREP105", again).code == "000"
    assert Demand.objects.get() == demand


def test_an_account_in_groups_of_four_is_a_probable_duplicate(platform: Platform) -> None:
    guarantee = issued(platform)
    first = demanded(platform, guarantee, bankAccount="6228480000001234568", claimAmount="100.00")
    second = demanded(platform, guarantee, bankAccount="6228 4800 0000 1234 568", claimAmount="200.00")
    assert (second.flags, second.resembles) == (["duplicate"], first)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("companyName", "青城建设有限公司　"),
        ("socialCreditCode", APPLICATION["socialCreditCode"].lower()),
        ("purchaseSocCode", "1115 0000 0115 1516 7r"),
        ("projectCode", "nmgzc－2026－0001"),
    ],
)
def test_another_writing_is_no_other_party_and_no_other_project(
    institution: Any, db: None, field: str, value: str
) -> None:
    platform = Platform(dialect={"claims": "strict"})
    assert demanded(platform, issued(platform), **{field: value}).flags == []


def test_what_a_platform_adds_is_unreadable_in_the_database_and_masked_on_screen(platform: Platform) -> None:
    platform.apply(ext1="监护人王小明", unheard="15010519900101003X")
    application = Application.objects.get()
    assert (application.ext_fields, application.unknown_fields) == (
        {"ext1": "监护人王小明"},
        {"unheard": "15010519900101003X"},
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM guarantees_application")
        stored = str(cursor.fetchall())
    assert "王小明" not in stored
    assert "15010519900101003X" not in stored
    shown = {role: page(application, role) for role in (Role.UNDERWRITER, Role.CASHIER)}
    assert "监护人王小明" in shown[Role.UNDERWRITER]
    assert "扩展字段1" in shown[Role.UNDERWRITER]
    assert "字段“unheard”" in shown[Role.UNDERWRITER]
    assert "王小明" not in shown[Role.CASHIER]
    assert "15010519900101003X" not in shown[Role.CASHIER]


def page(application: Application, role: Role) -> str:
    client = Client()
    client.force_login(person(role))
    return client.get(f"/admin/guarantees/application/{application.pk}/change/").content.decode()
