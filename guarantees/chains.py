"""Orders, as the trail names them: their number, and the numbers of their letters."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Q
from django.urls import reverse

from guarantees.models import Application, Order
from protocol import folding
from staff.chain_names import ChainKind, Named

#: A number that so many orders share is no number.
MOST = 200


def _names(numbers: Collection[int]) -> Mapping[int, Named]:
    latest = {
        one.order_id: one for one in Application.objects.filter(order__in=numbers).order_by("round").only("order")
    }
    return {
        pk: Named(number, reverse("admin:guarantees_application_change", args=[latest[pk].pk]) if pk in latest else "")
        for pk, number in Order.objects.filter(pk__in=numbers).values_list("pk", "number")
    }


def _find(text: str) -> list[int]:
    folded = folding.number(text)
    named = Q(number=text) | Q(folded=folded) | Q(rounds__guarantees__folded=folded)
    return list(Order.objects.filter(named).values_list("pk", flat=True).distinct()[:MOST]) if folded else []


ORDERS = ChainKind("order", _names, _find)
