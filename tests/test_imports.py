"""No module imports itself by way of others, and none hides that by importing inside a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("config", "claims", "guarantees", "protocol", "staff")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for room in ROOMS
    for path in (ROOT / room).rglob("*.py")
    if "migrations" not in path.parts
}


def imported(node: ast.AST) -> Iterator[str]:
    """The modules of ours that an import statement takes something from."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in MODULES)
    elif isinstance(node, ast.ImportFrom) and node.module:
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            if whole in MODULES:
                yield whole
            elif node.module in MODULES:
                yield node.module


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """What runs when a module is imported; what only a type checker reads does not."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If) and "TYPE_CHECKING" not in ast.unparse(statement.test):
            yield from statements([*statement.body, *statement.orelse])
        if isinstance(statement, ast.Try | ast.With):
            yield from statements(statement.body)


def test_no_import_goes_in_a_circle() -> None:
    graph = {
        name: {module for one in statements(ast.parse(path.read_text()).body) for module in imported(one)} - {name}
        for name, path in MODULES.items()
    }
    assert sum(map(len, graph.values())) > 1000
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" → ".join(error.args[1])) from None


def test_no_import_hides_in_a_function() -> None:
    """Except where Django is not set up yet when the module is read: `config` starts it."""
    hidden = [
        f"{name}:{node.lineno} {module}"
        for name, path in MODULES.items()
        if not name.startswith("config.")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        for module in imported(node)
    ]
    assert hidden == []
