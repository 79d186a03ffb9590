"""The state machines as pictures, drawn from the transitions in the code."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.utils import translation
from django_fsm import FSMField

INTRODUCTION = """\
<!-- Made by `python manage.py draw_states`; a test keeps it current. -->
# States

Each picture is drawn from the transitions in the code. A transition's name is the verb that staff use; what it means,
and which status tells the platform of it, stands beneath.
"""


def drawing() -> str:
    """docs/states.md: a Mermaid diagram and a table for every model with a state."""
    with translation.override("en"):
        return INTRODUCTION + "".join(_section(model, field) for model, field in machines())


def machines() -> list[tuple[type[models.Model], FSMField]]:
    """Every model of ours with a state field, in the order of the rooms."""
    return [
        (model, field)
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.fields
        if isinstance(field, FSMField)
    ]


def _section(model: type[models.Model], field: FSMField) -> str:
    transitions = sorted(
        {(one.source, one.target, one.name) for one in field.get_all_transitions(model)},
        key=lambda row: (row[2], row[0]),
    )
    names = dict(field.choices or [])
    lines = [f"    [*] --> {field.default}"]
    lines += [f"    {source} --> {target}: {name}" for source, target, name in transitions]
    lines += [f"    {state}: {names[state]}" for state in names]
    sources = {source for source, _target, _name in transitions}
    lines += [f"    {state} --> [*]" for state in names if state not in sources]
    rows = {name: _meaning(model, name) for _source, _target, name in transitions}
    table = "".join(f"| {name} | {meaning} |\n" for name, meaning in sorted(rows.items()))
    title = str(model._meta.verbose_name).capitalize()
    picture = "\n".join(lines)
    return (
        f"\n## {title}\n\n```mermaid\nstateDiagram-v2\n{picture}\n```\n\n| transition | meaning |\n|---|---|\n{table}"
    )


def _meaning(model: type[models.Model], name: str) -> str:
    return " ".join((getattr(model, name).__doc__ or "").split())
