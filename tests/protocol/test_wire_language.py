"""What the platform is told is English in the code and the catalogue's Chinese on the wire, in any desk's language."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from guarantees.inbound import Answered
from guarantees.notifications import Notice
from protocol.details import Detail, FieldDetail
from protocol.errors import InvalidFields, Problem
from protocol.prep.transcodes import TABLES
from protocol.tables import read
from protocol.wire_language import WireText

ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[\u4e00-\u9fff]")
TEXTS = [text for enumeration in (Detail, FieldDetail, Answered, Notice) for text in enumeration]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize("text", TEXTS, ids=str)
def test_every_text_is_english_in_the_code_and_chinese_on_the_wire(text: WireText) -> None:
    particulars = {name: name.upper() for name in PLACEHOLDER.findall(text.value)}
    sent = text.on_the_wire(**particulars)
    assert not CHINESE.search(text.value)
    assert sent != text.value % particulars
    assert all(value in sent for value in particulars.values())
    assert "%(" not in sent


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_wire_speaks_chinese_whatever_the_desk_speaks(language: str) -> None:
    with translation.override(language), pytest.raises(InvalidFields) as refusal:
        read(TABLES["PREP103"], {})
    assert refusal.value.message == "数据接收失败, 请求参数校验未通过: applicationId 必填"


def test_what_does_not_fit_is_counted_in_chinese() -> None:
    refusal = InvalidFields([Problem(f"field{number}", FieldDetail.REQUIRED.on_the_wire()) for number in range(40)])
    assert len(refusal.message) <= 200
    assert refusal.message.endswith("; 共40个字段有误")


#: The specification's own: the texts of its codes; of each family its fields' labels, and the values of one field.
DATA = re.compile(r"protocol/(errors|\w+/(transcodes|codes))\.py")


@pytest.mark.parametrize("path", ["protocol", "guarantees/inbound.py", "guarantees/notifications.py", "claims"])
def test_no_chinese_stands_in_what_speaks_to_the_platform(path: str) -> None:
    files = [ROOT / path] if path.endswith(".py") else (ROOT / path).rglob("*.py")
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.value}"
        for file in files
        if "sandbox" not in file.parts and not DATA.fullmatch(str(file.relative_to(ROOT)))
        for node in texts_in(file)
        if CHINESE.search(node.value)
    ]
    assert found == []


def texts_in(file: Path) -> list[ast.Constant]:
    """Every string of a file but its docstrings."""
    tree = ast.parse(file.read_text())
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node for node in strings if id(node) not in docstrings]
