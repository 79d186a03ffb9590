"""What the whole house promises: pictures that cannot lie, states that change by transitions alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django_fsm import FSMField

from config.states import drawing, machines

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("config", "claims", "guarantees", "protocol", "staff")
SOURCES = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]


def test_the_pictures_of_the_states_are_current() -> None:
    assert (ROOT / "docs/states.md").read_text() == drawing()


@pytest.mark.parametrize("model", [model for model, _field in machines()])
def test_every_state_column_has_its_constraint(model: type[models.Model]) -> None:
    told = " ".join(str(constraint) for constraint in model._meta.constraints)
    assert "state__in" in told


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_no_state_is_set_but_by_a_transition(path: Path) -> None:
    """`update(state=…)` goes round transition, audit and message; the outbox has no state machine and may."""
    protected = {model.__name__ for model, _field in machines()}
    assert protected
    if path.is_relative_to(ROOT / "protocol"):
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            assert "state" not in {keyword.arg for keyword in node.keywords}, f"{path}:{node.lineno}"


def test_every_state_field_is_protected() -> None:
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, FSMField):
                assert field.protected, model


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_files_stay_readable(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 500


MIGRATIONS = [path for room in ROOMS for path in (ROOT / room).rglob("migrations/*.py")]


def test_a_migration_of_rows_keeps_to_the_database_that_is_migrated() -> None:
    moving = [path for path in MIGRATIONS if "RunPython" in path.read_text()]
    assert len(moving) > 3
    assert [path.name for path in moving if "schema_editor.connection.alias" not in path.read_text()] == []
