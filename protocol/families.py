"""Families of platforms: each sends the same messages, and calls their fields and codes in its own way.

table = connection.speaks.tables[Transcode.APPLICATION]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from protocol.tables import Personal, Table
from protocol.vocabulary import Transcode
from protocol.wire_language import Labelled
from staff.offered import Offered

#: The family of every connection of which nothing else is said.
DEFAULT = "prep"


@dataclass(frozen=True)
class Family:
    """`name` stands in the connections and never changes; `label` is English, marked for the catalogue."""

    name: str
    label: str
    #: A table for each transcode of the vocabulary.
    tables: Mapping[str, Table]

    def message(self, transcode: Transcode, outcome: Labelled) -> str:
        """What people call the message that tells an outcome: "PREP102 05"."""
        status = self.tables[transcode].status
        return f"{transcode} {status.code_of(outcome) if status else ''}".strip()

    def names_of(self, fact: str) -> tuple[str, ...]:
        """What its requests call a fact, whatever the transcode."""
        fields = (field for table in self.tables.values() for field in table.request if field.fact == fact)
        return tuple(dict.fromkeys(field.name for field in fields))


FAMILIES: Offered[Family] = Offered("FAMILIES", Family, known_by=lambda family: family.name)


class UnknownFamily(LookupError):
    """A connection names a family that nobody offers (any more)."""


def family_called(name: str) -> Family:
    """The family of that name, or UnknownFamily."""
    for family in FAMILIES:
        if family.name == name:
            return family
    raise UnknownFamily(
        f"There is no family of platforms {name!r}; there are {', '.join(one.name for one in FAMILIES)}."
    )


def personal_fields() -> dict[str, Personal]:
    """Every field that holds personal data in any transcode of any family: whoever sent it, it is masked."""
    return {
        field.name: field.personal
        for family in FAMILIES
        for table in family.tables.values()
        for field in table.request
        if field.personal is not None
    }
