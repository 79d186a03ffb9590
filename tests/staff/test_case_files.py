"""Documents and notes on a case: attached, seen by whoever may see the case, struck out and never deleted."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from guarantees.models import Application
from staff import case_files
from staff.audit import broken_links
from staff.case_files import NotAttached, attach, examined
from staff.contents.examination import NotTaken
from staff.decisions import NotPermitted, NotPossible
from staff.files import LARGEST_FILE
from staff.models import AuditEntry, CaseDocument, CaseNote, DocumentSource, DocumentState, Unit, User
from staff.roles import Role
from tests.institution import applied, decide, demanded, issued, person, signed_in
from tests.platform import Platform
from tests.staff import handed_in
from tests.staff.desk.test_units import browser, unit

pytestmark = pytest.mark.django_db

#: As people name files.
NAME = "张三身份证150102199001011234.pdf"


@pytest.fixture
def case(platform: Platform) -> Application:
    return applied(platform)


def attached(case: Any, who: Role = Role.UNDERWRITER, content: bytes = b"", **given: Any) -> CaseDocument:
    file = handed_in.upload(content or handed_in.pdf(2), NAME)
    decide("attach_document", case, who, **{"kind": "801", "file": file, **given})
    return CaseDocument.objects.latest("id")


def page_of(case: Any, who: Role = Role.UNDERWRITER) -> str:
    address = f"/admin/{case._meta.app_label}/{case._meta.model_name}/{case.pk}/change/"
    return signed_in(who).get(address).content.decode()


def test_a_document_is_stored_as_it_came_and_told_in_the_trail(case: Application) -> None:
    content = handed_in.pdf(2)
    document = attached(case, content=content)
    assert (document.case, document.chain) == (case, case.audit_chain)
    assert (document.kind, document.pages, document.size, document.name) == ("801", 2, len(content), NAME)
    assert (document.source, document.uploaded_by) == (DocumentSource.STAFF, person(Role.UNDERWRITER))
    with default_storage.open(document.file.name) as kept:
        assert kept.read() == content
    assert document.digest == hashlib.sha256(content).hexdigest()
    entry = AuditEntry.objects.get(event="document.attached")
    assert entry.details == {
        "document": document.pk,
        "document_type": "801",
        "pages": 2,
        "brought_by": "staff",
        "sha256": document.digest,
    }
    assert list(broken_links(case.audit_chain)) == []


def test_no_personal_data_reaches_the_trail_or_stands_open_in_the_database(case: Application) -> None:
    attached(case, kind="899", words="张三的说明")
    decide("add_note", case, Role.UNDERWRITER, text="张三来电13800000000，补交合同。")
    stored = [*AuditEntry.objects.values_list("reason", "details"), *_as_stored()]
    assert len(stored) > 4
    assert "张三" not in str(stored)
    assert "13800000000" not in str(stored)


def _as_stored() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM staff_casedocument")
        documents = cursor.fetchall()
        cursor.execute("SELECT * FROM staff_casenote")
        return [*documents, *cursor.fetchall()]


def test_the_applicant_brings_one_without_an_account(case: Application) -> None:
    file = examined(handed_in.upload(handed_in.picture(), "照片.png"))
    with transaction.atomic():
        document = attach(case, file, "007", None, DocumentSource.APPLICANT)
    assert document.uploaded_by is None
    assert AuditEntry.objects.get(event="document.attached").actor_name == "applicant"
    assert "applicant" in page_of(case)


def test_the_same_file_is_kept_once(case: Application) -> None:
    document = attached(case)
    with pytest.raises(NotPossible, match="on the case already, as “Notice of award”"):
        attached(case, kind="802")
    decide("strike_out", document, Role.UNDERWRITER, reason="传错了")
    assert attached(case, kind="802") != document


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (handed_in.PROGRAM, "This is no PDF, OFD, JPEG or PNG file"),
        (handed_in.locked("secret"), "asks for a password"),
        (handed_in.pdf() + bytes(LARGEST_FILE), "larger than 20 MB"),
        (b"", "empty"),
    ],
    ids=["program", "password", "large", "empty"],
)
def test_a_bad_file_is_refused_in_a_sentence_and_changes_nothing(
    case: Application, content: bytes, sentence: str
) -> None:
    number = AuditEntry.objects.count()
    form = {"kind": "801", "words": "", "file": handed_in.upload(content, "通知书.pdf")}
    answer = signed_in(Role.UNDERWRITER).post(f"/admin/guarantees/application/{case.pk}/decide/attach_document/", form)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not CaseDocument.objects.exists()
    assert AuditEntry.objects.count() == number
    assert not default_storage.exists("documents")


def test_another_paper_says_what_it_is(case: Application) -> None:
    with pytest.raises(AssertionError, match="the type alone does not"):
        attached(case, kind="899")
    assert attached(case, kind="899", words="补充协议").words == "补充协议"


def test_a_type_that_there_is_not_is_no_type(case: Application) -> None:
    with pytest.raises(LookupError):
        attach(case, examined(handed_in.upload(handed_in.pdf())), "000", person(Role.UNDERWRITER))


def test_it_is_attached_wherever_the_case_stands_and_whatever_happened_meanwhile(platform: Platform) -> None:
    guarantee = issued(platform)
    demand = demanded(platform, guarantee)
    for case in (guarantee.application, guarantee, demand):
        assert attached(case, Role.CLAIMS_HANDLER).case == case
    page = f"/admin/claims/demand/{demand.pk}/decide/add_note/"
    answer = signed_in(Role.CLAIMS_HANDLER).post(page, {"text": "已电话联系", "seen": 1})
    assert answer.status_code == 302
    assert CaseNote.objects.get().text == "已电话联系"


def test_a_struck_out_document_stays_and_says_why(case: Application) -> None:
    document = attached(case)
    decide("strike_out", document, Role.REVIEWER, reason="与本项目无关")
    document = CaseDocument.objects.get()
    assert document.state == DocumentState.STRUCK_OUT
    entry = AuditEntry.objects.get(event="document.struck_out")
    assert (entry.from_state, entry.to_state, entry.reason) == ("on_file", "struck_out", "与本项目无关")
    assert "struck out" in page_of(case)
    assert "与本项目无关" in page_of(document)
    with pytest.raises(NotPossible, match="struck out"):
        decide("strike_out", document, Role.REVIEWER, reason="再来")
    for keep in (document.delete, CaseDocument.objects.all().delete, lambda: CaseDocument.objects.update(kind="1")):
        with pytest.raises(TypeError):
            keep()
    document.kind = "802"
    document.save()
    assert CaseDocument.objects.get().kind == "801"


def test_a_note_is_read_by_all_who_see_the_case_and_stays(case: Application) -> None:
    decide("add_note", case, Role.UNDERWRITER, text="合同金额与申请不符，\n已请客户说明。" + "略" * 80)
    shown = page_of(case, Role.AUDITOR)
    assert "已请客户说明。" in shown
    assert "合同金额与申请不符， 已请客户说明。略" in shown, "the timeline has its first words, in one line"
    with pytest.raises(NotPossible, match="noted this already"):
        decide("add_note", case, Role.UNDERWRITER, text=CaseNote.objects.get().text)
    kept = CaseNote.objects.get()
    assert AuditEntry.objects.get(event="note.added").details == {"note": kept.pk, "sha256": kept.digest}
    kept.text = "另一句"
    with pytest.raises(TypeError):
        kept.save()


def test_a_note_on_a_demand_is_not_told_to_whoever_may_see_no_demands(platform: Platform) -> None:
    guarantee = issued(platform)
    decide("add_note", demanded(platform, guarantee), Role.CLAIMS_HANDLER, text="受益人态度强硬")
    assert "受益人态度强硬" in page_of(guarantee, Role.CLAIMS_HANDLER)
    assert "Note added" in page_of(guarantee, Role.ISSUER)
    assert "受益人态度强硬" not in page_of(guarantee, Role.ISSUER)


def test_the_auditor_looks_only(case: Application) -> None:
    document = attached(case)
    auditor = signed_in(Role.AUDITOR)
    assert "Notice of award" in page_of(case, Role.AUDITOR)
    assert auditor.get(f"/admin/staff/casedocument/{document.pk}/file/").status_code == 200
    assert "attach_document" not in page_of(case, Role.AUDITOR)
    for name, given in (("attach_document", {"kind": "801"}), ("add_note", {"text": "看"})):
        assert auditor.get(f"/admin/guarantees/application/{case.pk}/decide/{name}/").status_code == 403
        with pytest.raises(NotPermitted):
            decide(name, case, Role.AUDITOR, **given)


def test_a_document_is_seen_with_its_case_alone(platform: Platform) -> None:
    """Not by those who may see no demands, nor by another branch."""
    guarantee = issued(platform)
    demand = demanded(platform, guarantee)
    on_demand, on_letter = attached(demand, Role.CLAIMS_HANDLER), attached(guarantee, Role.CLAIMS_HANDLER)
    order = guarantee.application.order
    order.unit = unit("B")
    order.save()
    stranger = User.objects.create(username="stranger", name="S", unit=unit("A"))
    stranger.groups.set(person(Role.UNDERWRITER).groups.all())
    assert Unit.objects.count() == 3
    for client, seen in (
        (signed_in(Role.CLAIMS_HANDLER), {on_demand, on_letter}),
        (signed_in(Role.ISSUER), {on_letter}),
        (signed_in(Role.ADMINISTRATOR), set()),
        (browser(stranger), set()),
    ):
        for document in (on_demand, on_letter):
            for address in ("change/", "file/"):
                status = client.get(f"/admin/staff/casedocument/{document.pk}/{address}").status_code
                assert (status == 200) == (document in seen), (document, address, status)
                assert status in (200, 403, 404)
        listed = client.get("/admin/staff/casedocument/")
        assert set(listed.context["cl"].queryset if listed.status_code == 200 else ()) == seen


def test_what_was_not_written_whole_is_written_again(case: Application) -> None:
    content = handed_in.pdf(2)
    path = f"documents/{hashlib.sha256(content).hexdigest()}.pdf"
    default_storage.save(path, ContentFile(content[:100]))
    document = attached(case, content=content)
    with default_storage.open(document.file.name) as kept:
        assert kept.read() == content


def test_too_large_a_file_is_not_even_read(case: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_files, "examine", None)
    large = handed_in.upload(b"%PDF-")
    large.size = LARGEST_FILE + 1
    with pytest.raises(NotTaken, match="larger than 20 MB"):
        examined(large)


def test_one_upload_that_comes_twice_is_kept_once(case: Application) -> None:
    file = examined(handed_in.upload(handed_in.pdf()))
    with transaction.atomic():
        attach(case, file, "801", person(Role.UNDERWRITER))
        with pytest.raises(NotAttached):
            attach(case, file, "801", person(Role.REVIEWER))
