"""The clock's work: what nobody acknowledged is passed on, what is dealt with is closed, what is due is sent."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from staff import clock
from staff.audit import move
from staff.events import EventKind
from staff.looks import Tone
from staff.models import Channel, Reminder
from staff.reminders import telling, wakeup
from staff.reminders.kinds import kind_of
from staff.reminders.sending import send_due, something_is_due
from staff.roles import Role

PASSED_ON = EventKind("reminder.passed_on", _("Not acknowledged; the next is told"), "forward", Tone.WARNING)
SETTLED = EventKind("reminder.settled", _("Matter dealt with"), "task_alt", Tone.GOOD)
#: So many are looked at in one turn, the oldest first.
MOST = 200


def sweep() -> None:
    """Passes on, then sends: here in a worker's process, else in a thread, since the site has one thread for all its
    periodic work."""
    pass_on_due()
    if settings.REDIS_URL:
        send_due()
    elif something_is_due(clock.now()):
        wakeup.wake()


def pass_on_due() -> None:
    """Tells the next on the list of what nobody has acknowledged in time."""
    due = Reminder.objects.open().filter(pass_on_at__lte=clock.now()).order_by("pass_on_at")
    for pk in due.values_list("pk", flat=True)[:MOST]:
        with transaction.atomic():
            _pass_on(Reminder.objects.select_for_update().get(pk=pk), clock.now())


def settle_done() -> None:
    """Closes what somebody dealt with without acknowledging it."""
    for pk in Reminder.objects.open().order_by("made_at").values_list("pk", flat=True)[:MOST]:
        with transaction.atomic():
            _settle(Reminder.objects.select_for_update().get(pk=pk), clock.now())


def _pass_on(reminder: Reminder, now: datetime) -> None:
    if reminder.closed_at is not None or reminder.pass_on_at is None or reminder.pass_on_at > now:
        return  # somebody was quicker
    if _settle(reminder, now):
        return
    following = telling.next_in_line(reminder, now)
    if following is None:
        reminder.pass_on_at = None
        reminder.save()
        return
    reminder.role, reminder.person = following
    reminder.step += 1
    reminder.pass_on_at = now + telling.wait()
    details = {"step": reminder.step, "roles": [] if reminder.person else [str(reminder.role)]}
    move(reminder, reminder.pass_on, PASSED_ON, actor=None, details=details)
    telling.queue(reminder, _channels(reminder), now)


def _channels(reminder: Reminder) -> list[Channel]:
    """Those of the role; for managers, where none is theirs, those that were tried before."""
    serving = Channel.objects.serving(reminder.kind, reminder.role, reminder.unit)
    if serving or reminder.role != Role.MANAGER:
        return serving
    return list(Channel.objects.in_use().filter(sendings__reminder=reminder).distinct())


def _settle(reminder: Reminder, now: datetime) -> bool:
    """Whether it is closed now, since its matter is."""
    if reminder.closed_at is not None:
        return True
    kind, subject = kind_of(reminder.kind), reminder.subject
    if kind is not None and subject is not None and not kind.is_over(subject):
        return False
    reminder.closed_at, reminder.pass_on_at = now, None
    move(reminder, reminder.settle, SETTLED, actor=None)
    return True
