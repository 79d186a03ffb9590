"""Fields of a transcode, checked and typed by its table: the base of every room's inbound serializers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

from protocol.prep import tables


class TableSerializer(serializers.Serializer[Any]):
    """A serializer whose fields stand in protocol/prep/tables; a subclass names its transcode, and in `validate` what a
    table cannot say. Raises protocol.errors.InvalidFields (103) naming every field that is wrong."""

    transcode: ClassVar[str]
    #: The fields that the table does not know, as they came.
    unknown_fields: Mapping[str, Any]
    #: Texts that came as numbers which have lost digits.
    doubtful: tuple[str, ...] = ()

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        reading = tables.read(self.transcode, data)
        self.unknown_fields, self.doubtful = reading.unknown_fields, reading.doubtful
        return dict(reading.values)
