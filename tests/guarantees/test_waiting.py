"""What waits is asked for in one place, and the home page counts the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet

from claims.models import Demand
from guarantees.models import Application, Cancellation, Correction, Refund, Withdrawal
from staff.desk.home import COUNTERS
from staff.roles import Role
from tests.institution import applied, approved, cancellation, decide, demanded, issued, paid, person, withdrawal
from tests.platform import Platform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_letters")]


def counted(label: str) -> QuerySet[Any]:
    return next(counter for counter in COUNTERS if str(counter.label) == label).rows(person(Role.MANAGER))


def test_applications_wait_until_there_is_a_letter(platform: Platform) -> None:
    waiting = [applied(platform, applicationId="SQ1"), approved(platform, applicationId="SQ2")]
    issued(platform, applicationId="SQ3")
    decide("reject", applied(platform, applicationId="SQ4"), Role.UNDERWRITER, reason="资料不全")
    assert list(Application.objects.waiting().order_by("pk")) == waiting
    assert [one.is_waiting for one in Application.objects.order_by("pk")] == [True, True, False, False]


def test_requests_wait_until_they_are_decided(platform: Platform) -> None:
    guarantee = issued(platform)
    request = cancellation(platform, guarantee, invalidTime="2099-01-01 00:00:00")
    assert list(Cancellation.objects.waiting()) == list(counted("cancellations to decide")) == [request]
    decide("approve", request, Role.UNDERWRITER)
    assert not Cancellation.objects.waiting().exists()
    assert list(guarantee.cancellations.open()) == list(guarantee.cancellations.approved()) == [request]
    asked = withdrawal(platform, guarantee.application.order.number, "01")
    assert list(Withdrawal.objects.waiting()) == list(counted("cancellations and surrenders to decide")) == [asked]
    decide("refuse", asked, Role.UNDERWRITER, reason="未获采购人同意")
    assert not Withdrawal.objects.waiting().exists()


def test_demands_wait_until_they_are_taken_up_and_are_open_until_decided(platform: Platform) -> None:
    demand = demanded(platform, issued(platform))
    assert list(Demand.objects.waiting()) == list(counted("claims waiting")) == [demand]
    decide("take_up", demand, Role.CLAIMS_HANDLER)
    assert not Demand.objects.waiting().exists()
    assert list(Demand.objects.open()) == [demand]
    decide("refuse", Demand.objects.get(), Role.CLAIMS_HANDLER, reason="单据不符")
    assert not Demand.objects.open().exists()


def test_refunds_wait_until_they_are_paid_and_corrections_until_they_are_decided(platform: Platform) -> None:
    decide("give_up", paid(platform, applicationId="SQ1"), Role.ISSUER, reason="无法出函")
    assert list(Refund.objects.waiting()) == list(counted("refunds due")) == [Refund.objects.get()]
    decide("release", Refund.objects.get(), Role.CASHIER, payee="青城建设有限公司")
    decide("pay", Refund.objects.get(), Role.CASHIER, reference="T1")
    assert not Refund.objects.waiting().exists()
    application = applied(platform, applicationId="SQ2")
    decide("propose_correction", application, Role.UNDERWRITER, project_name="另一工程", reason="…")
    assert Correction.objects.waiting().count() == 1
    decide("return_correction", application, Role.REVIEWER, reason="与合同不符")
    assert not Correction.objects.waiting().exists()
