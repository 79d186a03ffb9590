"""Sends what is due by the channels, outside any transaction, and records what came of it.

The next attempt's time is written before the attempt and is its lease: of two that come together one wins, and what a
killed process left is tried again. A channel's failure is kept with the channel and shown on the home page; nobody is
told of it by a channel.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from staff import clock
from staff.audit import move
from staff.events import EventKind
from staff.looks import Tone
from staff.models import Channel, Reminder, ReminderSending, ReminderState, User
from staff.reminders import channels, texts
from staff.reminders.posting import NotPosted
from staff.reminders.robots import TooOften
from staff.units import covers

log = logging.getLogger(__name__)

SENT = EventKind("reminder.sent", _("Reminder sent"), "send", Tone.GOOD)
NOT_SENT = EventKind("reminder.not_sent", _("No channel took the reminder"), "sms_failed", Tone.BAD)

LEASE = timedelta(seconds=3 * channels.DEADLINE)
#: The wait after the first failure; it doubles, up to the longest.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=10)
#: DingTalk takes nothing for ten minutes once it was asked too often.
WAIT_TOO_OFTEN = timedelta(minutes=2)
MOST_ATTEMPTS = 8
#: So many at once in one turn; the next turn goes on.
MOST = 50

_random = random.SystemRandom()


@dataclass(frozen=True)
class Result:
    """What one attempt came to."""

    answer: str
    sent: bool = False
    final: bool = False
    too_often: bool = False


def send_due() -> int:
    """Tries whatever is due once; how many attempts were made."""
    refuse_a_transaction()
    made = 0
    for pk, due_at in _due(clock.now()).values_list("pk", "next_attempt_at")[:MOST]:
        if (sending := _claim(pk, due_at)) is not None:
            began = monotonic()
            result = _attempt(sending)
            _record(sending, result, round((monotonic() - began) * 1000))
            made += 1
    return made


def refuse_a_transaction() -> None:
    """What is committed is sent; and nothing is held locked while a robot thinks."""
    if transaction.get_connection().in_atomic_block:
        raise RuntimeError("What is committed is sent; that cannot run inside a transaction.")


def something_is_due(now: datetime) -> bool:
    return _due(now).exists()


def _due(now: datetime) -> models.QuerySet[ReminderSending]:
    to_be_tried = ReminderSending.objects.filter(sent_at=None, given_up_at=None, reminder__closed_at=None)
    due = to_be_tried.filter(next_attempt_at__lte=now, channel__active=True, step=F("reminder__step"))
    return due.order_by("next_attempt_at", "pk")


def _claim(pk: int, due_at: datetime) -> ReminderSending | None:
    """The sending, leased to the caller; None where another was quicker."""
    mine = ReminderSending.objects.filter(pk=pk, next_attempt_at=due_at, sent_at=None, given_up_at=None)
    if not mine.update(next_attempt_at=clock.now() + LEASE, attempts_made=F("attempts_made") + 1):
        return None
    return ReminderSending.objects.select_related("reminder", "channel", "person").get(pk=pk)


def _attempt(sending: ReminderSending) -> Result:
    """Never raises: whatever happens is written down."""
    try:
        answer = channels.send(sending.channel, texts.title(sending.reminder), texts.text(sending), _people(sending))
    except NotPosted as refused:
        return Result(str(refused), final=refused.final, too_often=isinstance(refused, TooOften))
    except Exception as error:
        log.exception("Sending reminder %s failed on our side", sending.reminder_id)
        return Result(type(error).__name__)
    return Result(answer, sent=True)


def _people(sending: ReminderSending) -> list[User]:
    if sending.person is not None:
        return [sending.person]
    people = User.objects.filter(is_active=True, groups__name=sending.role).select_related("unit")
    return [person for person in people if covers(person, sending.reminder)]


def _record(sending: ReminderSending, result: Result, duration_ms: int) -> None:
    now = clock.now()
    with transaction.atomic():
        reminder = Reminder.objects.select_for_update().get(pk=sending.reminder_id)
        note_answer(sending.channel, result.answer, now, worked=result.sent)
        mine = ReminderSending.objects.filter(pk=sending.pk, sent_at=None, given_up_at=None)
        said = {"answer": result.answer[:255], "duration_ms": duration_ms}
        if result.sent:
            mine.update(sent_at=now, **said)
        elif result.final or sending.attempts_made >= MOST_ATTEMPTS:
            mine.update(given_up_at=now, **said)
        else:
            mine.update(next_attempt_at=now + wait_after(sending.attempts_made, too_often=result.too_often), **said)
        _move(reminder, sending)


def _move(reminder: Reminder, sending: ReminderSending) -> None:
    """Where the reminder stands after an attempt of its present step."""
    if reminder.state != ReminderState.WAITING or reminder.step != sending.step:
        return
    of_step = reminder.sendings.filter(step=reminder.step)
    details = {"channel": sending.channel.name, "step": reminder.step}
    if of_step.exclude(sent_at=None).exists():
        move(reminder, reminder.send, SENT, actor=None, details=details)
    elif not of_step.filter(given_up_at=None).exists():
        move(reminder, reminder.fail, NOT_SENT, actor=None, details=details)


def note_answer(channel: Channel, answer: str, now: datetime, *, worked: bool) -> None:
    """Keeps with the channel how it went last."""
    kept = {"worked_at": now} if worked else {"failed_at": now, "failure": answer[:255]}
    Channel.objects.filter(pk=channel.pk).update(**kept)


def wait_after(attempts: int, *, too_often: bool = False) -> timedelta:
    """Shortened by up to a fifth, so that what failed together does not come back together."""
    wait = min(FIRST_WAIT * (1 << min(attempts - 1, 16)), LONGEST_WAIT)
    return (max(wait, WAIT_TOO_OFTEN) if too_often else wait) * (1 - _random.uniform(0, 0.2))
