"""The sandbox's pages and its address of notifications, over HTTP."""

import json
import re
import threading
from wsgiref.util import setup_testing_defaults

import pytest
import requests

from protocol import envelope
from protocol.sandbox.server import serve
from protocol.sandbox.web import Application
from tests.protocol.sandbox.conversation import PDF, Conversation


class Browser:
    """Asks the application as a browser that has its page open would."""

    def __init__(self, talk: Conversation) -> None:
        self.application = Application(talk.platform)
        self.url = "http://127.0.0.1:8100"

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], str]:
        environ = {"REQUEST_METHOD": method, "HTTP_HOST": "127.0.0.1:8100", "CONTENT_LENGTH": str(len(body))}
        environ["PATH_INFO"], _, environ["QUERY_STRING"] = path.partition("?")
        environ |= headers
        setup_testing_defaults(environ)
        environ["wsgi.input"].write(body)
        environ["wsgi.input"].seek(0)
        response = {}
        content = self.application(
            environ, lambda status, given: response.update(status=int(status[:3]), headers=given)
        )
        return response["status"], dict(response["headers"]), b"".join(content).decode("utf-8", "replace")

    def get(self, path: str) -> str:
        return self.ask("GET", path)[2]

    def press(self, path: str, body: bytes = b"") -> str:
        """Presses a button; the page that the redirect leads to."""
        status, headers, _ = self.ask("POST", path, body, HTTP_ORIGIN=self.url)
        assert status == 303
        return self.get(headers["Location"])

    def notify(self, body: bytes) -> str:
        status, headers, content = self.ask("POST", "/notify", body, HTTP_HOST="anywhere")
        assert (status, headers["Content-Type"]) == (200, "application/json; charset=utf-8")
        return str(json.loads(content)["code"])


@pytest.fixture
def browser(talk) -> Browser:
    return Browser(talk)


def test_it_submits_and_shows_what_comes(talk, browser):
    page = browser.press("/submit")
    assert "演示用政府采购平台（沙箱）" in page
    assert 'data-transcode="PREP101" data-code="000"' in page
    number = talk.platform.store.orders()[0].number
    assert browser.notify(talk.institution.status(number, "01")) == "000"
    for path in ("/", f"/orders/{number}/"):
        assert browser.get(path).count('data-status="PREP102-01"') == 1
        assert "data-violation" not in browser.get(path)


def test_it_answers_a_wrong_signature_and_shows_it(talk, browser):
    number = talk.platform.submit().number
    assert browser.notify(talk.wrong_secret().status(number, "01")) == "101"
    assert "未归入订单的报文" in browser.get("/")
    assert 'data-status="PREP102-01"' not in browser.get(f"/orders/{number}/")


def test_it_shows_a_status_out_of_order(talk, browser):
    number = talk.platform.submit().number
    browser.notify(talk.institution.status(number, "03"))
    page = browser.get(f"/orders/{number}/")
    assert "data-violation" in page
    assert "状态顺序有误" in page
    assert "data-violation" in browser.get("/")


def test_a_repeated_notification_is_shown_as_one_status(talk, browser):
    number = talk.platform.submit().number
    body = talk.institution.status(number, "01")
    assert [browser.notify(body), browser.notify(body)] == ["000", "000"]
    page = browser.get(f"/orders/{number}/")
    assert page.count('data-status="PREP102-01"') == 1
    assert "重复送达" in page


def test_it_shows_the_letter_and_the_verdicts(talk, browser):
    number = talk.issued()
    assert f'src="/orders/{number}/letter.pdf' in browser.press(f"/orders/{number}/fetch")
    status, headers, content = browser.ask("GET", f"/orders/{number}/letter.pdf")
    assert (status, headers["Content-Type"], content.encode()) == (200, "application/pdf", PDF)
    assert browser.press(f"/orders/{number}/verify").count('data-verdict="01"') == 1
    assert browser.press(f"/orders/{number}/verify-tampered").count('data-verdict="02"') == 1


@pytest.mark.parametrize(
    ("action", "transcode"),
    [("invalidate", "PREP107"), ("return", "PREP107"), ("cancel", "PREP109"), ("surrender", "PREP109")],
)
def test_a_button_sends_its_message(talk, browser, action, transcode):
    number = talk.issued()
    assert f'data-action="{action}"' in browser.get(f"/orders/{number}/")
    browser.press(f"/orders/{number}/{action}")
    assert talk.institution.requests[-1].transcode == transcode


def test_it_demands_the_amount_that_was_typed(talk, browser):
    number = talk.issued()
    assert 'value="120000.00"' in browser.get(f"/orders/{number}/")
    browser.press(f"/orders/{number}/demand", b"amount=50000.00")
    assert talk.institution.opened[-1]["claimAmount"] == "50000.00"


def test_it_resends_the_last_message(talk, browser):
    number = talk.platform.submit().number
    assert "流水号不变" in browser.press(f"/orders/{number}/resend")


@pytest.mark.parametrize(
    ("action", "message"),
    [("verify", "尚未取回保函文件"), ("demand", "索赔金额应为"), ("invalidate", "尚未收到开函成功通知")],
)
def test_it_tells_what_is_not_possible_yet(talk, browser, action, message):
    number = talk.platform.submit().number
    sent = len(talk.institution.requests)
    page = browser.press(f"/orders/{number}/{action}")
    assert 'class="notice"' in page
    assert message in page
    assert len(talk.institution.requests) == sent


def test_it_shows_that_the_gateway_is_away(talk, browser):
    def nobody() -> tuple[int, bytes]:
        raise ConnectionRefusedError

    talk.institution.answers["PREP101"] = nobody
    assert "无法连接网关" in browser.press("/submit")
    assert "无法连接网关" in browser.get("/")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:8000", ""])
def test_it_acts_for_its_own_page_only(talk, browser, origin):
    status, _, _ = browser.ask("POST", "/submit", HTTP_ORIGIN=origin)
    assert status == 403
    assert talk.institution.requests == []


def test_it_answers_under_its_own_name_only(browser):
    status, _, _ = browser.ask("POST", "/submit", HTTP_HOST="evil.example", HTTP_ORIGIN="http://evil.example")
    assert status == 400


def test_it_escapes_what_it_shows(talk, browser):
    number = talk.platform.submit(supplier="<script>alert(1)</script>").number
    assert "<script>alert" not in browser.get(f"/orders/{number}/") + browser.get("/")


def test_pages_hold_no_inline_script_or_style(talk, browser):
    number = talk.issued()
    talk.platform.fetch(number)
    for path in ("/", f"/orders/{number}/"):
        page = browser.get(path)
        assert re.findall(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page) == []
        assert "default-src 'none'" in browser.ask("GET", path)[1]["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/style.css", "/refresh.js", "/icon.svg"])
def test_it_serves_its_own_files(browser, path):
    assert browser.ask("GET", path)[0] == 200


@pytest.mark.parametrize("path", ["/orders/SQ0/", "/orders/SQ0/letter.pdf", "/style.css/../web.py", "/admin/"])
def test_it_knows_no_other_address(browser, path):
    assert browser.ask("GET", path)[0] == 404


def test_it_takes_no_large_notification(browser):
    assert browser.ask("POST", "/notify", CONTENT_LENGTH="2000000")[0] == 413


def test_it_serves_over_http(talk):
    server = serve(Application(talk.platform), "127.0.0.1", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.port}"
        assert requests.post(f"{url}/submit", headers={"Origin": url}, timeout=10).url.startswith(f"{url}/orders/SQ")
        number = talk.platform.store.orders()[0].number
        answer = requests.post(f"{url}/notify", data=talk.institution.status(number, "01"), timeout=10)
        assert envelope.read_answer(answer.content, talk.institution.party).code == "000"
    finally:
        server.close()
        thread.join(10)
    assert not thread.is_alive()


def test_it_takes_what_the_platforms_of_a_past_are_told_and_reads_nothing(talk, browser):
    status, headers, content = browser.ask("POST", "/history", b"whatever", HTTP_HOST="anywhere")
    assert (status, headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    assert envelope.read_code(content.encode()).code == "000"
    assert not talk.platform.store.orders()
