"""A new decision is its file, its permission, its words and its test: nothing else need know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django import forms
from django.core.checks import run_checks
from django.test import Client

from config import rooms
from guarantees import notifications
from guarantees.decisions.case import OrderDecision
from guarantees.models import Application
from protocol.models import Notification
from staff.decisions import DECISIONS
from staff.desk.page import Tone
from staff.events import Detail, EventKind
from staff.models import AuditEntry, User
from staff.roles import Role


class LapseForm(forms.Form):
    days = forms.IntegerField(label="Days waited")


class Lapse(OrderDecision[Application]):
    """As a file of guarantees/decisions/ would say it."""

    name = "lapse"
    label = "Let the approval lapse"
    permission = "guarantees.give_up_application"
    model = Application
    form_class = LapseForm
    transition = "give_up"
    event = EventKind("application.lapsed", "Approval lapsed", "timer_off", Tone.OVER)
    detail_names = {"days": Detail("days waited")}

    def perform(self, case: Application, person: User, data: dict[str, Any]) -> None:
        case.failure = "超期未缴费"

    def details(self, case: Application, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"days": data["days"]}

    def tell(self, case: Application, data: Mapping[str, Any]) -> None:
        notifications.given_up(case, case.failure)


@pytest.fixture(autouse=True)
def _offered() -> Iterator[None]:
    DECISIONS.hand_over({**DECISIONS.rooms, "scratch": [Lapse()]})
    yield
    rooms.join()


def test_it_is_decided_recorded_told_and_shown(desk: Callable[[Role], Client], approved: Application) -> None:
    assert not [message for message in run_checks() if message.is_serious()]
    client, page = desk(Role.ISSUER), f"/admin/guarantees/application/{approved.pk}/"
    address = f"{page}decide/lapse/"
    assert address in client.get(f"{page}change/").content.decode()
    form = {"days": "30", "seen": client.get(address).context["guard"].initial["seen"]}
    assert "Let the approval lapse: done." in client.post(address, form, follow=True).content.decode()
    assert Application.objects.get(pk=approved.pk).state == "failed"
    entry = AuditEntry.objects.get(event="application.lapsed")
    assert (entry.from_state, entry.to_state, entry.details) == ("approved", "failed", {"days": 30})
    assert Notification.objects.latest("pk").status == "04"
    shown = client.get(f"{page}change/").content.decode()
    assert "Approval lapsed" in shown
    assert "days waited" in shown.lower()


def test_where_its_transition_is_not_open_it_is_not_offered(
    desk: Callable[[Role], Client], received: Application
) -> None:
    client, page = desk(Role.ISSUER), f"/admin/guarantees/application/{received.pk}/"
    assert "/decide/lapse/" not in client.get(f"{page}change/").content.decode()
    answer = client.post(f"{page}decide/lapse/", {"days": "30"}, follow=True)
    assert "Not possible" in answer.content.decode()
    assert Application.objects.get(pk=received.pk).state == "received"
