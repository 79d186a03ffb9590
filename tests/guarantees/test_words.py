"""What a platform's codes say is kept in words of ours, and the trail and the bookmarks of before read on."""

from __future__ import annotations

import pytest
from django.utils import translation

from guarantees.models import Receipt
from protocol.prep.codes import WithdrawalType
from protocol.vocabulary import Means
from staff.desk.timeline import detail_rows
from staff.models import AuditEntry
from staff.roles import Role
from tests.institution import approved, decide, notified_fields, person, withdrawal
from tests.platform import Platform


@pytest.mark.django_db
def test_a_receipt_is_kept_in_a_word_and_told_as_its_code(platform: Platform) -> None:
    application = approved(platform)
    decide("record_payment", application, Role.CASHIER, amount="4500.00", means=Means.WECHAT)
    assert Receipt.objects.get().means == "wechat"
    assert application.purchase_nature == "works"
    assert notified_fields(platform)["payType"] == "02"
    assert AuditEntry.objects.get(event="receipt.recorded").details["means"] == "wechat"


@pytest.mark.parametrize(
    ("details", "text"),
    [
        ({"means": "02"}, "微信支付"),
        ({"means": "wechat"}, "微信支付"),
        ({"kind": "0"}, "合同已履行完毕"),
        ({"kind": "performed"}, "合同已履行完毕"),
        ({"kind": "02"}, "取消订单"),
        ({"kind": "order_cancellation"}, "取消订单"),
    ],
)
def test_the_trail_reads_the_same_before_and_after(details: dict[str, str], text: str) -> None:
    with translation.override("zh-hans"):
        [row] = detail_rows(AuditEntry(event="x", details=details))
        assert str(row.value) == text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("guarantees/application/?purchase_nature__exact=工程类", 1),
        ("guarantees/application/?purchase_nature__exact=works", 1),
        ("guarantees/application/?purchase_nature__exact=货物类", 0),
        ("guarantees/receipt/?means__exact=02", 1),
        ("guarantees/receipt/?means__exact=wechat", 1),
        ("guarantees/receipt/?means__exact=01", 0),
        ("guarantees/withdrawal/?kind__exact=01", 1),
        ("guarantees/withdrawal/?kind__exact=02", 0),
        ("guarantees/cancellation/?kind__exact=0", 0),
    ],
)
def test_a_bookmarked_list_leaves_the_same_rows(platform: Platform, address: str, asked: int) -> None:
    application = approved(platform)
    decide("record_payment", application, Role.CASHIER, amount="4500.00", means=Means.WECHAT)
    withdrawal(platform, application.order.number, WithdrawalType.SURRENDER)
    platform.client.force_login(person(Role.AUDITOR))
    page = platform.client.get(f"/admin/{address}")
    assert page.status_code == 200
    assert page.context["cl"].result_count == asked
