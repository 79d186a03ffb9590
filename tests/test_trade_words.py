"""Each kind of institution reads and sends its own words of the trade, from one table."""

from __future__ import annotations

import re
from typing import Any

import polib
import pytest
from django.urls import reverse
from django.utils.translation import gettext, override

from config.trade_words import KEPT
from guarantees.inbound import Answered
from guarantees.models import Refund
from protocol.names import named, status_named
from protocol.prep.transcodes import TABLES
from protocol.sandbox.pages import MEANINGS
from staff.roles import Role
from staff.trade_words import WORDS, InstitutionKind, in_words_of
from tests.institution import signed_in
from tests.test_translations import CATALOGUE

CATALOGUE_ENTRIES = polib.pofile(str(CATALOGUE / "django.po"))
KINDS = [kind.value for kind in InstitutionKind]
#: Words of a kind that mean other things too: 机构已撤销.
EVERYDAY = {"撤销"}
#: How one says it who thinks of no kind. A guarantee company's word is right, and becomes the others'.
NOBODYS = re.compile("(?<!担)保费|理赔(?!岗)|赔付(?!通知书)")


def foreign(kind: InstitutionKind) -> set[str]:
    """The words of the others that stand in none of this kind's."""
    own = " ".join(word.of(kind) for word in WORDS)
    return {word.of(other) for word in WORDS for other in InstitutionKind if word.of(other) not in own} - EVERYDAY


@pytest.mark.parametrize("kind", InstitutionKind)
def test_no_kind_reads_the_words_of_another(kind: InstitutionKind) -> None:
    others = foreign(kind)
    assert len(others) > 15
    found = [
        f"{entry.msgid!r}: {text}"
        for entry in CATALOGUE_ENTRIES
        if entry.msgid not in KEPT
        for text in ([entry.msgstr] if entry.msgstr else entry.msgstr_plural.values())
        if any(word in in_words_of(kind, text) for word in others)
    ]
    assert found == []


def test_the_catalogue_has_a_guarantee_companys_words() -> None:
    texts = {entry.msgid: entry.msgstr or str(entry.msgstr_plural) for entry in CATALOGUE_ENTRIES}
    assert texts.keys() >= KEPT
    assert {english: text for english, text in texts.items() if english not in KEPT and NOBODYS.search(text)} == {}


def test_a_longer_word_goes_before_those_that_stand_in_it() -> None:
    said = {kind: in_words_of(kind, "不予代偿，登记代偿款支付，应退还担保费，退保（退函）") for kind in KINDS}
    assert said == {
        "guarantee-company": "不予代偿，登记代偿款支付，应退还担保费，退保（退函）",
        "bank": "拒付，登记赔付（垫款），应退还保函手续费，撤销",
        "insurer": "拒赔，登记赔款支付，应退还保险费，退保",
    }


@pytest.mark.parametrize(
    ("kind", "premium", "role", "party"),
    [
        ("guarantee-company", "担保费", "代偿岗", "债务人（供应商）"),
        ("bank", "保函手续费", "索赔处理岗", "申请人"),
        ("insurer", "保险费", "理赔岗", "投保人"),
        ("of another kind", "担保费", "代偿岗", "债务人（供应商）"),  # which `manage.py check` refuses
    ],
)
def test_the_desk_speaks_as_its_institution_does(settings: Any, kind: str, premium: str, role: str, party: str) -> None:
    settings.INSTITUTION_KIND = kind
    with override("zh-hans"):
        assert str(Role.CLAIMS_HANDLER.label) == role
        assert str(Refund._meta.verbose_name) == f"{premium}退还"
        assert gettext("applicant") == party
        assert gettext("debtor (supplier)") == "债务人（供应商）"  # of a letter, whoever looks it up
    with override("en"):
        assert gettext("premium") == "premium"


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "premium"), [("bank", "保函手续费"), ("insurer", "保险费")])
def test_a_page_of_the_desk_does(settings: Any, kind: str, premium: str) -> None:
    settings.INSTITUTION_KIND = kind
    client = signed_in(Role.CASHIER)
    client.cookies["django_language"] = "zh-hans"
    html = client.get(reverse("admin:index")).content.decode()
    assert premium in html
    assert "担保费" not in html


@pytest.mark.parametrize(
    ("kind", "told"),
    [("guarantee-company", "担保金额已全部代偿"), ("bank", "保函金额已全部赔付"), ("insurer", "保险金额已全部赔付")],
)
def test_the_platform_is_told_in_them(settings: Any, kind: str, told: str) -> None:
    settings.INSTITUTION_KIND = kind
    assert Answered.PAID_OUT.on_the_wire() == f"保函真实有效签发，{told}"


@pytest.mark.parametrize(
    ("kind", "paid", "surrendered"),
    [
        ("guarantee-company", "01 已代偿（理赔成功）", "08 已退保"),
        ("bank", "01 已赔付（理赔成功）", "08 已撤销（已退保）"),
        ("insurer", "01 已赔付（理赔成功）", "08 已退保"),
    ],
)
def test_a_message_has_the_platforms_own_word_beside_ours(
    settings: Any, kind: str, paid: str, surrendered: str
) -> None:
    settings.INSTITUTION_KIND = kind
    with override("zh-hans"):
        assert status_named(TABLES["PREP106"], "01") == paid
        assert status_named(TABLES["PREP102"], "08") == surrendered
        assert named("PREP109") == "PREP109 提交取消订单/退保申请信息"
    with override("en"):
        assert status_named(TABLES["PREP106"], "01") == "01 demand paid"


def test_the_sandbox_is_a_platform_and_has_its_own() -> None:
    assert MEANINGS["PREP106", "status"] == {"00": "理赔受理中", "01": "理赔成功", "02": "理赔失败"}
