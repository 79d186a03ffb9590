"""The public page in a real browser: a file is chosen or dropped, with script and without, on a phone too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from guarantees.models import Guarantee
from staff.files import LARGEST_FILE
from tests.chromium import ARGUMENTS, CHROMIUM, needs_chromium
from tests.institution import issued
from tests.pdf import content_of
from tests.platform import Platform

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"
DROP = """([zone, bytes]) => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([new Uint8Array(bytes)], "letter.pdf", { type: "application/pdf" }));
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def letter(platform: Platform) -> Guarantee:
    """Its names are as long as they may be."""
    return issued(platform, projectName="道路养护工程" * 40, supplier="A" * 200)


@pytest.fixture
def browser(letter: Guarantee, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Started when the letter is signed: pyHanko's loop and Playwright's do not run in one thread at once."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # or Django refuses its database for Playwright's loop
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, live_server: object) -> Iterator[Callable[..., Page]]:
    """Opens the page, and in the end has seen no error of the browser's."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def open_page(path: str = "/verify/", width: int = 1200, **options: Any) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN", **options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(f"{live_server}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def choose(page: Page, content: bytes) -> None:
    file: Any = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": content}
    page.locator("input[type=file]").set_input_files(files=[file])


def send(page: Page, content: bytes) -> None:
    choose(page, content)
    page.locator("[data-file-form] button").click()


def test_a_genuine_file_and_one_with_a_changed_byte(visit: Callable[..., Page], letter: Guarantee) -> None:
    content = content_of(letter)
    page = visit()
    send(page, content)
    expect(page.locator(".explanation h2")).to_have_text("文件真实：由本机构签发，内容未经改动。")
    at = content.index(b"stream") + 20
    send(page, content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    expect(page.locator(".explanation h2")).to_have_text("该文件不是本机构签发的保函。")
    expect(page.locator(".reasons")).to_have_text("文件内容在签名之后被改动")


def test_a_file_is_dropped(visit: Callable[..., Page], letter: Guarantee) -> None:
    content = content_of(letter)
    page = visit()
    page.evaluate(DROP, [page.locator("[data-drop]").element_handle(), list(content)])
    expect(page.locator(".explanation-good")).to_be_visible()
    expect(page.locator(".explanation")).to_be_focused()


def test_it_works_without_script(visit: Callable[..., Page], letter: Guarantee) -> None:
    content = content_of(letter)
    page = visit(java_script_enabled=False)
    expect(page.locator("[data-drop-hint]")).to_be_hidden()
    send(page, content)
    expect(page.locator(".explanation-good")).to_be_visible()


def test_a_file_that_is_too_large_is_not_sent(visit: Callable[..., Page]) -> None:
    page = visit()
    send(page, bytes(LARGEST_FILE + 1))
    expect(page.get_by_role("status")).to_have_text("文件超过20 MB。")
    assert page.locator(".explanation").count() == 0


@pytest.mark.parametrize("width", [390, 1200])
def test_no_page_is_wider_than_the_screen(visit: Callable[..., Page], letter: Guarantee, width: int) -> None:
    page = visit(f"/verify/{letter.number}/?code={letter.verification_code}", width)
    expect(page.locator(".explanation-good")).to_be_visible()
    assert not page.evaluate(TOO_WIDE)
    send(page, content_of(letter))
    expect(page.get_by_text("文件真实")).to_be_visible()
    assert not page.evaluate(TOO_WIDE)


def test_it_is_used_by_keyboard(visit: Callable[..., Page], letter: Guarantee) -> None:
    page = visit()
    page.get_by_label("保函编号").fill(letter.number)
    page.keyboard.press("Tab")
    page.keyboard.type(letter.verification_code)
    page.keyboard.press("Enter")
    expect(page.locator(".explanation h2")).to_have_text("该保函由本机构签发。")
