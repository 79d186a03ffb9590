"""People of every role, a platform, and applications brought to each state by the decisions themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client

from guarantees import audit, decisions
from guarantees.decisions.issue import Issue
from guarantees.issuing import terms
from guarantees.issuing.institution import particulars
from guarantees.models import Application, Guarantee, Order
from protocol.crypto import keys, sm2
from protocol.models import Connection
from staff import clock
from staff.audit import record
from staff.models import User
from staff.roles import Role

LETTER = b"%PDF-1.7 letter"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _institution(institution: Any, tmp_path: Any) -> None:
    """Approving needs an institution that can issue."""
    institution.MEDIA_ROOT = tmp_path


@pytest.fixture
def person(db: None) -> Callable[[Role], User]:
    """The person of a role, the same one each time."""

    def make(role: Role) -> User:
        account, new = User.objects.get_or_create(username=role.value, defaults={"name": f"Person {role.value}"})
        if new:
            account.set_password(PASSWORD)
            account.save()
            account.groups.add(Group.objects.get(name=role.value))
        return account

    return make


@pytest.fixture
def desk(person: Callable[[Role], User]) -> Callable[[Role], Client]:
    """A browser in which the person of a role is signed in, speaking English."""

    def sign_in(role: Role) -> Client:
        client = Client()
        client.force_login(person(role))
        client.cookies["django_language"] = "en"
        return client

    return sign_in


@pytest.fixture
def platform(db: None) -> Connection:
    return Connection.objects.create(
        name="Platform",
        appid="platform",
        appkey="the-appkey",
        appsecret="the-appsecret",
        private_key=keys.private_text(sm2.generate()),
        platform_key=keys.public_text(sm2.generate().public),
        address="http://127.0.0.1:9/notify",
    )


@pytest.fixture
def receive(platform: Connection) -> Callable[..., Application]:
    """Takes in an application, as PREP101 does."""

    def make(number: str = "SQ0001", **changed: Any) -> Application:
        particulars = {
            "received_at": clock.now() - timedelta(hours=3),
            "applicant_name": "青城建设有限公司",
            "applicant_code": "91150100MA0N2T4X50",
            "legal_name": "张建国",
            "legal_id_number": "11010519491231002X",
            "agent_name": "刘芳",
            "agent_phone": "13904710001",
            "agent_id_number": "440524188001010014",
            "project_code": "NMGZC-2026-0001",
            "project_name": "道路养护工程",
            "section_code": "NMGZC-2026-0001-01",
            "section_name": "第一标段",
            "purchase_nature": "works",
            "award_date": date(2026, 1, 5),
            "award_amount": Decimal("3000000.00"),
            "beneficiary_name": "住房和城乡建设厅",
            "beneficiary_code": "11150000011515167P",
            "advance_amount": Decimal("900000.00"),
            "guarantee_months": 12,
            **changed,
        }
        with transaction.atomic():
            order = Order.objects.create(connection=platform, number=number)
            application = Application.objects.create(order=order, **particulars)
            audit.application_received(application)
        return application

    return make


@pytest.fixture
def received(receive: Callable[..., Application]) -> Application:
    return receive()


@pytest.fixture
def approved(received: Application, person: Callable[[Role], User]) -> Application:
    terms = {
        "approved_amount": Decimal("900000.00"),
        "approved_start": None,
        "approved_end": None,
        "premium": Decimal("4500.00"),
        "reason": "",
    }
    return decide("approve", received, person(Role.UNDERWRITER), terms)


@pytest.fixture
def paid(approved: Application, person: Callable[[Role], User]) -> Application:
    payment = {
        "amount": Decimal("4500.00"),
        "paid_at": datetime(2026, 11, 1, tzinfo=UTC),
        "means": "bank_transfer",
        "reference": "B1",
    }
    return decide("record_payment", approved, person(Role.CASHIER), payment)


@pytest.fixture
def letter(paid: Application, person: Callable[[Role], User]) -> Guarantee:
    """An issued letter whose file is a few bytes: what signs a real one is tested with the letter itself."""
    now = clock.now()
    issuer = person(Role.ISSUER)
    number, code = "GD202600000001", "ABCD2345"
    printed = {**terms.particulars(paid, now), "valid_from": now, "valid_until": now + timedelta(days=365)}
    says = particulars(number=number, verification_code=code, **printed)
    with transaction.atomic():
        before = paid.state
        paid.issue()
        paid.save()
        guarantee = Guarantee(
            application=paid,
            number=number,
            amount=says.amount,
            valid_from=says.valid_from,
            valid_until=says.valid_until,
            issued_at=now,
            issued_by=issuer,
            verification_code=code,
            wording="independent",
            particulars=says.as_mapping(),
            file_digest=hashlib.sha256(LETTER).hexdigest(),
        )
        guarantee.file.save("GD202600000001.pdf", ContentFile(LETTER))
        details = Issue().details(paid, {"guarantee": guarantee})
        record(
            chain=paid.audit_chain,
            event=Issue.event,
            subject=paid,
            actor=issuer,
            from_state=before,
            to_state=paid.state,
            details=details,
        )
    return guarantee


def decide(name: str, case: Application, who: User, data: dict[str, Any]) -> Application:
    decision = next(decision for decision in decisions.ALL if decision.name == name)
    taken: Application = decision.take(case.pk, who, data)
    return taken
