"""What always holds in the database, whoever did what before."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Sum
from hypothesis.stateful import invariant

from claims.models import Demand, Payment
from guarantees.models import (
    Application,
    Approval,
    Cancellation,
    Guarantee,
    GuaranteeNumber,
    Movement,
    Order,
    Withdrawal,
)
from staff.audit import broken_links
from staff.decisions import Decision
from staff.models import AuditEntry
from tests.book import assert_it_agrees, assert_it_can_be_built_anew
from tests.machines.expectations import WITH_LIFE


class AlwaysTrue:
    """A part of the machine: after each step the database is held to this."""

    def possible(self) -> list[tuple[Decision[Any], Any]]:
        """What somebody may decide now."""
        raise NotImplementedError

    @invariant()
    def all_is_well(self) -> None:
        self.there_is_one_live_letter_and_its_premium_is_settled()
        self.no_more_is_paid_than_guaranteed()
        self.no_more_is_paid_back_than_came_in()
        self.duties_are_separate()
        self.no_guarantee_ends_over_an_open_timely_demand()
        self.every_transition_has_its_audit_row()
        self.nobody_is_left_waiting()
        self.no_number_is_lost()
        self.a_clock_rests_just_while_the_applicant_is_asked()

    def a_clock_rests_just_while_the_applicant_is_asked(self) -> None:
        for application in Application.objects.all():
            asked = application.supplements.pending().count()
            assert asked == (application.work == "supplement")
            assert not asked or application.state == "received"

    def no_number_is_lost(self) -> None:
        """A number waits only for a letter that may still come; each letter has its own."""
        numbers = GuaranteeNumber.objects.select_related("application", "guarantee")
        for number in numbers.filter(state="reserved"):
            assert number.application.state == "paid"
        used = {number.number: number.guarantee.number for number in numbers.filter(state="used")}
        assert used == {number: number for number in Guarantee.objects.values_list("number", flat=True)}

    def there_is_one_live_letter_and_its_premium_is_settled(self) -> None:
        live: dict[int, int] = defaultdict(int)
        for guarantee in Guarantee.objects.select_related("application"):
            assert guarantee.application.settlement
            assert guarantee.valid_from < guarantee.valid_until
            live[guarantee.application.order_id] += guarantee.state == "in_force"
            assert guarantee.state != "in_force" or guarantee.application.state == "issued"
        assert all(count <= 1 for count in live.values())

    def no_more_is_paid_than_guaranteed(self) -> None:
        for guarantee in Guarantee.objects.all():
            assert guarantee.paid + guarantee.deducted <= guarantee.amount
            if not hasattr(guarantee, "successor"):
                # One that bounced counts until the next one of its demand is made, which is of the same amount.
                made = Payment.objects.filter(demand__guarantee__in=chain(guarantee)).order_by("id")
                assert guarantee.paid == sum({one.demand_id: one.amount for one in made}.values())

    def no_more_is_paid_back_than_came_in(self) -> None:
        for application in Application.objects.all():
            came_in = application.receipts.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
            goes_back = application.refunds.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
            assert goes_back <= came_in
            settled = application.settlement == "received"
            assert not settled or came_in >= application.premium

    def duties_are_separate(self) -> None:
        for application in Application.objects.all():
            # Who approved in this round or an earlier one.
            until_then = Approval.objects.filter(
                application__order=application.order_id, application__round__lte=application.round
            )
            approval = set(until_then.values_list("approved_by", flat=True))
            assert application.approval == application.approvals.order_by("id").last()
            money = {application.settled_by_id, *application.receipts.values_list("recorded_by", flat=True)} - {None}
            issue = set(application.guarantees.values_list("issued_by", flat=True))
            assert len(approval | money | issue) == len(approval) + len(money) + len(issue)

    def no_guarantee_ends_over_an_open_timely_demand(self) -> None:
        ended = Guarantee.objects.filter(state__in=["cancelled", "surrendered", "expired"])
        assert not Demand.objects.open().filter(guarantee__in=ended, timely=True).exists()

    def every_transition_has_its_audit_row(self) -> None:
        trail: dict[tuple[str, int], list[AuditEntry]] = defaultdict(list)
        for entry in AuditEntry.objects.exclude(to_state="").order_by("id"):
            trail[entry.subject_type, entry.subject_id].append(entry)
        for model, first in WITH_LIFE.items():
            for pk, state in model._default_manager.values_list("pk", "state"):
                rows = trail[model._meta.label_lower, pk]
                states = [row.to_state for row in rows]
                if model is Guarantee:  # its issue is its application's row
                    states = [first, *states]
                else:
                    assert rows[0].from_state == ""
                    rows = rows[1:]
                assert states[0] == first
                assert states[-1] == state
                assert [(row.from_state, row.to_state) for row in rows] == list(pairwise(states))
        for order in Order.objects.all():
            assert not list(broken_links(order.audit_chain))

    def nobody_is_left_waiting(self) -> None:
        """What is open can be decided by somebody, now or once the reissue that it waits for is done."""
        # To hand the applicant a link, or to take it away, brings no case further.
        possible = {
            (type(case), case.pk)
            for decision, case in self.possible()
            if decision.name not in ("make_link", "stop_link")
        }
        for demand in Demand.objects.open().select_related("guarantee__application"):
            reissue = demand.guarantee.state == "returned" and demand.guarantee.application.state in (
                "returned",
                "paid",
            )
            assert not demand.is_next or reissue or (Demand, demand.pk) in possible
        for model in (Cancellation, Withdrawal):
            for pk in model._default_manager.filter(state="received").values_list("pk", flat=True):
                assert (model, pk) in possible
        for application in Application.objects.filter(state__in=["received", "approved", "paid", "returned"]):
            withdrawn = application.order.withdrawals.filter(state="received").exists()
            assert withdrawn or (Application, application.pk) in possible


def chain(guarantee: Guarantee) -> list[Guarantee]:
    """A letter and those that it replaces, the first one first."""
    letters = [guarantee]
    while (before := letters[0].supersedes) is not None:
        letters.insert(0, before)
    return letters


def the_book_is_right() -> None:
    """It agrees with the rows; a third of the histories is built anew too, which takes as long as playing them."""
    if Movement.objects.count() % 3 == 0:
        assert_it_can_be_built_anew()
    else:
        assert_it_agrees()
