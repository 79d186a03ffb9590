"""What is kept of a version: each thing in every state, reached by the gateway, the decisions and the desk's pages."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any
from unittest.mock import patch

import time_machine
from django.contrib.auth.models import Group, Permission
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client

from claims.models import Demand
from guarantees.decisions.wording import upload
from guarantees.ending import effect_due, expire_due
from guarantees.issuing import institution as house
from guarantees.letter.wording.kinds import SURETYSHIP
from guarantees.models import Application, Guarantee, Refund
from protocol.delivery.heartbeat import beat
from protocol.delivery.sending import deliver_due
from protocol.models import Alert, Connection, Notification, PlatformHealth
from protocol.vocabulary import Means
from staff import clock
from staff.decisions import NotPossible
from staff.models import AccountRequest, Unit, User
from staff.models.unit import HEAD_OFFICE
from staff.roles import Role
from tests.institution import applied, approved, cancellation, decide, issued, paid, person, withdrawal
from tests.platform import APPLICATION, Platform, demand_fields
from tests.protocol.delivery.loopback import code, loopback
from tests.staff.desk.test_accounts import link_in

PASSWORD = "correct horse battery"
HANDLER = Role.CLAIMS_HANDLER
LONG_AGO = datetime(2025, 10, 8, 2, tzinfo=UTC)
#: Another underwriter, who confirms what the first one proposes.
SECOND = "underwriter-2"
#: The most that a message may say.
MOST = "99999999999.99"


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
    _corrections(platform)
    _numbers(platform)
    _withdrawals(platform)
    _cancellations(platform, other)
    _demands(platform)
    _files(platform)
    _delivery(platform, other)
    _wrong_messages(platform, other)
    _units(platform)


def _accounts() -> None:
    """The first two on the command line, the others at the desk: an administrator asks and a manager confirms."""
    call_command("createsuperuser", username="root", name="超级用户", email="root@example.org", interactive=False)
    root = User.objects.get(username="root")
    root.set_password(PASSWORD)
    root.save()
    asking = _signed_in("root")
    for role in (Role.ADMINISTRATOR, Role.MANAGER):
        output = StringIO()
        call_command("confirm_account", _asked(asking, role.value, role).pk, stdout=output)
        _set_password(output.getvalue())
    asking, confirming = _signed_in("administrator"), _signed_in("manager")
    for role in Role:
        if role not in (Role.ADMINISTRATOR, Role.MANAGER):
            _set_password(_decided(confirming, _asked(asking, role.value, role)))
    _set_password(_decided(confirming, _asked(asking, SECOND, Role.UNDERWRITER)))
    _set_password(_decided(confirming, _asked(asking, "several", Role.UNDERWRITER, Role.CASHIER, Role.AUDITOR)))
    _decided(confirming, _asked(asking, "closed", Role.ISSUER))  # its link is never used
    _account_changes(asking, confirming)
    # From a time that allowed it.
    for name, roles in (("mixed", (Role.ADMINISTRATOR, Role.UNDERWRITER, Role.CASHIER)), ("everything", tuple(Role))):
        account = User.objects.create_user(name, f"{name}@example.org", PASSWORD, name=f"员工{name}")
        account.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
    mixed = User.objects.get(username="mixed")
    mixed.user_permissions.add(Permission.objects.get(codename="export_lists"))


def _account_changes(asking: Client, confirming: Client) -> None:
    """Changed, given a new password and closed; and what was returned, withdrawn and still waits."""
    changed, closed = (User.objects.get(username=name) for name in ("several", "closed"))
    held = {"name": "员工（更名）", "email": changed.email, "roles": ["underwriter", "auditor"], "active": "on"}
    _decided(confirming, _asked_of(asking, changed, "change", **held))
    _set_password(_decided(confirming, _asked_of(asking, changed, "reset")))
    asking.post(f"/admin/staff/user/{closed.pk}/decide/close/", {"reason": "离职", "sure": "on"})
    assert not User.objects.get(pk=closed.pk).is_active
    _decided(confirming, _asked(asking, "returned", Role.CASHIER), "return", reason="查无此人", sure="on")
    _decided(asking, _asked(asking, "withdrawn", Role.CASHIER), "withdraw", sure="on")
    _asked(asking, "waiting", Role.CASHIER)
    states = set(AccountRequest.objects.values_list("state", flat=True))
    assert states == {"asked", "confirmed", "returned", "withdrawn"}, states


def _signed_in(name: str) -> Client:
    desk = Client()
    assert desk.post("/admin/login/", {"username": name, "password": PASSWORD, "next": "/admin/"}).status_code == 302
    return desk


def _asked(desk: Client, name: str, *roles: Role) -> AccountRequest:
    fields = {"username": name, "name": f"员工{name}", "email": f"{name}@example.org", "reason": "新同事"}
    desk.post("/admin/staff/accountrequest/add/", {**fields, "roles": [role.value for role in roles]})
    return AccountRequest.objects.get(username=name, state="asked")


def _asked_of(desk: Client, account: User, decision: str, **given: Any) -> AccountRequest:
    before = AccountRequest.objects.count()
    desk.post(f"/admin/staff/user/{account.pk}/decide/{decision}/", {"reason": "岗位调整", **given})
    assert AccountRequest.objects.count() == before + 1
    return AccountRequest.objects.latest("id")


def _decided(desk: Client, request: AccountRequest, decision: str = "confirm", **given: Any) -> str:
    """The page that follows."""
    address = f"/admin/staff/accountrequest/{request.pk}/decide/{decision}/"
    return str(desk.post(address, given, follow=True).content.decode())


def _set_password(text: str) -> None:
    """By the link that stands in it."""
    answer = Client().post(link_in(text), {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()


def _long_ago(platform: Platform, number: str, **changed: Any) -> Guarantee:
    application = approved(platform, applicationId=number, bidDate="20251001", **changed)
    decide("record_payment", application, Role.CASHIER, reference="B1")
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
    applied(platform, applicationId="SQ-MOST", advanceAmount=MOST, bidAmount=MOST, purchaseNature="货物类")
    term = {"approved_start": date(2027, 1, 1), "approved_end": date(2027, 12, 31), "premium": Decimal("4500.00")}
    decide("approve", applied(platform, applicationId="SQ-TERM", purchaseNature="服务类"), Role.UNDERWRITER, **term)
    decide("payment_notice", approved(platform, applicationId="SQ-APPROVED"), Role.CASHIER)
    decide("reject", applied(platform, applicationId="SQ-REJECTED"), Role.UNDERWRITER, reason="资料不全")
    applied(platform, applicationId="SQ-REJECTED", projectName="第二轮申请")
    paid(platform, applicationId="SQ-PAID", supplier="（集团）青城建设有限公司")
    parts = approved(platform, applicationId="SQ-PARTS")
    for amount, means in (("1000.00", Means.BANK_TRANSFER), ("500.50", Means.OTHER)):
        decide("record_payment", parts, Role.CASHIER, amount=amount, means=means)
    for name, decision in (("SQ-WAIVED", "waive_premium"), ("SQ-ON-ACCOUNT", "take_on_account")):
        decide(decision, approved(platform, applicationId=name), Role.MANAGER, reason="长期客户")
    for name in ("SQ-FAILED", "SQ-REFUNDED"):
        decide("give_up", paid(platform, applicationId=name), Role.ISSUER, reason="无法出函")
    refunded = Refund.objects.get(application__order__number="SQ-REFUNDED")
    decide("release", refunded, Role.CASHIER, payee="青城建设有限公司")
    decide("pay", _again(refunded), Role.CASHIER, reference="T1")


def _corrections(platform: Platform) -> None:
    """Of what an application says, before its approval: one that waits, one confirmed, one returned."""
    second = person(Role.UNDERWRITER, SECOND)
    proposed = {"project_name": "更正后的工程", "reason": "与中标通知书不符"}
    for name, decision in (("SQ-PROPOSED", ""), ("SQ-CONFIRMED", "confirm_correction"), ("SQ-SENT-BACK", "")):
        application = applied(platform, applicationId=name)
        decide("propose_correction", application, Role.UNDERWRITER, **proposed)
        if decision:
            decide(decision, application, second)
    returned = Application.objects.get(order__number="SQ-SENT-BACK")
    decide("return_correction", returned, second, reason="与合同一致，无需更正")


def _numbers(platform: Platform) -> None:
    """Taken by an attempt to issue that failed: one kept for the next attempt, one used by it, one void."""
    for name in ("SQ-NUMBER-KEPT", "SQ-NUMBER-USED", "SQ-NUMBER-VOID"):
        application = paid(platform, applicationId=name)
        with patch.object(default_storage, "save", side_effect=OSError(28, "No space left on device")):
            try:
                decide("issue", application, Role.ISSUER)
            except NotPossible:
                continue
        raise AssertionError("It was issued without a place to store it.")
    decide("issue", Application.objects.get(order__number="SQ-NUMBER-USED"), Role.ISSUER)
    decide("give_up", Application.objects.get(order__number="SQ-NUMBER-VOID"), Role.ISSUER, reason="签章服务停用")


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
    assert effect_due(clock.now()) == 0
    applied(other, applicationId="SQ-RECEIVED")
    returned = issued(platform, applicationId="SQ-CORRECTED")
    decide("approve", cancellation(platform, returned, "1"), Role.UNDERWRITER)
    corrected = Application.objects.get(order__number="SQ-CORRECTED")
    decide("correct", corrected, Role.UNDERWRITER, project_name="更正后的项目名称", reason="项目名称有误")
    decide("issue", Application.objects.get(pk=corrected.pk), Role.ISSUER)
    sent_back = cancellation(platform, issued(platform, applicationId="SQ-RETURNED"), "1")
    decide("approve", sent_back, Role.UNDERWRITER)
    decide("confirmation", sent_back, Role.UNDERWRITER)


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
    _demand(platform, guarantee, claimAmount=MOST)
    cancellation(platform, guarantee, invalidTime="2027-01-01 00:00:00")
    empty = issued(platform, applicationId="SQ-PAID-OUT")
    whole = _demand(platform, empty, claimAmount="900000.00")
    decide("take_up", whole, HANDLER)
    decide("pay", _again(whole), HANDLER, reference="P1")
    decide("repeat_payment", _again(whole), HANDLER, reference="P2", reason="账号有误被退回")
    deducted = issued(platform, applicationId="SQ-DEDUCTED")
    decide("deduct", deducted, Role.UNDERWRITER, amount=Decimal("300000.00"), reason="第一次扣回")
    decide("deduct", _fresh(deducted), Role.UNDERWRITER, amount=Decimal("600000.00"), reason="第二次扣回")


def _demand(platform: Platform, guarantee: Guarantee, **changed: Any) -> Demand:
    assert platform.send("PREP105", demand_fields(guarantee.number, **changed)).code == "000"
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


def _delivery(platform: Platform, other: Platform) -> None:
    """Delivered ones, one that the platform refused, one settled by hand, one that is tried again; a platform that
    does not answer, and one that nothing is sent to."""
    with loopback(code("000")) as server:
        Connection.objects.filter(pk=platform.connection.pk).update(address=server.address)
        for answer, times in ((code("203", "申请编号不存在"), 3), (lambda _body: (500, b"busy"), 1), (code("000"), 40)):
            server.answer = answer
            deliver_due(limit=times)
    first, *others = Notification.objects.filter(state="attention")
    decide("settle", first, Role.MANAGER, reason="已电话告知平台")
    for refused in others[:1]:
        decide("send_again", refused, Role.MANAGER)
    for number in ("SQ-UNHEARD-1", "SQ-UNHEARD-2", "SQ-UNHEARD-3"):
        approved(other, applicationId=number)
    deliver_due(limit=60)
    assert PlatformHealth.objects.get(connection=other.connection).failures
    Platform("Parked", parked=True)
    beat("worker", clock.now())
    beat("clock", clock.now() - timedelta(seconds=5))


def _wrong_messages(platform: Platform, other: Platform) -> None:
    """What was not answered 000, and the alerts of it."""
    missing = {"guaranteeId": "BH1"}
    guarantee = Guarantee.objects.get(application__order__number="SQ-IN-FORCE")
    assert platform.send("PREP105", demand_fields(guarantee.number, **missing)).code == "203"
    assert other.send("PREP105", {"guaranteeId": "BH2"}).code == "103"
    assert platform.apply(applicationId="SQ-WRONG", advanceAmount="-1").code == "103"
    repeated = {**APPLICATION, "applicationId": "SQ-REPEATED"}
    for _time in range(3):
        assert platform.send("PREP101", repeated, msgcode="0" * 32).code == "000"
    assert platform.send("PREP101", {**repeated, "projectName": "另一工程"}, msgcode="0" * 32).code == "103"
    stranger = Client()
    stranger.post(
        "/gateway/", other.seal("PREP105", demand_fields(guarantee.number), appsecret="wrong"), "application/json"
    )
    for body in (b"no JSON", platform.seal("PREP101", {}, appsecret="wrong")):
        stranger.post("/gateway/", body, content_type="application/json")
    first = Alert.objects.filter(kind="refused_demand").order_by("id").first()
    decide("settle", first, Role.MANAGER, note="已联系平台")


def _units(platform: Platform) -> None:
    """Set up below the head office: one with a rule by which an order came to it and another that was moved there, and
    one that is closed again."""
    for given in ({"code": "B1", "name": "呼和浩特分公司"}, {"code": "B2", "name": "已撤销的分公司"}):
        decide("add", Unit.objects.get(pk=HEAD_OFFICE), Role.ADMINISTRATOR, **given, reason="设立分公司")
    branch = Unit.objects.get(code="B1")
    decide("add_rule", branch, Role.ADMINISTRATOR, region="1500", nature="works", reason="按地区分派")
    assert applied(platform, applicationId="SQ-OF-A-BRANCH").order.unit == branch
    decide("move_unit", Application.objects.get(order__number="SQ-TERM"), Role.MANAGER, unit="B1", reason="归属地区")
    decide("close", Unit.objects.get(code="B2"), Role.ADMINISTRATOR, reason="撤销")
