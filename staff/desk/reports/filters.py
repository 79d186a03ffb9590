"""By what a report is narrowed: each filter is a question of its form, one parameter of its address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from staff.desk.page import Text
from staff.models import User


@dataclass(frozen=True)
class Filter:
    """`field` makes the question for a person, who may not be shown every choice; it is never required. Its cleaned
    value is what `Asked.filters` holds; `words` says the value to people."""

    name: str
    label: Text
    field: Callable[[User], forms.Field]
    words: Callable[[Any], Text] = str
