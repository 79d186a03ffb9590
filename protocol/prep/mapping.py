"""Which field of a message a model keeps in which column: one table, used both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from protocol.folding import same
from protocol.prep.codes import Code


@dataclass(frozen=True)
class FieldMapping:
    """`columns` by the names of the platform's fields. A coded value is kept as its word.

    `numbers` are the columns that are compared as numbers: without blanks and dashes (decisions F8).
    """

    columns: Mapping[str, str]
    numbers: frozenset[str] = frozenset()

    def columns_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What a message's typed values are in the model's columns; absent fields are missing."""
        return {
            column: value.word if isinstance(value, Code) else value
            for field, column in self.columns.items()
            if (value := values.get(field)) is not None
        }

    def differing(self, facts: Mapping[str, Any], row: Model, before: Mapping[str, str] | None = None) -> list[str]:
        """The platform's names of the fields that say something else than the row.

        `facts` are as `columns_of` gives them; what is missing is as in a new row. `before` holds, of some columns,
        what the row said when it came: a message may say that too.
        """
        blank, before = type(row)(), before or {}
        found = []
        for field, column in self.columns.items():
            given, is_number = facts.get(column, getattr(blank, column)), column in self.numbers
            if same(given, getattr(row, column), is_number=is_number):
                continue
            if column not in before or not same(str(given), before[column], is_number=is_number):
                found.append(field)
        return found
