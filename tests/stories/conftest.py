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

ROOT = Path(__file__).resolve().parents[2]
PNG = b"\x89PNG\r\n\x1a\n" + b"voucher"
#: Delivery, signing and the sandbox's refresh are processes of their own: generous, and never slept through.
PATIENCE = 30_000


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


def start(directory: Path, port: int, sandbox_port: int) -> Demonstration:
    """Returns when it has told its addresses, which it does when it listens."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO", "DATABASE", "SECRET", "KEY_", "DATA_DIR"))
    }
    arguments = ["--directory", str(directory), "--port", str(port), "--sandbox-port", str(sandbox_port)]
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

    def __init__(self, context: BrowserContext, site: str, name: str) -> None:
        self.site, self.name = site, name
        self.page = context.new_page()
        self.page.goto(f"{site}/admin/")
        self.page.locator(f"form:has(input[name=username][value={name}]) button").click()
        self.page.locator("#logout-form").wait_for()

    def open(self, room: str, number: str) -> Page:
        """The newest case of that number in a list, found as a person finds it."""
        self.page.goto(f"{self.site}/admin/{room}/?q={number}")
        self.page.locator("#result_list tbody tr").first.locator("a").first.click()
        self.page.locator(".decisions").wait_for()
        return self.page

    def offers(self, room: str, number: str) -> set[str]:
        buttons = self.open(room, number).locator("[data-decision]")
        return {str(buttons.nth(index).get_attribute("data-decision")) for index in range(buttons.count())}

    def decide(self, decision: str, room: str, number: str, **fields: str) -> Page:
        """Takes a decision and sees that it is done."""
        page = self.open(room, number)
        page.locator(f"[data-decision={decision}]").click()
        for name, value in fields.items():
            page.locator(f"#id_{name}").fill(value)
        if page.locator("#id_voucher, #id_release").count():
            file = {"name": "scan.png", "mimeType": "image/png", "buffer": PNG}
            page.locator("#id_voucher, #id_release").set_input_files(files=[file])  # type: ignore[list-item]
        if page.locator("#id_sure").count():
            page.locator("#id_sure").check()
        page.locator("form[data-once] button[type=submit]").click()
        page.wait_for_url("**/change/")
        assert page.locator(".bg-green-100").count() == 1, page.inner_text("body")
        return page


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


@pytest.fixture(scope="module")
def institution(browser: Browser, demonstration: Demonstration) -> Institution:
    return Institution(browser, demonstration)
