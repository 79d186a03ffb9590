"""The other papers on the public page and at the desk: found by number and code, and by their file."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guarantees.models import IssuedPaper
from staff.roles import Role
from tests.guarantees.test_papers import noticed
from tests.guarantees.verification.test_desk_verification import SEND
from tests.guarantees.verification.test_public_page import NOT_OURS, drop, text
from tests.institution import approved, cancellation, decide, issued, signed_in
from tests.pdf import byte_changed, content_of
from tests.platform import APPLICATION, Platform

pytestmark = pytest.mark.usefixtures("plain_letters")


@pytest.fixture
def notice(platform: Platform) -> IssuedPaper:
    return noticed(approved(platform))


def test_it_works(visitor: Client, notice: IssuedPaper) -> None:
    answer = visitor.get(f"/verify/{notice.number}/?code={notice.verification_code}")
    shown = text(answer)
    assert answer.status_code == 200
    assert "We issued this paper." in shown
    assert "It is a payment notice of" in shown
    assert "This is not a guarantee." in shown
    for part in (notice.number, APPLICATION["supplier"], notice.particulars["account_number"], notice.file_digest):
        assert part in shown


def test_no_person_is_named(visitor: Client, notice: IssuedPaper) -> None:
    shown = text(visitor.get(f"/verify/{notice.number}/?code={notice.verification_code}"))
    for secret in ("legalName", "legalIdNo", "contacts", "contactsWay", "contractCerNo"):
        assert APPLICATION[secret] not in shown


def test_a_wrong_code_opens_nothing(visitor: Client, notice: IssuedPaper) -> None:
    answer = visitor.get(f"/verify/{notice.number}/?code=AAAAAAAA")
    assert answer.status_code == 404
    assert APPLICATION["supplier"] not in text(answer)


def test_its_file_is_known(visitor: Client, notice: IssuedPaper) -> None:
    shown = text(drop(visitor, content_of(notice)))
    assert "This file is genuine" in shown
    assert "It is a payment notice of" in shown


def test_a_changed_byte_is_found(visitor: Client, notice: IssuedPaper) -> None:
    shown = text(drop(visitor, byte_changed(content_of(notice))))
    assert NOT_OURS in shown
    assert "The content was changed after signing." in shown


def test_the_confirmation_of_a_cancellation_names_the_guarantee(visitor: Client, platform: Platform) -> None:
    guarantee = issued(platform)
    case = cancellation(platform, guarantee)
    decide("approve", case, Role.UNDERWRITER)
    decide("confirmation", case, Role.UNDERWRITER)
    paper = IssuedPaper.objects.get()
    shown = text(visitor.get(f"/verify/{paper.number}/?code={paper.verification_code}"))
    assert "It is a confirmation of cancellation of" in shown
    assert guarantee.number in shown
    assert "This is not a guarantee." not in shown


def test_the_desk_leads_to_the_papers_page(notice: IssuedPaper) -> None:
    file = SimpleUploadedFile("notice.pdf", content_of(notice), "application/pdf")
    answer: Any = signed_in(Role.UNDERWRITER).post(SEND, {"file": file})
    assert f'href="/admin/guarantees/issuedpaper/{notice.pk}/change/"' in text(answer)


def test_it_is_no_letter_to_the_platform(platform: Platform) -> None:
    guarantee = issued(platform)
    decide("approve", cancellation(platform, guarantee), Role.UNDERWRITER)
    case = guarantee.cancellations.get()
    decide("confirmation", case, Role.UNDERWRITER)
    data = base64.b64encode(content_of(IssuedPaper.objects.get())).decode()
    answer = platform.send("PREP104", {"guaranteeId": guarantee.number, "guaranteeData": data})
    assert answer.fields["status"] == "02"
