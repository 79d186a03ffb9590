"""The page behind a letter's QR code."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from guarantees.models import Guarantee


@pytest.fixture
def visitor(db: None) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def test_it_works(visitor: Client, letter: Guarantee) -> None:
    answer = visitor.get(f"/verify/{letter.number}/?code={letter.verification_code}")
    shown = answer.content.decode()
    assert "We issued this letter." in shown
    assert "in force" in shown
    assert "900,000.00" in shown
    assert answer["X-Robots-Tag"].startswith("noindex")


def test_the_form_leads_to_the_same_page(visitor: Client, letter: Guarantee) -> None:
    answer = visitor.get("/verify/", {"number": letter.number, "code": letter.verification_code.lower()}, follow=True)
    assert "We issued this letter." in answer.content.decode()


def test_no_person_is_named(visitor: Client, letter: Guarantee) -> None:
    shown = visitor.get(f"/verify/{letter.number}/?code={letter.verification_code}").content.decode()
    for secret in (letter.application.legal_name, letter.application.agent_name, letter.application.agent_phone):
        assert secret not in shown


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(visitor: Client, letter: Guarantee) -> None:
    wrong = visitor.get(f"/verify/{letter.number}/?code=AAAAAAAA")
    unknown = visitor.get("/verify/BH1/?code=AAAAAAAA")
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    for answer in (wrong, unknown):
        assert "no letter of this number with this code" in answer.content.decode()
        assert letter.application.applicant_name not in answer.content.decode()


def test_guessing_is_slowed(visitor: Client, letter: Guarantee, monkeypatch: Any) -> None:
    monkeypatch.setattr("guarantees.public.PER_MINUTE", 2)
    codes = [visitor.get(f"/verify/{letter.number}/?code=A{number}").status_code for number in range(3)]
    assert codes == [404, 404, 429]


def test_it_says_what_the_letter_says_whatever_was_corrected_since(visitor: Client, letter: Guarantee) -> None:
    Guarantee.objects.filter(pk=letter.pk).update(particulars={"applicant_name": "函上的名称"})
    shown = visitor.get(f"/verify/{letter.number}/?code={letter.verification_code}").content.decode()
    assert "函上的名称" in shown


@pytest.mark.parametrize(
    "path", ["/verify/?number=a/b&code=X", "/verify/?number=%00&code=X", "/verify/%00/", "/verify/a b/"]
)
def test_what_is_no_number_is_answered(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code in (200, 400, 404)
