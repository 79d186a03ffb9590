"""Raises alerts: always a line in the log and a row for the desk; the first of an hour is also mailed where
ALERT_EMAIL is set, a reminder each day, and staff are told of it by their channels. One typed function per kind."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from protocol.errors import MAX_PARTICULARS, Reason
from protocol.models import Alert, Connection, Notification, Part
from protocol.models.alert import AlertKind
from protocol.models.reason import REASON_TEXTS
from protocol.names import named
from staff import clock
from staff.reminders.kinds import ReminderKind
from staff.reminders.telling import tell
from staff.roles import Role

log = logging.getLogger(__name__)


def _dealt_with(alert: Alert) -> bool:
    return alert.seen_at is not None


def _told(kind: AlertKind, role: Role, *, urgent: bool = True) -> ReminderKind:
    return ReminderKind(f"alert.{kind.value}", kind.label, role, urgent, _dealt_with)


#: Whom each kind is for. What cannot wait until somebody looks is urgent.
REMINDERS = {
    AlertKind.REFUSED_DEMAND: _told(AlertKind.REFUSED_DEMAND, Role.CLAIMS_HANDLER),
    AlertKind.UNPROVEN_DEMAND: _told(AlertKind.UNPROVEN_DEMAND, Role.CLAIMS_HANDLER, urgent=False),
    AlertKind.UNDELIVERED: _told(AlertKind.UNDELIVERED, Role.ADMINISTRATOR),
    AlertKind.ATTENTION: _told(AlertKind.ATTENTION, Role.ADMINISTRATOR),
    AlertKind.SILENT: _told(AlertKind.SILENT, Role.ADMINISTRATOR),
    AlertKind.CERTIFICATE_EXPIRES: _told(AlertKind.CERTIFICATE_EXPIRES, Role.ADMINISTRATOR, urgent=False),
    AlertKind.CERTIFICATE_UNUSABLE: _told(AlertKind.CERTIFICATE_UNUSABLE, Role.ADMINISTRATOR),
    AlertKind.RECORD_DIFFERS: _told(AlertKind.RECORD_DIFFERS, Role.MANAGER),
    AlertKind.LOOK_UPS_STOPPED: _told(AlertKind.LOOK_UPS_STOPPED, Role.ADMINISTRATOR, urgent=False),
}


def refused_demand(
    connection: Connection | None, digest: str, code: str, reason: str, particulars: str = "", *, proven: bool = True
) -> Alert:
    """A PREP105 whose signature held, or that our key opens, was not answered 000: a demand may be lost in it.

    Each has an alert of its own, which leads to that very message (decisions C5); the same bytes again (`digest`, hex)
    are counted on it while it is open. `particulars` say what exactly is wrong: of fields which, in words. Of an hour
    only the first is mailed and told.
    """
    now = clock.now()
    who = connection.name if connection else _("unknown sender")
    subject = f"{who[:79]} {digest[:16]}"
    if connection and not proven:
        who = _("%(platform)s (unproven)") % {"platform": who}
    text = _("A demand from %(who)s was answered %(code)s and not accepted (%(reason)s). A demand may be lost in it.")
    why = str(REASON_TEXTS[Reason(reason)])
    if reason == Reason.FIELDS:
        why = f"{why}: {particulars[:MAX_PARTICULARS]}"
    about = Alert.objects.filter(kind=AlertKind.REFUSED_DEMAND)
    still_open = about.filter(subject=subject, seen_at=None).first()
    hour = _hour(now)
    return _raise(
        AlertKind.REFUSED_DEMAND,
        connection,
        subject,
        text % {"who": who, "code": code, "reason": why},
        since=still_open.hour if still_open else hour,
        mail=not about.filter(hour=hour).exists(),
    )


def unproven_demand(network: str, connection: Connection | None, digest: str, code: str, reason: str) -> Alert:
    """A PREP105 that proves nothing was not answered 000: one alert for a network and day (decisions C5)."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    who = connection.name if connection else _("unknown sender")
    text = _("A so-called demand from %(who)s was answered %(code)s (%(reason)s); nothing proves its sender.")
    details = {"who": who, "code": code, "reason": REASON_TEXTS[Reason(reason)]}
    return _raise(AlertKind.UNPROVEN_DEMAND, connection, network, text % details, since=today)


def undelivered(notification: Notification) -> None:
    """A message has waited longer than it may."""
    text = _("%(what)s for order %(order)s is still not delivered.")
    _raise(
        AlertKind.UNDELIVERED,
        notification.connection,
        f"{notification.connection.name} {notification.queue}"[:96],
        text % {"what": named(notification.transcode), "order": notification.queue},
    )


def needs_attention(notification: Notification) -> None:
    """The platform answered that a message is wrong (decisions B17)."""
    text = _("%(what)s for order %(order)s was refused: %(code)s %(answer)s")
    _raise(
        AlertKind.ATTENTION,
        notification.connection,
        f"{notification.connection.name} {notification.queue}"[:96],
        text
        % {
            "what": named(notification.transcode),
            "order": notification.queue,
            "code": notification.code,
            "answer": notification.answer,
        },
    )


def silent(part: Part, since: datetime | None) -> None:
    """A worker or the clock that wakes it has not been heard of."""
    text = _("%(part)s has not been heard of since %(since)s.")
    at = timezone.localtime(since).strftime("%Y-%m-%d %H:%M:%S") if since else "—"
    _raise(AlertKind.SILENT, None, part, text % {"part": part.label, "since": at})


def certificate_expires(owner: str, serial_number: str, last_day: date, days_left: int) -> None:
    """The certificate that signs letters ends soon; reminds once a day."""
    text = _(
        "The certificate of %(owner)s (%(number)s) signs letters until %(day)s, for %(days)d more days. "
        "Have its issuer renew it; docs/operating.md says how."
    )
    details = {"owner": owner, "number": serial_number, "day": last_day.isoformat(), "days": days_left}
    _remind(AlertKind.CERTIFICATE_EXPIRES, f"{owner} {serial_number}", text % details)


def certificate_unusable(owner: str, reason: str) -> None:
    """The certificate that signs letters is expired, not trusted or out of reach; reminds once a day."""
    text = _("No letter can be issued. %(reason)s")
    _remind(AlertKind.CERTIFICATE_UNUSABLE, owner, text % {"reason": reason})


def record_differs(number: str, what: list[str]) -> None:
    """The database says otherwise than what was signed under this number; reminds once a day."""
    text = _("Our records of %(number)s differ from what was signed: %(what)s. It is not confirmed to anybody.")
    _remind(AlertKind.RECORD_DIFFERS, number, text % {"number": number, "what": ", ".join(what)})


def number_stopped(number: str) -> None:
    """Strangers tried so many wrong codes that a letter or paper of ours is looked up by its file alone; once a day."""
    text = _("Wrong codes stopped the look-up of %(number)s for an hour; its file is still verified.")
    _remind(AlertKind.LOOK_UPS_STOPPED, number, text % {"number": number})


def network_stopped(network: str) -> None:
    """A network tried so many wrong codes that it is not answered for a minute; one reminder a day for all of them."""
    text = _("The network %(network)s tried many wrong codes on the verification page and is held up.")
    _remind(AlertKind.LOOK_UPS_STOPPED, "/verify/", text % {"network": network})


def _raise(
    kind: AlertKind,
    connection: Connection | None,
    subject: str,
    text: str,
    *,
    since: datetime | None = None,
    mail: bool = True,
) -> Alert:
    """The alert of this kind and subject that began in this hour, or at `since`: made, or counted once more."""
    now = clock.now()
    with transaction.atomic():
        alert, _new = Alert.objects.get_or_create(
            kind=kind,
            subject=subject[:96],
            hour=since or _hour(now),
            defaults={"connection": connection, "last_at": now, "text": text[:255]},
        )
        first = alert.count == 0
        Alert.objects.filter(pk=alert.pk).update(count=F("count") + 1, last_at=now, text=text[:255])
        if first and mail:
            _tell(alert)
    if first:
        # Once: a flood of the same would fill the log.
        log.error("%s", text)
        if mail:
            _mail_on_commit(kind, text)
    return alert


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _remind(kind: AlertKind, subject: str, text: str) -> None:
    """Once a day, however often it is called, and in one row until somebody deals with it: whoever looks late finds
    one matter and not sixty."""
    now = clock.now()
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    about = Alert.objects.filter(kind=kind, subject=subject[:96])
    with transaction.atomic():
        if about.filter(last_at__gte=today).exists():
            return
        still_open = about.filter(seen_at=None).first()
        alert, _new = Alert.objects.get_or_create(
            kind=kind,
            subject=subject[:96],
            hour=still_open.hour if still_open else today,
            defaults={"last_at": now, "text": text[:255]},
        )
        # Of two processes that come here together, the second finds its turn taken.
        unsaid = about.filter(Q(count=0) | Q(last_at__lt=today), pk=alert.pk)
        if unsaid.update(count=F("count") + 1, last_at=now, text=text[:255]):
            log.error("%s", text)
            _tell(alert)
            _mail_on_commit(kind, text)


def _tell(alert: Alert) -> None:
    """Its number is our own; its text, which names platforms, networks and orders, stays on its page."""
    tell(REMINDERS[AlertKind(alert.kind)], alert, str(alert.pk))


def _mail_on_commit(kind: AlertKind, text: str) -> None:
    if settings.ALERT_EMAIL:
        transaction.on_commit(lambda: _mail(kind, text), robust=True)


def _mail(kind: AlertKind, text: str) -> None:
    """A mail server that is away must not hold up whoever raised the alert: EMAIL_TIMEOUT is short."""
    try:
        send_mail(str(kind.label), text, settings.DEFAULT_FROM_EMAIL, settings.ALERT_EMAIL)
    except OSError:
        log.exception("The alert could not be mailed")
