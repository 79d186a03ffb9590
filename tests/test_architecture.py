"""The pictures in docs/architecture.md are the house: every arrow an import, every import an arrow or a way of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
#: What the picture of the whole house shows.
HOUSE = (
    "config",
    "claims",
    "guarantees",
    "guarantees/letter",
    "protocol",
    "protocol/crypto",
    "protocol/sandbox",
    "staff",
    "staff/desk",
)
ROOMS = ("guarantees", "protocol", "staff", "claims")
#: Of a picture of one room, the folders that are drawn as the parts that they have.
PARTED = ("guarantees/letter",)
#: What stands beside a room and is no part of its order.
APART = ("apps", "management", "migrations")

Arrows = set[tuple[str, str]]


def inside(room: str) -> list[str]:
    """The files and folders of a room, as its picture names them: `guarantees/audit`, `guarantees/letter/wording`."""
    found = []
    for path in sorted((ROOT / room).iterdir()):
        name = f"{room}/{path.stem}"
        if (
            path.stem in APART
            or not (path.suffix == ".py" or (path / "__init__.py").exists())
            or path.stem == "__init__"
        ):
            continue
        found += inside(name) if name in PARTED else [name]
    return found


def part_of(module: str, parts: tuple[str, ...]) -> str | None:
    """The deepest part that a module's dotted name begins with."""
    path = module.replace(".", "/")
    return max((part for part in parts if f"{path}/".startswith(f"{part}/")), key=len, default=None)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports(parts: tuple[str, ...]) -> Arrows:
    found = set()
    for room in {part.partition("/")[0] for part in parts}:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            here = part_of(str(path.relative_to(ROOT).with_suffix("")).removesuffix("/__init__"), parts)
            for module in imported(path):
                there = part_of(module, parts)
                if here and there and here != there:
                    found.add((here, there))
    return found


def without_detours(arrows: Arrows) -> Arrows:
    """The arrows that no way of other arrows makes superfluous; of imports without a circle this is one answer."""
    return {(here, there) for here, there in arrows if there not in reached(here, arrows - {(here, there)})}


def reached(start: str, arrows: Arrows) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for there in {there for origin, there in arrows if origin == here} - found:
            found.add(there)
            waiting.append(there)
    return found


def drawn(heading: str, prefix: str = "") -> Arrows:
    """Both ends of each arrow of the picture after a heading; "a --> b & c" are two."""
    picture = TEXT.split(f"# {heading}\n")[1].split("```mermaid\n")[1].split("```")[0]
    arrows = re.findall(r"^\s*(\S+) --> (.+)$", picture, re.MULTILINE)
    return {(prefix + here, prefix + there) for here, all_ in arrows for there in all_.split(" & ")}


def as_lines(arrows: Arrows, prefix: str = "") -> str:
    """As a picture writes them, so that a wrong one can be put right by copying."""
    ends: dict[str, list[str]] = {}
    for here, there in sorted(arrows):
        ends.setdefault(here.removeprefix(prefix), []).append(there.removeprefix(prefix))
    return "\n".join(f"    {here} --> {' & '.join(there)}" for here, there in ends.items())


def test_the_picture_of_the_house_shows_every_import() -> None:
    arrows = imports(HOUSE)
    assert drawn("The house") == arrows, as_lines(arrows)


@pytest.mark.parametrize("room", ROOMS)
def test_the_picture_of_a_room_shows_what_imports_what(room: str) -> None:
    """What reaches a part by way of others has no arrow of its own to it, or nobody could read the picture."""
    arrows = imports(tuple(inside(room)))
    assert [part for part in inside(room) if part in reached(part, arrows)] == [], "they import one another in a circle"
    needed = without_detours(arrows)
    assert drawn(f"`{room}/`", f"{room}/") == needed, as_lines(needed, f"{room}/")


def test_every_part_of_the_pictures_is_told() -> None:
    rooms = [part for part in (*HOUSE, *(part for room in ROOMS for part in inside(room))) if (ROOT / part).is_dir()]
    assert [room for room in rooms if f"`{room}/`" not in TEXT] == []
