"""The demonstration's past: every way in which a case ends has its share, and the same seed gives the same past."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import TextChoices

from claims.models import DemandState
from config.history import cases, making, plan, shares
from config.history.course import Course
from config.history.play import History
from guarantees.models import (
    Application,
    ApplicationState,
    CancellationState,
    CorrectionState,
    Guarantee,
    GuaranteeState,
    Order,
    SupplementState,
    WithdrawalState,
)
from guarantees.underwriting.identifiers import is_credit_code
from protocol.models import Notification
from protocol.models.outbox import NotificationState
from staff import calendar, clock
from tests import past
from tests.platform import Platform

STATES: tuple[type[TextChoices], ...] = (
    *(ApplicationState, GuaranteeState, CancellationState, WithdrawalState),
    *(DemandState, SupplementState, CorrectionState),
)
Ledger = list[tuple[Any, ...]]


@pytest.fixture
def stage(db: None, institution: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with past.stage(institution, monkeypatch):
        yield


def ledger() -> Ledger:
    """What became of every order, and when."""
    letters = Guarantee.objects.order_by("number").values_list(
        *("number", "state", "amount", "paid", "deducted"),
        *("issued_at", "valid_until", "ended_at", "issued_by__username"),
    )
    applications = Application.objects.order_by("order__number").values_list(
        *("order__number", "order__connection__appid", "state", "advance_amount", "settled_at", "approval__premium")
    )
    told = Notification.objects.order_by("id").values_list("queue", "transcode", "state", "created_at", "delivered_at")
    return [*letters, *applications, *told]


def test_every_state_in_which_a_case_can_stand_has_its_share() -> None:
    """Whoever adds one says in `config/history/shares.py` how many orders come to it."""
    reached = {(type(state), state.value) for life in shares.LIVES for state in life.ends}
    assert {(kind, value) for kind in STATES for value in kind.values} - reached == set()


@pytest.mark.parametrize("orders", [len(shares.LIVES), 60, 777, 5000])
def test_the_shares_are_kept_and_none_is_left_out(orders: int) -> None:
    given = shares.quotas(orders)
    assert sum(given.values()) == orders
    assert min(given.values()) == 1
    if orders == 5000:
        refused = sum(number for life, number in given.items() if ApplicationState.REJECTED in life.ends)
        lapsed = given[next(life for life in shares.LIVES if life.name == "lapsed unpaid")]
        demanded = sum(
            number for life, number in given.items() if any(isinstance(end, DemandState) for end in life.ends)
        )
        assert 0.08 < refused / orders < 0.10
        assert 0.03 < lapsed / orders < 0.04
        assert demanded / orders < 0.01


SOME = ("rejected", "wholly deducted", "surrendered", "paid out", "returned and issued again")


def test_the_same_seed_gives_the_same_past_and_an_interrupted_one_goes_on(
    stage: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = past.few(SOME)
    monkeypatch.setattr(plan, "courses", lambda *_: some)

    def played() -> Ledger:
        with transaction.atomic():
            assert making.make(2, 60, 1, progress=lambda *_: None).refused == []
            found = ledger()
            assert not Notification.objects.exclude(state=NotificationState.DELIVERED).exists()
            assert not Notification.objects.filter(delivered_at__gt=clock.now()).exists()
            transaction.set_rollback(True)
        return found

    def interrupted() -> Ledger:
        days: list[datetime] = []

        def stop(day: datetime, came: int, of: int) -> None:
            days.append(day)
            if len(days) == 12:
                raise KeyboardInterrupt

        with transaction.atomic():
            with pytest.raises(KeyboardInterrupt):
                making.make(2, 60, 1, progress=stop)
            assert 0 < len(ledger()) < len(once)
            making.make(2, 60, 1, progress=lambda *_: None)
            found = ledger()
            making.make(2, 60, 1, progress=lambda *_: None)  # nothing is left to be done
            assert ledger() == found
            transaction.set_rollback(True)
        return found

    once = played()
    assert len({row[0] for row in once}) > len(SOME)
    assert interrupted() == once


def test_another_seed_gives_another_past(db: None) -> None:
    number = len(shares.LIVES)
    one, same, other = (plan.courses(number, seed, past.SPAN) for seed in (1, 1, 2))

    def told(courses: list[Course]) -> list[Any]:
        return [(course.key, course.fields, [step.at for step in course.steps]) for course in courses]

    assert told(one) == told(same) != told(other)


def test_a_past_is_plausible(db: None) -> None:
    courses = plan.courses(400, 1, past.SPAN)
    arrived = [course.arrives.astimezone(clock.CHINA) for course in courses]
    assert sum(calendar.is_working_day(at.date()) for at in arrived) > 0.9 * len(arrived)
    assert sum(8 <= at.hour < 18 for at in arrived) > 0.85 * len(arrived)
    assert sum(at.month == 12 for at in arrived) > 2 * sum(at.month == 2 for at in arrived)
    codes = [course.fields[name] for course in courses for name in ("socialCreditCode", "purchaseSocCode")]
    assert all(map(is_credit_code, codes))
    assert len({code[2:6] for code in codes}) > 5
    assert len({code[2:4] for code in codes}) == 5
    amounts = [Decimal(course.fields["advanceAmount"]) for course in courses]
    assert max(amounts) > 10 * sorted(amounts)[200]
    times = [course.fields["socialCreditCode"] for course in courses]
    assert max(map(times.count, set(times))) > 4 * len(times) / len(set(times))


def no_demonstration(settings: Any) -> None:
    settings.DEMONSTRATION = False


def business(_settings: Any) -> None:
    Platform().apply()


def another_kind(settings: Any) -> None:
    settings.INSTITUTION_KIND = "bank"


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (no_demonstration, "DEMONSTRATION is not set"),
        (business, "holds orders already"),
        (another_kind, "a guarantee company's"),
    ],
)
def test_it_is_made_in_an_empty_demonstration_alone(
    stage: None, settings: Any, prepare: Callable[[Any], None], why: str
) -> None:
    prepare(settings)
    before = Order.objects.count()
    with pytest.raises(CommandError, match=why):
        call_command("make_history", years=2, orders=60)
    assert Order.objects.count() == before


def test_one_history_does_not_go_on_with_another(stage: None, monkeypatch: pytest.MonkeyPatch) -> None:
    some = past.few(SOME)
    monkeypatch.setattr(plan, "courses", lambda _orders, seed, _span: some[:seed])
    call_command("make_history", years=2, seed=1, verbosity=0)
    with pytest.raises(CommandError, match="another history"):
        call_command("make_history", years=2, seed=2, verbosity=0)


@pytest.mark.parametrize(
    ("given", "why"),
    [({"orders": 10}, "At least"), ({"years": 1}, "At least 2 years"), ({"years": 5}, "certificate begins on")],
)
def test_what_cannot_be_is_told_in_a_sentence(stage: None, given: dict[str, int], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("make_history", **{"years": 2, "orders": 60, **given})


def test_what_production_refuses_is_left_out_and_told(stage: None) -> None:
    """Two steps that do not go together stop no history: the order stands where it was."""
    (course,) = past.few(["rejected"])
    course.decided(cases.application, "issue")
    history = History(past.SPAN, [course], 1, "")
    history.play(past.SPAN.begins, lambda _day: None)
    assert len(history.refused) == 1
    assert past.states(course.key) == {ApplicationState.REJECTED}
