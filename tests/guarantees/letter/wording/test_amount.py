"""大写, by 正确填写票据和结算凭证的基本规定: its own examples first."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guarantees.letter.wording.amount import in_figures, in_words


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ("1409.50", "人民币壹仟肆佰零玖元伍角整"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("1680.32", "人民币壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "人民币壹拾万柒仟元零伍角叁分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
    ],
)
def test_the_rules_own_examples(figure: str, words: str) -> None:
    assert in_words(Decimal(figure)) == words


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ("0", "人民币零元整"),
        ("0.05", "人民币伍分"),
        ("0.50", "人民币伍角整"),
        ("0.55", "人民币伍角伍分"),
        ("1", "人民币壹元整"),
        ("10", "人民币壹拾元整"),
        ("10.10", "人民币壹拾元零壹角整"),
        ("11.10", "人民币壹拾壹元壹角整"),
        ("100000", "人民币壹拾万元整"),
        ("1001000", "人民币壹佰万壹仟元整"),
        ("1000100", "人民币壹佰万零壹佰元整"),
        ("10050000", "人民币壹仟零伍万元整"),
        ("20000000.01", "人民币贰仟万元零壹分"),
        ("100000000", "人民币壹亿元整"),
        ("100010000.05", "人民币壹亿零壹万元零伍分"),
        ("1000007000", "人民币壹拾亿零柒仟元整"),
        ("1050000000", "人民币壹拾亿零伍仟万元整"),
        ("1005000000", "人民币壹拾亿零伍佰万元整"),
        ("150000000", "人民币壹亿伍仟万元整"),
        ("10000.50", "人民币壹万元零伍角整"),
        ("30005000.06", "人民币叁仟万伍仟元零陆分"),
        ("80008008.80", "人民币捌仟万捌仟零捌元捌角整"),
        ("1000000000000", "人民币壹万亿元整"),
        ("1050000000000000", "人民币壹仟零伍拾万亿元整"),
        ("105000000000000", "人民币壹佰零伍万亿元整"),
        ("1000500000000000", "人民币壹仟万伍仟亿元整"),
        ("10000100000000", "人民币壹拾万零壹亿元整"),
        ("1000000000001", "人民币壹万亿零壹元整"),
        (
            "1234567890123456.78",
            "人民币壹仟贰佰叁拾肆万伍仟陆佰柒拾捌亿玖仟零壹拾贰万叁仟肆佰伍拾陆元柒角捌分",
        ),
    ],
)
def test_zeros_and_large_sums(figure: str, words: str) -> None:
    assert in_words(Decimal(figure)) == words


def read(words: str) -> Decimal:
    """The sum that the words say, read as a person does: each unit says what stands before it counts for."""
    total = Decimal(0)
    yuan, unit, rest = words.removeprefix("人民币").removesuffix("整").rpartition("元")
    for figure, place in re.findall(r"零?([壹贰叁肆伍陆柒捌玖])([角分])", rest):
        total += VALUES[figure] * Decimal({"角": "0.1", "分": "0.01"}[place])
    return total + (whole(yuan) if unit else 0)


def whole(words: str) -> int:
    for unit, counts in (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10)):
        before, found, after = words.rpartition(unit) if unit == "亿" else words.partition(unit)
        if found:
            return whole(before) * counts + whole(after)
    return VALUES[words.lstrip("零")] if words.strip("零") else 0


VALUES = {figure: value for value, figure in enumerate("零壹贰叁肆伍陆柒捌玖")}
SUMS = st.one_of(
    st.integers(0, 10**18 - 1),
    st.text("0015", min_size=1, max_size=18).map(int),  # many zeros
).map(lambda fen: Decimal(fen) / 100)


@given(SUMS)
def test_the_words_say_the_figure(amount: Decimal) -> None:
    assert read(in_words(amount)) == amount


@given(SUMS)
@example(Decimal("1000000007010.30"))
def test_the_words_keep_the_rules_for_every_sum(amount: Decimal) -> None:
    words = in_words(amount)
    assert words.startswith("人民币")
    assert words.endswith(("分", "整"))
    assert not re.search(r"零零|零[万亿拾佰仟角整]|亿万|分整|^人民币[拾佰仟元]", words)
    assert "零元" not in words or amount == 0
    yuan, fen = f"{amount:.2f}".split(".")
    if fen[0] == "0" != fen[1] and int(yuan):
        assert "元零" in words
    # One 零 for each run of zeros within, but for one that ends with 万 where 万 is said.
    after = [run.end() for run in re.finditer("0+(?=[1-9])", yuan)]
    needed = [end for end in after if (len(yuan) - end) % 8 != 4 or not yuan[max(0, end - 4) : end].strip("0")]
    assert amount == 0 or words.rpartition("元")[0].count("零") == len(needed)


@pytest.mark.parametrize("figure", ["-0.01", "0.001", "10000000000000000", "NaN", "Infinity"])
def test_what_is_no_sum_of_money_is_refused(figure: str) -> None:
    with pytest.raises(ValueError, match="is no sum of money"):
        in_words(Decimal(figure))


def test_in_figures() -> None:
    assert in_figures(Decimal("1234567.8")) == "¥1,234,567.80"
