"""The Chinese catalogue says everything that the code and the pages say, and says it whole."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES"
ROOMS = ("config", "claims", "guarantees", "protocol", "staff")
PYTHON = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
TAG = re.compile(r"""{%\s*trans(?:late)?\s+(?:"([^"]+)"|'([^']+)')""")
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b([^%]*)%}(.*?){%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def entries() -> dict[str, polib.POEntry]:
    return {entry.msgid: entry for entry in polib.pofile(str(CATALOGUE / "django.po"))}


def in_python() -> Iterator[str]:
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FUNCTIONS and node.args:
                text = node.args[0]
                if isinstance(text, ast.Constant):
                    yield str(text.value)


def in_templates() -> Iterator[str]:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        yield from (double or single for double, single in TAG.findall(text))
        for options, block in BLOCK.findall(text):
            message = re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", block)
            yield " ".join(message.split()) if "trimmed" in options else message


def test_everything_is_translated(entries: dict[str, polib.POEntry]) -> None:
    texts = {*in_python(), *in_templates()}
    assert len(texts) > 500
    assert sorted(texts - entries.keys()) == []
    assert [entry.msgid for entry in entries.values() if not entry.translated() or entry.fuzzy] == []


def test_nothing_is_translated_that_is_not_said(entries: dict[str, polib.POEntry]) -> None:
    assert sorted(entries.keys() - {*in_python(), *in_templates()}) == []


def test_the_compiled_catalogue_says_the_same() -> None:
    written, compiled = polib.pofile(str(CATALOGUE / "django.po")), polib.mofile(str(CATALOGUE / "django.mo"))
    assert said(compiled) == said(written)


def said(catalogue: Iterable[polib.POEntry]) -> dict[tuple[str | None, str], object]:
    """One text may be said otherwise in another context."""
    return {(entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in catalogue}


def test_placeholders_agree(entries: dict[str, polib.POEntry]) -> None:
    for entry in entries.values():
        for text in [entry.msgstr] if entry.msgstr else entry.msgstr_plural.values():
            assert sorted(PLACEHOLDER.findall(entry.msgid)) == sorted(PLACEHOLDER.findall(text)), entry.msgid


def test_punctuation_is_chinese(entries: dict[str, polib.POEntry]) -> None:
    wrong = [entry.msgstr for entry in entries.values() if re.search(r"[\u4e00-\u9fff][,;:?!](?!\w)", entry.msgstr)]
    assert wrong == []
