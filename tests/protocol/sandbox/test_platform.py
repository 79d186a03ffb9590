"""What the sandbox sends, what it takes, and what it holds against the institution."""

import base64
import json
import random
import stat
from datetime import timedelta

import pytest
import requests
from stdnum.cn import ric, uscc

from protocol import envelope
from protocol.dialect import Dialect
from protocol.prep.transcodes import TABLES
from protocol.sandbox import invented
from protocol.sandbox.platform import NotPossible, post, tamper
from protocol.sandbox.state import StateError, load_or_create
from protocol.sandbox.store import Store
from protocol.tables import check, read
from tests.protocol.sandbox.conversation import NOW, PDF, begin


def test_it_submits_an_application_that_fits_the_table(talk):
    message = talk.platform.submit()
    assert message.number == "SQ20261124000001"
    assert message.outcome.code == "000"
    assert talk.institution.opened[0]["applicationId"] == message.number
    assert read(TABLES["PREP101"], talk.institution.opened[0]).unknown_fields == {}
    assert talk.platform.submit(supplier="另一家公司").number == "SQ20261124000002"
    assert talk.institution.opened[1]["supplier"] == "另一家公司"


@pytest.mark.parametrize("seed", range(30))
def test_it_invents_codes_whose_check_characters_hold(seed):
    fields = invented.application(random.Random(seed), NOW.date())
    assert uscc.is_valid(fields["socialCreditCode"])
    assert uscc.is_valid(fields["purchaseSocCode"])
    assert ric.is_valid(fields["legalIdNo"])
    assert ric.is_valid(fields["contractCerNo"])
    assert check(TABLES["PREP101"], {"applicationId": "SQ1", **fields}) == []


@pytest.mark.parametrize(
    "dialect",
    [Dialect(), Dialect(signed="plaintext", sm2_layout="DER", sm2_text="hex"), Dialect(sm4_mode="cbc")],
    ids=["default", "plaintext-der-hex", "cbc"],
)
def test_it_talks_in_every_dialect(dialect):
    talk = begin(dialect)
    number = talk.issued()
    assert talk.platform.fetch(number).outcome.code == "000"
    assert talk.platform.letter(number) == PDF


def test_it_verifies_the_file_and_a_changed_copy(talk):
    number = talk.issued()
    talk.platform.fetch(number)
    content = talk.platform.letter(number)
    genuine = talk.platform.verify(number, content)
    changed = talk.platform.verify(number, content, tampered=True)
    assert [message.outcome.answer["status"] for message in (genuine, changed)] == ["01", "02"]
    sent = [base64.b64decode(fields["guaranteeData"]) for fields in talk.institution.opened[-2:]]
    assert sent[0] == PDF
    assert sum(one != other for one, other in zip(*sent, strict=True)) == 1
    assert talk.institution.opened[-1]["guaranteeId"] == f"BH{number}"


def test_it_changes_a_byte_of_any_file():
    for content in (b"", b"x", b"stream", PDF):
        assert tamper(content) != content


def test_it_demands_withdraws_and_invalidates(talk):
    number = talk.issued()
    platform = talk.platform
    for message in (
        platform.demand(number, "120000.00"),
        platform.invalidate(number),
        platform.invalidate(number, "1"),
        platform.cancel(number),
        platform.surrender(number),
    ):
        assert message.outcome.code == "000"
    for request, fields in zip(talk.institution.requests[-5:], talk.institution.opened[-5:], strict=True):
        assert read(TABLES[request.transcode], fields).unknown_fields == {}
    assert [fields.get("invalidType") for fields in talk.institution.opened[-4:-2]] == ["0", "1"]
    assert [fields.get("applicationType") for fields in talk.institution.opened[-2:]] == ["02", "01"]


@pytest.mark.parametrize("amount", ["", "0", "0.00", "-1", "1.234", "1e5", "一百"])
def test_it_refuses_to_demand_no_amount(talk, amount):
    number = talk.issued()
    with pytest.raises(NotPossible):
        talk.platform.demand(number, amount)


def test_it_cannot_demand_before_issue(talk):
    number = talk.platform.submit().number
    with pytest.raises(NotPossible, match="PREP102 03"):
        talk.platform.demand(number, "1.00")


def test_it_resends_under_the_same_msgcode(talk):
    number = talk.platform.submit().number
    again = talk.platform.resend(number)
    first, second = talk.institution.requests
    assert again.repeated
    assert first.msgcode == second.msgcode == again.msgcode
    assert first.data != second.data
    assert talk.institution.opened[0] == talk.institution.opened[1]


def refuse_connection():
    raise requests.ConnectionError


def time_out():
    raise requests.ReadTimeout


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (refuse_connection, "无法连接网关"),
        (time_out, "超时"),
        (lambda: (502, b"<html>Bad Gateway</html>"), "HTTP 502"),
        (lambda: (200, b"<html>OK</html>"), "不符合接口规范"),
    ],
    ids=["refused", "timeout", "502", "html"],
)
def test_it_tells_that_the_gateway_failed(talk, answer, message):
    talk.institution.answers["PREP101"] = answer
    assert message in talk.platform.submit().outcome.trouble


def test_nobody_listening_is_an_oserror():
    with pytest.raises(OSError, match=r"127\.0\.0\.1"):
        post("http://127.0.0.1:9/", b"")


def test_it_keeps_a_refusal(talk):
    talk.institution.answers["PREP101"] = lambda: (200, envelope.answer("103", "bidDate 必填"))
    outcome = talk.platform.submit().outcome
    assert (outcome.code, outcome.text) == ("103", "bidDate 必填")


def test_it_finds_what_an_answer_lacks(talk):
    number = talk.issued()
    talk.institution.answers["PREP103"] = lambda: (
        200,
        envelope.seal_answer({"guaranteeFileName": "letter.doc"}, talk.institution.party),
    )
    assert talk.platform.fetch(number).outcome.findings == ["应答字段 guaranteeFileContext 必填"]
    assert talk.platform.store.letter(number) is None


def test_it_takes_a_notification(talk):
    number = talk.platform.submit().number
    assert talk.tell(number, "01", "05", "03") == ["000"] * 3
    assert talk.platform.store.guarantee_of(number) == f"BH{number}"
    assert talk.findings(number) == []


def test_it_refuses_a_wrong_signature(talk):
    number = talk.platform.submit().number
    assert talk.take(talk.wrong_secret().status(number, "01")) == "101"
    assert talk.platform.store.messages("")[0].fields == {}


def test_it_refuses_another_appid(talk):
    number = talk.platform.submit().number
    body = {**json.loads(talk.institution.status(number, "01")), "appid": "A2"}
    assert talk.take(json.dumps(body).encode()) == "101"


def test_it_refuses_an_old_notification(talk):
    number = talk.platform.submit().number
    fields = {"applicationId": number, "applicationStatus": "01"}
    old = talk.institution.notification("PREP102", fields, reqtime=NOW - timedelta(minutes=11))
    assert talk.take(old) == "101"


def test_it_refuses_what_is_no_message(talk):
    assert talk.take(b"<html>") == "103"


def test_it_refuses_a_message_that_only_the_institution_takes(talk):
    number = talk.platform.submit().number
    assert talk.take(talk.institution.notification("PREP109", {"applicationId": number})) == "103"


def test_it_refuses_fields_that_break_the_table(talk):
    number = talk.platform.submit().number
    assert talk.tell(number, "02") == ["103"]
    assert "failReason" in talk.platform.store.messages(number)[-1].outcome.text


@pytest.mark.parametrize(
    ("transcode", "fields"),
    [
        ("PREP102", {"applicationId": "SQ0", "applicationStatus": "01"}),
        ("PREP106", {"guaranteeId": "BH0", "status": "00"}),
        ("PREP108", {"guaranteeId": "BH0", "cancelDate": "2026-11-24 10:00:00"}),
    ],
)
def test_it_knows_no_such_number(talk, transcode, fields):
    assert talk.take(talk.institution.notification(transcode, fields)) == "203"


def test_it_takes_a_notification_once(talk):
    number = talk.platform.submit().number
    fields = {"applicationId": number, "applicationStatus": "01"}
    for _ in range(2):
        assert talk.take(talk.institution.notification("PREP102", fields, msgcode="m1")) == "000"
    assert [message.repeated for message in talk.platform.store.messages(number)[1:]] == [False, True]
    assert talk.findings(number) == []


def test_it_refuses_another_content_under_the_same_msgcode(talk):
    number = talk.platform.submit().number
    for status, code in (("01", "000"), ("07", "103")):
        fields = {"applicationId": number, "applicationStatus": status}
        assert talk.take(talk.institution.notification("PREP102", fields, msgcode="m1")) == code


def test_it_goes_on_after_a_restart(tmp_path):
    first, second = load_or_create(tmp_path / "sandbox"), load_or_create(tmp_path / "sandbox")
    assert first == second
    assert stat.S_IMODE((tmp_path / "sandbox" / "platform.json").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "sandbox").iterdir()] == ["platform.json"]
    assert first.party(second.public_key).peer_key == first.key.public


def test_it_does_not_replace_a_file_that_it_cannot_read(tmp_path):
    (tmp_path / "platform.json").write_text("{}")
    with pytest.raises(StateError, match=r"platform\.json"):
        load_or_create(tmp_path)


def test_its_store_goes_on_after_a_restart(tmp_path):
    store = Store(tmp_path / "sandbox.sqlite3")
    store.add_order("20261124", {"supplier": "公司"}, NOW)
    store.close()
    store = Store(tmp_path / "sandbox.sqlite3")
    assert store.add_order("20261124", {}, NOW).number == "SQ20261124000002"


def test_most_guarantees_outlast_their_contract_and_some_do_not() -> None:
    chance = random.Random(1)
    beyond = [
        int(fields["guaranteeDate"]) - int(fields["contractDate"])
        for fields in (invented.application(chance, NOW.date()) for _ in range(100))
    ]
    assert min(beyond) == 0
    assert sum(months > 0 for months in beyond) > 70
