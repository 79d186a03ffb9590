"""What is kept of a version: each thing in every state, reached by the gateway, the decisions and the desk's pages."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import time_machine
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from claims.models import Demand
from guarantees import institution as house
from guarantees.decisions.wording import upload
from guarantees.ending import effect_due, expire_due
from guarantees.letter.kinds import SURETYSHIP
from guarantees.models import Application, Guarantee, Refund
from protocol.delivery import deliver_due
from protocol.heartbeat import beat
from protocol.models import Alert, Connection, Notification
from staff.models import User
from staff.roles import Role
from tests.claims.test_demand import fields_of
from tests.institution import applied, approved, cancellation, decide, issued, paid, person, withdrawal
from tests.platform import Platform
from tests.protocol.loopback import code, loopback

PASSWORD = "correct horse battery"
HANDLER = Role.CLAIMS_HANDLER
PAID_AT = {"paid_at": datetime(2026, 11, 20, tzinfo=UTC)}
LONG_AGO = datetime(2025, 10, 8, 2, tzinfo=UTC)
#: More than every database gives back; it was accepted until 2026-11.
TOO_MUCH = "9999999999999999.99"


def tell() -> None:
    """Lives through everything that there is to keep."""
    _accounts()
    with time_machine.travel(LONG_AGO, tick=True):
        platform = Platform("Platform")
        other = Platform("Other", dialect={"claims": "strict", "refusal": "prep108"}, networks=["127.0.0.0/8"])
        lapsing = [_long_ago(platform, "SQ-EXPIRED"), _long_ago(platform, "SQ-UNRELEASED", contractDate="24")]
    expire_due(max(one.over_at for one in lapsing))
    _wordings()
    _applications(platform)
    _withdrawals(platform)
    _cancellations(platform, other)
    _demands(platform)
    _files(platform)
    _delivery(platform)
    _wrong_messages(platform, other)


def _accounts() -> None:
    """Through the desk, as an administrator makes them; some mix administrator and business roles."""
    call_command("createsuperuser", username="root", name="超级用户", email="root@example.org", interactive=False)
    root = User.objects.get(username="root")
    root.set_password(PASSWORD)
    root.save()
    desk = Client()
    desk.post("/admin/login/", {"username": "root", "password": PASSWORD, "next": "/admin/"})
    for role in Role:
        _account(desk, role.value, role)
    _account(desk, "mixed", Role.ADMINISTRATOR, Role.UNDERWRITER, Role.CASHIER)
    _account(desk, "everything", *Role)
    _account(desk, "closed", Role.ISSUER)
    User.objects.filter(username="closed").update(is_active=False)
    mixed = User.objects.get(username="mixed")
    mixed.user_permissions.add(Permission.objects.get(codename="export_lists"))


def _account(desk: Client, name: str, *roles: Role) -> None:
    groups = [Group.objects.get(name=role.value).pk for role in roles]
    fields = {"username": name, "name": f"员工{name}"[:64], "email": f"{name}@example.org", "groups": groups}
    answer = desk.post("/admin/staff/user/add/", {**fields, "password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()


def _long_ago(platform: Platform, number: str, **changed: Any) -> Guarantee:
    application = approved(platform, applicationId=number, bidDate="20251001", **changed)
    decide("record_payment", application, Role.CASHIER, paid_at=timezone.now(), reference="B1")
    decide("issue", application, Role.ISSUER)
    return Guarantee.objects.get(application=application)


def _wordings() -> None:
    shipped = (house.LETTERS / SURETYSHIP / "2026-1.txt").read_text(encoding="utf-8")
    for version in ("own-1", "own-2", "own-3"):
        text = shipped.replace("= 保证方式", f"= 我方的保证方式（{version}）")
        wording = upload(person(Role.ADMINISTRATOR), kind=SURETYSHIP, version=version, text=text)
        if version != "own-3":
            decide("put_into_use", wording, Role.MANAGER)


def _applications(platform: Platform) -> None:
    applied(
        platform,
        applicationId="SQ-RECEIVED",
        socialCreditCode="91150100ma0n2t4x5f",
        purchaseSocCode="11150000011515167r",
        supplierAddress=None,
        contractDate="18",
        guaranteeStartDate="20270101",
        guaranteeEndDate="20271231",
        ext1="拓展一",
        ext2="张三 13904710001",
        ext3="x" * 256,
        unknownField={"nested": ["值", "1.50"]},
    )
    applied(platform, applicationId="SQ-TOO-MUCH", advanceAmount=TOO_MUCH, bidAmount=TOO_MUCH)
    decide("payment_notice", approved(platform, applicationId="SQ-APPROVED"), Role.CASHIER)
    decide("reject", applied(platform, applicationId="SQ-REJECTED"), Role.UNDERWRITER, reason="资料不全")
    applied(platform, applicationId="SQ-REJECTED", projectName="第二轮申请")
    paid(platform, applicationId="SQ-PAID", supplier="（集团）青城建设有限公司")
    parts = approved(platform, applicationId="SQ-PARTS")
    for amount in ("1000.00", "500.50"):
        decide("record_payment", parts, Role.CASHIER, amount=amount, **PAID_AT)
    for name, decision in (("SQ-WAIVED", "waive_premium"), ("SQ-ON-ACCOUNT", "take_on_account")):
        decide(decision, approved(platform, applicationId=name), Role.MANAGER, reason="长期客户")
    for name in ("SQ-FAILED", "SQ-REFUNDED"):
        decide("give_up", paid(platform, applicationId=name), Role.ISSUER, reason="无法出函")
    refunded = Refund.objects.get(application__order__number="SQ-REFUNDED")
    decide("pay", refunded, Role.CASHIER, reference="T1", **PAID_AT)


def _withdrawals(platform: Platform) -> None:
    for name in ("SQ-WITHDRAWN", "SQ-KEPT", "SQ-ASKS"):
        approved(platform, applicationId=name)
    paid(platform, applicationId="SQ-CANCELLED")
    for name in ("SQ-WITHDRAWN", "SQ-CANCELLED"):
        decide("approve", withdrawal(platform, name, "02"), Role.UNDERWRITER)
    decide("refuse", withdrawal(platform, "SQ-KEPT", "02"), Role.UNDERWRITER, reason="保函即将签发")
    withdrawal(platform, "SQ-ASKS", "02")
    issued(platform, applicationId="SQ-SURRENDERED")
    asked = withdrawal(platform, "SQ-SURRENDERED", "01")
    decide("upload_release", asked, Role.UNDERWRITER)
    decide("check_release", asked, Role.REVIEWER)
    decide("approve", asked, Role.UNDERWRITER)


def _cancellations(platform: Platform, other: Platform) -> None:
    guarantee = issued(platform, applicationId="SQ-ENDED")
    asked = cancellation(platform, guarantee)
    decide("approve", asked, Role.UNDERWRITER)
    decide("confirmation", asked, Role.UNDERWRITER)
    kept = issued(platform, applicationId="SQ-IN-FORCE")
    refused = cancellation(platform, kept, remark="采购人来函")
    decide("refuse", refused, Role.UNDERWRITER, reason="未加盖公章")
    decide("purchaser_told", refused, Role.UNDERWRITER, how="电话告知")
    later = cancellation(platform, kept, invalidTime="2027-06-01 00:00:00")
    decide("approve", later, Role.UNDERWRITER)
    assert effect_due(timezone.now()) == 0
    applied(other, applicationId="SQ-RECEIVED")
    returned = issued(platform, applicationId="SQ-CORRECTED")
    decide("approve", cancellation(platform, returned, "1"), Role.UNDERWRITER)
    corrected = Application.objects.get(order__number="SQ-CORRECTED")
    decide("correct", corrected, Role.UNDERWRITER, project_name="更正后的项目名称", reason="项目名称有误")
    decide("issue", Application.objects.get(pk=corrected.pk), Role.ISSUER)
    decide("approve", cancellation(platform, issued(platform, applicationId="SQ-RETURNED"), "1"), Role.UNDERWRITER)


def _demands(platform: Platform) -> None:
    guarantee = issued(platform, applicationId="SQ-DEMANDED")
    refused = _demand(platform, guarantee, claimAmount="1.00")
    decide("take_up", refused, HANDLER)
    decide("refuse", _again(refused), HANDLER, reason="单据不符")
    decide("refusal_notice", _again(refused), HANDLER)
    taken = _demand(platform, guarantee, bankAccount="6222 0202 0001 2345 678", claimAmount="100.00")
    decide("take_up", taken, HANDLER)
    _demand(platform, guarantee, claimAmount="2000000.00", companyName="另一企业", unknown="多余字段")
    repeated = _demand(platform, guarantee, claimAmount="100.00", claimReason="重复索赔")
    decide("close", repeated, HANDLER, reason="与前一索赔相同")
    _demand(platform, guarantee, claimAmount=TOO_MUCH)
    cancellation(platform, guarantee, invalidTime="2027-01-01 00:00:00")
    empty = issued(platform, applicationId="SQ-PAID-OUT")
    whole = _demand(platform, empty, claimAmount="900000.00")
    decide("take_up", whole, HANDLER)
    decide("pay", _again(whole), HANDLER, reference="P1", **PAID_AT)
    decide("repeat_payment", _again(whole), HANDLER, reference="P2", reason="账号有误被退回", **PAID_AT)
    deducted = issued(platform, applicationId="SQ-DEDUCTED")
    decide("deduct", deducted, Role.UNDERWRITER, amount=Decimal("300000.00"), reason="第一次扣回")
    decide("deduct", _fresh(deducted), Role.UNDERWRITER, amount=Decimal("600000.00"), reason="第二次扣回")


def _demand(platform: Platform, guarantee: Guarantee, **changed: Any) -> Demand:
    assert platform.send("PREP105", fields_of(guarantee, **changed)).code == "000"
    return Demand.objects.latest("id")


def _fresh(guarantee: Guarantee) -> Guarantee:
    return Guarantee.objects.get(pk=guarantee.pk)


def _again(demand: Demand) -> Demand:
    return Demand.objects.select_related("guarantee").get(pk=demand.pk)


def _files(platform: Platform) -> None:
    guarantee = Guarantee.objects.get(application__order__number="SQ-IN-FORCE")
    assert platform.send("PREP103", {"applicationId": "SQ-IN-FORCE"}).code == "000"
    given = {"guaranteeId": guarantee.number, "guaranteeData": b64encode(b"%PDF-1.7 another").decode()}
    assert platform.send("PREP104", given).fields["status"] == "02"


def _delivery(platform: Platform) -> None:
    """Delivered ones, one that the platform refused, one settled by hand, one that is tried again."""
    with loopback(code("000")) as server:
        Connection.objects.filter(pk=platform.connection.pk).update(address=server.address)
        for answer, times in ((code("203", "申请编号不存在"), 2), (lambda _body: (500, b"busy"), 1), (code("000"), 40)):
            server.answer = answer
            deliver_due(limit=times)
    settled = Notification.objects.filter(state="attention").first()
    decide("settle", settled, Role.MANAGER, reason="已电话告知平台")
    beat("worker", timezone.now())
    beat("clock", timezone.now() - timedelta(seconds=5))


def _wrong_messages(platform: Platform, other: Platform) -> None:
    """What was not answered 000, and the alerts of it."""
    missing = {"guaranteeId": "BH1"}
    guarantee = Guarantee.objects.get(application__order__number="SQ-IN-FORCE")
    assert platform.send("PREP105", fields_of(guarantee, **missing)).code == "203"
    assert other.send("PREP105", {"guaranteeId": "BH2"}).code == "103"
    assert platform.apply(applicationId="SQ-WRONG", advanceAmount="-1").code == "103"
    stranger = Client()
    for body in (b"no JSON", platform.seal("PREP101", {}, appsecret="wrong")):
        stranger.post("/gateway/", body, content_type="application/json")
    first = Alert.objects.filter(kind="refused_demand").order_by("id").first()
    decide("settle", first, Role.MANAGER, note="已联系平台")
