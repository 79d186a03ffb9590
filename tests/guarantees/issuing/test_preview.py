"""A letter before it is issued: marked, unsigned, kept nowhere; and why there could be none."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from guarantees.issuing import institution as house
from guarantees.issuing import preview
from guarantees.issuing.signing import LetterNotMade
from guarantees.letter.wording import wordings
from guarantees.letter.wording.particulars import PLACEHOLDERS
from guarantees.letter.wording.wordings import KINDS
from guarantees.models import Application, Guarantee
from staff import clock
from staff.roles import Role
from tests.guarantees.issuing.test_issue import files
from tests.institution import applied, approved, cancellation, decide, issued, paid
from tests.pdf import text_of
from tests.platform import Platform

pytestmark = pytest.mark.django_db


def sample(application: Application) -> bytes:
    return preview.of_application(application, clock.now())


def test_it_is_a_sample_and_unsigned(platform: Platform) -> None:
    content = sample(paid(platform))
    printed = text_of(content)
    assert "保函编号：样本验证码：样本" in printed
    assert printed.count("样本") >= PdfFileReader(BytesIO(content)).root["/Pages"]["/Count"]
    assert PdfFileReader(BytesIO(content)).embedded_signatures == []
    assert files() == []


def test_before_approval_it_says_what_is_asked_for(platform: Platform) -> None:
    assert "最高保证金额人民币玖拾万元整" in text_of(sample(applied(platform)))


def test_after_approval_it_says_what_was_approved(platform: Platform) -> None:
    application = applied(platform)
    decide("approve", application, Role.UNDERWRITER, premium="1.00", approved_amount="800000.00", reason="限额")
    printed = text_of(sample(Application.objects.get(pk=application.pk)))
    assert "最高保证金额人民币捌拾万元整" in printed
    assert "预付款人民币玖拾万元整" in printed


def test_of_a_returned_letter_it_says_what_it_replaces(platform: Platform) -> None:
    guarantee = issued(platform)
    decide("approve", cancellation(platform, guarantee, "1"), Role.UNDERWRITER)
    printed = text_of(sample(Application.objects.get(pk=guarantee.application_id)))
    assert f"本保函替换编号为{guarantee.number}的保函" in printed


def test_it_says_what_the_letter_then_says(platform: Platform) -> None:
    application = paid(platform)
    before = sample(application)
    decide("issue", application, Role.ISSUER)
    letter = text_of(Guarantee.objects.get().file.open().read())
    recital = text_of(before).split("致：")[1].split("一、保证方式")[0]
    assert recital.split("保证期间")[0] in letter


def test_it_needs_no_signing_certificate(platform: Platform, institution: Any) -> None:
    application = paid(platform)
    assert "签名证书青城融资担保有限公司" in text_of(sample(application))
    institution.SIGNING_CERTIFICATE = ""
    assert "签名证书（签发时载明）" in text_of(sample(application))


@pytest.mark.parametrize("missing", ["INSTITUTION_NAME", "INSTITUTION_TELEPHONE"])
def test_a_missing_setting_is_named(platform: Platform, institution: Any, missing: str) -> None:
    application = approved(platform)
    setattr(institution, missing, "")
    with pytest.raises(LetterNotMade, match=missing):
        sample(application)


def test_a_name_that_no_typeface_has_is_named(platform: Platform) -> None:
    with pytest.raises(LetterNotMade, match="𱁬"):
        sample(applied(platform, supplier="𱁬氏建设有限公司"))


def test_a_term_that_is_over_is_told(platform: Platform) -> None:
    ended = clock.today() - timedelta(days=1)
    with pytest.raises(LetterNotMade, match="over already"):
        sample(applied(platform, guaranteeEndDate=f"{ended:%Y%m%d}"))


@pytest.mark.parametrize("kind", ["independent", "suretyship", "insurance"])
def test_a_wording_is_shown_with_every_line(kind: str, institution: Any) -> None:
    words = wordings.newest(house.LETTERS, kind)
    printed = text_of(preview.of_wording(words, clock.now()))
    assert "本保函替换编号为样本" in printed
    assert "合同期限10个月" in printed


def test_a_wording_is_shown_though_no_setting_is_there(settings: Any) -> None:
    settings.INSTITUTION_NAME = settings.SIGNING_CERTIFICATE = ""
    words = wordings.newest(house.LETTERS, "insurance")
    assert "（机构名称）" in text_of(preview.of_wording(words, clock.now()))


def test_the_invented_letter_lacks_nothing() -> None:
    values = preview.invented(clock.now()).placeholders()
    assert values.keys() == PLACEHOLDERS.keys() >= KINDS["insurance"].placeholders
    assert "" not in values.values()
