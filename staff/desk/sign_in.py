"""Signing in: the form, and the limits on guessing passwords.

Two counters instead of a library (django-axes brings tables, middleware and signals): one per name and address, and one
per address.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from staff.network import client_address, network_of
from staff.rate_limits import RateLimit

PERIOD = timedelta(minutes=15)
FAILURES_OF_A_NAME = RateLimit("sign-in", 5, PERIOD)  # from one address
FAILURES_OF_AN_ADDRESS = RateLimit("sign-in-from", 50, PERIOD)


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
        address = self._address()
        name = f"{str(self.cleaned_data.get('username', '')).casefold()}\0{address}"
        if FAILURES_OF_A_NAME.is_reached(name) or FAILURES_OF_AN_ADDRESS.is_reached(address):
            minutes = int(PERIOD.total_seconds() // 60)
            raise ValidationError(self.error_messages["throttled"], "throttled", {"minutes": minutes})
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            FAILURES_OF_A_NAME.count(name)
            FAILURES_OF_AN_ADDRESS.count(address)
            raise
        FAILURES_OF_A_NAME.forget(name)
        return cleaned

    def _address(self) -> str:
        """Whoever has one address of IPv6 has a whole network of them."""
        address = client_address(self.request) if self.request else ""
        return network_of(address) if ":" in address else address
