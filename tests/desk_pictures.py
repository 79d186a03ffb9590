"""Draws the pictures of the desk in docs: 业务参数, 参数确认, the applicant's page; the dashboard and three reports.

Run: python -m tests.desk_pictures
"""

from __future__ import annotations

import re
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import ARGUMENTS, CHROMIUM
from tests.pictures import COLOURS, IMAGES
from tests.stories.conftest import PROFILE, Institution, Sandbox, free_port, start

DESK = {"width": 1280, "height": 800}
TALL = {"width": 1280, "height": 1100}
#: Of the past that the reports show.
ORDERS = 60
TELEPHONE = {"width": 390, "height": 844}
APPLICATIONS = "guarantees/application"


def main() -> None:
    with TemporaryDirectory() as kept, sync_playwright() as playwright:
        running = start(Path(kept), free_port(), free_port())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            people = Institution(browser, running)
            parameters(people)
            applicants_page(browser, people, Sandbox(browser.new_page(), running.sandbox))
        finally:
            running.stop()
        running = start(Path(kept) / "past", free_port(), free_port(), past=ORDERS)
        try:
            reports(Institution(browser, running))
        finally:
            browser.close()
            running.stop()


def reports(people: Institution) -> None:
    """The manager's home and three reports, once the past is there."""
    page = people.manager.page
    site = people.manager.site
    page.goto(f"{site}/admin/")
    while page.get_by_text("正在生成过去几年的演示数据").count():
        page.wait_for_timeout(5_000)
        page.reload()
    save(page, "desk-dashboard", TALL)
    for code, query in (("monthly", "?period=last_year"), ("exposure", ""), ("concentration", "")):
        page.goto(f"{site}/admin/reports/{code}/{query}")
        save(page, f"report-{code}", TALL)


def parameters(people: Institution) -> None:
    """The list of them, and one that a second person is asked to confirm."""
    people.reviewer.propose_duties("full")
    people.reviewer.page.goto(f"{people.reviewer.site}/admin/staff/businessparameter/")
    save(people.reviewer.page, "desk-parameters", DESK)
    save(people.manager.open("staff/changerequest", PROFILE), "desk-change-request", DESK)


def applicants_page(browser: Browser, people: Institution, sandbox: Sandbox) -> None:
    """What the applicant sees of a request for documents, behind the code."""
    number = sandbox.submit()
    page = people.underwriter.open(APPLICATIONS, number)
    telephone = page.locator(".row", has_text="经办人电话").locator("dd").inner_text()
    page.locator("[data-decision=ask_for_documents]").click()
    page.locator("[name=documents]").first.check()
    page.locator("form[data-once] button[type=submit]").click()
    page.wait_for_url("**/change/")
    link = re.search(r"http://\S+/applicant/\S+", page.inner_text("body"))
    assert link, "the page shows no link"
    applicant = browser.new_page(locale="zh-CN")
    applicant.goto(link.group())
    applicant.locator("#id_code").fill(telephone[-4:])
    applicant.locator("#id_code").press("Enter")
    applicant.locator("#asked").wait_for()
    save(applicant, "applicant-page", TELEPHONE)


def save(page: Page, name: str, size: dict[str, int]) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    shown = Image.open(BytesIO(page.screenshot()))
    shown.convert("RGB").quantize(COLOURS).save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
