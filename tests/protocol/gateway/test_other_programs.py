"""Values as other programs write them: read where nothing is lost, else refused or flagged.

Decisions F1, F3, F4, F7 and E12.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from itertools import cycle
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.test import Client
from django.urls import reverse

from claims.models import Demand
from guarantees.issuing import institution, preview
from guarantees.issuing.signing import LetterNotMade
from guarantees.models import Application, Approval, Cancellation
from protocol.models import Notification
from staff import clock
from staff.desk.filters import RangeFilter
from staff.models import User
from staff.roles import Role
from tests.institution import applied, decide, issued, person
from tests.platform import APPLICATION, Platform, demand_fields


class Raw(str):
    """A JSON literal as another program writes it."""


def sealed(platform: Platform, transcode: str, fields: dict[str, Any], **how: Any) -> bytes:
    parts = [f"{json.dumps(n)}:{v if isinstance(v, Raw) else json.dumps(v)}" for n, v in fields.items()]
    return platform.seal(transcode, f"{{{','.join(parts)}}}".encode(), **how)


def apply(platform: Platform, **changed: Any) -> str:
    return platform.post(sealed(platform, "PREP101", {**APPLICATION, **changed})).code


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (Raw("1.0E7"), "10000000.00"),
        (Raw("3E+5"), "300000.00"),
        (Raw("300000.0000"), "300000.00"),
        (Raw("300000"), "300000.00"),
        (" 300000.10 ", "300000.10"),
        ("300000.1000", "300000.10"),
        ("9999999999999.99", "9999999999999.99"),
    ],
)
def test_money_as_java_writes_it(platform: Platform, written: str, read: str) -> None:
    assert apply(platform, advanceAmount=written) == "000"
    assert Application.objects.get().advance_amount == Decimal(read)


@pytest.mark.parametrize(
    "written",
    [
        "10000000000000.00",
        "9999999999999999.99",
        "1.0E7",
        "+5",
        "0.001",
        "0",
        "1,000.00",
        Raw("1E-3"),
        Raw("1E99"),
        "1" * 99,
    ],
)
def test_money_that_no_database_gives_back_or_nobody_means_is_103(platform: Platform, written: str) -> None:
    assert apply(platform, advanceAmount=written) == "103"


def test_the_largest_sum_is_shown_searched_exported_and_decided_on(platform: Platform) -> None:
    application = applied(platform, advanceAmount="9999999999999.99", bidAmount="9999999999999.99")
    client = Client()
    client.force_login(person(Role.MANAGER))
    listed = reverse("admin:guarantees_application_changelist")
    for address in (listed, f"{listed}?q=SQ", f"{listed}?advance_amount_from=9999999999999.99"):
        assert "9,999,999,999,999.99" in client.get(address).content.decode()
    assert b"9999999999999.99" in b"".join(client.get(f"{listed}export/csv/"))  # type: ignore[attr-defined]
    decide("approve", application, Role.UNDERWRITER, premium=Decimal("9999999999999.99"))
    assert Approval.objects.get().premium == Decimal("9999999999999.99")
    with pytest.raises(AssertionError, match="premium"):
        decide("approve", applied(platform, applicationId="SQ2"), Role.UNDERWRITER, premium="10000000000000.00")


@pytest.mark.parametrize(("written", "read"), [(Raw("12.0"), 12), (Raw("1.2E1"), 12), (" 12 ", 12)])
def test_months_as_java_writes_them(platform: Platform, written: str, read: int) -> None:
    assert apply(platform, guaranteeDate=written) == "000"
    assert Application.objects.get().guarantee_months == read


@pytest.mark.parametrize("zero", ["0", Raw("0"), Raw("0.0")])
def test_an_optional_term_of_zero_is_absent(platform: Platform, zero: str) -> None:
    assert apply(platform, contractDate=zero) == "000"
    assert Application.objects.get().contract_months is None
    assert apply(platform, applicationId="SQ2", guaranteeDate=zero) == "103"


def test_a_timestamp_with_a_fraction_of_zeros(platform: Platform) -> None:
    fields = {"guaranteeId": issued(platform).number, "invalidTime": "2026-12-31 12:00:00.0", "invalidType": "0"}
    assert platform.send("PREP107", fields).code == "000"
    assert Cancellation.objects.get().invalid_time == datetime(2026, 12, 31, 4, tzinfo=UTC)
    assert platform.send("PREP107", {**fields, "invalidTime": "2026-12-31 12:00:00.5"}).code == "103"


@pytest.mark.parametrize("day", ["19891231", "21510101", "00010101", "99991231"])
def test_a_year_that_nobody_means(platform: Platform, day: str) -> None:
    assert apply(platform, bidDate=day) == "103"


@pytest.mark.parametrize("number", ["6.2284800001234568E18", "1.5", "1e3"])
def test_a_number_that_has_lost_digits_is_no_text(platform: Platform, number: str) -> None:
    answer = platform.post(sealed(platform, "PREP101", {**APPLICATION, "legalIdNo": Raw(number)}))
    assert (answer.code, "legalIdNo" in answer.message) == ("103", True)
    assert apply(platform, applicationId="SQ2", contactsWay=Raw("13904710001")) == "000"


def test_a_demand_with_such_an_account_is_accepted_and_flagged(platform: Platform) -> None:
    guarantee = issued(platform)
    fields = {**demand_fields(guarantee.number), "bankAccount": Raw("6.2284800001234568E18")}
    assert platform.post(sealed(platform, "PREP105", fields)).code == "000"
    assert Demand.objects.get().flags == ["digits"]


def test_length_is_measured_without_outer_blanks(platform: Platform) -> None:
    assert (
        apply(platform, legalIdNo="11010519491231002X  ", applicationId=" " + "9" * 64, supplier="名" * 256 + " ")
        == "000"
    )
    stored = Application.objects.get()
    assert (stored.order.number, stored.applicant_name) == ("9" * 64, "名" * 256)


def test_names_of_people_are_longer_than_the_table_says(platform: Platform) -> None:
    assert apply(platform, legalName="买" * 64) == "000"
    assert apply(platform, applicationId="SQ2", contacts="买" * 65) == "103"


def test_a_name_that_was_cut_for_the_platform_is_told_on_both_pages(platform: Platform) -> None:
    name = "青城建设" * 13
    letter = issued(platform, supplier=name)
    notification = Notification.objects.get(status="03")
    assert json.loads(notification.plaintext)["companyName"] == name[:50]
    client = Client()
    client.force_login(person(Role.MANAGER))
    client.cookies["django_language"] = "en"
    pages = [
        reverse("admin:protocol_notification_change", args=[notification.pk]),
        reverse("admin:guarantees_application_change", args=[letter.application_id]),
        reverse("admin:guarantees_guarantee_change", args=[letter.pk]),
    ]
    for page in pages:
        assert "企业名称 companyName is longer than the specification" in client.get(page).content.decode(), page
    assert name in client.get(pages[0]).content.decode()


def outer(platform: Platform, **changed: Any) -> dict[str, Any]:
    return {**json.loads(platform.seal("PREP101", APPLICATION)), **changed}


def test_the_form_of_reqtime_is_told_and_not_its_length(platform: Platform) -> None:
    answer = platform.post(json.dumps(outer(platform, reqtime="2026-11-26 07:00:00")).encode())
    assert (answer.code, "yyyyMMddHHmmss" in answer.message) == ("103", True)


def test_names_in_another_case_are_told(platform: Platform) -> None:
    body = outer(platform)
    body["Transcode"], body["msgCode"] = body.pop("transcode"), body.pop("msgcode")
    answer = platform.post(json.dumps(body).encode())
    assert answer.code == "103"
    assert "收到的是Transcode、msgCode" in answer.message


ABSURD = ["9" * 40, "0001-01-01", "1e999", "NaN", "\x00", "０"]


def asked_for(screen: Any, tried: set[object], one: str) -> Iterator[dict[str, str]]:
    """Every parameter by which a list may be narrowed, turned or ordered, with values that nobody means: all of them
    where it is the filter's own, `one` where it is not. Of what another list has `tried`, `one` alone. Ranges refuse
    nothing, so all of a list's are asked at once."""
    ranges = []
    for entry in screen.list_filter:
        path, kind = entry if isinstance(entry, tuple | list) else (entry, None)
        name = path if isinstance(path, str) else path.parameter_name
        if kind and issubclass(kind, RangeFilter):
            ranges += [f"{name}_from", f"{name}_to"]
        else:
            endings = {"", "__exact", "__id__exact", "__isnull", "_from", "_to"}
            own = {"", "__exact", "__id__exact"} if isinstance(entry, str) or kind else {""}
            known = kind, type(get_fields_from_path(screen.model, path)[-1]) if isinstance(path, str) else path
            yield from ({name + end: value} for end in sorted(own) for value in ([one] if known in tried else ABSURD))
            yield from ({name + end: one} for end in sorted(endings - own) if known not in tried)
            tried.add(known)
    yield from (dict.fromkeys(ranges, value) for value in ABSURD if ranges)
    for field in {type(field): field for field in screen.opts.concrete_fields if type(field) not in tried}.values():
        tried.add(type(field))
        yield {f"{field.attname}__year": ABSURD[0]}
    if screen.tabs_field:
        yield {f"{screen.tabs_field}__exact": one}
    if screen.search_fields:
        yield from ({"q": value} for value in ABSURD)
    yield from ({name: one} for name in ("p", "o", "e", "all") if (name, one) not in tried)
    tried.update((name, one) for name in ("p", "o", "e", "all"))


@pytest.mark.django_db(transaction=True)
def test_no_list_falls_over_whatever_its_address_asks_for(
    recwarn: pytest.WarningsRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin.site, "each_context", lambda _request: {})  # what is around every list, as on every page
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("root", "r@example.com", "long-enough-77", name="Root"))
    tried: set[object] = set()
    for screen, one in zip(admin.site._registry.values(), cycle(ABSURD), strict=False):
        listed = reverse(f"admin:{screen.opts.app_label}_{screen.opts.model_name}_changelist")
        fell = [asked for asked in asked_for(screen, tried, one) if client.get(listed, asked).status_code >= 500]
        assert (listed, fell) == (listed, [])
    assert [str(one.message) for one in recwarn if "naive" in str(one.message)] == []


def test_a_sum_stored_beyond_the_limit_is_shown_searched_exported_and_decided_on(platform: Platform) -> None:
    application = applied(platform)
    beyond = Decimal("9999999999999999.99")
    Application.objects.update(advance_amount=beyond, award_amount=beyond)
    stored = Application.objects.get()  # SQLite gives back the nearest number that it has
    shown = f"{stored.advance_amount:,.2f}"
    client = Client()
    client.force_login(person(Role.MANAGER))
    listed = reverse("admin:guarantees_application_changelist")
    page = reverse("admin:guarantees_application_change", args=[application.pk])
    for address in (listed, f"{listed}?q=SQ", f"{listed}?advance_amount_from=9999999999999.99", page):
        assert shown in client.get(address).content.decode()
    assert str(stored.advance_amount).encode() in b"".join(client.get(f"{listed}export/csv/"))  # type: ignore[attr-defined]
    assert str(stored.advance_amount) in sheet(client.get(f"{listed}export/xlsx/"))
    underwriter = Client()
    underwriter.force_login(person(Role.UNDERWRITER))
    assert underwriter.get(f"{listed}{application.pk}/decide/approve/").status_code == 200
    assert underwriter.get(f"{listed}{application.pk}/preview/").status_code in (200, 409)
    with pytest.raises(AssertionError, match="approved_amount"):
        decide("approve", stored, Role.UNDERWRITER, premium="1.00")
    decide("reject", stored, Role.UNDERWRITER, reason="金额有误")
    assert Application.objects.get().advance_amount == stored.advance_amount


def test_a_sum_that_no_letter_can_name_is_told(platform: Platform) -> None:
    letter = replace(preview.invented(clock.now()), award_amount=Decimal("10000000000000000.00"))
    with pytest.raises(LetterNotMade, match="larger than a letter can name"):
        institution.draw(letter, institution.letter_wording())


def sheet(response: Any) -> list[str]:
    """The texts of a workbook's only sheet."""
    with ZipFile(BytesIO(b"".join(response))) as book:
        return re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/worksheets/sheet1.xml").decode())
