"""Which facts of a message a model keeps, each in the column of its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from protocol.folding import same


@dataclass(frozen=True)
class Facts:
    """`names` of the facts, which are the columns'. `numbers` are those of them that are compared as numbers: without
    blanks and dashes (decisions F8)."""

    names: tuple[str, ...]
    numbers: frozenset[str] = frozenset()

    def of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of a message's facts; absent ones are missing."""
        return {name: value for name in self.names if (value := values.get(name)) is not None}

    def differing(self, facts: Mapping[str, Any], row: Model, before: Mapping[str, str] | None = None) -> list[str]:
        """The names of the facts that say something else than the row.

        `facts` are as `of` gives them; what is missing is as in a new row. `before` holds, of some columns, what the
        row said when it came: a message may say that too.
        """
        blank, before = type(row)(), before or {}
        found = []
        for name in self.names:
            given, is_number = facts.get(name, getattr(blank, name)), name in self.numbers
            if same(given, getattr(row, name), is_number=is_number):
                continue
            if name not in before or not same(str(given), before[name], is_number=is_number):
                found.append(name)
        return found
