"""大写, by 正确填写票据和结算凭证的基本规定: its own examples first."""

from __future__ import annotations

from decimal import Decimal

import pytest

from guarantees.letter.amount import in_figures, in_words


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
        ("1000000000000", "人民币壹万亿元整"),
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


@pytest.mark.parametrize("figure", ["-0.01", "0.001", "10000000000000000", "NaN", "Infinity"])
def test_what_is_no_sum_of_money_is_refused(figure: str) -> None:
    with pytest.raises(ValueError, match="is no sum of money"):
        in_words(Decimal(figure))


def test_in_figures() -> None:
    assert in_figures(Decimal("1234567.8")) == "¥1,234,567.80"
