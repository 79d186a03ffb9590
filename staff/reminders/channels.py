"""Hands one text to one channel."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from staff import clock
from staff.models import Channel, ChannelKind, User
from staff.reminders import posting, robots
from staff.reminders.posting import NotPosted

#: Of one whole attempt, in seconds.
DEADLINE = 8.0


def send(channel: Channel, title: str, text: str, people: list[User]) -> str:
    """What the channel answered when it took the text; NotPosted where it did not. `people` are written to by an e-mail
    channel that has no addresses of its own. Not inside a transaction: it may take DEADLINE seconds."""
    if channel.kind == ChannelKind.EMAIL:
        return _mail(channel, title, text, people)
    asked = robots.request(channel.kind, channel.address, channel.secret, text, clock.now())
    return robots.accepted(channel.kind, posting.post(channel.kind, asked.address, asked.body, within=DEADLINE))


def addresses(channel: Channel) -> list[str]:
    """An e-mail channel's own."""
    return [one.strip() for one in channel.address.split(",") if one.strip()]


def _mail(channel: Channel, title: str, text: str, people: list[User]) -> str:
    if not settings.MAIL_IS_SET_UP:
        raise NotPosted(_("No mail server is set (EMAIL_HOST)."), final=True)
    to = addresses(channel) or sorted({person.email for person in people if person.email})
    if not to:
        raise NotPosted(_("Nobody whom it is for has an e-mail address."), final=True)
    try:
        # Not to be read off by the others: who is told is not for everybody.
        EmailMessage(title, text, settings.DEFAULT_FROM_EMAIL, bcc=to).send()
    except OSError as error:
        # Not its text, which may quote an address.
        code = getattr(error, "smtp_code", "")
        raise NotPosted(
            _("The mail server: %(detail)s") % {"detail": f"{type(error).__name__} {code}".strip()}
        ) from None
    return _("Mailed to %(number)d") % {"number": len(to)}
