"""The applicant's page in a real browser, on a phone: the code, a file that is sent once it is chosen, the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from guarantees.models import ApplicantLink, SupplementRequest
from staff.models import CaseDocument
from staff.roles import Role
from tests.chromium import ARGUMENTS, CHROMIUM, needs_chromium
from tests.institution import applied, decide
from tests.platform import APPLICATION, Platform
from tests.staff import handed_in

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # or Django refuses its database for Playwright's loop
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


def test_an_applicant_answers_on_a_telephone(platform: Platform, browser: Browser, live_server: Any) -> None:
    decide("ask_for_documents", applied(platform, projectName="道路养护工程" * 40), Role.UNDERWRITER, documents=["801"])
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page, troubles = context.new_page(), []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"{live_server}/applicant/{ApplicantLink.objects.get().token}/")
    page.get_by_label("联系电话后四位").fill(APPLICATION["contactsWay"][-4:])
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("heading", name="需要您补充材料")).to_be_visible()
    assert not page.evaluate(TOO_WIDE)
    file: Any = {"name": "中标通知书.pdf", "mimeType": "application/pdf", "buffer": handed_in.pdf()}
    page.locator("input[type=file]").set_input_files(files=[file])
    expect(page.get_by_text("已收到1份")).to_be_visible()
    assert CaseDocument.objects.get().kind == "801"
    page.get_by_role("button", name="完成补件").click()
    expect(page.get_by_role("heading", name="补充材料已提交")).to_be_visible()
    assert SupplementRequest.objects.get().state == "answered"
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_label("联系电话后四位")).to_be_visible()
    context.close()
    assert troubles == []
