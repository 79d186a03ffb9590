"""One text in two writings is one text; two texts stay two (decisions F8)."""

from __future__ import annotations

import pytest

from protocol.folding import same_name, same_number


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("青城建设（集团）有限公司", "青城建设(集团)有限公司"),
        ("青城建设〔集团〕有限公司", " 青城建设【集团】有限公司　"),
        ("ＡＢＣ科技", "abc科技"),
    ],
)
def test_a_name_in_two_writings(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("青城建设有限公司", "青城建设集团有限公司"), ("青城 建设", "青城建设"), ("A-B", "AB")],
)
def test_two_names(one: str, other: str) -> None:
    assert not same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("6228480000001234568", "6228 4800 0000 1234 568"),
        ("6228480000001234568", "6228-4800—0000–1234－568"),
        ("91150100ma0n2t4x5f", "91150100MA0N2T4X5F"),
        ("13904710001", "+86 139 0471 0001"),
        ("13904710001", "＋８６１３９０４７１０００１"),
        ("BH20261124000001", "bh2026 1124 000001\u200b"),
    ],
)
def test_a_number_in_two_writings(one: str, other: str) -> None:
    assert same_number(one, other)


@pytest.mark.parametrize(("one", "other"), [("00123", "123"), ("8613904710001", "13904710001"), ("12/3", "123")])
def test_two_numbers(one: str, other: str) -> None:
    assert not same_number(one, other)
