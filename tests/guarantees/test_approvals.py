"""Every approval of an order stays, and whoever gave one neither takes its money nor issues any of its letters."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import IntegrityError

from guarantees.decisions import authority
from guarantees.models import Application, Approval, Guarantee
from staff import clock
from staff.models import User
from staff.roles import Role
from tests.institution import applied, approved, cancellation, decide, issued, open_to, parameter, person
from tests.platform import Platform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_letters")]


def returned(platform: Platform, guarantee: Guarantee) -> Application:
    decide("approve", cancellation(platform, guarantee, kind="1"), Role.UNDERWRITER)
    return Application.objects.get(pk=guarantee.application_id)


def both(*roles: Role) -> User:
    someone = person(roles[0], "both")
    someone.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
    return User.objects.get(pk=someone.pk)


def test_each_approval_keeps_its_terms_and_what_the_checks_had_found(platform: Platform) -> None:
    guarantee = issued(platform, legalIdNo="E12345678")
    first = Approval.objects.get()
    assert (first.kind, first.amount, first.premium) == ("application", Decimal("900000.00"), Decimal("4500.00"))
    assert (first.approved_by, first.inferred) == (person(Role.UNDERWRITER), False)
    assert "id_numbers" in first.findings
    application = returned(platform, guarantee)
    decide("correct", application, person(Role.UNDERWRITER, "another"), approved_amount="800000.00", reason="金额有误")
    assert [(row.kind, row.amount, row.reason) for row in Approval.objects.all()] == [
        ("application", Decimal("900000.00"), ""),
        ("correction", Decimal("800000.00"), "金额有误"),
    ]
    platform.client.force_login(person(Role.AUDITOR))
    page = platform.client.get(f"/admin/guarantees/application/{application.pk}/change/").content.decode()
    assert "本订单全部审批" in page


def test_who_approved_the_first_letter_does_not_issue_the_corrected_one(platform: Platform) -> None:
    someone = both(Role.UNDERWRITER, Role.ISSUER)
    application = applied(platform)
    decide("approve", application, someone, premium="4500.00")
    decide("record_payment", Application.objects.get(), Role.CASHIER, reference="B1")
    decide("issue", Application.objects.get(), Role.ISSUER)
    application = returned(platform, Guarantee.objects.get())
    decide("correct", application, person(Role.UNDERWRITER, "another"), reason="名称有误")
    corrected = Application.objects.get()
    assert "issue" not in open_to(corrected, someone)
    assert "issue" in open_to(corrected, Role.ISSUER)


def test_nor_a_letter_of_a_later_round(platform: Platform) -> None:
    parameter("duties.profile", "full")
    someone = both(Role.UNDERWRITER, Role.CASHIER)
    decide("approve", applied(platform), someone, premium="4500.00")
    decide("give_up", Application.objects.get(), Role.MANAGER, reason="逾期未缴")
    second = applied(platform)
    assert second.round == 2
    decide("approve", second, person(Role.UNDERWRITER, "another"), premium="4500.00")
    assert "record_payment" not in open_to(Application.objects.latest("id"), someone)
    assert "record_payment" in open_to(Application.objects.latest("id"), Role.CASHIER)


def test_what_was_approved_is_neither_changed_nor_removed(platform: Platform) -> None:
    issued(platform)
    approval = Approval.objects.get()
    with pytest.raises(TypeError, match="not changed"):
        approval.save()
    with pytest.raises(TypeError, match="not changed"):
        Approval.objects.update(amount=Decimal("1.00"))
    for gone in (approval, Approval.objects.all()):
        with pytest.raises(TypeError, match="stays"):
            gone.delete()


def test_what_is_approved_has_an_approval(platform: Platform) -> None:
    application = approved(platform)
    with pytest.raises(IntegrityError, match="application_approved_has_approval"):
        Application.objects.filter(pk=application.pk).update(approval=None)


def test_the_latest_approval_is_in_force_and_the_letter_says_it(platform: Platform) -> None:
    application = returned(platform, issued(platform))
    decide("correct", application, person(Role.UNDERWRITER, "another"), approved_amount="800000.00", reason="金额有误")
    application = Application.objects.get()
    assert application.approval == Approval.objects.last()
    assert application.premium == Decimal("4500.00")
    decide("issue", application, Role.ISSUER)
    assert Guarantee.objects.latest("id").amount == Decimal("800000.00")


def test_how_long_each_took(platform: Platform) -> None:
    start = clock.now().replace(microsecond=0)
    with time_machine.travel(start, tick=False):
        application = applied(platform)
        applied(platform, applicationId="SQ-WAITS")
    with time_machine.travel(start + timedelta(hours=2), tick=False):
        decide("approve", application, Role.UNDERWRITER, premium="4500.00")
    with time_machine.travel(start + timedelta(hours=5), tick=False):
        decide("record_payment", Application.objects.get(pk=application.pk), Role.CASHIER, reference="B1")
        decide("issue", application, Role.ISSUER)
    with time_machine.travel(start + timedelta(days=1), tick=False):
        decide("correct", returned(platform, Guarantee.objects.get()), Role.UNDERWRITER, reason="名称有误")
        decide("issue", application, Role.ISSUER)
    took = Application.objects.with_turnaround().order_by("pk").values_list("to_approval", "to_issue")
    assert list(took) == [(timedelta(hours=2), timedelta(hours=3)), (None, None)]


def test_an_installation_of_before_goes_on_approving_alone(received: Application) -> None:
    assert authority.ALONE.first() is None
    person(Role.UNDERWRITER)
    assert authority.ALONE.first() == authority.EVERY_SUM
    parameter("authority.single_approval", str(authority.EVERY_SUM))
    assert authority.confirmed_by(received, Decimal("9999999999999.99")) == ""
