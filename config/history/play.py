"""Plays a history into the database, day by day: each day is one transaction, so that what was interrupted is a shorter
history, which goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time
from itertools import groupby
from random import Random
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Model

from config.history import desk, platforms
from config.history.cases import Key
from config.history.course import Course, Step
from config.history.deliveries import Deliveries
from config.history.people import People
from config.history.plan import Span
from config.rooms import periodic_work
from guarantees.issuing import readiness
from guarantees.models import Application
from protocol.models import Alert, Notification
from protocol.models.outbox import NotificationState
from staff import clock
from staff.clock import CHINA
from staff.decisions import DecisionRefused
from staff.parameters import read_once

#: Periodic work that speaks to the network, that the site does anew within minutes for all that is open, or that looks
#: at what no history changes.
LEFT_OUT = {"protocol.sweep", "staff.send_reminders", "staff.recount_targets", "guarantees.watch_certificate"}
#: When the clock's work has its turn, and when somebody looks at what went wrong.
NIGHT, MORNING = time(0, 0, 40), time(8, 40)
#: By which one of its steps may fail, where two of them do not go together.
REFUSALS = (DecisionRefused, ObjectDoesNotExist, desk.Stuck, platforms.NotAccepted)
#: Something that happens at a moment.
Event = tuple[datetime, Callable[[Any], object]]


class History:
    """The stage: its clock, its platforms, its people. What production refuses does not happen, and is told in
    `refused`: the order stands where it was, and the others go on."""

    def __init__(self, span: Span, courses: Sequence[Course], seed: int, address: str) -> None:
        self._span, self._courses, self._seed, self._address = span, courses, seed, address
        self.refused: list[str] = []
        self._now = span.begins
        self._platforms: dict[str, platforms.Platform] = {}

    def play(self, first: datetime, progress: Callable[[datetime], None]) -> None:
        """From the day of `first` on until the end; `progress` is told each day that is done."""
        with clock.running(lambda: self._now), read_once():
            with transaction.atomic():
                self._open()
            for day, steps in self._days(first):
                with transaction.atomic():
                    for at, act in steps:
                        self._deliver(at)
                        self._now = at
                        self._do(act)
                progress(day)
            with transaction.atomic():
                self._deliver(self._span.until)

    def _do(self, act: Callable[[Any], object]) -> None:
        try:
            with transaction.atomic():
                act(self)
        except REFUSALS as error:
            self.refused.append(f"{self._now.astimezone(CHINA):%Y-%m-%d %H:%M} {error}")

    # --- What a step does ---------------------------------------------------------------------------------------------

    def decide(self, case: Model, name: str, given: Mapping[str, Any], seed: int) -> None:
        self._is_ready(case)
        desk.decide(case, name, given, self._people, _drawing(seed))
        self._deliveries.wake()

    def confirm(self, case: Model, seed: int) -> None:
        self._is_ready(case)
        self._deliveries.wake()
        desk.confirm(case, self._people, _drawing(seed))

    def send(self, key: Key, transcode: str, fields: Mapping[str, str]) -> None:
        msgcode = platforms.msgcode_of(self._seed, key, transcode, self._now)
        self._platforms[key.appid].send(transcode, fields, msgcode)

    def _is_ready(self, case: Model | None = None) -> None:
        """That letters can be issued, as what is decided on applications asks: a sample was made before the first day,
        and what it depends on does not change while the history is made."""
        if case is None or isinstance(case, Application):
            readiness.succeeded(self._now)

    # --- Its days -----------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        """The institution's people are there, and the platforms are agreed with."""
        for name, appid, _weight in platforms.NAMES:
            self._platforms[appid] = platforms.Platform.connected(name, appid, self._address)
        connections = [platform.connection for platform in self._platforms.values()]
        self._people = People()
        self._deliveries = Deliveries(self._seed, connections, self._span.begins, self._span.until)

    def _days(self, first: datetime) -> Iterator[tuple[datetime, list[Event]]]:
        """The midnight of each day on which something happens, and what does; between such days nothing is due."""
        steps = sorted((step for course in self._courses for step in course.steps), key=_in_order)
        for day, found in groupby(steps, key=lambda step: clock.day(step.at)):
            events: list[Event] = [(step.at, step.act) for step in found]
            events.append((datetime.combine(day, NIGHT, CHINA), History._periodic))
            events.append((datetime.combine(day, MORNING, CHINA), History._look_after))
            if first <= (midnight := clock.midnight(day)) < self._span.until:
                yield midnight, sorted(events, key=lambda event: event[0])

    def _periodic(self) -> None:
        self._is_ready()
        for work in periodic_work():
            if work.name not in LEFT_OUT:
                work.run()
        self._deliveries.wake()

    def _look_after(self) -> None:
        """What a platform refused is sent again, and alerts are dealt with."""
        for refused in Notification.objects.filter(state=NotificationState.ATTENTION):
            self.decide(refused, "send_again", {}, refused.pk)
        for alert in Alert.objects.filter(seen_at=None):
            note = {"note": "平台已恢复，通知已送达。"}
            self.decide(alert, "settle", note, alert.pk)

    def _deliver(self, until: datetime) -> None:
        """What is to be told between now and then."""
        for moment in self._deliveries.turns(self._now, until):
            self._now = moment


def _drawing(seed: int) -> Random:
    return Random(seed)  # noqa: S311 (nothing here is secret)


def _in_order(step: Step) -> tuple[datetime, int]:
    return step.at, step.order
