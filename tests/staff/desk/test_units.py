"""What belongs to one branch is neither seen, decided, exported nor told of in another one."""

from __future__ import annotations

import re
from itertools import chain, repeat
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import room_checks
from guarantees.models import Application, Guarantee, Order, UnitRule
from protocol import alerts
from protocol.models import Alert, Message, Notification
from staff.decisions import DECISIONS, NotPermitted, NotPossible
from staff.models import AccountRequest, AuditEntry, Channel, RoleCombination, Unit, User
from staff.models.unit import HEAD_OFFICE, Misplaced
from staff.roles import Role
from staff.units import path_of
from tests.institution import applied, decide, open_to, person, signed_in
from tests.platform import Platform

pytestmark = pytest.mark.django_db


def unit(code: str, parent: Unit | None = None, name: str = "") -> Unit:
    """A unit as it is set up at the desk."""
    made = Unit(code=code, name=name or f"Branch {code}", parent=parent or Unit.objects.get(pk=HEAD_OFFICE))
    made.save()
    made.place_under(made.parent)
    made.save()
    return made


def who_may_all(of: Unit) -> User:
    """Somebody who may do everything, in one unit and those below it."""
    account = User.objects.create(username=f"all-{of.code}", name="All", unit=of)
    account.user_permissions.set(Permission.objects.exclude(codename="see_every_unit"))
    return account


def browser(account: User) -> Client:
    client = Client()
    client.force_login(account)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def branches(world: None) -> tuple[Unit, Unit]:
    """Two branches; all that the house keeps is the second one's."""
    here, there = unit("A"), unit("B")
    Order.objects.update(unit=there)
    UnitRule.objects.update(unit=there)
    User.objects.update(unit=there)
    AccountRequest.objects.update(unit=there)
    for notification in Notification.objects.all():
        alerts.needs_attention(notification)
    alerts.record_differs(Guarantee.objects.earliest("id").number, ["amount"])
    return here, there


def test_no_screen_shows_decides_or_exports_another_branchs_case(branches: tuple[Unit, Unit]) -> None:
    """Over all that is on the desk: the list, each page, each decision, the file, and the numbers of the home page."""
    mine, theirs = (who_may_all(one) for one in branches)
    stranger, reader = browser(mine), browser(theirs)
    own = {User: mine.pk, RoleCombination: mine.pk, Unit: branches[0].pk}
    seen, texts = dict[type[Model], int](), [stranger.get("/admin/").content.decode()]
    seen_there = 0
    for model in admin.site._registry:
        page = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        rows = model._default_manager.exclude(pk=own.get(model, 0))
        listed = stranger.get(reverse(f"{page}_changelist"))
        exported: Any = stranger.get(reverse(f"{page}_export", args=["csv"]))
        seen[model] = listed.context["cl"].queryset.exclude(pk=own.get(model, 0)).count()
        texts += [listed.content.decode(), b"".join(exported).decode()]
        if path_of(model) is None:
            continue
        assert seen[model] == 0, model
        for first, row in zip(chain([True], repeat(False)), rows, strict=False):
            assert stranger.get(reverse(f"{page}_change", args=[row.pk])).status_code == 404, row
            for decision in (one for one in DECISIONS if one.model is model):
                if first:  # the page asks nothing of a row but whether it is theirs
                    assert stranger.get(reverse(f"{page}_decide", args=[row.pk, decision.name])).status_code == 404
                with pytest.raises(NotPermitted, match="another unit's"):
                    decision.check(row, mine)
                assert not decision.is_open_to(row, mine)
        if one := reader.get(reverse(f"{page}_changelist")).context["cl"].queryset.first():
            seen_there += 1
            assert reader.get(reverse(f"{page}_change", args=[one.pk])).status_code == 200
    assert seen_there > 12
    names = {*Order.objects.values_list("number", flat=True), *Guarantee.objects.values_list("number", flat=True)}
    named = re.compile(rf"(?<![0-9A-Za-z])({'|'.join(names)})(?![0-9A-Za-z])")
    assert [found[0] for text in texts for found in named.finditer(text)] == []
    assert seen[Notification] == 0
    assert seen[Message] == Message.objects.filter(order_number="", guarantee_number="").count()
    trail = stranger.get("/admin/staff/auditentry/").context["cl"].queryset
    assert set(trail.values_list("chain", flat=True)) == {
        "wording:suretyship",
        Channel.objects.get().audit_chain,
        mine.audit_chain,
    }
    assert seen[Alert] == Alert.objects.exclude(kind__in=["attention", "record_differs"]).count() > 0
    for client in (stranger, reader):
        home = client.get("/admin/").context
        for tile in [*home["mine"], *home["others"]]:
            assert client.get(tile["url"]).context["cl"].result_count == tile["number"], tile["label"]


@pytest.mark.parametrize(("role", "sees"), [(Role.AUDITOR, 1), (Role.MANAGER, 0), (Role.UNDERWRITER, 0)])
def test_a_role_may_see_every_unit(received: Application, role: Role, sees: int) -> None:
    User.objects.filter(pk=person(role).pk).update(unit=unit("A"))
    assert signed_in(role).get("/admin/guarantees/application/").context["cl"].result_count == sees


def test_a_unit_sees_what_is_below_it_and_not_what_is_above(platform: Platform) -> None:
    branch = unit("A")
    department, sister = unit("A1", branch), unit("A2", branch)
    for number, of in (("SQ1", branch), ("SQ2", department), ("SQ3", sister), ("SQ4", None)):
        applied(platform, applicationId=number)
        Order.objects.filter(number=number).update(unit=of or HEAD_OFFICE)
    seen = {}
    for of in (branch, department):
        listed = browser(who_may_all(of)).get("/admin/guarantees/application/").context["cl"]
        seen[of.code] = sorted(application.order.number for application in listed.queryset)
    assert seen == {"A": ["SQ1", "SQ2", "SQ3"], "A1": ["SQ2"]}
    application = Application.objects.get(order__number="SQ2")
    User.objects.filter(pk=person(Role.UNDERWRITER).pk).update(unit=sister)
    assert open_to(application, Role.UNDERWRITER) == set()
    User.objects.filter(pk=person(Role.UNDERWRITER).pk).update(unit=department)
    assert "approve" in open_to(application, Role.UNDERWRITER)


def test_a_unit_below_another_goes_with_it_and_never_makes_a_circle(db: None) -> None:
    branch, other = unit("A"), unit("B")
    department = unit("A1", branch)
    branch.place_under(other)
    branch.save()
    assert [one.code for one in Unit.objects.from_here(other)] == ["B", "A", "A1"]
    for parent in (branch, department):
        with pytest.raises(Misplaced, match="itself or stands below it"):
            branch.place_under(Unit.objects.get(pk=parent.pk))
    deepest = department
    for level in range(3, 7):
        deepest = unit(f"A{level}", Unit.objects.get(pk=deepest.pk))
    with pytest.raises(Misplaced, match="at most 8 levels"):
        unit("A7", unit("A8", Unit.objects.get(pk=deepest.pk)))


def columns_of(client: Client, query: str = "") -> dict[str, Any]:
    listed = client.get(f"/admin/guarantees/application/?{query}").context["cl"]
    filters = [str(one.title) for one in listed.filter_specs]
    return {"columns": len(listed.list_display), "filters": filters, "rows": listed.result_count}


def test_nothing_is_said_of_units_while_the_head_office_is_alone(received: Application) -> None:
    client, address = signed_in(Role.MANAGER), f"/admin/guarantees/application/{received.pk}/change/"
    alone, page = columns_of(client), client.get(address).content.decode()
    exported = b"".join(client.get("/admin/guarantees/application/export/csv/").streaming_content)  # type: ignore[arg-type]
    assert "unit" not in alone["filters"]
    assert "总部" not in page + exported.decode()
    branch = unit("A")
    Order.objects.update(unit=branch)
    among = columns_of(client)
    assert among["columns"] == alone["columns"] + 1
    assert "unit" in among["filters"]
    assert "Branch A" in client.get(address).content.decode()
    exported = b"".join(client.get("/admin/guarantees/application/export/csv/").streaming_content)  # type: ignore[arg-type]
    assert "Branch A" in exported.decode()
    assert [columns_of(client, f"of_unit={pk}")["rows"] for pk in (branch.pk, unit("B").pk, 0)] == [1, 0, 1]


def test_whoever_sees_everything_asks_for_no_unit(received: Application) -> None:
    """While the head office is alone, and from there: no join, and of a list one small question in all."""
    unit("A")
    client = signed_in(Role.UNDERWRITER)
    client.get("/admin/guarantees/application/")
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/admin/guarantees/application/").context["cl"].result_count == 1
    asked = [query["sql"] for query in captured if "staff_unit" in query["sql"]]
    assert len(asked) == 1
    assert asked[0].startswith('SELECT "staff_unit"')
    assert not [query["sql"] for query in captured if "EXISTS" in query["sql"] or '"unit_id" IN' in query["sql"]]


def test_what_is_on_the_desk_and_says_no_unit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert room_checks.every_record_says_its_unit() == []
    monkeypatch.delattr(Application, "unit_path")
    assert [message.id for message in room_checks.every_record_says_its_unit()] == ["rooms.E015"]
    monkeypatch.setattr(Application, "unit_path", "order__connection", raising=False)
    assert [message.id for message in room_checks.every_record_says_its_unit()] == ["rooms.E016"]


ASKED = {"username": "li", "name": "Li", "email": "", "roles": ["cashier"], "reason": "new"}


def test_a_person_has_a_unit_and_it_is_asked_for_as_a_role_is(db: None) -> None:
    asking = signed_in(Role.ADMINISTRATOR)
    asking.post("/admin/staff/accountrequest/add/", {**ASKED, "username": "first"})
    assert AccountRequest.objects.get().unit_id == HEAD_OFFICE  # there is no other, and nobody is asked
    branch, other = unit("A"), unit("B")
    page = asking.post("/admin/staff/accountrequest/add/", ASKED)
    assert page.context["form"].errors == {"unit": ["This field is required."]}
    asking.post("/admin/staff/accountrequest/add/", {**ASKED, "unit": "A"})
    request = AccountRequest.objects.get(username="li")
    User.objects.filter(pk=person(Role.MANAGER).pk).update(unit=other)
    assert open_to(request, Role.MANAGER) == set()
    User.objects.filter(pk=person(Role.MANAGER).pk).update(unit=branch)
    decide("confirm", request, Role.MANAGER)
    account = User.objects.get(username="li")
    assert account.unit == branch
    decide("change", account, Role.ADMINISTRATOR, unit="B", reason="elsewhere")
    change = AccountRequest.objects.latest("id")
    User.objects.filter(pk=person(Role.MANAGER).pk).update(unit=other)
    with pytest.raises(NotPossible, match="whoever answers for both units"):
        decide("confirm", change, Role.MANAGER)
    decide("confirm", change, Role.AUDITOR)
    entry = AuditEntry.objects.get(event="account.changed")
    assert (entry.details["changed"], entry.details["unit_before"], entry.details["unit"]) == (["unit"], "A", "B")
    page = signed_in(Role.AUDITOR).get(f"/admin/staff/accountrequest/{change.pk}/change/").content.decode()
    assert "<del>Branch A</del> → <strong>Branch B</strong>" in page


def test_what_was_asked_for_an_account_before_there_were_units_can_be_confirmed(db: None) -> None:
    account = person(Role.CASHIER)
    decide("change", account, Role.ADMINISTRATOR, name="Renamed", reason="married")
    request = AccountRequest.objects.get()
    del request.before["unit"]
    request.save()
    decide("confirm", request, Role.MANAGER)
    assert User.objects.get(pk=account.pk).name == "Renamed"
