"""Model fields that are encrypted in the database, and a keyed blind index where staff search for an exact value.

Values are Fernet tokens under settings.KEY_ENCRYPTION_KEYS: the first key encrypts, all of them decrypt. A blind index
is an HMAC under a key derived from the same ones, so equal values can be found without being readable.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models

from protocol import folding

if TYPE_CHECKING:
    TextField = models.TextField[Any, Any]
    BinaryField = models.BinaryField[Any, Any]
    CharField = models.CharField[Any, Any]
    PositiveSmallIntegerField = models.PositiveSmallIntegerField[Any, Any]
else:
    TextField, BinaryField, CharField = models.TextField, models.BinaryField, models.CharField
    PositiveSmallIntegerField = models.PositiveSmallIntegerField


@lru_cache(maxsize=8)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(value: bytes) -> bytes:
    """A Fernet token of `value`."""
    return _fernet(tuple(settings.KEY_ENCRYPTION_KEYS)).encrypt(value)


def decrypt(token: bytes) -> bytes:
    """The value of a token made by `encrypt` under any of the configured keys."""
    try:
        return _fernet(tuple(settings.KEY_ENCRYPTION_KEYS)).decrypt(token)
    except InvalidToken:
        raise ImproperlyConfigured(
            "A stored value cannot be decrypted. Set KEY_ENCRYPTION_KEY to the key it was stored under "
            "(former keys may follow the present one, separated by commas)."
        ) from None


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


class _Encrypted:
    """What encrypted fields share: they hold tokens, so the database can neither compare nor order them."""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)  # type: ignore[misc]
        return self._refuse(lookup_name)

    def _refuse(self, lookup_name: str) -> NoReturn:
        raise FieldError(f"An encrypted field cannot be searched by {lookup_name!r}; search its blind index.")


class EncryptedTextField(_Encrypted, TextField):
    """A string, stored as a Fernet token; "" and None stay as they are."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value.encode()).decode() if value else value


class EncryptedJSONField(_Encrypted, TextField):
    """A mapping of JSON values, stored as a Fernet token; an empty one as ""."""

    if TYPE_CHECKING:  # what django-stubs takes and gives for it
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(json.dumps(value, ensure_ascii=False).encode()).decode() if value else ""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return json.loads(decrypt(value.encode())) if value else {}

    def value_to_string(self, obj: models.Model) -> Any:
        return self.value_from_object(obj)


class EncryptedBinaryField(_Encrypted, BinaryField):
    """Bytes, stored as a Fernet token; b"" and None stay as they are."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(encrypt(bytes(value)) if value else value, connection, prepared)

    def from_db_value(self, value: bytes | memoryview | None, expression: Any, connection: Any) -> bytes | None:
        return decrypt(bytes(value)) if value else value  # type: ignore[return-value]


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
