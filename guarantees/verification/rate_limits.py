"""How much the public page answers: an office verifies its day's files, and nobody guesses codes.

What failed counts far more than what was right: wrong codes and files of others for the network that sent them, wrong
codes also for the number, whoever sent them. Where strangers stop a look-up so, people are alerted.
"""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from guarantees.models import Guarantee, IssuedPaper
from protocol import alerts
from staff.network import client_address, network_of

LOOK_UPS_PER_MINUTE = 120
WRONG_CODES_PER_MINUTE = 20
FILES_PER_MINUTE = 30
FOREIGN_FILES_PER_MINUTE = 6
#: Of one number, from all networks together: a code of eight letters of thirty is not guessed at this pace.
WRONG_CODES_PER_HOUR = 1000
MINUTE, HOUR = 60, 3600


def may_look_up(request: HttpRequest) -> bool:
    """Whether this network is told of numbers and codes now; counts the question."""
    network = _network(request)
    asked = _count(f"verify:{network}", MINUTE)
    return asked <= LOOK_UPS_PER_MINUTE and _counted(f"verify-wrong:{network}") < WRONG_CODES_PER_MINUTE


def may_be_guessed(number: str) -> bool:
    """Whether codes are still compared for this number, which may exist or not."""
    return _counted(_guesses(number)) < WRONG_CODES_PER_HOUR


def count_wrong_code(request: HttpRequest, number: str) -> None:
    network = _network(request)
    if _count(f"verify-wrong:{network}", MINUTE) == WRONG_CODES_PER_MINUTE:
        alerts.network_stopped(network)
    if _count(_guesses(number), HOUR) == WRONG_CODES_PER_HOUR and _exists(number):
        alerts.number_stopped(number.upper())


def may_send_file(request: HttpRequest) -> bool:
    """Whether a file of this network is read at all; counts it."""
    return _count(f"verify-file:{_network(request)}", MINUTE) <= FILES_PER_MINUTE


def may_send_foreign_file(request: HttpRequest) -> bool:
    """Whether a file of this network that is none of ours is examined, which takes seconds; counts it."""
    return _count(f"verify-foreign:{_network(request)}", MINUTE) <= FOREIGN_FILES_PER_MINUTE


def _network(request: HttpRequest) -> str:
    return network_of(client_address(request))


def _exists(number: str) -> bool:
    """Numbers that nobody has harm nobody: else a flood of them would be a flood of alerts."""
    return any(
        model._default_manager.filter(number__in={number, number.upper()}).exists()
        for model in (Guarantee, IssuedPaper)
    )


def _guesses(number: str) -> str:
    return f"verify-guesses:{number.upper()}"


def _counted(key: str) -> int:
    return int(cache.get(key, 0))


def _count(key: str, seconds: int) -> int:
    """This and the earlier ones since the first of them, at most `seconds` ago."""
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it expired in between, or the cache is away
        return 0
