"""Where a history may be made, and from which day on: never in an institution's own database."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max

from config.history import plan, platforms
from config.history.course import Course
from config.history.plan import ONE_DAY, Span
from config.history.play import History
from guarantees.issuing import institution, readiness, signing
from guarantees.issuing.signing import LetterNotMade
from guarantees.letter.wording.kinds import SURETYSHIP
from guarantees.models import Order
from staff import clock
from staff.models import AuditEntry

#: Told of each day that is done: how many orders had come by its end, and of how many.
Progress = Callable[[datetime, int, int], None]


class Refused(Exception):
    """The history is not made here; `str()` says why."""


@dataclass(frozen=True)
class Made:
    """How many orders the history has, and what production refused of it, each with its moment."""

    orders: int
    refused: Sequence[str]


def make(years: int, orders: int, seed: int, *, address: str = "", progress: Progress) -> Made:
    """Makes a history that ends with yesterday, or what is left of one that was interrupted.

    `address` is where its platforms take what they are told later on. Raises Refused where it may not be made, and
    ValueError for too few years or orders.
    """
    if not settings.DEMONSTRATION:
        raise Refused("A history is made for a demonstration alone: DEMONSTRATION is not set.")
    connections = platforms.known()
    if not connections and Order.objects.exists():
        raise Refused("This database holds orders already: a history begins in an empty one.")
    span = Span.ending(clock.today(), years)
    if connections:
        span = Span.beginning(clock.day(connections[0].created_at), years)
    courses = plan.courses(orders, seed, span)
    _need_letters(span)
    first = _first_day(span, courses) if connections else span.begins

    def told(day: datetime) -> None:
        came = sum(course.arrives < day + ONE_DAY for course in courses)
        progress(day, came, len(courses))

    history = History(span, courses, seed, address)
    with _alerts_are_silent():
        history.play(first, told)
    return Made(len(courses), history.refused)


@contextmanager
def _alerts_are_silent() -> Iterator[None]:
    """What went wrong in the past stands in it, and is no news for this day's log."""
    log = logging.getLogger("protocol.alerts")
    log.disabled, was = True, log.disabled
    try:
        yield
    finally:
        log.disabled = was


def _first_day(span: Span, courses: Sequence[Course]) -> datetime:
    """The day after the last one that is done. Raises Refused where what is there is no beginning of this history."""
    last = AuditEntry.objects.filter(chain__startswith="order:", at__lt=span.until).aggregate(last=Max("at"))["last"]
    first = clock.midnight(clock.day(last)) + ONE_DAY if last else span.begins
    theirs = Order.objects.filter(connection__appid__in=platforms.WEIGHTS)
    if set(theirs.values_list("connection__appid", "number")) != {
        (course.key.appid, course.key.number) for course in courses if course.arrives < min(first, span.until)
    }:
        raise Refused("This database holds another history: years, orders and seed are to be the same.")
    return first


def _need_letters(span: Span) -> None:
    """Raises Refused where letters could not be issued from the first day on; else a sample was made."""
    try:
        if institution.issued_kind() != SURETYSHIP:
            raise Refused("The history is a guarantee company's, which issues suretyships: set INSTITUTION_KIND.")
        begins = signing.credentials().particulars.not_before
        if begins > span.begins:
            raise Refused(
                f"The signing certificate begins on {clock.day(begins)}, after the history's first day "
                f"({clock.day(span.begins)}); the demonstration makes one that is old enough in a new --directory."
            )
        if trouble := readiness.trouble(clock.now(), afresh=True):
            raise Refused(f"No letter could be issued: {trouble}")
    except LetterNotMade as error:
        raise Refused(f"No letter could be issued: {error}") from error
