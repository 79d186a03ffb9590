"""Lines end where the script's rules allow, and pages where a reader would turn them."""

from __future__ import annotations

import pytest

from guarantees.letter.fonts import MissingGlyph, Typeface
from guarantees.letter.lines import Run
from guarantees.letter.typesetting import CLOSING, OPENING, Strip, break_lines, paginate, paragraph

SENTENCE = "我方（以下称“保证人”）依照《中华人民共和国民法典》第七百零一条，可以主张供应商的抗辩；供应商放弃的，亦同。"


def broken(text: str, face: Typeface, *, characters: float, indent: float = 0) -> list[str]:
    lines = break_lines([Run(text)], face, size=10, measure=characters * 10, indent=indent * 10)
    return ["".join(glyph.character for glyph in line.glyphs) for line in lines]


def band(height: float, *, before: float = 0, keep: bool = False) -> Strip:
    return Strip(height, lambda _canvas, _top: None, before, keep)


def heights(pages: list[list[tuple[Strip, float]]]) -> list[list[float]]:
    return [[strip.height for strip, _depth in page] for page in pages]


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


def test_bands_that_belong_together_go_to_the_next_page_together() -> None:
    assert heights(paginate([band(60), band(20, keep=True), band(30)], 100)) == [[60], [20, 30]]


def test_what_is_taller_than_a_page_is_parted_after_all() -> None:
    assert heights(paginate([band(60, keep=True), band(50, keep=True), band(40)], 100)) == [[60], [50, 40]]


def test_the_space_before_a_band_is_dropped_at_a_pages_head() -> None:
    _first, second = paginate([band(90), band(50, before=20), band(20, before=20)], 100)
    assert [depth for _strip, depth in second] == [0, 70]


def test_at_least_two_lines_of_a_paragraph_stand_together(face: Typeface) -> None:
    lines = break_lines([Run("字" * 50)], face, size=10, measure=100)
    strips = paragraph(lines, 0, size=10, leading=20, measure=100)
    assert [strip.keep for strip in strips] == [True, False, False, True, False]
    assert heights(paginate([band(10), *strips], 90)) == [[10, 20, 20, 20], [20, 20]]
