"""Signing in: the form, and the brake on guessing passwords.

A counter in the cache instead of a library (django-axes brings tables, middleware and signals): what is
needed is one brake per name and address, and one per address, for fifteen minutes. With REDIS_URL all
processes share the counters; without, there is one process.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from staff.network import client_address, network_of

WINDOW = timedelta(minutes=15)
FAILURES_PER_NAME_AND_ADDRESS = 5
FAILURES_PER_ADDRESS = 50


class SignInForm(AuthenticationForm):
    """Every account works here, so whoever is active may sign in; too many failures stop that for a while."""

    error_messages = {
        "invalid_login": _("Name and password do not fit each other. Mind capital and small letters."),
        "inactive": _("This account is closed."),
        "throttled": _("Too many failed attempts. Try again in %(minutes)d minutes, or ask an administrator."),
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].widget.attrs.update({"autofocus": True, "autocomplete": "username"})

    def clean(self) -> dict[str, Any]:
        brakes = self._brakes()
        if any(cache.get(key, 0) >= limit for key, limit in brakes):
            minutes = int(WINDOW.total_seconds() // 60)
            raise ValidationError(self.error_messages["throttled"], "throttled", {"minutes": minutes})
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            for key, _limit in brakes:
                cache.add(key, 0, WINDOW.total_seconds())
                _count(key)
            raise
        cache.delete(brakes[0][0])
        return cleaned

    def _brakes(self) -> list[tuple[str, int]]:
        """Cache keys and their limits. Hashed, so that a password typed into the wrong field is not kept."""
        address = client_address(self.request) if self.request else ""
        # Whoever has one address of IPv6 has a whole network of them.
        address = network_of(address) if ":" in address else address
        name = str(self.cleaned_data.get("username", "")).casefold()
        pair = hashlib.sha256(f"{name}\0{address}".encode()).hexdigest()
        return [
            (f"sign-in:{pair}", FAILURES_PER_NAME_AND_ADDRESS),
            (f"sign-in-from:{hashlib.sha256(address.encode()).hexdigest()}", FAILURES_PER_ADDRESS),
        ]


def _count(key: str) -> None:
    try:
        cache.incr(key)
    except ValueError:  # it expired since it was added
        cache.set(key, 1, WINDOW.total_seconds())
