"""The cases of an order as they stand: by the platform's appid and the order's number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model

from claims.models import Demand
from guarantees.models import Application, Cancellation, Guarantee, Refund, Withdrawal


@dataclass(frozen=True)
class Key:
    """What a platform calls an order."""

    appid: str
    number: str


#: Finds one case of an order.
Finder = Callable[[Key], Model]


def application(key: Key) -> Application:
    return Application.objects.filter(**_order(key, "order__")).latest("round")


def guarantee(key: Key) -> Guarantee:
    """The latest letter."""
    return Guarantee.objects.filter(**_order(key, "application__order__")).latest("id")


def cancellation(key: Key) -> Cancellation:
    return Cancellation.objects.filter(**_order(key, "order__")).latest("id")


def withdrawal(key: Key) -> Withdrawal:
    return Withdrawal.objects.filter(**_order(key, "order__")).latest("id")


def refund(key: Key) -> Refund:
    return Refund.objects.filter(**_order(key, "application__order__")).latest("id")


def demand(key: Key) -> Demand:
    """The first one."""
    return Demand.objects.filter(**_order(key, "order__")).earliest("id")


def second_demand(key: Key) -> Demand:
    return Demand.objects.filter(**_order(key, "order__")).latest("id")


def _order(key: Key, path: str) -> dict[str, str]:
    return {f"{path}connection__appid": key.appid, f"{path}number": key.number}
