"""What the rooms offer is joined in one place, and refused by `check` where it has no home."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db.models import Model
from django.forms import CharField
from django.test import Client

from config import room_checks, rooms
from config.tasks import periodic
from guarantees.admin.guarantee import EndsWithin
from guarantees.admin.receipt import receipt_entry
from guarantees.decisions.reject import Reject
from guarantees.models import Application, Order, Receipt
from protocol.handlers import HANDLERS, Handler, handler_of
from staff.decisions import DECISIONS, EVENTS
from staff.desk.dashboard import FIGURES, Figure
from staff.desk.home import COUNTERS, NOTICES, Counter, Notice
from staff.desk.navigation import SCREENS, Group, Screen, Search, sidebar
from staff.desk.page import Tone
from staff.desk.panels import PANELS, Panel
from staff.desk.reports.filters import Filter
from staff.desk.reports.report import REPORTS, Report, Subject
from staff.desk.timeline import DETAILS, event_title
from staff.events import Detail, EventKind
from staff.offered import NotJoined, Offered, OfferedByName, Periodic
from staff.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer() -> Iterator[Callable[..., None]]:
    """Offers something more, as a room of the test's own would; of a mapping, under a name."""

    def add(kind: Any, one: Any, name: str = "") -> None:
        kind.hand_over({**kind.rooms, f"test{len(kind.rooms)}": {name: one} if name else [one]})

    yield add
    rooms.join()


def without(kind: Offered[Any], unwanted: Callable[[Any], bool]) -> None:
    kind.hand_over({room: [one for one in offers if not unwanted(one)] for room, offers in kind.rooms.items()})


def found() -> set[str]:
    """What `manage.py check` refuses."""
    return {f"{message.id} {message.msg}" for message in run_checks() if message.is_serious()}


def problems(check: Callable[[], list[Any]]) -> list[str]:
    return [f"{message.id} {message.msg}" for message in check()]


def refused(start: str) -> bool:
    return any(message.startswith(start) for message in found())


SCREEN = Screen(
    "Reports", "bar_chart", "admin:guarantees_guarantee_verify", "guarantees.view_guarantee", Group.MONEY, 90
)
PANEL = Panel("Money", Application, Receipt, "application", "guarantees.view_receipt", receipt_entry, 1)
COUNTER = Counter(label="premium due", model=Application, permission="guarantees.view_application")


def test_nothing_is_amiss_with_what_the_rooms_offer() -> None:
    assert found() == set()


class Unseen(Report):
    code, label, subject, permission = "Un seen", "Unseen", Subject.AUDIT, "protocol.add_connection"
    filters = (Filter("scale", "Scale", lambda person: CharField()),)


def test_a_report_that_cannot_be_seen_or_asked_is_refused(offer: Callable[..., None]) -> None:
    offer(REPORTS, Unseen())
    for start in ("rooms.E018 The code 'Un seen'", "rooms.E019 The report Un seen has", "rooms.E020 No role sees"):
        assert refused(start)


def test_a_figure_asks_for_a_permission_that_there_is(offer: Callable[..., None]) -> None:
    offer(FIGURES, Figure("Guesses", lambda person, now: None, "staff.guess", 1))
    assert refused("rooms.E005 The figure 'Guesses' of the dashboard asks for the permission 'staff.guess'")


def test_nothing_offered_yet_is_not_taken_for_nothing_offered() -> None:
    kind = Offered("SCREENS", Screen, known_by=lambda screen: screen.page)
    with pytest.raises(NotJoined):
        list(kind)
    with pytest.raises(NotJoined):
        OfferedByName("GRANTS", set).get("auditor")


def test_a_room_of_ones_own_is_joined_by_its_offers_alone(
    monkeypatch: pytest.MonkeyPatch, offer: Callable[..., None]
) -> None:
    module = ModuleType("scratch.offers")
    module.SCREENS = [SCREEN]  # type: ignore[attr-defined]
    module.EVENTS = [EventKind("scratch.done", "Done", "check", Tone.GOOD)]  # type: ignore[attr-defined]
    known = rooms.rooms()
    monkeypatch.setattr(rooms, "rooms", lambda: {**known, "scratch": module})
    rooms.join()
    assert SCREEN in list(SCREENS)
    assert event_title("scratch.done") == "Done"
    monkeypatch.undo()
    rooms.join()
    assert SCREEN not in list(SCREENS)


def test_a_list_that_nobody_reads_is_refused(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scratch_offers.py").write_text("SCREENS = []\n_READ = 1\nSCRENS: list[int] = []\n")
    monkeypatch.syspath_prepend(tmp_path)
    module = __import__("scratch_offers")
    monkeypatch.setattr(rooms, "rooms", lambda: {"scratch": module})
    [message] = [one for one in room_checks.every_list_is_of_a_kind() if one.id == "rooms.E001"]
    assert message.msg == "scratch/offers.py lists SCRENS, which nobody reads."


@pytest.mark.parametrize("kind", [*rooms.LISTS, *rooms.MAPPINGS], ids=lambda kind: kind.name)
def test_an_offer_of_another_type_is_refused_at_the_start(offer: Callable[..., None], kind: Any) -> None:
    with pytest.raises(TypeError, match=rf"offers.py lists 'another' under {kind.name}, which is no "):
        offer(kind, "another", name="name" if kind in rooms.MAPPINGS else "")


def test_an_entry_of_the_sidebar_may_be_any_page(offer: Callable[..., None], desk: Callable[[Role], Client]) -> None:
    offer(SCREENS, SCREEN)
    entries = [
        item
        for group in sidebar(desk(Role.MANAGER).get(SCREEN.url).wsgi_request)
        for item in group["items"]
        if item["active"]
    ]
    assert [(entry["title"], entry["link"]) for entry in entries] == [
        ("Reports", "/admin/guarantees/guarantee/verify/")
    ]
    page = desk(Role.MANAGER).get("/admin/").content.decode()
    assert f'href="{SCREEN.url}"' in page
    assert f'href="{SCREEN.url}"' not in desk(Role.ADMINISTRATOR).get("/admin/").content.decode()


def test_the_head_of_a_page_searches_the_first_list_that_lends_its_search_to_this_person(
    offer: Callable[..., None], desk: Callable[[Role], Client]
) -> None:
    search = Search("Find a connection", "Its name")
    page, permission = "admin:protocol_connection_changelist", "protocol.view_connection"
    offer(SCREENS, replace(SCREEN, page=page, permission=permission, search=search))
    for role, address in ((Role.ISSUER, "guarantees/application"), (Role.ADMINISTRATOR, "protocol/connection")):
        assert f'action="/admin/{address}/"' in desk(role).get("/admin/").content.decode()


def test_nobody_but_the_one_module_hands_over() -> None:
    """There is no other way to register."""
    root = Path(rooms.__file__).resolve().parents[1]
    houses = ("config", "claims", "guarantees", "protocol", "staff")
    sources = [path for room in houses for path in (root / room).rglob("*.py")]
    hands = re.compile(r"\b(?!accounts\b)\w+\.hand_over\(")
    callers = [path.relative_to(root).as_posix() for path in sources if hands.search(path.read_text())]
    assert callers == ["config/rooms.py"]


@pytest.mark.parametrize(
    "kind",
    [HANDLERS, DECISIONS, SCREENS, COUNTERS, NOTICES, PANELS, rooms.PERIODIC, rooms.CHECKS],
    ids=lambda kind: kind.name,
)
def test_what_is_offered_twice_is_refused(offer: Callable[..., None], kind: Offered[Any]) -> None:
    offer(kind, next(iter(kind)))
    assert refused(f"rooms.E003 {kind.known_by(next(iter(kind)))} is offered twice under {kind.name}.")


def test_an_event_named_by_two_rooms_is_refused(offer: Callable[..., None]) -> None:
    offer(EVENTS, EventKind("twice.done", "Done"))
    assert not refused("rooms.E003")
    offer(EVENTS, EventKind("twice.done", "Done otherwise"))
    assert refused("rooms.E003 twice.done is offered twice under EVENTS.")


def test_an_event_or_a_detail_that_a_decision_calls_otherwise_is_refused(offer: Callable[..., None]) -> None:
    class Otherwise(Reject):
        name = "otherwise"
        event = EventKind(Reject.event.code, "Otherwise")
        detail_names = {next(DETAILS.items())[0]: Detail("Otherwise")}

    assert not refused("rooms.E003")
    offer(DECISIONS, Otherwise())
    assert refused(f"rooms.E003 {Reject.event.code} is offered twice under EVENTS and DECISIONS.")
    assert refused(f"rooms.E003 {next(DETAILS.items())[0]} is offered twice under DETAILS and DECISIONS.")


def test_a_transcode_without_a_handler_is_refused(offer: Callable[..., None]) -> None:
    without(HANDLERS, lambda handler: handler.transcode == "PREP105")
    assert refused("E001 Nobody handles PREP105.")
    with pytest.raises(LookupError):
        handler_of("PREP105")


def test_a_handler_of_what_never_comes_in_is_refused(offer: Callable[..., None]) -> None:
    known = handler_of("PREP101")
    offer(HANDLERS, Handler("PREP102", known.serializer, known.handle))
    assert refused("protocol.E003 PREP102 is not an inbound transcode")


def test_a_grant_of_what_no_model_declares_is_refused(offer: Callable[..., None]) -> None:
    offer(rooms.GRANTS, {"guarantees.fly"}, Role.MANAGER)
    assert refused("rooms.E004 A role is granted guarantees.fly, which no model declares.")


@pytest.mark.parametrize(
    ("kind", "one"),
    [
        (SCREENS, replace(SCREEN, permission="guarantees.fly")),
        (COUNTERS, replace(COUNTER, permission="guarantees.fly")),
        (COUNTERS, replace(COUNTER, duty="guarantees.fly")),
        (PANELS, replace(PANEL, permission="guarantees.fly")),
        (NOTICES, Notice(flag=lambda _now: None, permissions=("guarantees.fly",))),
    ],
    ids=["screen", "counter", "duty", "panel", "notice"],
)
def test_what_asks_for_a_permission_that_is_none_is_refused(
    offer: Callable[..., None], kind: Offered[Any], one: Any
) -> None:
    offer(kind, one)
    assert refused("rooms.E005 The ")


@pytest.mark.parametrize("permission", ["", "guarantees.fly"])
def test_a_decision_without_a_permission_is_refused(offer: Callable[..., None], permission: str) -> None:
    decision = Reject()
    decision.name, decision.permission = "fly", permission  # type: ignore[misc]
    offer(DECISIONS, decision)
    assert refused("rooms.E005 The decision guarantees.Application fly asks for the permission")


def test_a_permission_that_nobody_holds_is_refused(offer: Callable[..., None]) -> None:
    held = {
        room: {role: permissions - {"claims.handle_demand"} for role, permissions in granted.items()}
        for room, granted in rooms.GRANTS.rooms.items()
    }
    rooms.GRANTS.hand_over(held)
    assert refused("rooms.E006 No role holds claims.handle_demand, so nobody can do what asks for it.")


@pytest.mark.parametrize("model", [Order, Receipt])
def test_a_decision_without_a_page_is_refused(offer: Callable[..., None], model: type[Model]) -> None:
    decision = Reject()
    decision.model = model  # type: ignore[assignment]
    offer(DECISIONS, decision)
    assert refused(f"rooms.E007 The decision {model._meta.label} reject has no page")


def test_an_entry_of_the_sidebar_without_a_page_is_refused(offer: Callable[..., None]) -> None:
    offer(SCREENS, SCREEN)
    assert not refused("rooms.E008")
    offer(SCREENS, replace(SCREEN, page="admin:guarantees_report_changelist"))
    assert refused("rooms.E008 The entry 'Reports' of the sidebar leads to admin:guarantees_report_changelist")


def test_a_number_without_a_list_is_refused(offer: Callable[..., None]) -> None:
    offer(COUNTERS, Counter(label="orders", model=Order, permission="guarantees.view_order"))
    assert refused("rooms.E009 The number 'orders' leads to admin:guarantees_order_changelist: no such page.")


@pytest.mark.parametrize(
    "filters",
    [{"applicant_name": "青城"}, {"no_column": 1}, {"paid_at": None}],
    ids=["no filter", "no column", "empty"],
)
def test_a_number_that_its_list_cannot_show_is_refused(offer: Callable[..., None], filters: dict[str, Any]) -> None:
    offer(COUNTERS, replace(COUNTER, filters=filters))
    assert refused("rooms.E010 The number 'premium due' is not what its list would show")


def test_a_number_by_a_choice_that_its_list_has_not_is_refused(offer: Callable[..., None]) -> None:
    ending = next(counter for counter in COUNTERS if counter.choice and counter.choice[0] is EndsWithin)
    assert ending.choice is not None
    offer(COUNTERS, replace(ending, choice=(ending.choice[0], "31")))
    offer(COUNTERS, replace(COUNTER, choice=ending.choice))
    assert len([message for message in found() if message.startswith("rooms.E010")]) == 2


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"on": Receipt}, "rooms.E011 The panel 'Money' of guarantees.Receipt on guarantees.Receipt has no page"),
        ({"model": Order}, "rooms.E011 The panel 'Money' of guarantees.Order on guarantees.Application leads nowhere"),
        ({"via": "recorded_by"}, "rooms.E012 The panel 'Money' of guarantees.Receipt on guarantees.Application is"),
        ({"via": "nothing"}, "rooms.E012 The panel 'Money' of guarantees.Receipt on guarantees.Application is"),
        ({"via": "amount"}, "rooms.E012 The panel 'Money' of guarantees.Receipt on guarantees.Application is"),
    ],
)
def test_a_panel_without_its_page_or_its_case_is_refused(
    offer: Callable[..., None], changed: dict[str, Any], refusal: str
) -> None:
    offer(PANELS, replace(PANEL, **changed))
    assert any(message.startswith(refusal) for message in problems(room_checks.every_panel_has_its_page))


def test_periodic_work_is_done_by_its_name(offer: Callable[..., None]) -> None:
    done: list[str] = []
    offer(rooms.PERIODIC, Periodic("test.work", timedelta(minutes=1), lambda: done.append("work")))
    periodic("test.work")
    assert done == ["work"]
    assert {work.name for work in rooms.periodic_work()} > {"test.work", "protocol.sweep"}


def test_a_decision_without_an_event_or_of_no_transition_is_refused(offer: Callable[..., None]) -> None:
    class Return(Reject):
        name = "return"
        event = None  # type: ignore[assignment]
        transition = "sent_back"

    offer(DECISIONS, Return())
    name = "The decision guarantees.Application return"
    assert refused(f"rooms.E013 {name} names no event of the trail.")
    assert refused(f"rooms.E014 {name} takes sent_back, which is no transition.")
