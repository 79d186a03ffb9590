"""Charts: what is marked, where it lies, what of it is told without colour and without eyes."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from staff.desk.reports.charts.axis import axis, value_text
from staff.desk.reports.charts.layout import CARD, TOP, WHOLE, Size, extent, layout, ticks
from staff.desk.reports.charts.svg import svg
from staff.desk.reports.charts.text_width import width_of
from staff.desk.reports.table import Cell, Chart, Series, Shape

#: One value in a lot of ways.
NUMBERS = [Decimal(one) for one in ("0.03", "1", "7", "99.99", "12345", "99999999", "100000000.01", "1e13")]


def chart(shape: Shape, *series: list[Decimal | int | None], cell: Cell = Cell.MONEY, name: str = "p") -> Chart:
    points = [f"{name}{place}" for place in range(len(series[0]))] if series else []
    return Chart("Sums", shape, points, [Series(f"s{place}", one) for place, one in enumerate(series)], cell)


@pytest.mark.parametrize("least", [Decimal(0), *(-one for one in NUMBERS)])
@pytest.mark.parametrize("most", [Decimal(0), *NUMBERS])
def test_ticks_are_few_and_round_and_hold_every_value(least: Decimal, most: Decimal) -> None:
    marked = ticks(least, most)
    assert marked[0] <= least
    assert marked[-1] >= most
    assert Decimal(0) in marked
    assert 2 <= len(marked) <= 8
    steps = {after - before for before, after in pairwise(marked)}
    assert len(steps) == 1
    assert steps.pop().normalize().as_tuple().digits in ((1,), (2,), (5,))


def test_what_is_counted_has_no_halves() -> None:
    assert ticks(Decimal(0), Decimal(2), Cell.COUNT) == [0, 1, 2]
    assert ticks(Decimal(0), Decimal(1), Cell.COUNT) == [0, 1]


def test_values_are_said_in_the_units_of_the_trade() -> None:
    assert [text for _value, text in axis(chart(Shape.BARS, [Decimal(9_000_000)]))][:2] == ["0", "200 ten thousand"]
    assert value_text(Decimal("153000000"), Cell.MONEY) == "1.53 hundred million"
    assert value_text(Decimal("33349999.99"), Cell.MONEY) == "3,335 ten thousand"
    assert value_text(Decimal("-12.5"), Cell.MONEY) == "-13"
    assert value_text(Decimal("0.8333333"), Cell.SHARE) == "83.33 %"
    assert value_text(9999, Cell.COUNT) == "9,999"


@pytest.mark.parametrize("size", [WHOLE, CARD, Size(720, 170)])
@pytest.mark.parametrize("shape", list(Shape))
def test_everything_lies_within_the_drawing(shape: Shape, size: Size) -> None:
    values: list[Decimal | int | None] = [Decimal(100), None, Decimal(0), Decimal(-40), Decimal(7)]
    long = "内蒙古青城建设集团有限责任公司呼和浩特第二分公司"
    for many in ([values], [values] * 7):
        for name in ("p", long):
            drawn = chart(shape, *many, name=name)
            placed = layout(drawn, [str(one) for one in drawn.points], axis(drawn), size)
            for bar in placed.bars:
                assert 0 <= bar.left <= bar.left + bar.width <= placed.width
                assert 0 <= bar.top <= bar.top + bar.height <= placed.height
                assert bar.width >= 0
            for line in placed.lines:
                assert all(0 <= x <= placed.width and 0 <= y <= placed.height for one in line.pieces for x, y in one)
            for key in placed.keys:
                assert key.left + 20 + width_of(key.text) * 6.2 <= placed.width + 1
                assert key.top < placed.height - 40
            for label in placed.labels:
                half = width_of(label.text) * 6.2 / (2 if label.anchor == "middle" else 1)
                assert label.left - half >= -1


def test_bars_are_as_long_as_their_values() -> None:
    drawn = chart(Shape.RANKED, [Decimal(30), Decimal(15), Decimal(-15)])
    placed = layout(drawn, ["a", "b", "c"], axis(drawn))
    whole, half, negative = placed.bars
    assert whole.width == pytest.approx(2 * half.width)
    assert whole.left == half.left == placed.zero
    assert negative.left + negative.width == pytest.approx(placed.zero)
    upright = layout(one := chart(Shape.BARS, [Decimal(10), Decimal(-5)]), ["a", "b"], axis(one))
    assert upright.bars[0].height == pytest.approx(2 * upright.bars[1].height)
    assert upright.bars[0].top + upright.bars[0].height == pytest.approx(upright.bars[1].top) == upright.zero


def test_stacks_are_added_up_on_both_sides_of_zero() -> None:
    drawn = chart(Shape.STACKED, [5, -1], [3, 4], [-2, 0])
    assert extent(drawn) == (-2, 8)
    placed = layout(drawn, ["a", "b"], axis(drawn))
    first, second, third = [bar for bar in placed.bars if bar.point == 0]
    assert second.top + second.height == pytest.approx(first.top)
    assert third.top == pytest.approx(placed.zero)
    assert min(bar.top for bar in placed.bars) >= TOP


def test_a_line_breaks_where_there_is_nothing() -> None:
    drawn = chart(Shape.LINE, [1, None, 2, 3])
    (line,) = layout(drawn, ["a", "b", "c", "d"], axis(drawn)).lines
    assert [len(piece) for piece in line.pieces] == [1, 2]


@pytest.mark.parametrize("shape", list(Shape))
@pytest.mark.parametrize("number", [1, 2, 5, 7])
def test_it_is_drawn_without_script_style_or_colour_alone(shape: Shape, number: int) -> None:
    series: list[list[Decimal | int | None]] = [[Decimal(one + 1), None] for one in range(number)]
    drawn = svg(chart(shape, *series), ident="x")
    root = ElementTree.fromstring(drawn)  # noqa: S314 (our own)
    assert (root.get("role"), root[0].tag, root[1].tag) == ("img", "title", "desc")
    assert not re.search(r"<script|style=|\son\w+=|#[0-9a-f]{3,6}\b", drawn)
    if shape in (Shape.BARS, Shape.STACKED):
        looks = {
            one.get("class", "") + one.get("fill", "") for one in root.iter("rect") if one.find("title") is not None
        }
        assert len(looks) == min(number, 5)
        for look in looks - {"look-0"}:
            assert re.fullmatch(r"url\(#x-hatch-[1-4]\)", look)  # no style sheet draws over it
            assert f'id="{look[5:-1]}"' in drawn
    if shape is Shape.LINE:
        signs = {re.sub(r"[\d.]+", "", str(one.attrib)) for one in root.iter() if "point" in one.get("class", "")}
        assert len(signs) >= min(number, 4)


def test_hostile_names_are_text() -> None:
    hostile = '<script>"&'
    drawn = svg(Chart(hostile, Shape.BARS, [hostile], [Series(hostile, [1]), Series(hostile, [2])]))
    assert "<script" not in drawn
    ElementTree.fromstring(drawn)  # noqa: S314 (our own)


def test_where_there_is_nothing_nothing_is_drawn() -> None:
    assert svg(chart(Shape.BARS)) == svg(chart(Shape.BARS, [])) == svg(chart(Shape.LINE, [None, 0])) == ""


def test_without_a_table_beside_it_it_tells_its_values() -> None:
    drawn = chart(Shape.LINE, [Decimal("1234.5"), None])
    assert "s0: p0 1,234.50, p1 —" in svg(drawn, beside_table=False)
    assert "1,234.50" not in svg(drawn)


def test_months_are_left_out_and_names_are_cut() -> None:
    many = chart(Shape.BARS, list(range(1, 61)))
    shown = layout(
        many, [f"20{year}-{month:02d}" for year in range(21, 26) for month in range(1, 13)], axis(many)
    ).labels
    assert shown[-1].text == "2025-12"
    assert 5 < len(shown) < 20
    names = chart(Shape.BARS, [1] * 8)
    cut = layout(names, ["合同要素与中标通知书不一致"] * 8, axis(names)).labels
    assert len(cut) == 8
    assert all(one.text.endswith("…") for one in cut)


def test_values_stand_over_bars_where_they_have_room() -> None:
    year = chart(Shape.BARS, [Decimal(12_345_678 + one) for one in range(12)])
    assert svg(year, size=WHOLE).count('class="value"') == 0  # "1,235 ten thousand" is as wide as two bars
    few = chart(Shape.BARS, [Decimal(1_200), None, Decimal(-7)])
    assert svg(few, size=CARD).count('class="value"') == 2
    assert svg(chart(Shape.BARS, [Decimal(123_456)] * 12), size=CARD).count('class="value"') == 0
