"""How the rows of a version are written down and compared: every field of every model, as Python reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.fields.files import FieldFile

#: A longer value is known by its digest.
LONGEST = 512
Rows = dict[str, dict[str, Any]]


def kept_models() -> Iterator[type[models.Model]]:
    """Every model with a table of its own, those between two others included."""
    yield from (model for model in apps.get_models(include_auto_created=True) if model._meta.managed)


def rows_of(model: type[models.Model], using: str = "default") -> Rows:
    """Its rows by primary key: each column's name, and its value as JSON bears it."""
    found = model._base_manager.using(using).order_by("pk")
    return {str(row.pk): values_of(row) for row in found.iterator(chunk_size=500)}


def values_of(row: models.Model) -> dict[str, Any]:
    return {field.attname: plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}


def plain(value: Any) -> Any:
    """A value as JSON bears it, the same for the same value."""
    match value:
        case bool() | None | int():
            return value
        case str():
            return str(value) if len(value) <= LONGEST else f"sha256:{sha256(value.encode()).hexdigest()}"
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case bytes() | memoryview():
            return f"bytes:{bytes(value).hex()}" if len(value) <= LONGEST else f"sha256:{sha256(value).hexdigest()}"
        case FieldFile():
            return value.name or ""
        case Mapping():
            return {str(name): plain(inner) for name, inner in sorted(value.items())}
        case list() | tuple():
            return [plain(inner) for inner in value]
    raise TypeError(f"A value of {type(value).__name__} is not known here; say in kept.plain how it is written down.")
