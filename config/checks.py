"""What `check` says of the environment as a whole; each warning names the variable to set."""

from __future__ import annotations

import os
import stat
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage

from config.environment import DEVELOPMENT_ENCRYPTION_KEY, DEVELOPMENT_SECRET_KEY


def it_is_no_demonstration(**_: Any) -> list[CheckMessage]:
    if not settings.DEMONSTRATION:
        return []
    text = "DEMONSTRATION is on: anybody signs in with one click, and no letter has legal effect."
    return [checks.Warning(text, hint="Set DEMONSTRATION to false.", id="config.W001")]


def people_come_by_https(**_: Any) -> list[CheckMessage]:
    if not settings.SECURE:
        text = f"PUBLIC_URL is {settings.PUBLIC_URL}: passwords and cookies may travel unencrypted."
        return [
            checks.Warning(text, hint="Set PUBLIC_URL to the https:// address of the proxy in front.", id="config.W002")
        ]
    if not settings.TRUSTED_PROXIES:
        text = "No proxy is named: no answer tells browsers to stay with https, and all people share one address."
        return [
            checks.Warning(text, hint="Set TRUSTED_PROXIES to the networks of the proxy in front.", id="config.W003")
        ]
    return []


def keys_are_of_our_own(**_: Any) -> list[CheckMessage]:
    known = [
        *(["SECRET_KEY"] if settings.SECRET_KEY == DEVELOPMENT_SECRET_KEY else []),
        *(["KEY_ENCRYPTION_KEY"] if DEVELOPMENT_ENCRYPTION_KEY in settings.KEY_ENCRYPTION_KEYS else []),
    ]
    if not known:
        return []
    text = f"Everybody knows {' and '.join(known)}: it is the one for development."
    return [checks.Warning(text, hint=f"Set {' and '.join(known)} to random ones.", id="config.W004")]


def files_are_closed_to_others(**_: Any) -> list[CheckMessage]:
    """The folder itself: what lies in it is reached through it alone."""
    try:
        mode = settings.MEDIA_ROOT.stat().st_mode
    except OSError:  # it is made, closed, with the first file
        return []
    if os.name == "nt" or not mode & stat.S_IRWXO:
        return []
    text = f"MEDIA_ROOT {settings.MEDIA_ROOT} is open to every account of this machine: letters and papers lie in it."
    return [checks.Warning(text, hint=f"chmod o-rwx {settings.MEDIA_ROOT}", id="config.W005")]
