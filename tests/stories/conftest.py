"""The demonstration as a newcomer starts it, and two browsers: the institution's desk and the platform's page."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.chromium import ARGUMENTS, CHROMIUM

APPLICATIONS = "guarantees/application"
ROOT = Path(__file__).resolve().parents[2]
PNG = b"\x89PNG\r\n\x1a\n" + b"voucher"
#: Delivery, signing and the sandbox's refresh are processes of their own: generous, and never slept through.
PATIENCE = 30_000
#: Of those whose accounts are made here.
PASSWORD = "correct horse battery"
#: The code of the business parameter that says how duties are parted.
PROFILE = "duties.profile"


@dataclass
class Demonstration:
    """A running demonstration: its addresses, and its process."""

    site: str
    sandbox: str
    process: subprocess.Popen[str]
    directory: Path

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=45)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(directory: Path, port: int, sandbox_port: int, *, past: int = 0) -> Demonstration:
    """Returns when it has told its addresses, which it does when it listens; a `past` of so many orders comes later."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO", "DATABASE", "SECRET", "KEY_", "DATA_DIR"))
    }
    arguments = ["--directory", str(directory), "--port", str(port), "--sandbox-port", str(sandbox_port)]
    arguments += ["--orders", str(past)] if past else ["--no-history"]  # stories begin with an empty desk
    process = subprocess.Popen(
        [sys.executable, "-m", "config.demo", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            return Demonstration(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}", process, directory)
    raise AssertionError("The demonstration ended before it listened:\n" + "".join(lines))


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    running = start(tmp_path_factory.mktemp("demonstration"), free_port(), free_port())
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # No longer than a module: Playwright's loop stands in the way of other tests of the same process.
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


class Sandbox:
    """The platform's page, and one order on it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address, self.number = page, address, ""

    def submit(self) -> str:
        self.page.goto(self.address)
        self.page.locator("[data-action=submit]").click()
        self.page.wait_for_url("**/orders/*/")
        self.number = self.page.url.rstrip("/").rpartition("/")[2]
        return self.number

    def order(self) -> Page:
        self.page.goto(f"{self.address}/orders/{self.number}/")
        return self.page

    def press(self, action: str, **fields: str) -> None:
        page = self.order()
        for name, value in fields.items():
            page.locator(f"#{name}").fill(value)
        page.locator(f"[data-action={action}]").first.click()
        page.wait_for_load_state()

    def hears(self, *statuses: str) -> None:
        """Waits until the order's notifications are just these, in their order."""
        self.order()
        chips = self.page.locator("[data-live=summary] [data-status]")
        expect(chips).to_have_count(len(statuses), timeout=PATIENCE)
        shown = [chips.nth(index).get_attribute("data-status") for index in range(len(statuses))]
        assert shown == list(statuses)
        assert self.page.locator("[data-violation], [data-finding]").count() == 0

    def answered(self, transcode: str) -> str:
        """The code of the answer to the latest message of that transcode."""
        sent = self.page.locator(f"[data-live=timeline] .sent[data-transcode={transcode}]")
        expect(sent.first).to_have_attribute("data-code", "000", timeout=PATIENCE)
        return str(sent.first.get_attribute("data-code"))

    @property
    def guarantee(self) -> str:
        return self.order().locator("[data-live=summary] dd.code").inner_text()


class Desk:
    """One person of the institution at work in their own browser."""

    def __init__(self, context: BrowserContext, site: str, name: str, password: str = "") -> None:
        """Signs in: by the password, or with the click that the demonstration's own logins have."""
        self.site, self.name = site, name
        self.page = context.new_page()
        self.page.goto(f"{site}/admin/")
        if password:
            self.page.locator("#id_username").fill(name)
            self.page.locator("#id_password").fill(password)
            self.page.locator("#id_password").press("Enter")
        else:
            self.page.locator(f"form:has(input[name=username][value={name}]) button").click()
        self.page.locator("#logout-form").wait_for()

    def open(self, room: str, number: str) -> Page:
        """The newest case of that number in a list, found as a person finds it."""
        self.page.goto(f"{self.site}/admin/{room}/?q={number}")
        self.page.locator("#result_list tbody tr").first.locator("a").first.click()
        self.page.locator(".decisions").wait_for()
        return self.page

    def offers(self, room: str, number: str) -> set[str]:
        """What this person may decide; the applicant's link is left out, which changes nothing of the case."""
        buttons = self.open(room, number).locator(".decisions [data-decision]")
        found = {str(buttons.nth(index).get_attribute("data-decision")) for index in range(buttons.count())}
        return found - {"make_link", "stop_link"}

    def held_up(self, decision: str, room: str, number: str) -> str:
        """Why a decision that this person's roles allow is not theirs now, as the page says it."""
        return self.open(room, number).locator(f"[data-held-up={decision}] .quiet").inner_text()

    def happened(self, event: str) -> str:
        """Who did it, by the timeline of the case on the screen."""
        entry = self.page.locator("#timeline .event").filter(has=self.page.get_by_text(event, exact=True))
        return entry.locator(".event-when").inner_text().partition(" · ")[2]

    def may_take(self, decision: str) -> bool:
        """Whether the case on the screen lets this person take the decision by its address, without the button."""
        address = f"{self.page.url.partition('/change/')[0]}/decide/{decision}/"
        answer = self.page.request.get(address, max_redirects=0)
        assert answer.status in (200, 302, 403), answer.status
        return answer.status == 200

    def decide(self, decision: str, room: str, number: str, **fields: str) -> Page:
        """Takes a decision and sees that it is done."""
        self.open(room, number)
        return self.take(decision, **fields)

    def take(self, decision: str, **fields: str) -> Page:
        """The same on the case that is on the screen."""
        page = self.page
        page.locator(f"[data-decision={decision}]").click()
        for name, value in fields.items():
            field = page.locator(f"#id_{name}")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        if page.locator("#id_voucher, #id_release").count():
            file = {"name": "scan.png", "mimeType": "image/png", "buffer": PNG}
            page.locator("#id_voucher, #id_release").set_input_files(files=[file])  # type: ignore[list-item]
        if page.locator("#id_sure").count():
            page.locator("#id_sure").check()
        page.locator("form[data-once] button[type=submit]").click()
        page.wait_for_url("**/change/")
        assert page.locator(".bg-green-100").count() == 1, page.inner_text("body")
        return page

    def propose_duties(self, profile: str) -> None:
        """Proposes how duties are parted, whether it is so already or not."""
        self.page.goto(f"{self.site}/admin/staff/businessparameter/")
        self.page.locator("#result_list a").filter(has_text=PROFILE).click()
        self.take("change", value=profile, reason="按在岗人数选择")


@pytest.fixture
def sandbox(browser: Browser, demonstration: Demonstration) -> Iterator[Sandbox]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield Sandbox(context.new_page(), demonstration.sandbox)
    context.close()


class Institution:
    """Everybody at work, each signed in once."""

    def __init__(self, browser: Browser, demonstration: Demonstration) -> None:
        self._browser, self._site = browser, demonstration.site
        self._desks: dict[str, Desk] = {}

    def __getattr__(self, name: str) -> Desk:
        if name not in self._desks:
            self._desks[name] = Desk(self._browser.new_context(), self._site, name)
        return self._desks[name]

    def approve(self, number: str) -> None:
        """On the terms asked for: by the underwriter, and by the reviewer too where the sum asks for a second look."""
        self.confirmed(self.underwriter.decide("approve", APPLICATIONS, number, premium="4500.00"), number)

    def confirmed(self, page: Page, number: str) -> None:
        """What now waits on the case, if anything does, is confirmed by the reviewer, or by the manager where only that
        one may: the platform invents large sums too."""
        waiting = page.locator(".proposals")
        if waiting.count():
            confirmer = self.reviewer if "复核岗" in waiting.inner_text() else self.manager
            confirmer.decide("confirm", "staff/proposal", number)

    def hire(self, username: str, name: str, *roles: str) -> None:
        """The administrator asks for an account, the auditor confirms it, and its owner sets the password."""
        page = self.administrator.page
        page.goto(f"{self._site}/admin/staff/accountrequest/add/")
        for field, value in (("username", username), ("name", name), ("reason", "新入职")):
            page.locator(f"#id_{field}").fill(value)
        for role in roles:
            page.locator(f"[name=roles][value={role}]").check()
        page.locator("form[data-once] button[type=submit]").click()
        page.wait_for_url("**/change/")
        told = self.auditor.decide("confirm", "staff/accountrequest", username).locator(".bg-green-100").inner_text()
        owner = self._browser.new_context()
        page = owner.new_page()
        page.goto(told[told.index("http") :].strip())
        for field in ("new_password1", "new_password2"):
            page.locator(f"#id_{field}").fill(PASSWORD)
        page.locator("form[data-once] button[type=submit]").click()
        page.locator("#id_username").wait_for()
        self._desks[username] = Desk(owner, self._site, username, PASSWORD)


@pytest.fixture(scope="module")
def institution(browser: Browser, demonstration: Demonstration) -> Institution:
    return Institution(browser, demonstration)
