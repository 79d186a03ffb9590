"""The other papers: each on one page, in words that fit the institution, with what its reader needs and no more."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from guarantees.letter.typesetting.fonts import Typeface
from guarantees.letter.typesetting.pages import draw
from guarantees.letter.wording.kinds import INDEPENDENT, INSURANCE, SURETYSHIP, PaperKind, WordingKind
from guarantees.letter.wording.lines import Mark
from guarantees.letter.wording.papers import PAPERS
from guarantees.letter.wording.papers.confirmation import RETURN
from guarantees.letter.wording.papers.payment_notice import PAYMENT_NOTICE
from guarantees.letter.wording.papers.refusal import REFUSAL as NOTICE_OF_REFUSAL
from guarantees.letter.wording.particulars import Issued
from guarantees.letter.wording.wordings import WordingError, newest, parse
from staff.trade_words import InstitutionKind
from tests.guarantees.letter.conftest import CONFIRMATION, NOTICE, REFUSAL, WORDINGS, invented
from tests.pdf import text_of

WORDING_KINDS = [wording for kind in PAPERS.values() for wording in kind.wordings]
each = pytest.mark.parametrize("wording", WORDING_KINDS, ids=[wording.name for wording in WORDING_KINDS])


def text_in(wording: WordingKind, paper: Issued) -> str:
    blocks = newest(WORDINGS, wording.name).compose(paper.placeholders())
    return "".join(run.text for block in blocks for run in (*block.label, *block.runs))


def optional(wording: WordingKind) -> set[str]:
    """The fields that may be without a value."""
    return {field.name for field in fields(wording.particulars) if field.default is not MISSING} - wording.needed


def refusal_of(letter: str) -> WordingKind:
    return NOTICE_OF_REFUSAL.wording_for(letter)


@each
def test_each_stands_on_one_page_that_can_be_copied(wording: WordingKind, face: Typeface) -> None:
    paper = invented(wording.particulars)
    pages = draw(paper, newest(WORDINGS, wording.name), face=face)
    assert PdfFileReader(BytesIO(pages.content)).root["/Pages"]["/Count"] == 1
    text = text_of(pages.content)
    assert f"{paper.noun}编号：{paper.number}" in text
    assert paper.verification_url in text
    assert "（电子签章）" in text


@each
def test_no_sentence_has_a_hole_where_nothing_is_given_that_may_be_missing(wording: WordingKind) -> None:
    assert text_in(wording, invented(wording.particulars, without=optional(wording)))


@each
def test_its_particulars_survive_the_database(wording: WordingKind) -> None:
    for without in (set(), optional(wording)):
        paper = invented(wording.particulars, without=without)
        assert type(paper).from_mapping(paper.as_mapping()) == paper


@pytest.mark.parametrize("kind", PAPERS.values(), ids=PAPERS)
def test_what_the_verification_page_shows_is_printed_on_the_paper(kind: PaperKind) -> None:
    printed = invented(kind.particulars).placeholders()
    assert all(printed[name] for name in kind.facts)
    assert all(shown.text.format_map(printed) for shown in kind.shown)
    assert {wording.particulars for wording in kind.wordings} == {kind.particulars}


def test_papers_are_told_apart_by_their_names_and_their_numbers() -> None:
    assert len({wording.name for wording in WORDING_KINDS}) == len(WORDING_KINDS)
    assert len({kind.number_letter for kind in PAPERS.values()}) == len(PAPERS) >= 4


def test_a_payment_notice_says_what_to_pay_where_and_by_when() -> None:
    text = text_in(PAYMENT_NOTICE.wordings[0], NOTICE)
    for part in ("人民币壹万玖仟贰佰玖拾元整", "2026年11月29日前", "3300000000000000138", "不是保函", "SQ0138"):
        assert part in text
    assert "已收金额" not in text


def test_what_was_paid_already_is_taken_off() -> None:
    text = text_in(PAYMENT_NOTICE.wordings[0], replace(NOTICE, received=Decimal("9000.00")))
    assert "已收金额¥9,000.00（担保费总额¥19,290.00）" in text
    assert "人民币壹万零贰佰玖拾元整" in text


@pytest.mark.parametrize(
    ("institution", "fee"),
    [
        (InstitutionKind.BANK, "保函手续费"),
        (InstitutionKind.GUARANTEE_COMPANY, "担保费"),
        (InstitutionKind.INSURER, "保险费"),
    ],
)
def test_each_institution_calls_its_fee_by_its_name(institution: InstitutionKind, fee: str) -> None:
    assert f"将{fee}足额支付" in text_in(PAYMENT_NOTICE.wordings[0], replace(NOTICE, institution_kind=institution))


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        (INDEPENDENT, ["拒付通知书", "不符点", "第八条"]),
        (SURETYSHIP, ["不予赔付通知书", "不承担保证责任", "民法典"]),
        (INSURANCE, ["拒绝赔偿通知书", "保险法》第二十四条", "核定日期2026年11月23日"]),
    ],
)
def test_a_refusal_speaks_as_the_letter_does(letter: str, words: list[str]) -> None:
    text = text_in(refusal_of(letter), REFUSAL)
    assert [word for word in words if word not in text] == []
    assert "2026年11月20日" in text
    assert "人民币壹佰贰拾万元整" in text


def test_each_ground_is_an_item_of_its_own() -> None:
    blocks = newest(WORDINGS, "refusal-independent").compose(REFUSAL.placeholders())
    items = [("".join(run.text for run in block.runs), block.ordinal) for block in blocks if block.mark is Mark.ITEM]
    assert items[:2] == [("收款账户不是以贵方名义开立；", 1), ("未提交由贵方盖章的 书面声明。", 2)]
    assert items[2][1] == 1


def test_grounds_that_stand_in_a_sentence_are_one_line() -> None:
    text = (WORDINGS / "refusal-independent" / "2026-1.txt").read_text(encoding="utf-8").replace("- {gr", "{gr")
    blocks = parse("refusal-independent", "test", text).compose(REFUSAL.placeholders())
    assert "收款账户不是以贵方名义开立； 未提交由贵方盖章的 书面声明。" in [block.runs[0].text for block in blocks]


def test_nobody_is_invited_to_demand_once_more_when_that_is_over() -> None:
    assert "重新提交" in text_in(refusal_of(INDEPENDENT), REFUSAL)
    assert "重新提交" not in text_in(refusal_of(INDEPENDENT), replace(REFUSAL, demand_until=None))


def test_a_return_promises_a_corrected_letter_unless_that_was_given_up() -> None:
    assert "更正后的保函" in text_in(RETURN.wordings[0], replace(CONFIRMATION, reissued=True))
    assert "更正后的保函" not in text_in(RETURN.wordings[0], CONFIRMATION)


@pytest.mark.parametrize(("kind", "phrase"), [("refusal-independent", "不符点"), ("refusal-insurance", "拒绝赔偿")])
def test_a_refusal_without_the_laws_word_is_refused(kind: str, phrase: str) -> None:
    text = (WORDINGS / kind / "2026-1.txt").read_text(encoding="utf-8").replace(phrase, "")
    with pytest.raises(WordingError, match=f"must say {phrase}"):
        parse(kind, "test", text)


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="demanded_at of a 通知书 must be aware"):
        replace(REFUSAL, demanded_at=datetime(2026, 11, 20))  # noqa: DTZ001
