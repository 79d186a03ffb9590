"""The page behind a letter's QR code, by number and code: what it tells, and what nobody finds out there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from guarantees.models import Guarantee
from guarantees.verification import explanation, rate_limits
from protocol.models import Alert
from tests.pdf import content_of

pytestmark = pytest.mark.usefixtures("plain_letters")


def look_up(visitor: Client, letter: Guarantee) -> str:
    answer = visitor.get(f"/verify/{letter.number}/?code={letter.verification_code}")
    assert answer.status_code == 200
    return answer.content.decode()


def wide(text: str) -> str:
    """As an input method writes it that is set to full width."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def test_it_works(visitor: Client, letter: Guarantee) -> None:
    shown = look_up(visitor, letter)
    assert "We issued this letter." in shown
    assert "in force" in shown
    assert "¥900,000.00 人民币玖拾万元整" in shown
    assert letter.file_digest in shown


def test_the_form_leads_to_the_same_page(visitor: Client, letter: Guarantee) -> None:
    answer = visitor.get("/verify/", {"number": letter.number, "code": letter.verification_code.lower()}, follow=True)
    assert "We issued this letter." in answer.content.decode()


def test_a_number_in_small_letters_is_the_same(visitor: Client, letter: Guarantee) -> None:
    answer = visitor.get(f"/verify/{letter.number.lower()}/?code={letter.verification_code}")
    assert "We issued this letter." in answer.content.decode()


def test_what_a_chinese_keyboard_writes_is_understood(visitor: Client, letter: Guarantee) -> None:
    number, code = wide(letter.number), wide(letter.verification_code.lower())
    typed = {"number": f"{number[:6]} {number[6:]} ", "code": f"{code[:4]} {code[4:]}"}
    assert "We issued this letter." in visitor.get("/verify/", typed, follow=True).content.decode()


def test_a_number_without_its_code_is_no_look_up(visitor: Client, letter: Guarantee) -> None:
    answer = visitor.get(f"/verify/{letter.number}/")
    assert answer.status_code == 400
    assert "This field is required." in answer.content.decode()


def test_no_person_is_named(visitor: Client, letter: Guarantee) -> None:
    shown = look_up(visitor, letter)
    for secret in (letter.application.legal_name, letter.application.agent_name, letter.application.agent_phone):
        assert secret not in shown


def test_a_visitor_may_read_english(letter: Guarantee) -> None:
    visitor = Client()
    here = f"/verify/{letter.number}/?code={letter.verification_code}"
    assert "该保函由本机构签发" in visitor.get(here).content.decode()
    answer = visitor.post("/admin/language/", {"language": "en", "next": here}, follow=True)
    assert "We issued this letter." in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("de,en;q=0.5,zh;q=0.1", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("zh-TW,en;q=0.5", "zh-hans"),
        ("fr", "zh-hans"),
        ("*", "zh-hans"),
        ("", "zh-hans"),
    ],
)
def test_it_speaks_the_browsers_language(db: None, asked: str, language: str) -> None:
    answer = Client().get("/verify/", headers={"Accept-Language": asked})
    assert f'<html lang="{language}">' in answer.content.decode()
    assert answer["Content-Language"] == language
    assert "Accept-Language" in answer["Vary"]


def test_what_the_visitor_chose_counts_more_than_the_browsers_language(db: None) -> None:
    visitor = Client(headers={"Accept-Language": "en"})
    visitor.post("/admin/language/", {"language": "zh-hans", "next": "/verify/"})
    assert '<html lang="zh-hans">' in visitor.get("/verify/").content.decode()


def test_a_letter_whose_validity_is_over_is_not_called_in_force(visitor: Client, letter: Guarantee) -> None:
    with time_machine.travel(letter.valid_until + timedelta(seconds=2)):
        shown = look_up(visitor, letter)
    assert "it has not been closed yet" in shown
    assert "It is in force" not in shown


def test_a_letter_whose_validity_is_to_come_says_so(visitor: Client, letter: Guarantee) -> None:
    with time_machine.travel(letter.valid_from - timedelta(days=3)):
        assert "its validity begins at" in look_up(visitor, letter)


@pytest.mark.parametrize("state", ["surrendered", "unreleased", "paid_out"])
def test_every_state_has_its_sentence(letter: Guarantee, state: str) -> None:
    letter.__dict__["state"] = state
    assert explanation.current_state(letter)[0]


def at_most(monkeypatch: Any, limit: str, most: int) -> None:
    monkeypatch.setattr(rate_limits, limit, replace(getattr(rate_limits, limit), most=most))


# --- What nobody may find out ---------------------------------------------------------------------------------------


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(visitor: Client, letter: Guarantee) -> None:
    wrong = visitor.get(f"/verify/{letter.number}/?code=AAAAAAAA")
    unknown = visitor.get("/verify/BH1/?code=AAAAAAAA")
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    for answer in (wrong, unknown):
        assert "no letter of this number with this code" in answer.content.decode()
        assert letter.application.applicant_name not in answer.content.decode()


def test_guessing_is_slowed_and_told(visitor: Client, letter: Guarantee, monkeypatch: Any) -> None:
    at_most(monkeypatch, "WRONG_CODES", 2)
    codes = [visitor.get(f"/verify/{letter.number}/?code=A{number}").status_code for number in range(3)]
    assert codes == [404, 404, 429]
    assert visitor.get(f"/verify/{letter.number}/?code={letter.verification_code}").status_code == 429
    alert = Alert.objects.get()
    assert (alert.kind, alert.count) == ("look_ups_stopped", 1)
    assert "127.0.0.0/24" in alert.text


def test_an_office_behind_one_address_verifies_a_days_letters(
    visitor: Client, letter: Guarantee, monkeypatch: Any
) -> None:
    at_most(monkeypatch, "WRONG_CODES", 1)
    at_most(monkeypatch, "FOREIGN_FILES", 0)
    for _ in range(30):
        look_up(visitor, letter)
        assert drop(visitor, content_of(letter)).status_code == 200
    assert not Alert.objects.exists()


def test_there_is_a_limit_to_right_ones_too(visitor: Client, letter: Guarantee, monkeypatch: Any) -> None:
    at_most(monkeypatch, "LOOK_UPS", 1)
    at_most(monkeypatch, "FILES", 1)
    look_up(visitor, letter)
    assert visitor.get(f"/verify/{letter.number}/?code={letter.verification_code}").status_code == 429
    assert [drop(visitor, content_of(letter)).status_code for _ in range(2)] == [200, 429]


@pytest.mark.parametrize("exists", [True, False])
def test_guessing_from_many_networks_is_slowed_too(
    visitor: Client, letter: Guarantee, monkeypatch: Any, exists: bool
) -> None:
    at_most(monkeypatch, "WRONG_CODES_OF_A_NUMBER", 2)
    number = letter.number if exists else "BH1"
    codes = [
        visitor.get(f"/verify/{number}/?code=A{network}", REMOTE_ADDR=f"10.0.{network}.1").status_code
        for network in range(3)
    ]
    assert codes == [404, 404, 429]
    right = visitor.get(f"/verify/{number}/?code={letter.verification_code}", REMOTE_ADDR="10.1.0.1")
    assert right.status_code == 429
    alerts = list(Alert.objects.values_list("kind", "subject", "count"))
    assert alerts == ([("look_ups_stopped", letter.number, 1)] if exists else [])


def test_right_codes_are_not_counted_as_guesses(visitor: Client, letter: Guarantee, monkeypatch: Any) -> None:
    at_most(monkeypatch, "WRONG_CODES_OF_A_NUMBER", 1)
    for _ in range(3):
        look_up(visitor, letter)


def test_an_empty_code_opens_nothing(visitor: Client, letter: Guarantee) -> None:
    Guarantee.objects.filter(pk=letter.pk).update(verification_code="")
    for code in ("", " ", "%20"):
        assert visitor.get(f"/verify/{letter.number}/?code={code}").status_code in (400, 404)


@pytest.mark.parametrize(
    "path", ["/verify/?number=a/b&code=X", "/verify/?number=%00&code=X", "/verify/%00/", "/verify/a b/", "/verify/a/b/"]
)
def test_what_is_no_number_is_answered(visitor: Client, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code in (200, 400, 404)
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_no_answer_may_be_listed_or_kept(visitor: Client, letter: Guarantee) -> None:
    answers = [
        visitor.get("/verify/"),
        visitor.get(f"/verify/{letter.number}/?code={letter.verification_code}"),
        visitor.get(f"/verify/{letter.number}/?code=WRONG"),
        drop(visitor, b"hello"),
        visitor.post("/verify/"),
    ]
    for answer in answers:
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer["Cache-Control"]
        assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()


@pytest.mark.parametrize("path", ["/nothing/", "/admin/login/", "/static/public/verify.css"])
def test_nothing_of_the_site_may_be_listed(visitor: Client, path: str) -> None:
    assert visitor.get(path)["X-Robots-Tag"] == "noindex, nofollow"


def drop(visitor: Client, content: bytes) -> HttpResponse:
    answer: Any = visitor.post("/verify/", {"file": SimpleUploadedFile("letter.pdf", content, "application/pdf")})
    return answer


def test_files_of_others_are_limited_sooner_than_look_ups(visitor: Client, letter: Guarantee, monkeypatch: Any) -> None:
    at_most(monkeypatch, "FOREIGN_FILES", 1)
    assert [drop(visitor, b"hello").status_code for _ in range(2)] == [200, 429]
    look_up(visitor, letter)


def test_the_page_loads_nothing_from_elsewhere(visitor: Client) -> None:
    shown = visitor.get("/verify/").content.decode()
    assert "http" not in shown
    assert configured.CONTENT_SECURITY_POLICY["DIRECTIVES"]["script-src"] == ["'self'"]
