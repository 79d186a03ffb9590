"""The documents: what they name is there, and the Chinese ones say what the English ones do.

Whoever changes a document that has a Chinese sister is told here, section by section, what the other lacks: a heading,
a command, a setting, a figure, a line of a list or table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import polib
import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[1]
CHINESE = ROOT / "docs/zh"
#: Each Chinese document and the English one that it follows.
PAIRS = [
    (ROOT / ("README.md" if path.name == "README.md" else f"docs/{path.name}"), path) for path in CHINESE.glob("*.md")
]
FOLDERS = (".", "docs", "docs/zh", "templates/letter", "static/fonts")
DOCUMENTS = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.md"))]
OPERATORS = [path for pair in PAIRS for path in pair]

CODE_BLOCK = re.compile(r"^```[^`]*^```$|(?:^ {4,}\S.*\n?)+", re.MULTILINE)
IN_CODE = re.compile(r"`([^`]+)`")
SETTING = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b")


@dataclass(frozen=True)
class Section:
    """From one heading to the next: what a translation has in common with its original."""

    heading: str
    text: str

    @property
    def level(self) -> int:
        return len(self.heading) - len(self.heading.lstrip("#"))

    @property
    def prose(self) -> str:
        return CODE_BLOCK.sub("", self.text)

    def commands(self) -> list[str]:
        """The code blocks, without the remarks behind a command."""
        return [re.sub(r"[ ]+# .*", "", block) for block in CODE_BLOCK.findall(self.text)]

    def in_code(self) -> set[str]:
        return {" ".join(code.split()) for code in IN_CODE.findall(self.prose)}

    def settings(self) -> set[str]:
        return set(SETTING.findall(self.text))

    def figures(self) -> set[str]:
        """The numbers in the prose, in digits; years' and items' too, but not the ordinals of a list."""
        text = re.sub(r"^\d+\. ", "", IN_CODE.sub("", self.prose), flags=re.MULTILINE)
        return set(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d{3})", "", text)))

    def shape(self) -> dict[str, int]:
        lines = self.text.splitlines()
        starts = {"items": "- ", "rows": "|"}
        counted = {name: sum(line.startswith(start) for line in lines) for name, start in starts.items()}
        return counted | {"steps": sum(bool(re.match(r"\d+\. ", line)) for line in lines)}


def sections(path: Path) -> list[Section]:
    parts = re.split(r"^(#+ .*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [Section(heading, text) for heading, text in zip(parts[1::2], parts[2::2], strict=True)]


SIDE_BY_SIDE = [
    pytest.param(one, other, id=f"{english.name} {one.heading.strip('# ')}")
    for english, chinese in PAIRS
    for one, other in zip(sections(english), sections(chinese), strict=False)
]


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=lambda path: str(path.relative_to(ROOT)))
def test_both_languages_have_the_same_headings(english: Path, chinese: Path) -> None:
    assert [section.level for section in sections(chinese)] == [section.level for section in sections(english)]


@pytest.mark.parametrize(("english", "chinese"), SIDE_BY_SIDE)
def test_both_languages_say_the_same(english: Section, chinese: Section) -> None:
    assert chinese.commands() == english.commands()
    assert chinese.in_code() == english.in_code()
    assert chinese.settings() == english.settings()
    assert chinese.figures() == english.figures()
    assert chinese.shape() == english.shape()


@pytest.mark.parametrize("path", sorted(CHINESE.glob("*.md")), ids=lambda path: path.name)
def test_what_a_chinese_document_calls_a_word_of_the_screens_is_one(path: Path) -> None:
    """【…】 is what stands on the desk, to the letter."""
    words = {entry.msgstr for entry in polib.pofile(str(ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"))}
    assert [word for word in re.findall(r"【(.+?)】", path.read_text(encoding="utf-8")) if word not in words] == []


def anchors(path: Path) -> set[str]:
    """As GitHub and its like make them of headings."""
    return {
        re.sub(r"[^\w\- ]", "", section.heading.strip("# ")).lower().replace(" ", "-") for section in sections(path)
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", CODE_BLOCK.sub("", path.read_text(encoding="utf-8"))):
        if target.startswith(("https://", "http://")):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_named_is_there(path: Path) -> None:
    rooms = r"(?:config|claims|guarantees|protocol|staff|templates|static|locale|tests|docs)"
    named = {
        code for section in sections(path) for code in section.in_code() if re.fullmatch(rf"{rooms}/[\w./-]*", code)
    }
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_document_is_found_from_the_readme() -> None:
    def linked(readme: Path) -> set[Path]:
        return {
            (readme.parent / target).resolve() for target in re.findall(r"\]\(([\w./-]+\.md)\)", readme.read_text())
        }

    assert set((ROOT / "docs").glob("*.md")) | {CHINESE / "README.md"} <= linked(ROOT / "README.md")
    assert set(CHINESE.glob("*.md")) - {CHINESE / "README.md"} <= linked(CHINESE / "README.md")


@pytest.mark.parametrize("path", [ROOT / "docs/settings.md", CHINESE / "settings.md"], ids=["English", "Chinese"])
def test_the_settings_are_those_that_are_read(path: Path) -> None:
    rows = [line.split("|")[1] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("|")][2:]
    listed = [name.strip() for row in rows for name in row.split(",")]
    read = re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', (ROOT / "config/settings.py").read_text())
    assert sorted(listed) == sorted({*read, "SECRET_KEY", "KEY_ENCRYPTION_KEY"})


@pytest.mark.parametrize("path", OPERATORS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_is_there_with_its_options(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    for name, rest in re.findall(r"manage\.py ([a-z_]+)([^`\n]*)", text):
        if not re.match(r"[^\x00-\x7f]", rest.strip()):
            parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
            assert set(re.findall(r"(?<= )--[a-z-]+", rest)) <= set(parser._option_string_actions), (name, rest)
    for module in re.findall(r"python3? -m ([a-z_]+\.[a-z_.]+)", text):
        assert (ROOT / module.replace(".", "/")).with_suffix(".py").exists(), module


@pytest.mark.parametrize("path", [ROOT / "docs/connecting.md", CHINESE / "connecting.md"], ids=["English", "Chinese"])
def test_every_option_of_a_connection_is_there(path: Path) -> None:
    parser = load_command_class("protocol", "connect_platform").create_parser("manage.py", "connect_platform")
    named = {code.split()[0] for section in sections(path) for code in section.in_code() if code.startswith("--")}
    assert len(named) > 8
    assert named <= set(parser._option_string_actions)
