"""Transcodes on the screens: with what people call them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import models

from protocol.names import named
from staff.desk.page import NOTHING, Row


class TranscodeFilter(admin.AllValuesFieldListFilter):
    """The transcodes that occur, each with its name."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": named(str(choice["display"]))}


def transcode_row(record: models.Model) -> Row:
    label = record._meta.get_field("transcode").verbose_name  # type: ignore[union-attr]
    return Row(label, named(getattr(record, "transcode", "")) or NOTHING)
