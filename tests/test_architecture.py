"""The picture of the house in docs/architecture.md is the house: every arrow an import, every import an arrow."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: The parts that the picture shows; a module belongs to the deepest that its name begins with.
PARTS = (
    "config",
    "claims",
    "guarantees",
    "guarantees.letter",
    "protocol",
    "protocol.crypto",
    "protocol.sandbox",
    "staff",
    "staff.desk",
)


def part_of(module: str) -> str | None:
    return max((part for part in PARTS if f"{module}.".startswith(f"{part}.")), key=len, default=None)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports() -> set[tuple[str, str]]:
    found = set()
    for room in {part.partition(".")[0] for part in PARTS}:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            here = part_of(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
            for module in imported(path):
                there = part_of(module)
                if here and there and here != there:
                    found.add((here, there))
    return found


def drawn() -> set[tuple[str, str]]:
    """Both ends of each arrow; "a --> b & c" are two."""
    text = (ROOT / "docs/architecture.md").read_text()
    [picture] = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)
    arrows = re.findall(r"^\s*(\S+) --> (.+)$", picture, re.MULTILINE)
    return {(here.replace("/", "."), there.replace("/", ".")) for here, all_ in arrows for there in all_.split(" & ")}


def test_the_picture_shows_every_import_and_no_other() -> None:
    assert sorted(imports() - drawn()) == []
    assert sorted(drawn() - imports()) == []


def test_every_file_that_the_text_names_is_there() -> None:
    text = (ROOT / "docs/architecture.md").read_text().split("```")
    named = re.findall(r"`([a-z_]+/[A-Za-z_/.-]+)`", "".join(text[::2]))
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []
