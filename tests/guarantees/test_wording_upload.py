"""An institution's own wording: it comes in checked, another person puts it into use, and the next letter says it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import ANY

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, transaction

from guarantees.decisions.wording import upload
from guarantees.issuing import institution as house
from guarantees.letter.wording.kinds import INDEPENDENT, INSURANCE, SURETYSHIP
from guarantees.models import Application, Guarantee, UploadedWording
from staff.audit import broken_links
from staff.decisions import DecisionRefused, NotPermitted, NotPossible
from staff.models import AuditEntry
from staff.roles import Role
from tests.institution import decide, issued, paid, parameter, person
from tests.pdf import text_of
from tests.platform import Platform

pytestmark = pytest.mark.django_db

SHIPPED = house.LETTERS / SURETYSHIP / "2026-1.txt"
OWN = SHIPPED.read_text(encoding="utf-8").replace("= 保证方式", "= 我方的保证方式")


@pytest.fixture(autouse=True)
def _institution(institution: Any) -> None:
    """An institution that can issue."""


def uploaded(version: str = "own-1", text: str = OWN, kind: str = SURETYSHIP) -> UploadedWording:
    return upload(person(Role.ADMINISTRATOR), kind=kind, version=version, text=text)


def in_use(version: str = "own-1", text: str = OWN, kind: str = SURETYSHIP) -> UploadedWording:
    wording: UploadedWording = decide("put_into_use", uploaded(version, text, kind), Role.MANAGER)
    return wording


@contextmanager
def edited(wording: UploadedWording, text: str) -> Iterator[None]:
    """Somebody changes the text in the database."""
    UploadedWording.objects.filter(pk=wording.pk).update(text=text)
    yield


def test_the_next_letter_says_the_wording_in_use(platform: Platform) -> None:
    wording = in_use()
    guarantee = issued(platform)
    assert guarantee.wording == f"suretyship/own-1@{wording.digest[:12]}"
    assert "一、我方的保证方式" in text_of(guarantee.file.open().read())


def test_a_draft_changes_no_letter(platform: Platform) -> None:
    uploaded()
    assert issued(platform).wording.startswith("suretyship/2026-1@")


def test_withdrawing_it_returns_to_the_shipped_file(platform: Platform) -> None:
    decide("withdraw", in_use(), Role.MANAGER, reason="条款有误")
    assert issued(platform).wording.startswith("suretyship/2026-1@")


def test_another_kind_in_use_changes_no_letter(platform: Platform, institution: Any) -> None:
    institution.INSTITUTION_KIND = "bank"
    in_use()
    assert house.letter_wording().kind == INDEPENDENT
    institution.WORDING = SURETYSHIP
    assert house.letter_wording().version == "own-1"


def test_putting_one_into_use_withdraws_the_one_before() -> None:
    first, second = in_use("own-1"), in_use("own-2")
    first = UploadedWording.objects.get(pk=first.pk)
    assert (first.state, second.state) == ("withdrawn", "in_use")
    assert first.withdrawn_by == person(Role.MANAGER)


def test_no_road_leads_to_two_in_use() -> None:
    in_use("own-1")
    second = uploaded("own-2")
    second.put_into_use()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_whoever_uploaded_it_does_not_put_it_into_use(institution: Any) -> None:
    manager = person(Role.MANAGER)
    wording = upload(manager, kind=SURETYSHIP, version="own-1", text=OWN)
    with pytest.raises(NotPossible, match="another person"):
        decide("put_into_use", wording, manager)
    decide("put_into_use", wording, person(Role.MANAGER, "second manager"))


@pytest.mark.parametrize("role", [Role.UNDERWRITER, Role.ISSUER, Role.AUDITOR])
def test_other_roles_neither_upload_nor_decide(role: Role) -> None:
    with pytest.raises(NotPermitted):
        upload(person(role), kind=SURETYSHIP, version="own-2", text=OWN)
    with pytest.raises(NotPermitted):
        decide("put_into_use", uploaded(), role)


def test_the_administrator_uploads_but_does_not_decide() -> None:
    with pytest.raises(NotPermitted):
        decide("put_into_use", uploaded(), person(Role.ADMINISTRATOR, "second administrator"))


def test_what_was_withdrawn_stays_so() -> None:
    wording = decide("withdraw", uploaded(), Role.MANAGER, reason="有误")
    with pytest.raises(NotPossible, match="withdrawn"):
        decide("put_into_use", wording, Role.MANAGER)


def test_two_of_one_name_are_one_too_many() -> None:
    uploaded("own-1")
    with pytest.raises(DecisionRefused):
        uploaded("own-1")
    assert UploadedWording.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_one_that_the_desk_no_longer_knows_how_to_read_stops_the_letter(platform: Platform) -> None:
    application = paid(platform)
    text = OWN + "\n{a_placeholder_of_former_days}\n"  # as it may come in by an upgrade, under checks of those days
    uploaded_then = uploaded(text=text)
    uploaded_then.put_into_use()
    uploaded_then.save()
    with pytest.raises(NotPossible, match="a_placeholder_of_former_days"):
        decide("issue", application, Role.ISSUER)
    assert Application.objects.get(pk=application.pk).state == "paid"
    assert not Guarantee.objects.exists()


def test_one_that_was_edited_in_the_database_stops_the_letter(platform: Platform) -> None:
    application = paid(platform)
    with edited(in_use(), OWN.replace("五", "六")), pytest.raises(NotPossible, match="not the one that was uploaded"):
        decide("issue", application, Role.ISSUER)


def test_one_that_cannot_be_read_is_not_put_into_use() -> None:
    wording = uploaded(text="# 预付款保函\n")
    with pytest.raises(NotPossible, match="nowhere says"):
        decide("put_into_use", wording, Role.MANAGER)


def test_one_of_a_kind_that_we_may_not_issue_is_not_put_into_use() -> None:
    text = (house.LETTERS / INSURANCE / "2026-1.txt").read_text(encoding="utf-8")
    with pytest.raises(NotPossible, match="guarantee company cannot issue"):
        in_use(text=text, kind=INSURANCE)


def test_a_wording_changed_while_the_letter_was_made_stops_it(platform: Platform, monkeypatch: Any) -> None:
    application, wording = paid(platform), uploaded()
    made = default_storage.save

    def change(*given: Any) -> str:
        decide("put_into_use", wording, Role.MANAGER)
        return str(made(*given))

    monkeypatch.setattr(default_storage, "save", change)
    with pytest.raises(NotPossible, match="Another wording"):
        decide("issue", application, Role.ISSUER)
    assert not Guarantee.objects.exists()


def test_an_insurer_issues_on_its_own_text(platform: Platform, institution: Any) -> None:
    institution.INSTITUTION_KIND = "insurer"
    parameter("letters.clauses", name="预付款保证保险条款", number="C0001")
    text = (house.LETTERS / INSURANCE / "2026-1.txt").read_text(encoding="utf-8")
    in_use(text=text.replace("= 保险责任", "= 我方备案的保险责任"), kind=INSURANCE)
    assert "一、我方备案的保险责任" in text_of(issued(platform).file.open().read())


def test_every_step_is_on_the_audit_trail() -> None:
    decide("withdraw", in_use("own-1"), Role.MANAGER, reason="条款有误")
    in_use("own-2")
    chain = AuditEntry.objects.filter(chain="wording:suretyship").order_by("number")
    assert list(chain.values_list("event", "from_state", "to_state", "reason")) == [
        ("wording.uploaded", "", "draft", ""),
        ("wording.put_into_use", "draft", "in_use", ""),
        ("wording.withdrawn", "in_use", "withdrawn", "条款有误"),
        ("wording.uploaded", "", "draft", ""),
        ("wording.put_into_use", "draft", "in_use", ""),
    ]
    assert chain[0].details == {"wording": "suretyship/own-1", "sha256": ANY, "successor": ""}
    assert list(broken_links("wording:suretyship")) == []


def test_the_check_of_the_database_tells_of_one_that_cannot_be_used(capsys: Any) -> None:
    wording = in_use()
    call_command("check", databases=["default"])
    assert "W002" not in capsys.readouterr().err
    with edited(wording, ""):
        call_command("check", databases=["default"])
    assert "(W002) suretyship/own-1" in capsys.readouterr().err
