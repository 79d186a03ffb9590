"""How much the public page answers: an office verifies its day's files, and nobody guesses codes.

What failed counts far more than what was right: wrong codes and files of others for the network that sent them, wrong
codes also for the number, whoever sent them. Where strangers stop a look-up so, people are alerted.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest

from guarantees.models import Guarantee, IssuedPaper
from protocol import alerts
from staff.network import client_address, network_of
from staff.rate_limits import RateLimit

MINUTE = timedelta(minutes=1)
#: Of one network.
LOOK_UPS = RateLimit("verify", 120, MINUTE)
WRONG_CODES = RateLimit("verify-wrong", 20, MINUTE)
FILES = RateLimit("verify-file", 30, MINUTE)
FOREIGN_FILES = RateLimit("verify-foreign", 6, MINUTE)
#: Of one number, from all networks together: a code of eight letters of thirty is not guessed at this pace.
WRONG_CODES_OF_A_NUMBER = RateLimit("verify-guesses", 1000, timedelta(hours=1))


def may_look_up(request: HttpRequest) -> bool:
    """Whether this network is told of numbers and codes now; counts the question."""
    network = _network(request)
    return LOOK_UPS.allows(network) and not WRONG_CODES.is_reached(network)


def may_be_guessed(number: str) -> bool:
    """Whether codes are still compared for this number, which may exist or not."""
    return not WRONG_CODES_OF_A_NUMBER.is_reached(number.upper())


def count_wrong_code(request: HttpRequest, number: str) -> None:
    network = _network(request)
    if WRONG_CODES.count(network) == WRONG_CODES.limit:
        alerts.network_stopped(network)
    if WRONG_CODES_OF_A_NUMBER.count(number.upper()) == WRONG_CODES_OF_A_NUMBER.limit and _exists(number):
        alerts.number_stopped(number.upper())


def may_send_file(request: HttpRequest) -> bool:
    """Whether a file of this network is read at all; counts it."""
    return FILES.allows(_network(request))


def may_send_foreign_file(request: HttpRequest) -> bool:
    """Whether a file of this network that is none of ours is examined, which takes seconds; counts it."""
    return FOREIGN_FILES.allows(_network(request))


def _network(request: HttpRequest) -> str:
    return network_of(client_address(request))


def _exists(number: str) -> bool:
    """Numbers that nobody has harm nobody: else a flood of them would be a flood of alerts."""
    return any(
        model._default_manager.filter(number__in={number, number.upper()}).exists()
        for model in (Guarantee, IssuedPaper)
    )
