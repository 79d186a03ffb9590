"""The register of guarantee numbers: none is lost, and none is given to two letters."""

from __future__ import annotations

import html
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection
from django.utils import timezone

from guarantees.decisions.issue import Issue
from guarantees.models import Application, Guarantee, GuaranteeNumber, NumberSequence
from protocol.prep.codes import WithdrawalType
from staff import clock
from staff.decisions import NotPossible
from staff.models import AuditEntry
from staff.roles import Role
from tests.institution import cancellation, decide, issued, paid, signed_in, withdrawal
from tests.platform import Platform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_letters")]
LIST = "/admin/guarantees/guaranteenumber/"


def fail_to_issue(application: Application, monkeypatch: pytest.MonkeyPatch) -> GuaranteeNumber:
    """The number that the failed attempt leaves."""
    with monkeypatch.context() as full:
        full.setattr(default_storage, "save", _no_space)
        with pytest.raises(NotPossible, match="No space left"):
            decide("issue", Application.objects.get(pk=application.pk), Role.ISSUER)
    return GuaranteeNumber.objects.get(application=application)


def _no_space(*_: Any) -> None:
    raise OSError(28, "No space left on device")


def register() -> list[tuple[str, str]]:
    return list(GuaranteeNumber.objects.order_by("number").values_list("number", "state"))


def test_it_works(platform: Platform) -> None:
    letter = issued(platform)
    entry = GuaranteeNumber.objects.get()
    assert (entry.number, entry.state, entry.guarantee, entry.application) == (
        letter.number,
        "used",
        letter,
        letter.application,
    )


def test_a_failed_attempt_keeps_its_number_for_the_next(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    application = paid(platform)
    left = fail_to_issue(application, monkeypatch)
    assert left.state == "reserved"
    assert fail_to_issue(application, monkeypatch).number == left.number
    other = issued(platform, applicationId="SQ2")
    decide("issue", Application.objects.get(pk=application.pk), Role.ISSUER)
    letter = Guarantee.objects.get(application=application)
    assert letter.number == left.number == letter.particulars["number"]
    assert int(other.number[2:]) == int(letter.number[2:]) + 1
    assert register() == [(letter.number, "used"), (other.number, "used")]


def test_a_number_is_kept_to_another_day(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    application = paid(platform)
    left = fail_to_issue(application, monkeypatch)
    with time_machine.travel(clock.now() + timedelta(days=2)):
        decide("issue", Application.objects.get(pk=application.pk), Role.ISSUER)
    assert Guarantee.objects.get().number == left.number


def test_a_commit_that_fails_keeps_it_too(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    application = paid(platform)
    with monkeypatch.context() as broken:
        broken.setattr("guarantees.notifications.issued", _no_space)
        with pytest.raises(OSError, match="No space"):
            decide("issue", application, Role.ISSUER)
    left = GuaranteeNumber.objects.get()
    assert (left.state, left.guarantee) == ("reserved", None)
    decide("issue", Application.objects.get(), Role.ISSUER)
    assert Guarantee.objects.get().number == left.number


def test_given_up_its_number_is_void_with_the_reason(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    application = paid(platform)
    left = fail_to_issue(application, monkeypatch)
    decide("give_up", Application.objects.get(), Role.ISSUER, reason="签章服务停用，无法出具")
    entry = GuaranteeNumber.objects.get()
    assert (entry.number, entry.state, entry.reason) == (left.number, "void", "签章服务停用，无法出具")
    assert entry.voided_at
    recorded = AuditEntry.objects.get(event="guarantee.number_voided")
    assert (recorded.chain, recorded.reason, recorded.details) == (
        application.audit_chain,
        "签章服务停用，无法出具",
        {"guarantee": left.number},
    )
    assert issued(platform, applicationId="SQ2").number != left.number


@pytest.mark.parametrize("why", ["不再需要", ""])
def test_cancelled_its_number_is_void(platform: Platform, monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    application = paid(platform)
    fail_to_issue(application, monkeypatch)
    case = withdrawal(platform, application.order.number, WithdrawalType.ORDER_CANCELLATION)
    type(case).objects.update(reason=why)
    decide("approve", case, Role.UNDERWRITER)
    entry = GuaranteeNumber.objects.get()
    assert (entry.state, entry.reason) == ("void", why or "order cancelled")


def test_a_reissue_that_is_given_up_voids_the_second_number_alone(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = issued(platform)
    decide("approve", cancellation(platform, old, "1"), Role.UNDERWRITER)
    decide("correct", Application.objects.get(), Role.UNDERWRITER, reason="名称有误")
    with monkeypatch.context() as full:
        full.setattr(default_storage, "save", _no_space)
        with pytest.raises(NotPossible):
            decide("issue", Application.objects.get(), Role.ISSUER)
    decide("give_up", Application.objects.get(), Role.ISSUER, reason="不再重开")
    assert [state for _number, state in register()] == ["used", "void"]


def test_who_never_tried_leaves_none(platform: Platform) -> None:
    decide("give_up", paid(platform), Role.ISSUER, reason="逾期")
    assert register() == []


def test_an_application_that_ended_in_the_meantime_takes_none(platform: Platform) -> None:
    stale = paid(platform)
    decide("give_up", Application.objects.get(), Role.ISSUER, reason="逾期")
    with pytest.raises(NotPossible, match="abandoned"):
        Issue().new_number(stale, clock.now())
    assert register() == []


@pytest.mark.parametrize(
    "wrong",
    [{"state": "void"}, {"state": "used"}, {"state": "lost"}, {"reason": "x"}, {"application": None}],
    ids=["void without a reason", "used without a letter", "unknown", "a reason while reserved", "nobody's"],
)
def test_no_entry_contradicts_itself(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    fail_to_issue(paid(platform), monkeypatch)
    with pytest.raises(IntegrityError):
        GuaranteeNumber.objects.update(**wrong)


# --- At the desk ----------------------------------------------------------------------------------------------------


def test_the_register_is_read_and_exported(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = issued(platform)
    application = paid(platform, applicationId="ANOTHER1")
    left = fail_to_issue(application, monkeypatch)
    decide("give_up", Application.objects.get(pk=application.pk), Role.ISSUER, reason="签章服务停用")
    manager = signed_in(Role.MANAGER)
    shown = html.unescape(manager.get(LIST).content.decode())
    for part in (letter.number, left.number, "签章服务停用", "void", "used"):
        assert part in shown
    found = manager.get(LIST, {"q": "ANOTHER1"}).content.decode()
    assert left.number in found
    assert letter.number not in found
    exported = b"".join(manager.get(f"{LIST}export/csv/")).decode("utf-8-sig")
    assert left.number in exported
    assert "签章服务停用" in exported
    page = html.unescape(manager.get(f"{LIST}{left.pk}/change/").content.decode())
    assert "签章服务停用" in page
    assert f"/admin/guarantees/application/{application.pk}/change/" in page


# --- From before ----------------------------------------------------------------------------------------------------


def test_numbers_from_before_the_register_are_entered(platform: Platform) -> None:
    letter = issued(platform)
    GuaranteeNumber.objects.all().delete()
    sequence = NumberSequence.objects.get()
    sequence.last += 2
    sequence.save()
    NumberSequence.objects.create(prefix="BHP20261101", last=3)
    NumberSequence.objects.create(prefix="BH20261101", last=1)
    import_module("guarantees.migrations.0015_numbers_given").register(apps, connection.schema_editor())
    start = letter.number[:-6]
    assert register() == sorted(
        [
            (letter.number, "used"),
            (f"{start}000002", "void"),
            (f"{start}000003", "void"),
            ("BH20261101000001", "void"),
        ]
    )
    gap = GuaranteeNumber.objects.get(number="BH20261101000001")
    assert timezone.localtime(gap.taken_at).isoformat() == "2026-11-01T00:00:00+08:00"
    assert gap.reason
    assert gap.application is None
    assert GuaranteeNumber.objects.get(number=letter.number).guarantee == letter
