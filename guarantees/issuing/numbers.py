"""The register of guarantee numbers: each is taken before its letter is signed, and then used or void."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from guarantees.models import Application, Guarantee, GuaranteeNumber, NumberState
from guarantees.models.numbering import new_guarantee_number
from staff import clock
from staff.audit import record
from staff.desk.page import Tone
from staff.events import EventKind
from staff.models import User

VOIDED = EventKind("guarantee.number_voided", _("Guarantee number void"), "block", Tone.OVER)


def take(application: Application, now: datetime) -> str:
    """The number that a former attempt left, else a new one. Under the order's lock."""
    if left := _reserved(application):
        return left.number
    return GuaranteeNumber.objects.create(
        number=new_guarantee_number(now), application=application, taken_at=now
    ).number


def use(guarantee: Guarantee) -> None:
    """The letter bears it now. Under the order's lock."""
    taken = GuaranteeNumber.objects.get(number=guarantee.number)
    taken.use(guarantee)
    taken.save()


def void(application: Application, person: User, reason: str) -> None:
    """The application has ended: a number that it left bears no letter. Under the order's lock."""
    if left := _reserved(application):
        left.void(reason[:255], clock.now())
        left.save()
        record(
            chain=application.audit_chain,
            event=VOIDED,
            subject=application,
            actor=person,
            reason=left.reason,
            details={"guarantee": left.number},
        )


def _reserved(application: Application) -> GuaranteeNumber | None:
    return application.numbers.filter(state=NumberState.RESERVED).first()
