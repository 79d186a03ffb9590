"""The letter as a reader, a printer and the signature find it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from reportlab.lib.pagesizes import A4

from guarantees.letter.typesetting.fonts import MissingGlyph, Typeface
from guarantees.letter.typesetting.pages import DEMONSTRATION, Box, Pages, draw, numeral
from guarantees.letter.wording.particulars import Particulars
from guarantees.letter.wording.wordings import WordingError, letter_kind, newest, parse
from staff.trade_words import InstitutionKind
from tests.guarantees.letter.conftest import WORDINGS
from tests.pdf import text_of

Make = Callable[..., Particulars]


def drawn(letter: Particulars, face: Typeface) -> Pages:
    return draw(letter, newest(WORDINGS, letter_kind(letter.institution_kind)), face=face)


def opened(pages: Pages) -> PdfFileReader:
    return PdfFileReader(BytesIO(pages.content))


def count(pages: Pages) -> int:
    return int(opened(pages).root["/Pages"]["/Count"])


def text(pages: Pages) -> str:
    return text_of(pages.content)


def pages_text(pages: Pages) -> list[str]:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed, and nothing else here reads a PDF's text")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pages.content, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def words_under(box: Box, pages: Pages) -> set[str]:
    """The words that a box of a page touches."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed, and nothing else here finds a PDF's words")
    page = str(box.page + 1)
    command = ["pdftotext", "-bbox", "-f", page, "-l", page, "-", "-"]
    found = subprocess.run(command, input=pages.content, capture_output=True, check=True).stdout.decode()
    words = set()
    for left, top, right, bottom, word in re.findall(
        r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<', found
    ):
        above, below = (A4[1] - float(y) for y in (top, bottom))
        if float(left) < box.x2 and float(right) > box.x1 and below < box.y2 and above > box.y1:
            words.add(word)
    return words


@pytest.mark.parametrize("institution", InstitutionKind)
def test_every_kind_draws(institution: InstitutionKind, particulars: Make, face: Typeface) -> None:
    pages = drawn(particulars(institution_kind=institution), face)
    assert pages.content.startswith(b"%PDF-")
    assert count(pages) == 3


def test_the_text_can_be_copied_in_reading_order(particulars: Make, face: Typeface) -> None:
    printed = text(drawn(particulars(), face))
    order = ["预付款保函", "GD202600000001", "7H3KQ9XM", "致：滨江区教育局", "债权人代码11330108002500123X"]
    order += [
        "人民币叁佰捌拾伍万捌仟元零伍角整",
        "一、保证方式",
        "（一）",
        "（二）",
        "十、电子形式与查验",
        "保证人（电子签章）",
    ]
    places = [printed.find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)


def test_each_page_says_the_number_the_code_and_which_it_is(particulars: Make, face: Typeface) -> None:
    printed = text(drawn(particulars(), face))
    assert all(f"GD202600000001·验证码7H3KQ9XM·第{page}页共3页" in printed for page in (1, 2, 3))


def test_a_demonstration_says_so_on_every_page(particulars: Make, face: Typeface) -> None:
    banner = DEMONSTRATION.replace(" ", "")
    assert text(drawn(particulars(demonstration=True), face)).count(banner) == 3
    assert banner not in text(drawn(particulars(), face))


def test_a_sample_says_so_on_every_page_and_in_its_title(particulars: Make, face: Typeface) -> None:
    sample = draw(particulars(), newest(WORDINGS, "suretyship"), face=face, mark="样本")
    assert text(sample).count("样本") == count(sample)
    assert opened(sample).trailer["/Info"]["/Title"] == "预付款保函 GD202600000001（样本）"


def test_a_sample_of_a_demonstration_says_both(particulars: Make, face: Typeface) -> None:
    sample = draw(particulars(demonstration=True), newest(WORDINGS, "suretyship"), face=face, mark="样本")
    assert text(sample).count(f"样本·{DEMONSTRATION}".replace(" ", "")) == count(sample)


def test_equal_letters_are_equal_bytes(particulars: Make, face: Typeface) -> None:
    assert drawn(particulars(), face) == drawn(particulars(), face)
    assert drawn(particulars(), face) != drawn(particulars(verification_code="7H3KQ9XN"), face)


def test_the_metadata_say_what_it_is_and_when_it_was_issued(particulars: Make, face: Typeface) -> None:
    info = opened(drawn(particulars(), face)).trailer["/Info"]
    assert info["/Title"] == "预付款保函 GD202600000001"
    assert info["/Author"] == "浙江安信融资担保有限公司"
    assert info["/Subject"] == "智慧教室设备采购项目：杭州启明教育科技有限公司"
    assert info["/CreationDate"] == info["/ModDate"] == "D:20261124103005+08'00'"


def test_every_font_is_embedded_and_leads_back_to_its_characters(particulars: Make, face: Typeface) -> None:
    fonts = opened(drawn(particulars(), face)).root["/Pages"]["/Kids"][0]["/Resources"]["/Font"]
    assert len(fonts) == 2
    for font in (fonts[name] for name in fonts):
        assert "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"]
        assert b"beginbfchar" in font["/ToUnicode"].data


def test_the_seal_stands_over_name_and_date_and_nothing_else(particulars: Make, face: Typeface) -> None:
    pages = drawn(particulars(certificate_owner="安信", certificate_number="0A1B2C"), face)
    assert pages.seal.page == count(pages) - 1
    beneath = words_under(pages.seal, pages)
    assert {"浙江安信融资担保有限公司", "出具日期：2026年11月24日"} <= beneath
    assert not beneath & {"91330000MA27XK8L3P", "杭州市西湖区文三路388号", "0571-88886666", "安信（序列号0A1B2C）"}


def test_a_frame_holds_what_the_seal_would_stand_on(particulars: Make, face: Typeface) -> None:
    pages = drawn(particulars(), face)
    beneath = {"保证人（电子签章）", "浙江安信融资担保有限公司", "出具日期：2026年11月24日"}
    assert words_under(pages.frame, pages) == beneath


@pytest.mark.parametrize("fill", range(0, 24, 2))
def test_no_page_ends_with_a_heading_and_none_is_left_to_the_foot_alone(
    fill: int, particulars: Make, face: Typeface
) -> None:
    lines = (WORDINGS / "suretyship" / "2026-1.txt").read_text().splitlines()
    more = [*["双方应当遵守本条约定。"] * fill, "= 补充约定", "本条为补充约定。"]
    words = parse("suretyship", "any", "\n".join([*lines[:25], *more, *lines[25:-6], *more, *lines[-6:]]))
    for page in pages_text(draw(particulars(), words, face=face)):
        body = [line for line in page.splitlines() if line][:-1]
        assert not re.match("[一二三四五六七八九十]+、", body[-1])
        assert not body[0].startswith("统一社会信用代码")


def test_long_names_wrap(particulars: Make, face: Typeface) -> None:
    name = "滨江区中小学智慧教室设备采购项目" * 12
    printed = text(drawn(particulars(project_name=name, number="GD" + "2026" * 15, section_code="X" * 256), face))
    assert name in printed
    assert "X" * 256 in printed


def test_a_row_longer_than_a_page_goes_on_on_the_next(particulars: Make, face: Typeface) -> None:
    lines = (WORDINGS / "suretyship" / "2026-1.txt").read_text().splitlines()
    items = [f"第{number}台为投影机，" for number in range(400)]
    words = parse("suretyship", "any", "\n".join([*lines[:6], f"| 清单 | {''.join(items)}止", *lines[6:]]))
    printed = text(draw(particulars(), words, face=face))
    assert all(item[:-5] in printed for item in items)


def test_a_rare_character_gives_missing_glyph(particulars: Make, face: Typeface) -> None:
    with pytest.raises(MissingGlyph, match="𠮷"):
        drawn(particulars(applicant_name="𠮷野家有限公司"), face)


def test_a_sentence_without_its_value_is_refused(particulars: Make, face: Typeface) -> None:
    with pytest.raises(WordingError, match="institution_address"):
        draw(particulars(institution_address=""), newest(WORDINGS, "suretyship"), face=face)


@pytest.mark.parametrize(
    ("number", "chinese"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (99, "九十九"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (999, "九百九十九"),
    ],
)
def test_clauses_are_counted_in_chinese(number: int, chinese: str) -> None:
    assert numeral(number) == chinese
