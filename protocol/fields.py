"""Model fields by which staff find what is encrypted or written in many ways: blind indexes, and folded texts.

A blind index is an HMAC under a key derived from settings.KEY_ENCRYPTION_KEYS, so equal values can be found without
being readable.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from protocol import folding

if TYPE_CHECKING:
    TextField = models.TextField[Any, Any]
    CharField = models.CharField[Any, Any]
    PositiveSmallIntegerField = models.PositiveSmallIntegerField[Any, Any]
else:
    TextField, CharField = models.TextField, models.CharField
    PositiveSmallIntegerField = models.PositiveSmallIntegerField


def blind_indexes(value: str) -> list[str]:
    """The index of `value` under each configured key, the present one first: search with `…_index__in`."""
    return _indexes(folding.number(value))


def former_blind_indexes(value: str) -> list[str]:
    """What rows hold whose blind indexes were made before there was a folding: to be asked too until none is left."""
    bare = "".join(value.split()).replace("-", "").upper()
    return [*_indexes(bare), *_indexes(folding.COUNTRY + bare.removeprefix(folding.COUNTRY))]


def _indexes(text: str) -> list[str]:
    return [
        hmac.new(hashlib.sha256(b"blind index\0" + key.encode()).digest(), text.encode(), hashlib.sha256).hexdigest()
        for key in settings.KEY_ENCRYPTION_KEYS
    ]


class BlindIndexField(CharField):
    """The blind index of another field of the same model, kept current whenever the row is saved."""

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        super().__init__(*args, **{"max_length": 64, "editable": False, "blank": True, "db_index": True, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = getattr(model_instance, self.source)
        index = blind_indexes(value)[0] if value else ""
        setattr(model_instance, self.attname, index)
        return index


class FoldedField(TextField):
    """The folded texts of a row, a line each, by which staff find it in any writing (decisions F8).

    `names` and `numbers` are the fields that it is made of, of the same model or of one that it points at
    ("order.number"). Kept current whenever the row is saved.
    """

    def __init__(self, *args: Any, names: tuple[str, ...] = (), numbers: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.names, self.numbers = tuple(names), tuple(numbers)
        super().__init__(*args, **{"editable": False, "blank": True, "default": "", **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "names": self.names, "numbers": self.numbers}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = [folding.name(_text(model_instance, source)) for source in self.names]
        folded += [folding.number(_text(model_instance, source)) for source in self.numbers]
        text = "\n".join(line for line in folded if line)
        setattr(model_instance, self.attname, text)
        return text


class FoldingField(PositiveSmallIntegerField):
    """With which folding a row's folded texts and blind indexes were made; 0: before there was one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"editable": False, "default": 0, "db_index": True, **kwargs})

    def pre_save(self, model_instance: models.Model, add: bool) -> int:
        setattr(model_instance, self.attname, folding.VERSION)
        return folding.VERSION


def _text(record: models.Model, source: str) -> str:
    value: Any = record
    for step in source.split("."):
        value = getattr(value, step)
    return str(value or "")
