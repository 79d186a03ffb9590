"""Up to which sum one person approves alone, and who confirms what is above it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees.decisions.case import OrderDecision
from guarantees.models import Application, ApplicationState, Guarantee, Order, party_key
from protocol.searching import containing
from staff.duties import Duty
from staff.models import User
from staff.parameters import Parameter, ParameterGroup

#: The largest sum that there is: with it one person approves every sum.
EVERY_SUM = Decimal("9999999999999.99")
CONFIRM, CONFIRM_LARGE = "guarantees.confirm_approval", "guarantees.confirm_large_approval"


def _sum_field() -> forms.Field:
    return forms.DecimalField(max_digits=15, decimal_places=2, min_value=Decimal(0), max_value=EVERY_SUM)


def _former_alone() -> Decimal | None:
    """Before there was a bound one person approved every sum, and goes on so."""
    return EVERY_SUM if User.objects.exists() else None


ALONE: Parameter[Decimal] = Parameter(
    code="authority.single_approval",
    label=gettext_lazy("Approvals that one person decides alone, up to (CNY)"),
    group=ParameterGroup.AUTHORITY,
    field=_sum_field,
    default=Decimal("500000.00"),
    source=gettext_lazy("Our proposal; confirm it with the institution."),
    help=gettext_lazy(
        "What counts is the applicant's total: the balances of its guarantees in force, what is approved and not yet "
        "issued, and this application. Above it the approval is proposed, and a reviewer confirms it. With the largest "
        "sum, 9,999,999,999,999.99, one person approves everything."
    ),
    first=_former_alone,
)
REVIEWED: Parameter[Decimal] = Parameter(
    code="authority.reviewed_approval",
    label=gettext_lazy("Approvals that the reviewer confirms, up to (CNY)"),
    group=ParameterGroup.AUTHORITY,
    field=_sum_field,
    default=Decimal("3000000.00"),
    source=gettext_lazy("Our proposal; confirm it with the institution."),
    help=gettext_lazy("The applicant's total, as above. Above it a manager confirms."),
)
#: Statuses in which terms are promised and no letter carries them.
PROMISED = (ApplicationState.APPROVED, ApplicationState.PAID, ApplicationState.RETURNED)


def of_the_applicant(case: Application) -> list[int]:
    """Every application of the same applicant, this one among them: the platform passes on whatever was typed as its
    code. Its group is not known."""
    whose = party_key(case.applicant_code)
    found = Application.objects.filter(containing(Application, whose) | Q(pk=case.pk))
    return [pk for pk, code in found.values_list("pk", "applicant_code") if party_key(code) == whose]


def lock_applicant(case: Application) -> None:
    """Locks the orders of the applicant until the transaction ends, so that of two approvals at one moment the second
    counts the first. In the order of their keys, and no transaction that holds an order's lock waits for another's, so
    none wait for each other."""
    orders = set(Application.objects.filter(pk__in=of_the_applicant(case)).values_list("order", flat=True))
    list(Order.objects.select_for_update().filter(pk__in=orders).order_by("pk").values_list("pk"))


def liability_beside(case: Application) -> Decimal:
    """What we may still have to pay for the applicant without this application, in CNY: the balances of its guarantees,
    and what is approved for it and not yet issued."""
    theirs = of_the_applicant(case)
    letters = Guarantee.objects.exposed().filter(application__in=theirs)
    promised = Application.objects.filter(pk__in=theirs, state__in=PROMISED)
    sums = (
        letters.exclude(application=case.pk).with_remaining().aggregate(sum=Sum("left"))["sum"],
        promised.exclude(pk=case.pk).aggregate(sum=Sum("approval__amount"))["sum"],
    )
    return sum((one or Decimal(0) for one in sums), Decimal(0))


def confirmed_by(case: Application, amount: Decimal) -> str:
    """The permission of whoever must confirm that `amount` is approved; "" where one person decides it alone."""
    return _judged(case, amount)[0]


def _judged(case: Application, amount: Decimal) -> tuple[str, Decimal, Decimal]:
    """Who confirms it, the bound that the applicant's total is above, and what of that is beside this case."""
    alone = ALONE.value()
    if alone >= EVERY_SUM:
        return "", alone, Decimal(0)
    beside = liability_beside(case)
    total = beside + amount
    if total <= alone:
        return "", alone, beside
    reviewed = REVIEWED.value()
    return (CONFIRM, alone, beside) if total <= reviewed else (CONFIRM_LARGE, reviewed, beside)


def told(case: Application, amount: Decimal) -> str:
    """What whoever decides is told of it, as a sentence; empty where one person decides the amount alone."""
    permission, bound, beside = _judged(case, amount)
    if not permission:
        return ""
    if permission == CONFIRM:
        text = _("A reviewer confirms it: the applicant's total is above %(bound)s, with %(beside)s beside this case.")
    else:
        text = _("A manager confirms it: the applicant's total is above %(bound)s, with %(beside)s beside this case.")
    return text % {"beside": f"{beside:,.2f}", "bound": f"{bound:,.2f}"}


class ApprovalDecision(OrderDecision[Application]):
    """By which terms are approved. Above the bounds another person confirms it, and meanwhile all of the applicant's
    orders are locked."""

    permission = "guarantees.approve_application"
    model = Application
    other_confirm_permissions = (CONFIRM, CONFIRM_LARGE)
    confirm_duty = Duty.APPROVAL_CONFIRM

    def lock(self, pk: int) -> Application:
        lock_applicant(Application.objects.get(pk=pk))
        return super().lock(pk)

    def second_permission(self, case: Application, data: Mapping[str, Any]) -> str:
        return confirmed_by(case, data["approved_amount"])
