"""Pages end where a reader would turn them."""

from __future__ import annotations

from guarantees.letter.typesetting.fonts import Typeface
from guarantees.letter.typesetting.linebreaking import break_lines
from guarantees.letter.typesetting.paragraphs import Strip, paginate, paragraph
from guarantees.letter.wording.lines import Run


def band(height: float, *, before: float = 0, keep: bool = False) -> Strip:
    return Strip(height, lambda _canvas, _top: None, before, keep)


def heights(pages: list[list[tuple[Strip, float]]]) -> list[list[float]]:
    return [[strip.height for strip, _depth in page] for page in pages]


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
