"""Who sees and does what: every page and every decision that the site has, for everybody that there is.

Nothing is listed here. Pages come from the site's registry, decisions and grants from what the rooms offer, and what
opens a page from what its screen declares: so whatever is added stands in the matrix from its first day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db import models
from django.db.models import QuerySet
from django.test import Client, RequestFactory
from django.urls import reverse

from claims.models import Demand
from config.rooms import grants
from staff.decisions import DECISIONS, Decision, NotPermitted
from staff.desk.case import CaseAdmin
from staff.desk.document import DocumentAdmin
from staff.desk.export import PERMISSION as EXPORT
from staff.desk.export import ExportAdmin
from staff.desk.record import RecordAdmin
from staff.models import User
from staff.roles import Role
from tests.institution import person

#: What stands on a letter is nothing to these.
pytestmark = pytest.mark.usefixtures("plain_letters")
SCREENS: dict[type[models.Model], ModelAdmin[Any]] = admin.site._registry
#: What an address leads to that may be opened: a page or a file, another page, or that there is no such thing.
OPEN = {200, 302, 404, 409}
#: What is there for whoever may see it.
THERE = {"changelist", "change", "add"}
NOBODY = "nobody at all"


@dataclass(frozen=True)
class Page:
    """An address of a screen, and the permissions that it takes together to open it."""

    model: type[models.Model]
    address: str
    wanted: frozenset[str]
    exists: bool
    """Whether it is no record's page, or that of a record that there is."""
    of_record: bool
    action: str
    """What it does: changelist, change, add, delete, export, or how the screen calls it."""
    changing: frozenset[str]
    """The permissions that its form takes; a page to be read shows itself again."""

    def is_open_to(self, granted: set[str]) -> bool:
        return self.wanted <= granted


def permission(model: type[models.Model], action: str) -> str:
    return f"{model._meta.app_label}.{action}_{model._meta.model_name}"


def shown(screen: ModelAdmin[Any], account: User) -> QuerySet[Any]:
    """The records that the screen's list has for this person, whatever their permissions on it."""
    request = RequestFactory().get("/")
    request.user = account
    return screen.get_queryset(request).order_by("pk")


def first(screen: ModelAdmin[Any]) -> Any:
    """The first record on the screen's list, or None."""
    return shown(screen, User(is_superuser=True, is_active=True)).first()


def hidden_from(name: str) -> set[type[models.Model]]:
    """The screens whose first record is not there for this person, who may open others': what is proposed on a case is
    seen by whoever sees the case."""
    account, cases = User.objects.get(username=name), {model: first(screen) for model, screen in SCREENS.items()}
    return {
        model
        for model, case in cases.items()
        if case is not None and not shown(SCREENS[model], account).filter(pk=case.pk).exists()
    }


def pages() -> Iterator[Page]:
    """Every page of every screen, on a record where there is one."""
    for model, screen in SCREENS.items():
        record = first(screen)
        pk = record.pk if record else 1
        for pattern in screen.get_urls():
            if not pattern.name or pattern.name.endswith("_decide"):
                continue  # a decision has a matrix of its own
            keys = pattern.pattern.converters  # type: ignore[attr-defined]
            given = {key: {"object_id": pk, "pk": pk, "form": "csv"}.get(key, "x") for key in keys}
            address = reverse(f"admin:{pattern.name}", kwargs=given)
            of_record = bool({"object_id", "pk"} & set(given))
            exists = record is not None or not of_record
            action = pattern.name.removeprefix(f"{model._meta.app_label}_{model._meta.model_name}_")
            opening = wanted(screen, action)
            changing = opening if isinstance(screen, RecordAdmin) else opening | {permission(model, "change")}
            yield Page(model, address, opening, exists, of_record, action, changing)


def wanted(screen: ModelAdmin[Any], action: str) -> frozenset[str]:
    """What a page takes to open, as its screen declares it; of a page that says nothing, to see the record."""
    model, view = screen.model, permission(screen.model, "view")
    match action:
        case "add":
            declared = screen.add_permission if isinstance(screen, RecordAdmin) else permission(model, "add")
            return frozenset({declared or NOBODY})
        case "delete":
            return frozenset({NOBODY if isinstance(screen, RecordAdmin) else permission(model, "delete")})
        case "export" if isinstance(screen, ExportAdmin):
            exported = type(screen).export_columns is not ExportAdmin.export_columns
            return frozenset({view, EXPORT if exported else NOBODY})
        case name if isinstance(screen, DocumentAdmin) and name == screen.document_address:
            return frozenset({view, screen.document_permission} - {""})
        case _:
            return frozenset({view})


@dataclass(frozen=True)
class Person:
    """Somebody signed in, what they were granted, and the screens whose first record is hidden from them."""

    name: str
    account: User
    client: Client
    granted: Set[str]
    hidden: Set[type[models.Model]]


def everybody() -> list[Person]:
    """A person of each role, and one who has none yet."""
    granted = {role.value: grants()[role] for role in Role} | {"none": set()}
    found = []
    for name, permissions in granted.items():
        account = User.objects.get_or_create(username="none")[0] if name == "none" else person(Role(name))
        client = Client(raise_request_exception=False)
        client.force_login(account)
        found.append(Person(name, account, client, permissions, hidden_from(name)))
    return found


def one_of_each(people: Iterable[Person], model: type[models.Model], deciding: Set[str], address: str) -> list[Person]:
    """Somebody of each kind: who hold the same of the model's permissions and of those that are `deciding`, and see the
    record or not. Who it is, the address says: over all of them it is each role's turn."""
    deciding = deciding | {permission(model, action) for action in ("view", "add", "change", "delete")}
    kinds = defaultdict(list)
    for one in people:
        kinds[frozenset(deciding & one.granted), model in one.hidden].append(one)
    return [alike[crc32(address.encode()) % len(alike)] for alike in kinds.values()]


@pytest.fixture
def frameless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without what is around each of them, which this person's home page shows too: there are very many."""
    monkeypatch.setattr(admin.site, "each_context", lambda _request: {})


def test_each_role_opens_just_the_pages_that_it_is_granted(world: None, frameless: None) -> None:
    """And a stranger none. Where a screen is added whose records this world lacks, its lists alone would be tried."""
    people, every, wrong = everybody(), list(pages()), []
    assert len(every) > 5 * len(SCREENS)
    assert {page.address for page in every if not page.exists} == set()
    asked: set[str] = set()
    for page in every:
        for one in one_of_each(people, page.model, page.wanted, page.address):
            asked.add(one.name)
            status = one.client.get(page.address).status_code
            if page.of_record and page.model in one.hidden:
                expected = {302, 403, 404} if page.action == "history" else {403, 404}
            elif page.is_open_to(one.granted):
                expected = {200} if page.exists and page.action in THERE else OPEN
            else:
                expected = {403} if page.exists and page.action != "file" else {403, 404}
            if status not in expected:
                wrong.append((one.name, page.address, status))
    assert asked == {one.name for one in people}
    assert wrong == []
    stranger = Client()
    for page in every:
        assert stranger.get(page.address).headers["Location"].startswith("/admin/login/"), page.address


def test_each_role_writes_only_what_it_is_granted(world: None, frameless: None) -> None:
    """Nobody deletes; a record's page is there to be read, and where a screen has a form, who fills it in may."""
    people, every, wrong = everybody(), list(pages()), []
    before = {model: list(model._default_manager.order_by("pk").values()) for model in SCREENS}
    for page in every:
        if page.action not in ("add", "change", "delete"):
            continue
        for one in one_of_each(people, page.model, page.wanted | page.changing, page.address):
            status = one.client.post(page.address, {"post": "yes"}).status_code
            may = page.changing <= one.granted if page.action == "change" else page.is_open_to(one.granted)
            if status not in ({403, 404} if page.of_record and page.model in one.hidden else {200 if may else 403}):
                wrong.append((one.name, page.address, status))
    assert wrong == []
    assert {model: list(model._default_manager.order_by("pk").values()) for model in SCREENS} == before


def decisions() -> list[Decision[Any]]:
    return list(DECISIONS)


def test_every_decision_stands_on_the_page_of_its_case() -> None:
    shown = {
        type(decision)
        for screen in SCREENS.values()
        if isinstance(screen, CaseAdmin)
        for decision in screen.all_decisions()
    }
    assert {type(decision) for decision in decisions()} - shown == set()


def test_each_role_decides_just_what_it_is_granted(world: None, frameless: None) -> None:
    """On the page, and where no page asks: the decision itself."""
    wrong: list[tuple[str, str, object]] = []
    cases = {model: first(screen) for model, screen in SCREENS.items()}
    assert len(decisions()) > 20
    people = everybody()
    for decision in decisions():
        case: Any = cases.get(decision.model)
        label = f"{decision.model.__name__}.{decision.name}"
        if case is None:
            continue
        address = SCREENS[decision.model].decide_url(case, decision)  # type: ignore[attr-defined]
        for one in one_of_each(people, decision.model, {decision.permission}, address):
            may = {decision.permission, permission(decision.model, "view")} <= one.granted
            for status in (one.client.get(address).status_code, one.client.post(address, {}).status_code):
                if status not in ({403, 404} if decision.model in one.hidden else {200, 302} if may else {403}):
                    wrong.append((one.name, label, status))
            refused = False
            try:
                decision.check(case, one.account)
            except NotPermitted:
                refused = True
            except Exception:  # noqa: BLE001, S110 (what the case forbids is another matter)
                pass
            if refused == (decision.permission in one.granted):
                wrong.append((one.name, label, refused))
        wrong += [
            (one.name, label, "permits")
            for one in people
            if decision.permits(case, one.account) != (decision.permission in one.granted)
        ]
    assert wrong == []


def test_the_sidebar_leads_only_where_the_role_may_go(db: None) -> None:
    lists = {
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"): permission(model, "view")
        for model in SCREENS
    }
    shown = {}
    for one in everybody():
        home = one.client.get("/admin/").content.decode()
        shown[one.name] = {address for address in lists if f'href="{address}"' in home}, one.granted
    somewhere = set().union(*(linked for linked, _granted in shown.values()))
    assert somewhere
    for name, (linked, granted) in shown.items():
        assert linked == {address for address in somewhere if lists[address] in granted}, name


def test_a_case_that_does_not_exist_is_not_found(db: None, client: Client) -> None:
    client.force_login(User.objects.create_superuser("all", name="All"))
    for model, screen in SCREENS.items():
        assert not model._default_manager.filter(pk=999).exists()
        if isinstance(screen, RecordAdmin):
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[999])
            assert client.get(address).status_code == 404, address
    assert client.get(f"/admin/claims/{Demand._meta.model_name}/1/decide/bless/").status_code == 404
