"""A document on the desk: its page, the file as it is handed out, and what is too large to be read."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.storage import default_storage

from guarantees.models import Application
from staff.desk.upload_size import LARGEST_FORM
from staff.models import AuditEntry, CaseDocument
from staff.roles import Role
from tests.institution import applied, decide, signed_in
from tests.platform import Platform
from tests.staff import handed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(platform: Platform) -> Application:
    return applied(platform)


def on(case: Application, content: bytes) -> CaseDocument:
    decide("attach_document", case, Role.UNDERWRITER, kind="801", file=handed_in.upload(content))
    return CaseDocument.objects.latest("id")


def shown(document: CaseDocument) -> str:
    return signed_in(Role.UNDERWRITER).get(f"/admin/staff/casedocument/{document.pk}/change/").content.decode()


def handed_out(document: CaseDocument, query: str = "") -> Any:
    return signed_in(Role.UNDERWRITER).get(f"/admin/staff/casedocument/{document.pk}/file/{query}")


def test_each_is_shown_as_browsers_can_and_leads_to_its_neighbours(case: Application) -> None:
    first, second, third = (
        on(case, content) for content in (handed_in.pdf(), handed_in.picture(), handed_in.archive(OFD__xml=b"<ofd/>"))
    )
    assert "<iframe" in shown(first)
    assert "<img" in shown(second)
    assert "download the file and open it with an OFD reader" in shown(third)
    assert "2 of 3 on this case" in shown(second)
    for neighbour, rel in ((first, "prev"), (third, "next")):
        assert f'rel="{rel}" href="/admin/staff/casedocument/{neighbour.pk}/change/"' in shown(second)
    assert 'rel="prev"' not in shown(first)
    assert 'rel="next"' not in shown(third)


def test_a_file_loads_and_runs_nothing_and_is_what_it_was_examined_for(case: Application) -> None:
    documents = [on(case, content) for content in (handed_in.pdf(), handed_in.picture())]
    for document, kind in zip(documents, ("application/pdf", "image/png"), strict=True):
        answer = handed_out(document)
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]
    assert "sandbox" in handed_out(documents[1]).headers["Content-Security-Policy"]
    assert handed_out(documents[0], "?download=1").headers["Content-Disposition"].startswith("attachment")


def test_a_stored_file_that_was_changed_is_not_shown(case: Application) -> None:
    document = on(case, handed_in.pdf())
    with default_storage.open(document.file.name, "ab") as stored:
        stored.write(b"changed")
    answer = handed_out(document)
    assert answer.status_code == 302
    assert "missing or was changed" in str(next(iter(get_messages(answer.wsgi_request))))


def test_a_form_beyond_all_forms_is_answered_before_it_is_read(case: Application) -> None:
    number = AuditEntry.objects.count()
    page = f"/admin/guarantees/application/{case.pk}/decide/attach_document/"
    desk = signed_in(Role.UNDERWRITER)
    answer = desk.post(page, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(100 * 1024 * 1024))
    assert answer.status_code == 302
    assert answer.headers["Location"] == page
    assert "larger than 20 MB" in desk.get(page).content.decode()
    assert AuditEntry.objects.count() == number
    answer = desk.post(page, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(LARGEST_FORM))
    assert answer.status_code != 302, "one that is just too large is refused by its field"
