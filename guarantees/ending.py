"""How guarantees end: by a cancellation that takes effect, by expiry, by payment. Called with the order locked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guarantees import audit, notifications
from guarantees.blockers import held_up_until, what_blocks_the_end
from guarantees.book import entries
from guarantees.models import Cancellation, CancellationState, Guarantee, GuaranteeState, Order
from guarantees.validity import may_outlast_its_letter
from protocol.vocabulary import CancellationKind
from staff import clock
from staff.audit import move
from staff.models import User

log = logging.getLogger(__name__)


def effect_time(cancellation: Cancellation, decided_at: datetime) -> datetime:
    """When a cancellation that is approved at `decided_at` ends its guarantee (decisions B8).

    At its time, or at the decision where that is past, never beyond the guarantee's own end; where an open demand
    holds it up, when that is decided.
    """
    due = min(max(cancellation.invalid_time, decided_at), cancellation.guarantee.valid_until)
    return held_up_until(cancellation.guarantee, due)


def over_at(guarantee: Guarantee) -> datetime:
    """The first instant after a guarantee's end: from then on a demand is late, whether or not our clock came by."""
    if guarantee.state in (GuaranteeState.CANCELLED, GuaranteeState.SURRENDERED) and guarantee.ended_at:
        return guarantee.ended_at
    approved = guarantee.cancellations.approved().filter(kind=CancellationKind.PERFORMED).first()
    if approved is None or approved.decided_at is None or what_blocks_the_end(guarantee):
        return guarantee.over_at
    return _over(guarantee, effect_time(approved, approved.decided_at))


def _over(guarantee: Guarantee, end: datetime) -> datetime:
    """`valid_until` names the last second, which counts wholly; any other end is an instant."""
    return guarantee.over_at if end == guarantee.valid_until else end


def take_effect(cancellation: Cancellation, now: datetime, person: User | None) -> bool:
    """Lets an approved cancellation take effect if its time has come and no demand is in the way; whether it did."""
    guarantee = cancellation.guarantee
    if what_blocks_the_end(guarantee):
        return False
    end = now if cancellation.is_return else effect_time(cancellation, cancellation.decided_at or now)
    if _over(guarantee, end) > now:
        return False
    if cancellation.is_return:
        application = guarantee.application
        move(application, application.return_for_correction, audit.RETURNED, actor=person)
        _end(guarantee, guarantee.return_for_correction, GuaranteeState.RETURNED, end, person)
    else:
        _end(guarantee, guarantee.cancel, GuaranteeState.CANCELLED, end, person)
    cancellation.effective_at = end
    event = audit.RETURN_EFFECTIVE if cancellation.is_return else audit.EFFECTIVE
    move(cancellation, cancellation.take_effect, event, actor=person)
    notifications.guarantee_cancelled(cancellation, end)
    return True


def effect_due(now: datetime) -> int:
    """Every approved cancellation whose time has come; how many took effect."""
    return _each(_effect_one, Cancellation.objects.approved().values_list("pk", "order_id"), now)


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
    cancellation.reason = _("The guarantee had ended otherwise.")
    move(cancellation, cancellation.lapse, audit.LAPSED, actor=None, reason=cancellation.reason)


def expire_due(now: datetime) -> int:
    """Every guarantee whose end has passed, once each, however long nobody looked (decisions B15); how many."""
    return _each(_expire_one, Guarantee.objects.past_their_end(now).values_list("pk", "application__order"), now)


def _expire_one(pk: int, order: int, now: datetime) -> bool:
    with transaction.atomic():
        Order.lock(order)
        guarantee = Guarantee.objects.past_their_end(now).select_related("application").filter(pk=pk).first()
        if guarantee is None or what_blocks_the_end(guarantee):
            return False
        if guarantee.cancellations.approved().exists():
            return False  # it ends as cancelled, and the platform is told
        if _stays_after_its_end(guarantee):
            _end(guarantee, guarantee.expire_unreleased, GuaranteeState.UNRELEASED, None, None)
        else:
            end = held_up_until(guarantee, guarantee.over_at)
            _end(guarantee, guarantee.expire, GuaranteeState.EXPIRED, end, None)
    return True


def _stays_after_its_end(guarantee: Guarantee) -> bool:
    return may_outlast_its_letter(
        guarantee.letter_kind,
        begins=clock.day(guarantee.valid_from),
        ends=clock.day(guarantee.valid_until),
        contract_months=guarantee.application.contract_months,
    )


def pay_out_if_empty(guarantee: Guarantee, at: datetime, person: User) -> None:
    """A guarantee of which a payment left nothing to demand ends as paid out."""
    if _is_empty(guarantee):
        _end(guarantee, guarantee.pay_out, GuaranteeState.PAID_OUT, at, person)


def run_down_if_empty(guarantee: Guarantee, at: datetime, person: User) -> None:
    """A guarantee of which a deduction left nothing to demand ends as wholly deducted (decisions B19)."""
    if _is_empty(guarantee):
        _end(guarantee, guarantee.run_down, GuaranteeState.RUN_DOWN, at, person)


def _is_empty(guarantee: Guarantee) -> bool:
    return guarantee.remaining == 0 and guarantee.is_exposed


def _end(
    guarantee: Guarantee,
    transition: Callable[[], None],
    state: GuaranteeState,
    at: datetime | None,
    person: User | None,
) -> None:
    """Takes the transition, which leads to `state`; an end that is in doubt yet has no time (`at`)."""
    guarantee.ended_at = at
    move(guarantee, transition, audit.ENDED[state], actor=person, details=audit.end_details(guarantee))
    if not guarantee.is_exposed:
        entries.ended(guarantee, person)


def end_due() -> None:
    """Periodic work: cancellations before expiry, so that one whose time lies beyond the guarantee's end ends it as
    cancelled."""
    now = clock.now()
    effect_due(now)
    expire_due(now)
