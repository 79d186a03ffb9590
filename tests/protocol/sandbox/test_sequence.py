"""The order of notifications that the sandbox holds the institution to (decisions B4, B7)."""

import pytest

from protocol import envelope
from protocol.dialect import Dialect
from tests.protocol.sandbox.conversation import begin

GOOD_ORDERS = ["01 05 03 08", "01 07", "07", "01 05 07", "01 05 04", "01 04", "06 01 06 05 09 03 09 08 09"]


@pytest.mark.parametrize("statuses", GOOD_ORDERS)
def test_it_finds_nothing_wrong_with_a_status_in_order(talk, statuses):
    number = talk.platform.submit().number
    for status in statuses.split():
        more = {"failReason": "原因"} if status in ("04", "06", "09") else {}
        assert talk.take(talk.institution.status(number, status, **more)) == "000"
    assert talk.findings(number) == []


@pytest.mark.parametrize("statuses", ["05", "03", "01 03", "01 01", "01 05 05", "08", "07 01", "01 05 03 07"])
def test_it_finds_a_status_out_of_order(talk, statuses):
    number = talk.platform.submit().number
    assert set(talk.tell(number, *statuses.split())) == {"000"}
    (finding,) = talk.findings(number)
    assert f"PREP102 {statuses[-2:]}" in finding


def ended(talk, number: str) -> bytes:
    fields = {"guaranteeId": f"BH{number}", "cancelDate": "2026-11-24 10:00:00"}
    return talk.institution.notification("PREP108", fields)


def test_a_returned_guarantee_is_issued_again_under_a_new_number(talk):
    number = talk.issued()
    talk.platform.invalidate(number, "1")
    assert talk.take(ended(talk, number)) == "000"
    assert talk.take(talk.institution.status(number, "03", guaranteeId="BH2")) == "000"
    assert talk.findings(number) == []
    assert talk.platform.store.guarantee_of(number) == "BH2"
    assert talk.platform.store.number_of(f"BH{number}") == number


def test_it_finds_a_reissue_under_the_old_number(talk):
    number = talk.issued()
    talk.platform.invalidate(number, "1")
    talk.take(ended(talk, number))
    talk.tell(number, "03")
    assert "已用于订单" in talk.findings(number)[0]


def test_a_cancelled_guarantee_is_not_issued_again(talk):
    number = talk.issued()
    talk.platform.invalidate(number, "0")
    talk.take(ended(talk, number))
    talk.tell(number, "03")
    assert "状态顺序有误" in talk.findings(number)[0]


def test_it_finds_an_end_that_nobody_asked_for(talk):
    number = talk.issued()
    talk.take(ended(talk, number))
    assert "PREP107" in talk.findings(number)[0]


def test_a_guarantee_outlives_a_refusal_by_prep108():
    talk = begin(Dialect(refusal="prep108"))
    number = talk.issued()
    talk.platform.invalidate(number, "0")
    talk.take(ended(talk, number))
    talk.tell(number, "08")
    assert talk.findings(number) == []


def test_a_rejected_order_may_begin_again(talk):
    message = talk.platform.submit()
    talk.take(talk.institution.status(message.number, "02", failReason="资料不全"))
    talk.platform._send(message.number, "PREP101", {"applicationId": message.number})
    talk.tell(message.number, "01")
    assert talk.findings(message.number) == []


@pytest.mark.parametrize(("statuses", "wrong"), [("00 02 00 02", 0), ("02", 1), ("00 00", 1), ("00 02 02", 1)])
def test_a_demand_is_taken_up_and_then_decided_once(talk, statuses, wrong):
    number = talk.issued()
    for status in statuses.split():
        fields = {"guaranteeId": f"BH{number}", "status": status}
        assert talk.take(talk.institution.notification("PREP106", fields)) == "000"
    assert len(talk.findings(number)) == wrong


def test_it_finds_a_status_of_a_refused_application(talk):
    talk.institution.answers["PREP101"] = lambda: (200, envelope.answer("103"))
    number = talk.platform.submit().number
    talk.tell(number, "01")
    assert "未受理" in talk.findings(number)[0]
