"""The applicant sends what was asked for, and says that it is all."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guarantees.applicant_page.views import LARGEST_SENDING, RECEIVING
from guarantees.applicants import requests
from guarantees.models import ApplicantLink, Application, SupplementRequest
from protocol.gateway.body import MAX_BODY
from staff import clock
from staff.models import AuditEntry, CaseDocument
from staff.roles import Role
from tests.institution import again, applied, decide
from tests.platform import APPLICATION, Platform
from tests.staff import handed_in

pytestmark = pytest.mark.django_db

CODE = APPLICATION["contactsWay"][-4:]


@pytest.fixture
def application(platform: Platform) -> Application:
    application = applied(platform)
    decide("ask_for_documents", application, Role.UNDERWRITER, documents=["801", "802"], words="合同须盖章")
    return application


@pytest.fixture
def page(application: Application, visitor: Client) -> str:
    """Its address, in a browser in which the code was given."""
    address = f"/applicant/{ApplicantLink.objects.get().token}/"
    assert visitor.post(address, {"code": CODE}).status_code == 302
    return address


def paper(name: str = "中标通知书.pdf", mark: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, handed_in.pdf(1, mark or "one"))


def send(visitor: Client, page: str, kind: str, *files: SimpleUploadedFile) -> Any:
    return visitor.post(f"{page}send/{kind}/", {"files": list(files)})


def test_what_is_asked_for_stands_there_and_is_sent(
    application: Application, page: str, visitor: Client, desk: Any
) -> None:
    shown = visitor.get(page).content.decode()
    assert "Notice of award" in shown
    assert "合同须盖章" in shown
    assert send(visitor, page, "801", paper(), paper("第二页.pdf", "two")).status_code == 302
    assert "2 received" in visitor.get(page).content.decode()
    documents = CaseDocument.objects.on(application)
    assert {(one.kind, one.source, one.uploaded_by) for one in documents} == {("801", "applicant", None)}
    assert send(visitor, page, "802", paper("合同.pdf", "three")).status_code == 302
    assert visitor.post(f"{page}answer/", {"words": ""}).status_code == 302
    answered = SupplementRequest.objects.get()
    assert (answered.state, again(application).work) == ("answered", "application")
    assert "your documents came" in visitor.get(page).content.decode()
    case = desk(Role.UNDERWRITER).get(f"/admin/guarantees/application/{application.pk}/change/").content.decode()
    for document in documents:
        assert f"/admin/staff/casedocument/{document.pk}/change/" in case
    names = list(AuditEntry.objects.filter(event="document.attached").values_list("actor_name", flat=True))
    assert names == [requests.APPLICANT] * 3


def test_what_cannot_be_kept_gets_a_sentence_and_the_rest_is_kept(page: str, visitor: Client) -> None:
    answer = send(visitor, page, "801", SimpleUploadedFile("install.pdf", b"MZ" + b"\0" * 64), paper())
    assert answer.status_code == 400
    assert "install.pdf" in answer.content.decode()
    assert CaseDocument.objects.count() == 1
    assert "already" in send(visitor, page, "802", paper()).content.decode()
    assert "Choose a file first." in send(visitor, page, "801").content.decode()
    assert CaseDocument.objects.count() == 1


def test_what_is_missing_is_said_or_explained(page: str, visitor: Client, desk: Any) -> None:
    send(visitor, page, "801", paper())
    answer = visitor.post(f"{page}answer/", {"words": ""})
    assert "Still missing: Procurement contract." in answer.content.decode()
    assert SupplementRequest.objects.get().state == "open"
    visitor.post(f"{page}answer/", {"words": "合同尚未签订"})
    asked = SupplementRequest.objects.get()
    assert (asked.state, asked.answer) == ("answered", "合同尚未签订")
    # The button pressed twice is one answer, another answer is none.
    assert visitor.post(f"{page}answer/", {"words": "合同尚未签订"}).status_code == 302
    assert visitor.post(f"{page}answer/", {"words": "另有补充"}).status_code == 409
    address = f"/admin/guarantees/application/{asked.application_id}/change/"
    assert "合同尚未签订" in desk(Role.UNDERWRITER).get(address).content.decode()
    assert "合同尚未签订" not in desk(Role.AUDITOR).get(address).content.decode()
    assert "合同尚未签订" not in str(list(AuditEntry.objects.values()))


def test_nothing_more_is_taken_once_it_is_answered_or_taken_back(
    application: Application, page: str, visitor: Client
) -> None:
    decide("take_back_request", again(application), Role.UNDERWRITER, reason="已查到")
    assert send(visitor, page, "801", paper()).status_code == 409
    assert visitor.post(f"{page}answer/", {"words": "都在这里"}).status_code == 409
    assert not CaseDocument.objects.exists()


def test_only_what_was_asked_for_is_taken_and_only_after_the_code(page: str, visitor: Client) -> None:
    assert send(visitor, page, "007", paper()).status_code == 409
    stranger = Client(headers={"accept-language": "en"})
    for answer in (send(stranger, page, "801", paper()), stranger.post(f"{page}answer/", {"words": "都在"})):
        assert answer.status_code == 403
        assert "nothing of what you just sent was kept" in answer.content.decode()
        assert f'action="{page}"' in answer.content.decode(), "it asks for the code"
    assert not CaseDocument.objects.exists()
    assert SupplementRequest.objects.get().state == "open"


def test_a_form_of_another_site_is_refused(page: str, visitor: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visitor.cookies
    assert send(strict, page, "801", paper()).status_code == 403
    assert strict.post(f"{page}answer/", {"words": "都在"}).status_code == 403
    assert not CaseDocument.objects.exists()


def test_too_much_at_once_or_too_often_is_not_read(page: str, visitor: Client, monkeypatch: Any) -> None:
    answer = visitor.post(f"{page}send/801/", {"files": [paper()]}, CONTENT_LENGTH=str(LARGEST_SENDING + 1))
    assert answer.status_code == 413
    assert LARGEST_SENDING < MAX_BODY, "of more the server hands none on"
    monkeypatch.setattr("guarantees.applicant_page.rate_limits.may_send", lambda token, files: False)
    assert send(visitor, page, "801", paper()).status_code == 429
    assert not CaseDocument.objects.exists()


@pytest.mark.parametrize("number", [61, 101])
def test_too_many_at_once_are_told_so_and_cost_nothing(page: str, visitor: Client, number: int) -> None:
    answer = send(visitor, page, "801", *(SimpleUploadedFile(f"{place}.txt", b"x") for place in range(number)))
    assert answer.status_code == 413
    assert "More than 60 files at once" in answer.content.decode()
    assert send(visitor, page, "801", paper()).status_code == 302


def test_applicants_files_leave_threads_for_the_others(page: str, visitor: Client) -> None:
    with RECEIVING, RECEIVING, RECEIVING, RECEIVING:
        answer = send(visitor, page, "801", paper())
        assert answer.status_code == 503
        assert "try again in a minute" in answer.content.decode()
    assert send(visitor, page, "801", paper()).status_code == 302
    assert send(visitor, page, "801", paper()).status_code == 400
    assert RECEIVING._value == 4


def test_it_still_counts_after_the_deadline(application: Application, page: str, visitor: Client) -> None:
    asked = SupplementRequest.objects.get()
    with time_machine.travel(asked.due_at.astimezone(clock.CHINA).replace(hour=23, minute=59)) as now:
        now.shift(120)
        requests.watch_deadlines()
        visitor.post(page, {"code": CODE})
        assert "They were due by" in visitor.get(page).content.decode()
        send(visitor, page, "801", paper())
        visitor.post(f"{page}answer/", {"words": "合同随后寄出"})
        assert SupplementRequest.objects.get().state == "answered"
