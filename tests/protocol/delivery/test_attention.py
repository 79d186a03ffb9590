"""What a platform refuses stops and waits for a person, who sends it again or settles it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from protocol.delivery import sending
from protocol.delivery.outbox import enqueue
from protocol.models import Connection, Notification
from staff.decisions import NotPermitted, NotPossible
from staff.models import AuditEntry
from staff.roles import Role
from tests.institution import decide
from tests.platform import Platform
from tests.protocol.delivery.loopback import Loopback, code, loopback

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other_side() -> Any:
    with loopback(code("203", "申请编号不存在")) as server:
        yield server


@pytest.fixture
def stopped(other_side: Loopback) -> tuple[Notification, Notification]:
    """A message that was refused, and the next one of its order."""
    platform = Platform()
    Connection.objects.filter(pk=platform.connection.pk).update(address=other_side.address)
    made = []
    with transaction.atomic():
        for status, reason in (("approved", None), ("failed", "逾期未缴费")):
            facts = {"order_number": "SQ1", "status": status, "reason": reason}
            made.append(enqueue(connection=platform.connection, queue="SQ1", transcode="PREP102", facts=facts))
    sending.deliver_due()
    return made[0], made[1]


def states() -> list[str]:
    return list(Notification.objects.order_by("id").values_list("state", flat=True))


def test_it_works(stopped: tuple[Notification, Notification], other_side: Loopback) -> None:
    assert states() == ["attention", "waiting"]
    other_side.answer = code("000")
    decide("send_again", stopped[0], Role.MANAGER)
    sending.deliver_due()
    assert states() == ["delivered", "delivered"]
    assert other_side.msgcodes() == [stopped[0].msgcode, stopped[0].msgcode, stopped[1].msgcode]


def test_settling_by_hand_lets_the_next_one_leave(
    stopped: tuple[Notification, Notification], other_side: Loopback
) -> None:
    other_side.answer = code("000")
    decide("settle", stopped[0], Role.ADMINISTRATOR, reason="已电话告知平台")
    sending.deliver_due()
    assert states() == ["settled", "delivered"]
    assert AuditEntry.objects.get(event="notification.settled").reason == "已电话告知平台"


def test_settling_needs_a_reason(stopped: tuple[Notification, Notification]) -> None:
    with pytest.raises(AssertionError, match="reason"):
        decide("settle", stopped[0], Role.MANAGER)


@pytest.mark.parametrize("decision", ["send_again", "settle"])
def test_only_those_whose_duty_it_is(stopped: tuple[Notification, Notification], decision: str) -> None:
    with pytest.raises(NotPermitted):
        decide(decision, stopped[0], Role.UNDERWRITER, reason="…")


@pytest.mark.parametrize("decision", ["send_again", "settle"])
def test_what_is_not_stopped_is_left_alone(stopped: tuple[Notification, Notification], decision: str) -> None:
    with pytest.raises(NotPossible):
        decide(decision, stopped[1], Role.MANAGER, reason="…")


def test_what_waits_for_its_next_attempt_can_be_tried_now(
    stopped: tuple[Notification, Notification], other_side: Loopback
) -> None:
    other_side.answer = code("301")
    decide("send_again", stopped[0], Role.MANAGER)
    sending.deliver_due()
    assert states() == ["waiting", "waiting"]
    other_side.answer = code("000")
    assert sending.deliver_due() == 0
    decide("send_now", Notification.objects.get(pk=stopped[0].pk), Role.MANAGER)
    assert sending.deliver_due() == 2
