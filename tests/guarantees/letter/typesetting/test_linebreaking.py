"""Lines end where the script's rules allow, and so that they need little stretching."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guarantees.letter.typesetting.fonts import MissingGlyph, Typeface, typeface
from guarantees.letter.typesetting.linebreaking import CLOSING, OPENING, TextLine, break_lines
from guarantees.letter.typesetting.pages import draw
from guarantees.letter.wording.lines import Run
from guarantees.letter.wording.particulars import Particulars
from guarantees.letter.wording.wordings import parse
from tests.guarantees.letter.conftest import FONTS, GIVEN, WORDINGS

HAN = st.text("预付款保函一二三供应商采购人民法院第条", min_size=1, max_size=12)
LATIN = st.text("abcXYZ0189-", min_size=1, max_size=25).map(lambda word: f"a{word}z")
LONG = st.text("abcXYZ0189", min_size=60, max_size=130)
FIGURES = st.decimals(0, 10**16 - 1, places=2).map(lambda amount: f"¥{amount:,}")
DATES = st.dates().map(lambda day: f"{day.year}年{day.month}月{day.day}日")
WORDS = st.one_of(HAN, LATIN, FIGURES, DATES, LONG)
BRACKETED = st.tuples(st.sampled_from(["（）", "《》", "“”", "()", "【】"]), WORDS).map(
    lambda both: both[1].join(both[0])
)
ENDS = st.sampled_from(["，", "。", "；", "、", "：", " ", "", "……", "——", "·", "/"])
TEXTS = st.lists(st.tuples(st.one_of(WORDS, BRACKETED), ENDS).map("".join), min_size=1, max_size=25).map("".join)


SENTENCE = "我方（以下称“保证人”）依照《中华人民共和国民法典》第七百零一条，可以主张供应商的抗辩；供应商放弃的，亦同。"


def printed(line: TextLine) -> str:
    return "".join(glyph.character for glyph in line.glyphs)


def broken(text: str, face: Typeface, *, characters: float, indent: float = 0) -> list[str]:
    lines = break_lines([Run(text)], face, size=10, measure=characters * 10, indent=indent * 10)
    return [printed(line) for line in lines]


@pytest.mark.parametrize("characters", range(6, 31))
def test_no_line_begins_or_ends_with_the_wrong_mark(characters: int, face: Typeface) -> None:
    lines = broken(SENTENCE, face, characters=characters)
    assert "".join(lines) == SENTENCE
    assert not any(line[0] in CLOSING or line[-1] in OPENING for line in lines)


@pytest.mark.parametrize("characters", range(6, 31))
def test_no_line_is_wider_than_its_measure(characters: int, face: Typeface) -> None:
    lines = break_lines([Run(SENTENCE)], face, size=10, measure=characters * 10, indent=20)
    assert lines[0].width <= characters * 10 - 20 + 1e-6
    assert all(line.width <= characters * 10 + 1e-6 for line in lines)


def test_figures_stay_whole_and_with_their_unit(face: Typeface) -> None:
    assert broken("自二〇二六年起至2027年11月23日", face, characters=10) == ["自二〇二六年起至", "2027年11月23日"]
    assert broken("最高金额为人民币¥3,858,000.50", face, characters=10) == ["最高金额为人民币", "¥3,858,000.50"]


def test_latin_words_part_at_their_blanks(face: Typeface) -> None:
    assert broken("Siemens Healthcare Products", face, characters=9) == ["Siemens", "Healthcare", "Products"]


def test_an_unbroken_code_wider_than_the_line_is_parted_anywhere(face: Typeface) -> None:
    lines = broken("X" * 100, face, characters=10)
    assert len(lines) > 5
    assert "".join(lines) == "X" * 100


def test_no_paragraph_ends_with_one_character(face: Typeface) -> None:
    assert broken("一二三四五六七八九十终。", face, characters=10) == ["一二三四五六七八九", "十终。"]


def test_a_mark_at_the_end_of_a_line_hangs(face: Typeface) -> None:
    assert broken("一二三四五六七八九，一二三", face, characters=9.5) == ["一二三四五六七八九，", "一二三"]


def test_neighbouring_marks_share_their_blank(face: Typeface) -> None:
    (line,) = break_lines([Run("（“甲”），")], face, size=10, measure=1000)
    assert line.width == pytest.approx(45)


def test_a_character_that_no_font_has_is_named(face: Typeface) -> None:
    with pytest.raises(MissingGlyph, match=r"𠮷 \(U\+20BB7\)"):
        broken("𠮷野家", face, characters=10)


def test_the_lack_of_one_line_is_shared_by_its_neighbours(face: Typeface) -> None:
    text = "债权人依照法律的规定请求保证人承担保证责任的，" * 2 + "金额为人民币元（¥3,858,000,123.00），以此为限。"
    lines = break_lines([Run(text)], face, size=10, measure=150)
    assert max(150 - line.width for line in lines[:-1]) < 30


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, characters=st.floats(11, 43), indent=st.sampled_from([0, 2]))
def test_any_text_keeps_the_rules(text: str, characters: float, indent: int) -> None:
    lines = break_lines([Run(text)], typeface(FONTS), size=10, measure=characters * 10, indent=indent * 10)
    assert "".join(map(printed, lines)).replace(" ", "") == text.replace(" ", "")
    assert not any(printed(line)[0] in CLOSING for line in lines[1:])
    assert not any(printed(line)[-1] in OPENING for line in lines[:-1])
    rooms = [(characters - indent) * 10, *[characters * 10] * (len(lines) - 1)]
    assert all(line.width <= room + 0.01 for line, room in zip(lines, rooms, strict=True))
    if len(lines) > 1 and re.search(r"[一-龥]{2}\W*$", printed(lines[-2])):
        assert len(re.sub(r"\W", "", printed(lines[-1]))) > 1


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not installed")
@settings(max_examples=25, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=3))
def test_the_text_of_the_pages_is_the_text_of_the_wording(texts: list[str]) -> None:
    shipped = (WORDINGS / "suretyship" / "2026-1.txt").read_text().splitlines()
    words = "\n".join([*shipped[:30], *(f"条款{text}完" for text in texts), *shipped[30:]])
    content = draw(Particulars(**GIVEN), parse("suretyship", "any", words), face=typeface(FONTS)).content
    extracted = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    extracted = re.sub(r"GD202600000001 · 验证码 .*", "", extracted)
    assert re.sub(r"\s", "", "".join(f"条款{text}完" for text in texts)) in re.sub(r"\s", "", extracted)
