"""What the whole house promises: pictures that cannot lie, states that change by transitions alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django_fsm import FSMField

from config.duty_matrix import matrix
from config.states import drawing, machines

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("config", "claims", "guarantees", "protocol", "staff")
#: What people write by hand. Catalogues, lists of versions and the specification as data are lists, not texts.
WRITTEN = [
    path
    for pattern in ("*.py", "*/**/*.py", "static/**/*.css", "static/**/*.js", "templates/**/*.html")
    for path in ROOT.glob(pattern)
    if not {"migrations", ".venv"} & set(path.relative_to(ROOT).parts)
]
MOST_LINES = 500
#: SQL that writes rows: the table, and what it sets.
WRITING = re.compile(r"\bUPDATE\s+(\w+)\s+SET\s+(.*?)(?:\bWHERE\b|\Z)", re.IGNORECASE | re.DOTALL)
SETTING_STATE = re.compile(r"(?:^|,)\s*\"?state\"?\s*=", re.IGNORECASE)


def test_the_pictures_of_the_states_are_current() -> None:
    assert (ROOT / "docs/states.md").read_text() == drawing()


def test_the_table_of_duties_is_current() -> None:
    """`python manage.py draw_duties` writes it."""
    assert (ROOT / "docs/duties.md").read_text() == matrix()


@pytest.mark.parametrize("model", [model for model, _field in machines()])
def test_every_state_column_has_its_constraint(model: type[models.Model]) -> None:
    constraints = " ".join(str(constraint) for constraint in model._meta.constraints)
    assert "state__in" in constraints


def with_state() -> list[tuple[type[models.Model], models.Field[Any, Any]]]:
    """Every model of ours with a column of that name."""
    return [
        (model, field)
        for model in apps.get_models()
        if model.__module__.startswith(ROOMS) and not model._meta.proxy
        for field in model._meta.fields
        if field.name == "state"
    ]


def test_what_is_called_a_state_is_a_state_machine_or_says_why_not() -> None:
    assert len(with_state()) > 8
    for model, field in with_state():
        if not isinstance(field, FSMField):
            assert "no state machine" in (model.__doc__ or ""), model


def setting_state(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The lines of a module that write a column `state` past the transitions, and how."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named = {keyword.arg for keyword in node.keywords}
            texts = {one.value for one in ast.walk(node) if isinstance(one, ast.Constant)}
            if node.func.attr in ("update", "aupdate", "update_or_create"):
                keys = {
                    key.value
                    for one in ast.walk(node)
                    if isinstance(one, ast.Dict)
                    for key in one.keys
                    if isinstance(key, ast.Constant)
                }
                if "state" in named | keys:
                    yield node.lineno, node.func.attr
            elif node.func.attr == "bulk_update" and "state" in texts:
                yield node.lineno, "bulk_update"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for table, what in WRITING.findall(node.value):
                if SETTING_STATE.search(what) and table not in WITHOUT_MACHINE:
                    yield node.lineno, f"UPDATE {table}"


WITHOUT_MACHINE = {model._meta.db_table for model, field in with_state() if not isinstance(field, FSMField)}


def test_no_state_is_set_but_by_a_transition() -> None:
    """Going round a transition is going round the trail and the message to the platform."""
    assert list(setting_state(ast.parse("Case.objects.filter(pk=1).update(state='x')"))) == [(1, "update")]
    assert list(setting_state(ast.parse("execute('UPDATE claims_demand SET paid = 1, state = %s WHERE id = 1')")))
    found = [
        f"{path.relative_to(ROOT)}:{line} {how}"
        for path in WRITTEN
        if path.suffix == ".py" and path != Path(__file__)
        for line, how in setting_state(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_every_state_field_is_protected() -> None:
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, FSMField):
                assert field.protected, model


def test_files_stay_readable() -> None:
    assert len(WRITTEN) > 500
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in WRITTEN}
    assert {path: length for path, length in lines.items() if length > MOST_LINES} == {}


MIGRATIONS = [path for room in ROOMS for path in (ROOT / room).rglob("migrations/*.py")]


def test_a_migration_of_rows_keeps_to_the_database_that_is_migrated() -> None:
    moving = [path for path in MIGRATIONS if "RunPython" in path.read_text()]
    assert len(moving) > 3
    assert [path.name for path in moving if "schema_editor.connection.alias" not in path.read_text()] == []
