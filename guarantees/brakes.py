"""How much the public page answers: per network, and per number whoever asks."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from protocol.gateway.address import client_address, network_of

LOOK_UPS_PER_MINUTE = 20
FILES_PER_MINUTE = 6
#: Of one number, from all networks together: a code of eight letters of thirty is not guessed at this pace.
WRONG_CODES_PER_HOUR = 1000
HOUR = 3600


def has_room(kind: str, request: HttpRequest, most: int) -> bool:
    """Whether the network asks for the `most`-th time in this minute, or earlier; counts the question."""
    return _count(f"{kind}:{network_of(client_address(request))}", 60) <= most


def may_be_guessed(number: str) -> bool:
    """Whether codes are still compared for this number, which may exist or not."""
    return int(cache.get(_guesses(number), 0)) < WRONG_CODES_PER_HOUR


def count_wrong_code(number: str) -> None:
    _count(_guesses(number), HOUR)


def _guesses(number: str) -> str:
    return f"verify-guesses:{number.upper()}"


def _count(key: str, seconds: int) -> int:
    """This and the earlier ones since the first of them, at most `seconds` ago."""
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it expired in between, or the cache is away
        return 0
