"""A decision whose button is clicked twice, faster than any person can, happens once: one of every kind of case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from playwright.sync_api import Page, Route

from protocol.models import Connection, Notification
from staff.decisions import DECISIONS, Decision
from staff.models import AuditEntry, BusinessParameter, CalendarYear, ChangeRequest, Proposal
from staff.proposals import propose
from staff.roles import Role
from tests.chromium import needs_chromium
from tests.institution import SCAN, person, signed_in
from tests.protocol.delivery.loopback import code, deliver
from tests.staff.desk.conftest import Screen

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]


def open_to_somebody(model: type[models.Model]) -> tuple[Decision[Any], Any, Role]:
    """A decision on such a case that somebody may take now, the least final first."""
    for decision in sorted((one for one in DECISIONS if one.model is model), key=lambda one: one.final):
        for case in model._default_manager.order_by("-pk"):
            for role in Role:
                if decision.is_open_to(case, person(role)):
                    return decision, case, role
    raise AssertionError(f"nothing can be decided on any {model.__name__} of this world")


def propose_a_change() -> None:
    """So that something waits for another person."""
    change: Any = next(decision for decision in DECISIONS if decision.model is BusinessParameter)
    row = BusinessParameter.objects.get(code="duties.profile")
    form = change.form(row, {"value": "full", "reason": "人员已满十人"}, {})
    assert form.is_valid(), form.errors
    propose(change, row.pk, person(Role.UNDERWRITER), form)


def fill_in(page: Page) -> None:
    """What the form asks for and does not fill in itself."""
    fields = page.locator("form[data-once] :is(input, textarea, select)")
    for index in range(fields.count()):
        field = fields.nth(index)
        kind = field.get_attribute("type") or field.evaluate("it => it.tagName.toLowerCase()")
        name = str(field.get_attribute("name"))
        if kind == "checkbox" and name == "sure":
            field.check()
        elif kind == "file":
            field.set_input_files(files=[{"name": "scan.png", "mimeType": "image/png", "buffer": SCAN}])
        elif kind == "select" and not field.input_value():
            field.select_option(index=1)
        elif kind in ("text", "number", "textarea") and not field.input_value():
            field.fill("450.00" if kind == "number" else "理由")


def click_twice(page: Page) -> list[str]:
    """As fast as the browser can, and once more while the first is still on its way; the addresses of what was sent."""
    sent: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route)
        else:
            route.continue_()

    page.route("**/decide/**", hold)
    button = page.locator("form[data-once] button[type=submit]")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    with page.expect_navigation(wait_until="load"):
        with page.expect_request(lambda request: request.method == "POST"):
            page.mouse.dblclick(*middle)
        page.mouse.click(*middle)
        sent[-1].continue_()
    page.unroute("**/decide/**")
    return [route.request.url for route in sent]


def test_whatever_is_decided_by_a_double_click_is_decided_once(world: None, screen: Callable[..., Screen]) -> None:
    deliver(code("103", "applicationStatus"))  # so that one of the messages needs a person
    assert Notification.objects.filter(state="attention").exists()
    propose_a_change()
    # A year's notice is looked through before it is taken (test_calendar), a connection wants keys and addresses.
    kinds = sorted(
        {decision.model for decision in DECISIONS} - {CalendarYear, Connection}, key=lambda model: model.__name__
    )
    assert len(kinds) > 6
    shown = screen()
    for model in kinds:
        decision, case, role = open_to_somebody(model)
        before = Counter(AuditEntry.objects.values_list("event", flat=True))
        cookies = signed_in(role).cookies
        shown.page.context.clear_cookies()
        shown.page.context.add_cookies(
            [{"name": name, "value": morsel.value, "url": shown.address} for name, morsel in cookies.items()]
        )
        page_of = ChangeRequest if isinstance(case, Proposal) and case.on_data else model
        address = admin.site._registry[page_of].decide_url(case, decision)  # type: ignore[attr-defined]
        shown.open(address)
        fill_in(shown.page)
        sent = click_twice(shown.page)
        label = f"{model.__name__}.{decision.name}"
        assert "/decide/" not in shown.page.url, (label, shown.page.inner_text("form[data-once]"))
        assert sent == [f"{shown.address}{address}"], label
        text = shown.page.locator("#main").inner_text()
        assert "not possible" not in text.lower(), label
        assert "since you opened the form" not in text, label
        news = Counter(AuditEntry.objects.values_list("event", flat=True)) - before
        assert news, label
        assert set(news.values()) == {1}, (label, news)
