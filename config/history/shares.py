"""What becomes of how many orders: data, by the trade's practice as far as it is known, else by our guess."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices

from claims.models import DemandState
from config.history import amid, lives
from config.history.course import Course
from guarantees.models import (
    ApplicationState,
    CancellationState,
    CorrectionState,
    GuaranteeState,
    SupplementState,
    WithdrawalState,
)

#: A month is 30 days here.
MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Life:
    """One way in which an order goes. `share` is how many of 1,000 go it, at least one does; `ends` are the states in
    which it leaves its cases standing. Its first order came at least `age` before the history's end, so that it gets
    there; of `open` ones, which stand amid their way, each came about so long before it. `outlasts`: its letter ends
    with the contract, so that the law may make its period longer. `award` is the least that was awarded (CNY)."""

    name: str
    share: float
    go: Callable[[Course], None]
    ends: tuple[TextChoices, ...]
    age: timedelta = timedelta()
    open: bool = False
    outlasts: bool = False
    award: int = 0


_A, _G, _D = ApplicationState, GuaranteeState, DemandState
_C, _W, _S, _K = CancellationState, WithdrawalState, SupplementState, CorrectionState

LIVES: tuple[Life, ...] = (
    # Before there is a letter: about 88 of 100 are approved.
    Life("rejected", 74, lives.rejected, (_A.REJECTED,), MONTH),
    Life("rejected, documents never came", 14, lives.unanswered, (_A.REJECTED, _S.CLOSED), 2 * MONTH),
    Life("taken back before the decision", 20, lives.taken_back, (_A.CANCELLED, _W.APPROVED, _S.WITHDRAWN), MONTH),
    Life("taken back after payment", 6, lives.taken_back_paid, (_A.CANCELLED, _W.APPROVED), 2 * MONTH),
    Life("lapsed unpaid", 34, lives.lapsed, (_A.FAILED,), 2 * MONTH),
    Life("given up after payment", 4, lives.given_up, (_A.FAILED,), 2 * MONTH),
    # Letters that end as most do.
    Life("performed", 415, lives.performed, (_A.ISSUED, _G.CANCELLED, _C.EFFECTIVE), 8 * MONTH),
    Life("performed, from a day on", 60, lives.performed_later, (_A.ISSUED, _G.CANCELLED, _C.EFFECTIVE), 9 * MONTH),
    Life("expired", 262, lives.expired, (_A.ISSUED, _G.EXPIRED), 9 * MONTH),
    Life("corrected, then performed", 18, lives.corrected, (_A.ISSUED, _G.CANCELLED, _K.CONFIRMED), 8 * MONTH),
    Life("correction returned", 3, lives.correction_returned, (_A.ISSUED, _G.EXPIRED, _K.RETURNED), 9 * MONTH),
    # Deductions on some 5 of 100.
    Life("deducted, then performed", 40, lives.deducted, (_A.ISSUED, _G.CANCELLED, _C.EFFECTIVE), 8 * MONTH),
    Life("wholly deducted", 9, lives.run_down, (_A.ISSUED, _G.RUN_DOWN), 8 * MONTH),
    Life("ran down before its day", 1, lives.overtaken, (_A.ISSUED, _G.RUN_DOWN, _C.REFUSED), 8 * MONTH),
    # A surety's printed end, which the law may outlast.
    Life("expired, not released", 3, lives.unreleased, (_A.ISSUED, _G.UNRELEASED), 10 * MONTH, outlasts=True),
    Life("expired, then released", 4, lives.released, (_A.ISSUED, _G.EXPIRED), 16 * MONTH, outlasts=True),
    # Surrenders, returns, and what is refused.
    Life("surrendered", 4, lives.surrendered, (_A.SURRENDERED, _G.CANCELLED, _W.APPROVED), 8 * MONTH),
    Life("surrendered on a release", 3, lives.surrendered_on_release, (_A.SURRENDERED, _G.SURRENDERED), 8 * MONTH),
    Life("surrender refused", 3, lives.surrender_refused, (_A.ISSUED, _G.EXPIRED, _W.REFUSED), 10 * MONTH),
    Life("cancelling too late", 3, lives.cancelled_too_late, (_A.ISSUED, _G.EXPIRED, _W.REFUSED), 10 * MONTH),
    Life("cancellation refused", 4, lives.cancellation_refused, (_A.ISSUED, _G.EXPIRED, _C.REFUSED), 10 * MONTH),
    Life("returned and issued again", 8, lives.reissued, (_A.ISSUED, _G.RETURNED, _G.EXPIRED), 10 * MONTH),
    Life("reissue given up", 1, lives.reissue_given_up, (_A.FAILED, _G.RETURNED, _C.EFFECTIVE), 4 * MONTH),
    # Demands on fewer than 1 of 100; about half are paid.
    Life("paid out", 2, lives.paid_out, (_A.ISSUED, _G.PAID_OUT, _D.PAID), 8 * MONTH),
    Life("paid in part", 1.5, lives.paid_in_part, (_A.ISSUED, _G.EXPIRED, _D.PAID), 10 * MONTH),
    Life("paid, and demanded twice", 0.5, lives.demanded_twice, (_G.PAID_OUT, _D.PAID, _D.CLOSED), 8 * MONTH),
    Life("payment bounced", 0.5, lives.bounced, (_A.ISSUED, _G.PAID_OUT, _D.PAID), 8 * MONTH),
    Life("demand refused", 4, lives.demand_refused, (_A.ISSUED, _G.EXPIRED, _D.REFUSED), 10 * MONTH),
    # What is under way when the history ends.
    Life("just received", 0.6, amid.received, (_A.RECEIVED,), timedelta(hours=9), open=True),
    Life("documents awaited", 0.4, amid.documents_awaited, (_A.RECEIVED, _S.OPEN), timedelta(days=5), open=True),
    Life("documents overdue", 0.2, amid.documents_awaited, (_A.RECEIVED, _S.OVERDUE), timedelta(days=21), open=True),
    Life("documents came", 0.2, amid.documents_came, (_A.RECEIVED, _S.ANSWERED), timedelta(days=9), open=True),
    Life("correction proposed", 0.2, amid.correction_awaited, (_A.RECEIVED, _K.PROPOSED), timedelta(5), open=True),
    Life("approval to confirm", 0.4, amid.approval_proposed, (_A.RECEIVED,), timedelta(days=4), True, award=8_000_000),
    Life("premium awaited", 0.4, amid.premium_awaited, (_A.APPROVED,), timedelta(days=6), open=True),
    Life("issue awaited", 0.2, amid.issue_awaited, (_A.PAID,), timedelta(days=6), open=True),
    Life("in force", 0.4, amid.in_force, (_A.ISSUED, _G.IN_FORCE), timedelta(days=70), open=True),
    Life("refund to release", 0.2, amid.refund_due, (_A.CANCELLED, _W.APPROVED), timedelta(days=9), open=True),
    Life("deduction to confirm", 0.2, amid.deduction_proposed, (_A.ISSUED, _G.IN_FORCE), 4 * MONTH, open=True),
    Life("taking back awaited", 0.2, amid.withdrawal_awaited, (_A.RECEIVED, _W.RECEIVED), timedelta(5), open=True),
    Life("cancellation awaited", 0.4, amid.cancellation_awaited, (_G.IN_FORCE, _C.RECEIVED), 5 * MONTH, open=True),
    Life("cancellation to come", 0.4, amid.cancellation_to_come, (_G.IN_FORCE, _C.APPROVED), 5 * MONTH, open=True),
    Life("correction of a letter awaited", 0.2, amid.returned, (_A.RETURNED, _G.RETURNED), 2 * MONTH, open=True),
    Life("demand received", 0.2, amid.demand_received, (_G.IN_FORCE, _D.WAITING), 4 * MONTH, open=True),
    Life("payment to release", 0.2, amid.payment_proposed, (_G.IN_FORCE, _D.IN_HAND), 4 * MONTH, open=True),
    Life("demand in hand", 0.2, amid.demand_in_hand, (_G.IN_FORCE, _D.IN_HAND), 4 * MONTH, open=True),
)


def quotas(orders: int) -> dict[Life, int]:
    """How many of so many orders go each way: by the shares, each at least one, by the largest remainders in all.
    ValueError where there are fewer orders than ways."""
    if orders < len(LIVES):
        raise ValueError(f"At least {len(LIVES)} orders are needed: one for each way in which an order goes.")
    whole = sum(life.share for life in LIVES)
    exact = {life: orders * life.share / whole for life in LIVES}
    given = {life: max(1, int(number)) for life, number in exact.items()}
    while (over := sum(given.values()) - orders) != 0:
        step = -1 if over > 0 else 1
        may = [life for life in LIVES if given[life] > 1 or step > 0]
        life = max(may, key=lambda one: step * (exact[one] - given[one]))
        given[life] += step
    return given
