"""Reads settings from the environment; every error says which variable to set, and to what."""

import os
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
DEVELOPMENT_SECRET_KEY = "only-for-development-" + "0123456789" * 4
DEVELOPMENT_ENCRYPTION_KEY = "b25seS1mb3ItZGV2ZWxvcG1lbnQtbmV2ZXItYmV5b24="


class Environment:
    """The process environment, or any mapping that stands in for it."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self.variables = os.environ if variables is None else variables

    def text(self, name: str, default: str = "") -> str:
        return self.variables.get(name, "").strip() or default

    def flag(self, name: str, default: bool) -> bool:
        given = self.text(name, str(default)).lower()
        if given not in TRUE | FALSE:
            raise ImproperlyConfigured(f"{name} is {given!r}; set it to true or false.")
        return given in TRUE

    def integer(self, name: str, default: int, *, minimum: int, maximum: int) -> int:
        given = self.text(name, str(default))
        if not given.isascii() or not given.isdigit() or not minimum <= int(given) <= maximum:
            raise ImproperlyConfigured(f"{name} is {given!r}; set it to a number from {minimum} to {maximum}.")
        return int(given)

    def given_integer(self, name: str, *, minimum: int, maximum: int) -> int | None:
        """None where it is not given: what then holds is data, not a setting."""
        return self.integer(name, minimum, minimum=minimum, maximum=maximum) if self.text(name) else None

    def words(self, name: str, default: str = "") -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def path(self, name: str, default: Path) -> Path:
        return Path(self.text(name, str(default))).expanduser().absolute()

    def networks(self, name: str) -> list[IPv4Network | IPv6Network]:
        try:
            return [ip_network(word) for word in self.words(name)]
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name}: {error}; set it to networks such as 10.0.0.0/8, separated by commas."
            ) from None

    def secret_key(self, debug: bool) -> str:
        """Django's SECRET_KEY: at least 50 characters, of at least 5 different ones."""
        given = self.text("SECRET_KEY")
        if not given and debug:
            return DEVELOPMENT_SECRET_KEY
        if len(given) < 50 or len(set(given)) < 5:
            raise ImproperlyConfigured(
                "SECRET_KEY is missing or weak. Set it to at least 50 random characters, for example the output of: "
                "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
            )
        return given

    def encryption_keys(self, debug: bool) -> list[str]:
        """KEY_ENCRYPTION_KEY: one or more Fernet keys; the first encrypts, all decrypt (for replacing them)."""
        given = self.words("KEY_ENCRYPTION_KEY")
        if not given and debug:
            return [DEVELOPMENT_ENCRYPTION_KEY]
        try:
            if not given:
                raise ValueError("it is missing")
            for key in given:
                Fernet(key)
                if len(set(urlsafe_b64decode(key))) < 8:
                    raise ValueError("it is weak")
        except ValueError as error:
            raise ImproperlyConfigured(
                f"KEY_ENCRYPTION_KEY cannot be used: {error}. Set it to a random key of 32 bytes, base64, for example "
                "the output of: python -c "
                "'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'. "
                "Keep it: without it, stored secrets and personal data cannot be read."
            ) from None
        return given
