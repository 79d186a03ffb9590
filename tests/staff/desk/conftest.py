"""Something of every kind that the house keeps, and browsers to look at it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from guarantees.issuing.institution import LETTERS
from staff import calendar
from staff.models import Unit
from staff.models.unit import HEAD_OFFICE
from staff.reminders.decisions import add
from staff.roles import Role
from tests import replay
from tests.chromium import ARGUMENTS, CHROMIUM
from tests.institution import (
    PASSWORD,
    again,
    approved,
    cancellation,
    decide,
    demanded,
    issued,
    paid,
    person,
    withdrawal,
)
from tests.platform import Platform, demand_fields


@pytest.fixture
def world(platform: Platform, plain_letters: None) -> None:
    """Something of every kind that the house keeps."""
    replay.taken("a house", lambda: furnish(platform), lambda nothing: nothing)


def furnish(platform: Platform) -> None:
    calendar.open_years()
    channel = add(person(Role.ADMINISTRATOR), {"name": "mail", "kind": "email", "roles": [], "reminders": []})
    decide("set_address", channel, Role.ADMINISTRATOR, address="duty@example.com")
    guarantee = issued(platform)
    demand = demanded(platform, guarantee)
    decide("attach_document", guarantee.application, Role.UNDERWRITER, kind="801")
    decide("add_note", guarantee.application, Role.UNDERWRITER, text="中标通知书已核对。")
    decide("take_up", demand, Role.CLAIMS_HANDLER)
    decide("pay", again(demand), Role.CLAIMS_HANDLER, reference="P1")
    decide("payment_notice", approved(platform, applicationId="SQ2"), Role.UNDERWRITER)
    paid(platform, applicationId="SQ3")
    decide("approve", withdrawal(platform, "SQ3", "02"), Role.UNDERWRITER)
    withdrawal(platform, "SQ2", "02")
    cancellation(platform, guarantee)
    demanded(platform, guarantee)
    decide("deduct", issued(platform, applicationId="SQ4"), Role.UNDERWRITER, amount="100.00", reason="扣回证明1号")
    platform.client.post(
        "/gateway/",
        platform.seal("PREP105", demand_fields(guarantee.number), appsecret="wrong"),
        content_type="application/json",
    )
    administrator = Client()
    administrator.force_login(person(Role.ADMINISTRATOR))
    text = (LETTERS / "suretyship" / "2026-1.txt").read_text(encoding="utf-8")
    form = {"kind": "suretyship", "version": "own-1", "text": text}
    administrator.post("/admin/guarantees/uploadedwording/add/", form)
    form = {"username": "li", "name": "Li", "email": "li@example.com", "roles": ["cashier"], "reason": "new"}
    administrator.post("/admin/staff/accountrequest/add/", form)
    head_office = Unit.objects.get(pk=HEAD_OFFICE)
    decide("add", head_office, Role.ADMINISTRATOR, code="B1", name="呼和浩特分公司", reason="new")
    decide("add_rule", Unit.objects.get(code="B1"), Role.ADMINISTRATOR, region="1501", reason="new")


@pytest.fixture
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, and Django would refuse its database to the fixtures for it. pyHanko's
    # cannot run beside it: a test names what is signed for it before the screen.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Screen:
    """A browser page that remembers whatever went to its console."""

    def __init__(self, browser: Browser, address: str, width: int = 1280) -> None:
        self.address = address
        self.troubles: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": width, "height": 860}, locale="en-US")
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.page.url}: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{self.page.url}: {message.text}")

    def open(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, path

    def sign_in(self, role: Role) -> None:
        self.open("/admin/login/")
        self.page.get_by_role("button", name="English").click()
        self.page.locator("#id_username").fill(role.value)
        self.page.locator("#id_password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/admin/")

    def fetch(self, link: str, *, exact: bool = False) -> bytes:
        """What a link leads to, with this person's session: Chromium shows PDF files in a viewer of its own."""
        href = self.page.get_by_role("link", name=link, exact=exact).first.get_attribute("href")
        answer = self.page.request.get(f"{self.address}{href}")
        assert answer.status == 200, answer.text()
        return answer.body()

    def too_wide(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))


@pytest.fixture
def screen(browser: Browser, live_server: object) -> Iterator[Callable[..., Screen]]:
    made: list[Screen] = []

    def make(width: int = 1280) -> Screen:
        made.append(Screen(browser, str(live_server), width))
        return made[-1]

    yield make
    for one in made:
        one.page.close()
