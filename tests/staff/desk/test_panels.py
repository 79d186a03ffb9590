"""What the rooms show on the pages of others: the newest, to whoever may see them, with a link to all."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guarantees.models import Application, Guarantee
from staff.desk.filters import OnlyOf
from staff.desk.page import Section
from staff.desk.panels import MOST
from staff.models import User
from staff.roles import Role
from tests.claims.test_demand import demanded
from tests.institution import approved, cancellation, decide, issued, paid, withdrawal
from tests.platform import Platform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_letters")]
RECEIPTS = "/admin/guarantees/receipt/"


def page(case: Application | Guarantee) -> str:
    return f"/admin/guarantees/{case._meta.model_name}/{case.pk}/change/"


def panels(client: Client, case: Application | Guarantee) -> dict[str, Section]:
    sections = client.get(page(case)).context["sections"]
    return {section.anchor: section for section in sections if section.anchor.startswith("panel-")}


@pytest.fixture
def everything(platform: Platform) -> Guarantee:
    """A letter on which each kind of thing has come in: a demand and a cancellation, both refused, and a surrender with
    the refund that it brought."""
    letter = issued(platform)
    demand = demanded(platform, letter)
    decide("take_up", demand, Role.CLAIMS_HANDLER)
    decide("refuse", demand, Role.CLAIMS_HANDLER, reason="证据不足")
    decide("refuse", cancellation(platform, letter), Role.UNDERWRITER, reason="仍在执行")
    surrender = withdrawal(platform, letter.application.order.number, "01")
    decide("upload_release", surrender, Role.UNDERWRITER)
    decide("check_release", surrender, Role.REVIEWER)
    decide("approve", surrender, Role.UNDERWRITER, refund="4000.00")
    return Guarantee.objects.get()


@pytest.mark.parametrize("of", ["application", "guarantee"])
def test_each_room_shows_its_part(desk: Callable[[Role], Client], everything: Guarantee, of: str) -> None:
    client, case = desk(Role.UNDERWRITER), everything if of == "guarantee" else everything.application
    shown = panels(client, case)
    assert list(shown) == ["panel-demand", "panel-cancellation", "panel-withdrawal", "panel-refund", "panel-receipt"]
    html = client.get(page(case)).content.decode()
    for anchor, section in shown.items():
        [entry] = section.content["entries"]
        assert f'id="{anchor}"' in html
        assert f'href="{entry["url"]}"' in html
        assert client.get(entry["url"]).status_code == 200
        assert entry["badge"] is not None or anchor == "panel-receipt"
    assert {anchor: section.content["entries"][0]["amount"] for anchor, section in shown.items()} == {
        "panel-demand": "300,000.00",
        "panel-cancellation": "900,000.00",
        "panel-withdrawal": "",
        "panel-refund": "4,000.00",
        "panel-receipt": "4,500.00",
    }


def test_they_are_told_in_chinese(desk: Callable[[Role], Client], everything: Guarantee) -> None:
    client = desk(Role.UNDERWRITER)
    client.cookies["django_language"] = "zh-hans"
    html = client.get(page(everything)).content.decode()
    titles = re.findall(r'id="panel-\w+">\s*<h2>(.*?)</h2>', html)
    assert titles == ["索赔", "注销申请", "取消与退保", "担保费退还", "担保费收款"]


def test_only_whoever_may_view_them_sees_them(everything: Guarantee) -> None:
    user, client = User.objects.create_user("one", password="x"), Client()
    client.force_login(user)
    user.user_permissions.add(Permission.objects.get(codename="view_guarantee"))
    assert panels(client, everything) == {}
    for kind in ("demand", "cancellation", "withdrawal", "refund", "receipt"):
        seen = Permission.objects.get(codename=f"view_{kind}")
        user.user_permissions.add(seen)
        assert list(panels(client, everything)) == [f"panel-{kind}"]
        user.user_permissions.remove(seen)


def test_a_page_without_any_shows_none(desk: Callable[[Role], Client], received: Application) -> None:
    assert panels(desk(Role.UNDERWRITER), received) == {}


@pytest.fixture
def in_parts(platform: Platform) -> Guarantee:
    """A letter whose premium came in more parts than a page shows; another case has one receipt."""
    paid(platform, applicationId="SQ-OTHER")
    application = approved(platform)
    for number in range(1, MOST + 4):
        decide("record_payment", application, Role.CASHIER, amount=f"{number}.00", reference=f"B{number}")
    decide("record_payment", application, Role.CASHIER, reference="REST")
    decide("issue", application, Role.ISSUER)
    return Guarantee.objects.get()


@pytest.mark.parametrize("of", ["application", "guarantee"])
def test_of_many_it_shows_the_newest_and_leads_to_all(
    desk: Callable[[Role], Client], in_parts: Guarantee, of: str
) -> None:
    client, case = desk(Role.UNDERWRITER), in_parts if of == "guarantee" else in_parts.application
    content = panels(client, case)["panel-receipt"].content
    assert [entry["note"].split()[0] for entry in content["entries"]] == [
        "REST",
        *(f"B{number}" for number in range(MOST + 3, 4, -1)),
    ]
    assert content["number"] == MOST + 4
    answer: Any = client.get(content["list_url"])
    assert answer.context["cl"].result_count == MOST + 4
    # What is chosen stands among the filters, and goes with the form when another is chosen.
    [chosen] = [spec for spec in answer.context["cl"].filter_specs if isinstance(spec, OnlyOf)]
    assert f'name="{chosen.lookup_kwarg}" value="{case.pk}"' in answer.content.decode()
    assert str(case) in answer.content.decode()


def test_a_page_asks_no_more_of_the_database_for_many(desk: Callable[[Role], Client], in_parts: Guarantee) -> None:
    def asked(case: Application) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            client.get(page(case))
        return [query["sql"] for query in queries if "receipt" in query["sql"]]

    client, few = desk(Role.UNDERWRITER), Application.objects.get(order__number="SQ-OTHER")
    # One more, which counts them.
    assert len(asked(in_parts.application)) == len(asked(few)) + 1
    assert any(f"LIMIT {MOST + 1}" in sql for sql in asked(in_parts.application))


@pytest.mark.parametrize("value", ["abc", "", "9" * 30, "-1", "1%00"])
def test_a_list_narrowed_to_no_case_is_answered(desk: Callable[[Role], Client], letter: Guarantee, value: str) -> None:
    client = desk(Role.UNDERWRITER)
    for path in ("application", "application__guarantees"):
        assert client.get(f"{RECEIPTS}?{path}__id__exact={value}").status_code < 500


def test_a_list_is_narrowed_by_no_other_path(desk: Callable[[Role], Client], letter: Guarantee) -> None:
    answer: Any = desk(Role.UNDERWRITER).get(f"{RECEIPTS}?recorded_by__id__exact=1")
    assert answer.status_code == 400


def test_a_list_names_its_case_to_nobody_who_may_not_view_it(everything: Guarantee) -> None:
    user, client = User.objects.create_user("one", password="x"), Client()
    client.force_login(user)
    user.user_permissions.add(Permission.objects.get(codename="view_refund"))

    def chosen() -> list[str]:
        """What the filter calls the case."""
        listed = client.get(f"/admin/guarantees/refund/?application__guarantees__id__exact={everything.pk}").context[
            "cl"
        ]
        [spec] = [spec for spec in listed.filter_specs if isinstance(spec, OnlyOf)]
        return [choice["display"] for choice in spec.choices(listed) if choice["selected"]]

    assert chosen() == ["—"]
    user.user_permissions.add(Permission.objects.get(codename="view_guarantee"))
    assert chosen() == [everything.number]
