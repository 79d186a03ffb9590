"""An order's link for its applicant: made, found again by its token, opened by its code, ended.

What protects the page: a token of 192 random bits, found by its SHA-256; a code that stands on no message of ours, the
last four digits of the contact's telephone as the platform gave it; at most twenty wrong ones in all the link's time.
Tokens and telephones stand encrypted in the database, and in no entry of the trail. Whoever has both the message and
the telephone number can send documents in the applicant's name, pay, and read the letter: nothing more.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from datetime import timedelta

from django import forms
from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from guarantees.models import ApplicantLink, Application, LinkEnd, Order
from staff import clock
from staff.audit import record
from staff.case_files import APPLICANT
from staff.desk.page import Tone
from staff.events import EventKind
from staff.models import User
from staff.parameters import Parameter, ParameterGroup

VALID_DAYS: Parameter[int] = Parameter(
    code="applicants.link_days",
    label=_("Days that an applicant's link is valid"),
    group=ParameterGroup.CLOCKS,
    field=lambda: forms.IntegerField(min_value=1, max_value=365),
    default=30,
    source=_("Our proposal; no rule says it."),
    help=_("Each request for documents makes it valid so long again."),
)
#: So many digits of the telephone are the code.
CODE_DIGITS = 4
MOST_WRONG_CODES = 20
#: What parts an extension from its number, or a number from the next; as NFKC writes it.
BETWEEN_NUMBERS = re.compile(r"转|轉|分机|ext|#|/|,|;|、", re.IGNORECASE)
#: Whoever gives the code again sooner is the same visitor to the trail.
TOLD_ONCE_IN = timedelta(hours=12)

OPENED = EventKind("applicant_link.opened", _("Applicant opened its page"), "visibility")
GUESSED = EventKind("applicant_link.wrong_codes", _("Wrong codes on the applicant's page"), "gpp_maybe", Tone.WARNING)
SHUT = EventKind("applicant_link.shut", _("Applicant's link stopped after wrong codes"), "link_off", Tone.BAD)
EVENTS = [OPENED, GUESSED, SHUT]


def live_link(order: Order) -> ApplicantLink | None:
    return next((link for link in order.applicant_links.all() if link.is_live(clock.now())), None)


def code_of(order: Order) -> str:
    """The last digits of the contact's telephone in the order's latest round, of several the first, without its
    extension; "" where it has too few."""
    latest = order.rounds.order_by("-round").first()
    telephone = unicodedata.normalize("NFKC", latest.agent_phone) if latest else ""
    numbers = ["".join(one for one in part if one in "0123456789") for part in BETWEEN_NUMBERS.split(telephone)]
    return next((digits[-CODE_DIGITS:] for digits in numbers if len(digits) >= CODE_DIGITS), "")


def make_valid(application: Application, person: User) -> ApplicantLink:
    """The order's link, valid from now for its whole time: the one that there is, or a new one in its place."""
    order, now = application.order, clock.now()
    until = now + timedelta(days=VALID_DAYS.value())
    if link := live_link(order):
        link.expires_at = max(link.expires_at, until)
        link.save()
        return link
    order.applicant_links.filter(ended_at=None).update(ended_at=now, ended_why=LinkEnd.REPLACED)
    token = secrets.token_urlsafe(24)
    return ApplicantLink.objects.create(
        order=order, token=token, token_digest=_digest(token), made_by=person, made_at=now, expires_at=until
    )


def end(link: ApplicantLink, why: LinkEnd) -> None:
    link.ended_at, link.ended_why = clock.now(), why
    link.save()


def address_of(link: ApplicantLink) -> str:
    return settings.PUBLIC_URL + reverse("applicant", args=[link.token])


def find(token: str) -> ApplicantLink | None:
    """The live link of that token."""
    live = ApplicantLink.objects.live(clock.now()).select_related("order__connection")
    return live.filter(token_digest=_digest(token)).first()


def is_code(link: ApplicantLink | None, given: str) -> bool:
    """Whether this is the link's code; as long in coming, and the same answer, where there is no such link."""
    right = code_of(link.order) if link else ""
    return constant_time_compare(right or "-", given) and link is not None


def note_opened(link: ApplicantLink) -> None:
    """Somebody came in by the right code; the trail is told of it once in a while, since staff who are about to decide
    must look again at whatever it tells. In a transaction of the caller's, with the order locked."""
    now, before = clock.now(), link.opened_at
    ApplicantLink.objects.filter(pk=link.pk).update(opened_at=now)
    if before is None or now - before >= TOLD_ONCE_IN:
        _record(link, OPENED, {})


def note_wrong_code(link: ApplicantLink, *, tell: bool) -> None:
    """Counts a wrong code; the last that is let pass stops the link. The trail is told of the first that was too many
    in a while (`tell`), and of the end. In a transaction of the caller's."""
    Order.lock(link.order_id)
    ApplicantLink.objects.filter(pk=link.pk).update(wrong_codes=F("wrong_codes") + 1)
    now = ApplicantLink.objects.get(pk=link.pk)
    if now.ended_at is None and now.wrong_codes >= MOST_WRONG_CODES:
        end(now, LinkEnd.WRONG_CODES)
        _record(now, SHUT, {"wrong_codes": now.wrong_codes})
    elif tell:
        _record(now, GUESSED, {"wrong_codes": now.wrong_codes})


def _record(link: ApplicantLink, event: EventKind, details: dict[str, int]) -> None:
    record(chain=link.audit_chain, event=event, subject=link.order, actor=None, actor_name=APPLICANT, details=details)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
