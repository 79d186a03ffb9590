"""To which unit an application comes when it arrives: the first rule that takes it, else the head office.

PREP101 has no field for the purchaser's place, only its code: digits 3 to 8 of a unified credit code are the division
where it is registered (GB 32100). So a rule asks for their beginning: 15 is Inner Mongolia, 1501 its city Hohhot.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guarantees.models import Application, UnitRule
from protocol import folding
from staff import clock

#: Digits of a province, a city, a county.
REGION_DIGITS = (2, 4, 6)


@dataclass(frozen=True)
class Arriving:
    """What rules ask of an application."""

    connection: int | None
    beneficiary_code: str
    nature: str
    amount: Decimal


def to_its_unit(application: Application) -> UnitRule | None:
    """Gives the order of an application that arrived to the unit of the first rule that takes it; which that was."""
    order = application.order
    values = Arriving(
        order.connection_id, application.beneficiary_code, application.purchase_nature, application.advance_amount
    )
    rule = first_that_takes(UnitRule.objects.in_use().select_related("unit"), values, clock.today())
    if rule:
        order.unit = rule.unit
        order.save(update_fields=["unit"])
    return rule


def first_that_takes(rules: Iterable[UnitRule], values: Arriving, today: date) -> UnitRule | None:
    """`rules` in their order; `today` is China's date."""
    return next((rule for rule in rules if rule.active_from <= today and takes(rule, values)), None)


def takes(rule: UnitRule, values: Arriving) -> bool:
    """Whether an application is one that the rule means; both amounts are included."""
    return (
        rule.connection_id in (None, values.connection)
        and region(values.beneficiary_code).startswith(rule.region)
        and rule.nature in ("", values.nature)
        and (rule.amount_from is None or values.amount >= rule.amount_from)
        and (rule.amount_to is None or values.amount <= rule.amount_to)
    )


def takes_all_of(rule: UnitRule, other: UnitRule, today: date) -> bool:
    """Whether the rule takes whatever the other one would from now on, so that behind it the other one takes nothing.
    One whose day is still to come may be meant to take the other's place then."""
    return (
        rule.active_from <= max(other.active_from, today)
        and rule.connection_id in (None, other.connection_id)
        and other.region.startswith(rule.region)
        and rule.nature in ("", other.nature)
        and (rule.amount_from is None or (other.amount_from is not None and rule.amount_from <= other.amount_from))
        and (rule.amount_to is None or (other.amount_to is not None and rule.amount_to >= other.amount_to))
    )


def region(code: str) -> str:
    """The six digits of the division in a unified credit code, however it is written; empty where it has none."""
    bare = folding.number(code)
    digits = bare[2:8]
    return digits if len(bare) == 18 and digits.isascii() and digits.isdigit() else ""
