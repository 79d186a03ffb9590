"""How much the applicant's page answers. What is counted of a link is counted of any address alike, be there such a
link or not."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest

from staff.network import client_address, network_of
from staff.rate_limits import RateLimit

HOUR = timedelta(hours=1)
LOOKS = RateLimit("applicant", 120, timedelta(minutes=1))
WRONG_CODES = RateLimit("applicant-wrong", 5, HOUR)
#: Of one network: an agent's office serves many applicants, and mistypes now and then.
WRONG_CODES_OF_A_NETWORK = RateLimit("applicant-wrong-network", 30, HOUR)
FILES = RateLimit("applicant-files", 60, HOUR)


def may_look(request: HttpRequest) -> bool:
    """Whether this network is shown pages now; counts it."""
    return LOOKS.allows(_network(request))


def may_try(request: HttpRequest, token: str) -> bool:
    """Whether a code is compared at all."""
    return not (WRONG_CODES.is_reached(token) or WRONG_CODES_OF_A_NETWORK.is_reached(_network(request)))


def count_wrong_code(request: HttpRequest, token: str) -> bool:
    """Whether no more are let pass for a while, from now on."""
    WRONG_CODES_OF_A_NETWORK.count(_network(request))
    return WRONG_CODES.count(token) == WRONG_CODES.limit


def may_send(token: str, files: int) -> bool:
    """Whether so many files more are taken within this hour; counts them."""
    allowed = [FILES.allows(token) for _file in range(files)]
    return all(allowed)


def _network(request: HttpRequest) -> str:
    return network_of(client_address(request))
