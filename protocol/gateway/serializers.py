"""Fields of a transcode, checked and typed by its table: the base of every room's inbound serializers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

from protocol.families import Family
from protocol.tables import read
from protocol.vocabulary import Transcode


class TableSerializer(serializers.BaseSerializer[Any]):
    """A serializer whose fields stand in the table of its platform's family (the context's `family`), and become facts.

    A subclass names its transcode. Raises protocol.errors.InvalidFields (103) naming every field that is wrong.
    No `Serializer`: that and its fields refer to each other, and would hold a file of 20 MB until Python finds them.
    """

    transcode: ClassVar[Transcode]
    #: The fields that the table does not know, as they came.
    unknown_fields: Mapping[str, Any]
    #: Texts that came as numbers which have lost digits.
    doubtful: tuple[str, ...] = ()

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        family: Family = self.context["family"]
        reading = read(family.tables[self.transcode], data)
        self.unknown_fields, self.doubtful = reading.unknown_fields, reading.doubtful
        return dict(reading.facts)
