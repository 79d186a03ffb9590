"""The screens of wordings: upload, page, shipped files; and the preview of an application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from guarantees.decisions.wording import PutIntoUse
from guarantees.issuing.institution import LETTERS
from guarantees.letter.wording.particulars import PLACEHOLDERS
from guarantees.models import Application, Guarantee, UploadedWording
from staff.models import User
from staff.roles import Role
from tests.institution import person
from tests.pdf import text_of

LIST = "/admin/guarantees/uploadedwording/"
SHIPPED = f"{LIST}shipped/suretyship/2026-1"
TEXT = (LETTERS / "suretyship" / "2026-1.txt").read_text(encoding="utf-8")

Desk = Callable[[Role], Client]


def form(text: str = TEXT, **changed: Any) -> dict[str, Any]:
    return {"kind": "suretyship", "version": "own-1", "text": text, **changed}


def file(content: bytes) -> dict[str, Any]:
    return form("", file=SimpleUploadedFile("wording.txt", content, "text/plain"))


def send(desk: Desk, given: dict[str, Any], role: Role = Role.MANAGER) -> str:
    """Uploads, and gives the page that follows."""
    return desk(role).post(f"{LIST}add/", given, follow=True).content.decode()


def uploaded(desk: Desk) -> UploadedWording:
    send(desk, form())
    return UploadedWording.objects.get()


def second_manager() -> User:
    account = person(Role.ADMINISTRATOR)
    account.groups.set(person(Role.MANAGER).groups.all())
    return account


def test_it_works(desk: Desk) -> None:
    page = send(desk, form())
    assert "joint and several suretyship own-1 is uploaded" in page
    assert "you uploaded the wording; another person must do this" in page
    wording = UploadedWording.objects.get()
    assert (wording.state, wording.text) == ("draft", TEXT)


@pytest.mark.parametrize("beginning", [b"", b"\xef\xbb\xbf"])
def test_a_file_comes_in_as_it_is(desk: Desk, beginning: bytes) -> None:
    send(desk, file(beginning + TEXT.replace("\n", "\r\n").encode()))
    assert UploadedWording.objects.get().text == TEXT


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (form(TEXT.replace("{applicant_name}", "{aplicant_name}", 1)), "{aplicant_name}; {applicant_name} may be"),
        (
            form(TEXT.replace("{applicant_name}", "{aplicant_name}", 1)),
            "suretyship own-1, line 6: unknown",
        ),
        (form(TEXT.replace("{applicant_name}", "{aplicant_name}", 1)), "known placeholders are advance_figures, "),
        (form(TEXT + "见索即付"), "must not say 见索即付"),
        (form(TEXT + "𱁬"), "𱁬 (U+3106C)"),
        (form(TEXT + "\t\x07。"), "U+0007"),
        (form(""), "Choose a file, or paste a text."),
        (form(version="2026-1"), "A shipped wording is named so"),
        (form(version="第一版"), "up to 32 ASCII letters"),
        (form(version="own 1"), "up to 32 ASCII letters"),
        (form(kind="insurance"), "Select a valid choice"),
        (file(TEXT.encode("gb18030")), "no text in UTF-8"),
        (file(TEXT.encode() + b"; \0"), "holds a NUL"),
        (file(b"; " + b"x" * 400_000), "Files up to 300 KB"),
    ],
)
def test_it_refuses(desk: Desk, given: dict[str, Any], says: str) -> None:
    assert says in send(desk, given)
    assert not UploadedWording.objects.exists()


def test_everything_wrong_is_told_at_once_and_the_file_can_be_mended_in_the_form(desk: Desk) -> None:
    page = send(desk, file((TEXT + "=无空格\n{x\n").encode()))
    assert "line 66: begins like a mark" in page
    assert "line 67: a brace" in page
    assert "=无空格\n{x\n</textarea>" in page
    assert 'value="own-1"' in page


def test_a_name_is_taken_once(desk: Desk) -> None:
    uploaded(desk)
    assert "uploaded already" in send(desk, form())
    assert UploadedWording.objects.count() == 1


def test_its_page_shows_text_and_placeholders(desk: Desk) -> None:
    page = desk(Role.AUDITOR).get(f"{LIST}{uploaded(desk).pk}/change/").content.decode()
    assert "<li># 预付款保函</li>" in page
    assert "<code>{applicant_name}</code>" in page
    assert "<code>{clauses_name}</code>" not in page


def test_it_is_downloaded_as_it_was_uploaded(desk: Desk) -> None:
    answer = desk(Role.AUDITOR).get(f"{LIST}{uploaded(desk).pk}/text/")
    assert answer.content.decode() == TEXT
    assert answer.headers["Content-Disposition"] == 'attachment; filename="suretyship-own-1.txt"'


def test_its_preview_is_a_sample(desk: Desk) -> None:
    answer = desk(Role.AUDITOR).get(f"{LIST}{uploaded(desk).pk}/preview/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "保函编号：样本" in text_of(answer.content)


def test_one_that_can_no_longer_be_read_says_so_and_is_still_shown(desk: Desk) -> None:
    wording = uploaded(desk)
    UploadedWording.objects.filter(pk=wording.pk).update(text=TEXT + "。")
    client = desk(Role.AUDITOR)
    page = client.get(f"{LIST}{wording.pk}/change/").content.decode()
    assert "No letter can be made with it. joint and several suretyship own-1: its text is not the one" in page
    assert "<li># 预付款保函</li>" in page
    assert "not the one that was uploaded" in client.get(f"{LIST}{wording.pk}/preview/").content.decode()


def test_the_list_says_which_wording_the_next_letter_says(desk: Desk) -> None:
    used = '<span class="badge badge-good">in use</span>'
    client = desk(Role.ISSUER)
    assert client.get(LIST).content.decode().count(used) == 1  # the shipped one
    wording = uploaded(desk)
    wording = PutIntoUse().take(wording.pk, second_manager())
    page = client.get(LIST).content.decode()
    assert page.count(used) == 1
    assert page.index("result_list") < page.index(used)


def test_one_in_use_that_cannot_be_read_is_told_above_the_list(desk: Desk) -> None:
    wording = PutIntoUse().take(uploaded(desk).pk, second_manager())
    UploadedWording.objects.filter(pk=wording.pk).update(text="")
    assert "The wording in use cannot be used" in desk(Role.ISSUER).get(LIST).content.decode()


def test_a_shipped_wording_can_be_read_previewed_and_started_from(desk: Desk) -> None:
    client = desk(Role.ISSUER)
    assert "<li># 预付款保函</li>" in client.get(f"{SHIPPED}/").content.decode()
    assert client.get(f"{SHIPPED}.txt").content.decode() == TEXT
    assert "示例建设工程有限公司" in text_of(client.get(f"{SHIPPED}.pdf").content)


def test_shipped_wordings_that_we_may_not_issue_are_not_there(desk: Desk) -> None:
    assert desk(Role.ISSUER).get(f"{LIST}shipped/insurance/2026-1/").status_code == 404
    assert desk(Role.ISSUER).get(f"{LIST}shipped/suretyship/2099-1/").status_code == 404


def test_every_placeholder_is_explained(desk: Desk) -> None:
    page = desk(Role.ISSUER).get(f"{LIST}guide/").content.decode()
    assert all(f"<code>{{{name}}}</code>" in page for name in PLACEHOLDERS)


# --- The preview of an application ------------------------------------------------------------------------------------


def preview(client: Client, case: Application) -> HttpResponse:
    answer: HttpResponse = client.get(f"/admin/guarantees/application/{case.pk}/preview/", follow=True)
    return answer


@pytest.mark.parametrize("state", ["received", "approved", "paid"])
def test_an_application_on_its_way_has_a_preview(
    desk: Desk, request: pytest.FixtureRequest, institution: Any, state: str
) -> None:
    case = request.getfixturevalue(state)
    client = desk(Role.CASHIER)
    assert f"/{case.pk}/preview/" in client.get(f"/admin/guarantees/application/{case.pk}/change/").content.decode()
    answer = preview(client, case)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "青城建设有限公司" in text_of(answer.content)


def test_it_stands_beside_the_form_of_a_decision(desk: Desk, paid: Application) -> None:
    page = desk(Role.ISSUER).get(f"/admin/guarantees/application/{paid.pk}/decide/issue/").content.decode()
    assert f"/admin/guarantees/application/{paid.pk}/preview/" in page


def test_what_would_stop_the_letter_is_told_before(desk: Desk, received: Application, settings: Any) -> None:
    settings.INSTITUTION_NAME = ""
    answer = preview(desk(Role.UNDERWRITER), received)
    assert answer.status_code == 409
    assert "Set INSTITUTION_NAME" in answer.content.decode()


def test_an_issued_letter_has_no_preview(desk: Desk, letter: Guarantee) -> None:
    client = desk(Role.UNDERWRITER)
    assert "Only a letter that is still to be issued" in preview(client, letter.application).content.decode()
    page = client.get(f"/admin/guarantees/application/{letter.application_id}/change/").content.decode()
    assert "/preview/" not in page


def test_who_may_not_see_the_application_sees_no_preview(desk: Desk, received: Application) -> None:
    assert preview(desk(Role.ADMINISTRATOR), received).status_code == 403
