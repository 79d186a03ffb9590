"""The desk in a real browser: no page breaks the policy, and a person gets through a decision by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guarantees.issuing.institution import LETTERS
from guarantees.models import Application, Guarantee
from staff.roles import Role
from tests.chromium import needs_chromium
from tests.institution import parameter, person
from tests.pdf import text_of
from tests.staff.desk.conftest import Screen

pytestmark = [
    needs_chromium,
    pytest.mark.django_db(transaction=True),
]


def pages(case: Application) -> dict[Role, list[str]]:
    application = f"/admin/guarantees/application/{case.pk}"
    return {
        Role.UNDERWRITER: [
            "/admin/",
            "/admin/guarantees/application/",
            "/admin/guarantees/guarantee/",
            "/admin/guarantees/guarantee/verify/",
            f"{application}/change/",
            f"{application}/decide/approve/",
            f"{application}/decide/reject/",
            "/admin/protocol/notification/",
            "/admin/password_change/",
        ],
        Role.ADMINISTRATOR: [
            "/admin/staff/user/",
            "/admin/staff/accountrequest/",
            "/admin/staff/accountrequest/add/",
            "/admin/protocol/connection/",
            f"/admin/protocol/connection/{case.order.connection_id}/change/",
            f"/admin/protocol/connection/{case.order.connection_id}/history/",
        ],
        Role.MANAGER: [
            "/admin/",
            "/admin/reports/",
            "/admin/reports/ledger/?period=this_year&compare=both",
            "/admin/reports/exposure/",
            "/admin/reports/delivery/",
            "/admin/claims/demand/",
            "/admin/claims/payment/",
            "/admin/guarantees/cancellation/",
            "/admin/guarantees/withdrawal/",
            "/admin/guarantees/refund/",
            "/admin/guarantees/receipt/",
            "/admin/guarantees/issuedpaper/",
            "/admin/protocol/alert/",
            "/admin/guarantees/uploadedwording/",
            "/admin/guarantees/uploadedwording/add/",
            "/admin/guarantees/uploadedwording/guide/",
            "/admin/guarantees/uploadedwording/shipped/suretyship/2026-1/",
        ],
        Role.AUDITOR: ["/admin/staff/auditentry/", "/admin/protocol/message/"],
    }


def test_no_page_breaks_the_policy(screen: Callable[..., Screen], received: Application) -> None:
    for role, paths in pages(received).items():
        person(role)
        shown = screen()
        shown.sign_in(role)
        for path in paths:
            shown.open(path)
            shown.page.wait_for_function("window.Alpine && !document.querySelector('html[x-cloak]')")
        assert shown.troubles == []
        shown.page.context.clear_cookies()


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_the_screen(screen: Callable[..., Screen], received: Application, width: int) -> None:
    for role, paths in pages(received).items():
        person(role)
        shown = screen(width)
        shown.sign_in(role)
        for path in paths:
            shown.open(path)
            assert not shown.too_wide(), path


@pytest.mark.parametrize("width", [390, 1024])
def test_numbers_are_whole_and_long_names_make_no_page_wider(
    screen: Callable[..., Screen], receive: Callable[..., Application], width: int
) -> None:
    unbroken = "W" * 256
    case = receive("SQ20261126000001", supplier=unbroken, projectName=unbroken, purchaseName=unbroken)
    receive("N" * 64)
    person(Role.UNDERWRITER)
    shown = screen(width)
    shown.sign_in(Role.UNDERWRITER)
    address = f"/admin/guarantees/application/{case.pk}"
    for path in (f"{address}/change/", f"{address}/decide/approve/", f"{address}/history/"):
        shown.open(path)
        assert not shown.too_wide(), path
    shown.open("/admin/guarantees/application/")
    assert not shown.too_wide()
    for number in ("SQ20261126000001", "N" * 64):
        cell = shown.page.locator(".cell-main", has_text=number)
        assert cell.evaluate("it => it.scrollWidth <= it.clientWidth && it.scrollHeight <= it.clientHeight"), number
        assert cell.evaluate("it => it.offsetWidth <= it.closest('th, td').clientWidth")


def test_the_letter_appears_in_its_frame(letter: Guarantee, screen: Callable[..., Screen]) -> None:
    person(Role.UNDERWRITER)
    shown = screen()
    shown.sign_in(Role.UNDERWRITER)
    with shown.page.expect_response(lambda answer: "/letter/" in answer.url) as answer:
        shown.open(f"/admin/guarantees/application/{letter.application_id}/change/")
    assert answer.value.status == 200


def test_an_application_is_approved_without_a_mouse(screen: Callable[..., Screen], received: Application) -> None:
    parameter("authority.single_approval", "900000.00")
    shown = screen()
    shown.sign_in(Role.UNDERWRITER)
    shown.open(f"/admin/guarantees/application/{received.pk}/change/")
    shown.page.get_by_role("link", name="Approve", exact=True).focus()
    shown.page.keyboard.press("Enter")
    shown.page.get_by_label("Premium (CNY)").fill("4500.00")
    shown.page.keyboard.press("Enter")
    shown.page.get_by_text("Approved, and the platform is told.").wait_for()
    shown.page.reload()
    assert Application.objects.get(pk=received.pk).state == "approved"
    assert shown.troubles == []


def test_a_double_click_approves_once_and_shows_no_error(screen: Callable[..., Screen], received: Application) -> None:
    parameter("authority.single_approval", "900000.00")
    shown = screen()
    shown.sign_in(Role.UNDERWRITER)
    shown.open(f"/admin/guarantees/application/{received.pk}/decide/approve/")
    shown.page.get_by_label("Premium (CNY)").fill("4500.00")
    shown.page.get_by_role("button", name="Approve").dblclick()
    shown.page.get_by_text("Approved, and the platform is told.").wait_for()


def test_filters_open_by_keyboard(screen: Callable[..., Screen], received: Application) -> None:
    person(Role.UNDERWRITER)
    shown = screen()
    shown.sign_in(Role.UNDERWRITER)
    shown.open("/admin/guarantees/application/")
    shown.page.get_by_role("button", name="Filters").focus()
    shown.page.keyboard.press("Enter")
    shown.page.locator("input[name=advance_amount_from]").fill("1000000")
    shown.page.keyboard.press("Enter")
    shown.page.wait_for_url("**advance_amount_from=1000000**")
    assert shown.page.locator("#result_list").count() == 0


def test_an_uploaded_wording_comes_into_use_and_the_letter_says_it(
    paid: Application,
    screen: Callable[..., Screen],
    institution: Any,
    tmp_path: Path,
) -> None:
    own = tmp_path / "own.txt"
    shipped = (LETTERS / "suretyship" / "2026-1.txt").read_text(encoding="utf-8")
    own.write_text(shipped.replace("= 保证方式", "= 我方自己的条款"), encoding="utf-8")
    for role in (Role.ADMINISTRATOR, Role.MANAGER, Role.ISSUER):
        person(role)
    shown = screen()

    shown.sign_in(Role.ADMINISTRATOR)
    shown.open("/admin/guarantees/uploadedwording/add/")
    shown.page.get_by_label("Version").fill("own-1")
    shown.page.get_by_label("Text file").set_input_files(own)
    shown.page.get_by_role("button", name="Upload").click()
    shown.page.get_by_text("joint and several suretyship own-1 is uploaded").wait_for()
    assert shown.page.locator("[data-decision=put_into_use]").count() == 0
    page = shown.page.url
    shown.page.context.clear_cookies()

    shown.sign_in(Role.MANAGER)
    shown.page.goto(page)
    assert "一、我方自己的条款" in text_of(shown.fetch("Open the preview"))
    shown.page.get_by_role("link", name="Put into use").click()
    shown.page.get_by_role("button", name="Put into use").click()
    shown.page.get_by_text("Put into use: done.").wait_for()
    shown.page.context.clear_cookies()

    shown.sign_in(Role.ISSUER)
    shown.open(f"/admin/guarantees/application/{paid.pk}/change/")
    sample = text_of(shown.fetch("Open the preview"))
    assert "一、我方自己的条款" in sample
    assert "保函编号：样本" in sample
    shown.page.get_by_role("link", name="Issue the letter").click()
    shown.page.get_by_role("button", name="Issue the letter").click()
    shown.page.get_by_text("Issued, and the platform is told.").wait_for()
    assert "一、我方自己的条款" in text_of(shown.fetch("Open", exact=True))
    assert shown.troubles == []
