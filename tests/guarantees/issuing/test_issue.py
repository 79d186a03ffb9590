"""The letter is issued once, whole, or not at all."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage

from guarantees.issuing.institution import FONTS
from guarantees.letter.signature import validation
from guarantees.letter.typesetting.fonts import typeface
from guarantees.models import Application, Guarantee
from staff import clock
from staff.decisions import NotPossible
from staff.models import AuditEntry
from staff.roles import Role
from tests.guarantees.letter.typesetting.test_fonts import font_with
from tests.institution import decide, issued, notified, notified_fields, paid, parameter, person
from tests.platform import Platform

pytestmark = pytest.mark.django_db


def files() -> list[Path]:
    return [path for path in Path(default_storage.path("")).rglob("*") if path.is_file()]


def test_it_works(platform: Platform, credentials: dict[str, Path]) -> None:
    guarantee = issued(platform)
    content = guarantee.file.open().read()
    assert hashlib.sha256(content).hexdigest() == guarantee.file_digest
    assert validation.validate(content, [credentials["authority"].read_bytes()]).faults == ()
    assert notified(platform) == ["PREP102 01", "PREP102 05", "PREP102 03"]
    assert notified_fields(platform)["guaranteeId"] == guarantee.number


def test_a_certificate_that_has_expired_leaves_the_application_paid(platform: Platform) -> None:
    application = paid(platform)
    with time_machine.travel(clock.now() + timedelta(days=800)), pytest.raises(NotPossible, match="expired"):
        decide("issue", application, Role.ISSUER)
    application = Application.objects.get(pk=application.pk)
    assert application.state == "paid"
    assert "expired" in application.last_issue_error
    assert notified(platform) == ["PREP102 01", "PREP102 05"]
    assert files() == []


def test_a_character_that_no_typeface_has_any_more_leaves_it_paid_and_is_named(
    platform: Platform, institution: Any, tmp_path: Path
) -> None:
    """What cannot be printed is not approved; here the further typeface is gone when the letter is issued."""
    institution.FALLBACK_FONT = (font_with("𠮷", tmp_path / "rare.ttf", typeface(FONTS)),)
    application = paid(platform, supplier="青城𠮷建设有限公司")
    institution.FALLBACK_FONT = ()
    with pytest.raises(NotPossible, match=re.escape("U+20BB7")):
        decide("issue", application, Role.ISSUER)
    application = Application.objects.get(pk=application.pk)
    assert application.state == "paid"
    assert "U+20BB7" in application.last_issue_error
    assert files() == []


def test_a_full_disk_leaves_it_paid_and_it_can_be_tried_again(platform: Platform, monkeypatch: Any) -> None:
    application = paid(platform)
    with monkeypatch.context() as full:
        full.setattr(default_storage, "save", _no_space)
        with pytest.raises(NotPossible, match="No space left"):
            decide("issue", application, Role.ISSUER)
    assert Application.objects.get(pk=application.pk).state == "paid"
    decide("issue", Application.objects.get(pk=application.pk), Role.ISSUER)
    assert Application.objects.get(pk=application.pk).last_issue_error == ""
    assert notified(platform)[-1] == "PREP102 03"


def _no_space(*_: Any) -> None:
    raise OSError(28, "No space left on device")


def test_a_transaction_that_fails_leaves_no_file(platform: Platform, monkeypatch: Any) -> None:
    application = paid(platform)
    monkeypatch.setattr("guarantees.notifications.issued", _no_space)
    with pytest.raises(OSError, match="No space"):
        decide("issue", application, Role.ISSUER)
    assert files() == []
    assert Application.objects.get(pk=application.pk).state == "paid"


def test_what_changed_while_the_letter_was_made_stops_it(platform: Platform, monkeypatch: Any) -> None:
    application = paid(platform)
    made = default_storage.save

    def change(*given: Any) -> str:
        Application.objects.filter(pk=application.pk).update(project_name="另一个项目")
        return str(made(*given))

    monkeypatch.setattr(default_storage, "save", change)
    with pytest.raises(NotPossible, match="changed"):
        decide("issue", application, Role.ISSUER)
    assert files() == []


@pytest.mark.parametrize("missing", ["INSTITUTION_NAME", "SIGNING_CERTIFICATE"])
def test_a_missing_setting_is_named(platform: Platform, institution: Any, missing: str) -> None:
    application = paid(platform)
    setattr(institution, missing, "")
    with pytest.raises(NotPossible, match=missing):
        decide("issue", application, Role.ISSUER)


def test_the_second_issuer_is_told_who_was_first(platform: Platform) -> None:
    application = paid(platform)
    decide("issue", application, Role.ISSUER)
    with pytest.raises(NotPossible, match="issuer"):
        decide("issue", application, person(Role.ISSUER, "another"))
    assert Guarantee.objects.count() == 1


@pytest.mark.parametrize("role", [Role.UNDERWRITER, Role.CASHIER])
def test_whoever_approved_or_took_the_money_does_not_issue(platform: Platform, role: Role) -> None:
    parameter("duties.profile", "full")
    application = paid(platform)
    both = person(role)
    both.groups.add(person(Role.ISSUER).groups.get())
    with pytest.raises(NotPossible, match="another person"):
        decide("issue", application, both)


def test_a_letter_in_a_demonstration_says_so(platform: Platform, institution: Any) -> None:
    institution.DEMONSTRATION = True
    assert issued(platform).particulars["demonstration"] is True


def test_every_step_is_on_the_audit_trail(platform: Platform) -> None:
    issued(platform)
    events = list(AuditEntry.objects.order_by("number").values_list("event", flat=True))
    assert events == [
        "application.received",
        "application.approved",
        "receipt.recorded",
        "premium.settled",
        "guarantee.issued",
    ]


def test_a_term_that_ended_while_the_premium_was_awaited_is_told(platform: Platform) -> None:
    application = paid(platform, guaranteeEndDate=f"{clock.now() + timedelta(days=3):%Y%m%d}")
    with time_machine.travel(clock.now() + timedelta(days=5)):
        with pytest.raises(NotPossible, match="term is over"):
            decide("issue", application, Role.ISSUER)
        decide("give_up", application, Role.ISSUER, reason="期限已过")
    assert notified(platform)[-1] == "PREP102 04"
