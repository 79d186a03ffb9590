"""The letter is made of plain values: import-linter knows packages of others only as a whole, so this looks within."""

from __future__ import annotations

import ast
from pathlib import Path

LETTER = Path(__file__).resolve().parents[3] / "guarantees" / "letter"


def test_of_django_it_knows_the_catalogue_alone() -> None:
    imported = {
        (path.name, node.module)
        for path in LETTER.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django")
    }
    assert imported
    assert [(name, module) for name, module in imported if not module.startswith("django.utils.")] == []
