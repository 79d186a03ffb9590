"""Values that are encrypted in the database: Fernet tokens under settings.KEY_ENCRYPTION_KEYS, of which the first
encrypts and all decrypt."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models

if TYPE_CHECKING:
    TextField = models.TextField[Any, Any]
    BinaryField = models.BinaryField[Any, Any]
else:
    TextField, BinaryField = models.TextField, models.BinaryField


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
