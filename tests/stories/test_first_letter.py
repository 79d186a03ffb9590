"""An encrypted application arrives and leaves as a signed, verified guarantee: played by its people in Chromium."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.chromium import needs_chromium
from tests.stories.conftest import APPLICATIONS, PATIENCE, ROOT, Demonstration, Institution, Sandbox, free_port, start

pytestmark = needs_chromium


def test_from_application_to_verified_letter(sandbox: Sandbox, institution: Institution) -> None:
    number = sandbox.submit()
    sandbox.hears()
    institution.approve(number)
    sandbox.hears("PREP102-01")
    institution.cashier.decide("record_payment", APPLICATIONS, number)
    sandbox.hears("PREP102-01", "PREP102-05")
    page = institution.issuer.decide("issue", APPLICATIONS, number)
    expect(page.locator("iframe.letter-frame")).to_be_visible()
    sandbox.hears("PREP102-01", "PREP102-05", "PREP102-03")
    sandbox.press("fetch")
    expect(sandbox.order().locator("iframe.letter")).to_be_visible()
    sandbox.press("verify")
    expect(sandbox.order().locator("[data-verdict]").first).to_have_attribute("data-verdict", "01", timeout=PATIENCE)
    sandbox.press("verify-tampered")
    expect(sandbox.order().locator("[data-verdict]").first).to_have_attribute("data-verdict", "02", timeout=PATIENCE)


def test_a_rejection_reaches_the_platform_with_its_reason(sandbox: Sandbox, institution: Institution) -> None:
    number = sandbox.submit()
    institution.underwriter.decide("reject", APPLICATIONS, number, reason_code="R01", reason="缺少合同")
    sandbox.hears("PREP102-02")
    sandbox.order().locator("[data-transcode=PREP102] summary").click()
    expect(sandbox.page.locator("[data-transcode=PREP102]")).to_contain_text("资料不全")


def test_giving_up_reaches_the_platform(sandbox: Sandbox, institution: Institution) -> None:
    number = sandbox.submit()
    institution.approve(number)
    institution.issuer.decide("give_up", APPLICATIONS, number, reason_code="G01")
    sandbox.hears("PREP102-01", "PREP102-04")


def test_three_peoples_work_is_never_one_persons(sandbox: Sandbox, institution: Institution) -> None:
    number = sandbox.submit()
    assert institution.cashier.offers(APPLICATIONS, number) == set()
    institution.approve(number)
    assert institution.underwriter.offers(APPLICATIONS, number) == {
        "payment_notice",
        "waive_premium",
        "take_on_account",
    }
    institution.cashier.decide("record_payment", APPLICATIONS, number)
    assert institution.cashier.offers(APPLICATIONS, number) == set()
    assert institution.issuer.offers(APPLICATIONS, number) == {"issue", "give_up"}


def test_ctrl_c_leaves_nothing_behind_and_a_new_start_goes_on(tmp_path: Path) -> None:
    ports = free_port(), free_port()
    first = start(tmp_path, *ports)
    assert first.stop() == 0
    again = start(tmp_path, *ports)
    assert again.stop() == 0
    assert not list(tmp_path.glob("**/*.new"))


def test_a_second_start_is_told_who_holds_the_directory_and_changes_nothing(
    demonstration: Demonstration, sandbox: Sandbox, tmp_path: Path
) -> None:
    port = int(demonstration.site.rpartition(":")[2])
    for arguments, message in (
        (["--directory", str(demonstration.directory)], f"process {demonstration.process.pid}, {demonstration.site}"),
        (["--directory", str(tmp_path), "--port", str(port)], f"Port {port} is taken"),
        (["--directory", str(tmp_path), "--port", str(free_port()), "--sandbox-port", str(port)], "--sandbox-port"),
    ):
        second = subprocess.run(
            [sys.executable, "-m", "config.demo", *arguments], cwd=ROOT, capture_output=True, text=True
        )
        assert second.returncode == 1
        assert message in second.stderr
        assert "Traceback" not in second.stderr
    assert not (tmp_path / "desk.sqlite3").exists()
    assert sandbox.submit()  # the first goes on


@pytest.mark.parametrize("page", ["", "guarantees/application/", "protocol/notification/", "protocol/message/"])
def test_the_desk_speaks_chinese(institution: Institution, page: str) -> None:
    desk = institution.manager
    desk.page.goto(f"{desk.site}/admin/{page}")
    assert desk.page.locator("html").get_attribute("lang") == "zh-hans"
