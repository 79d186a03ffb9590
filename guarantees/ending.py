"""How guarantees end: by a cancellation that takes effect, by expiry, by payment. Called with the order locked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guarantees import audit, notifications
from guarantees.blockers import what_blocks_the_end
from guarantees.letter.kinds import SURETYSHIP
from guarantees.models import Cancellation, CancellationState, Guarantee, GuaranteeState, Order
from guarantees.models.guarantee import LAST_SECOND
from guarantees.validity import last_day_of_term
from protocol.chinatime import CHINA
from staff.models import User

log = logging.getLogger(__name__)


def effect_time(cancellation: Cancellation) -> datetime:
    """When an approved cancellation ends its guarantee: at its time, never beyond the guarantee's own end (B8)."""
    return min(cancellation.invalid_time, cancellation.guarantee.valid_until)


def take_effect(cancellation: Cancellation, now: datetime, person: User | None) -> bool:
    """Lets an approved cancellation take effect if its time has come and no demand is in the way; whether it did."""
    guarantee = cancellation.guarantee
    if not cancellation.is_return and effect_time(cancellation) > now:
        return False
    if what_blocks_the_end(guarantee):
        return False
    was, ended_as = cancellation.state, guarantee.state
    if cancellation.is_return:
        guarantee.return_for_correction()
        application = guarantee.application
        application_was = application.state
        application.return_for_correction()
        application.save()
        if person:
            audit.application_returned(application, person=person, from_state=application_was)
    else:
        guarantee.cancel()
    guarantee.ended_at = now
    guarantee.save()
    cancellation.effective_at = now
    cancellation.take_effect()
    cancellation.save()
    audit.guarantee_ended(guarantee, person=person, from_state=ended_as)
    audit.cancellation_effective(cancellation, person=person, from_state=was)
    notifications.guarantee_cancelled(cancellation, now)
    return True


def effect_due(now: datetime) -> int:
    """Every approved cancellation whose time has come; how many took effect."""
    due = Cancellation.objects.filter(state=CancellationState.APPROVED)
    return _each(_effect_one, due.values_list("pk", "order_id"), now)


def _each(end_one: Callable[[int, int, datetime], bool], due: Iterable[tuple[int, int]], now: datetime) -> int:
    """How many of the cases ended; one that fails is logged and holds up no other."""
    ended = 0
    for pk, order in due:
        try:
            ended += end_one(pk, order, now)
        except Exception:
            log.exception("%s failed on %d", end_one.__name__, pk)
    return ended


def _effect_one(pk: int, order: int, now: datetime) -> bool:
    with transaction.atomic():
        Order.lock(order)
        cancellation = Cancellation.objects.select_related("guarantee__application", "order").get(pk=pk)
        if cancellation.state != CancellationState.APPROVED:
            return False
        if cancellation.guarantee.state != GuaranteeState.IN_FORCE:
            _lapse(cancellation)
            return False
        return take_effect(cancellation, now, None)


def _lapse(cancellation: Cancellation) -> None:
    """An approved cancellation of a guarantee that ended otherwise: there is nothing left to cancel (B10, B12)."""
    was = cancellation.state
    cancellation.reason = _("The guarantee had ended otherwise.")
    cancellation.lapse()
    cancellation.save()
    audit.cancellation_lapsed(cancellation, from_state=was)


def expire_due(now: datetime) -> int:
    """Every guarantee whose end has passed, once each, however long nobody looked (decisions B15); how many."""
    return _each(_expire_one, past_their_end(now).values_list("pk", "application__order"), now)


def past_their_end(now: datetime) -> QuerySet[Guarantee]:
    """Guarantees in force whose last second is over: the last day counts until 24 o'clock."""
    return Guarantee.objects.filter(state=GuaranteeState.IN_FORCE, valid_until__lte=now - LAST_SECOND)


def _expire_one(pk: int, order: int, now: datetime) -> bool:
    with transaction.atomic():
        Order.lock(order)
        guarantee = past_their_end(now).select_related("application").filter(pk=pk).first()
        if guarantee is None or what_blocks_the_end(guarantee):
            return False
        was = guarantee.state
        if may_outlast_its_end(guarantee):
            guarantee.expire_unreleased()
        else:
            guarantee.expire()
            guarantee.ended_at = now
        guarantee.save()
        audit.guarantee_ended(guarantee, person=None, from_state=was)
    return True


def may_outlast_its_end(guarantee: Guarantee) -> bool:
    """Whether a suretyship's period may by law be longer than its letter prints.

    A period that ends before or with the due date of what it secures counts as none agreed, and becomes six months
    from that date (民法典 art. 692).
    """
    months = guarantee.application.contract_months
    if months is None or not guarantee.wording.startswith(SURETYSHIP):
        return False
    begins, ends = guarantee.valid_from.astimezone(CHINA).date(), guarantee.valid_until.astimezone(CHINA).date()
    return ends <= last_day_of_term(begins, months)


def pay_out_if_empty(guarantee: Guarantee, now: datetime, person: User) -> None:
    """A guarantee of which nothing is left to demand ends as paid out."""
    if guarantee.remaining == 0 and guarantee.state in (GuaranteeState.IN_FORCE, GuaranteeState.UNRELEASED):
        was = guarantee.state
        guarantee.pay_out()
        guarantee.ended_at = now
        guarantee.save()
        audit.guarantee_ended(guarantee, person=person, from_state=was)
