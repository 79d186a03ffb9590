"""The institution at work in a process of its own, on the database that DATABASE_URL names.

python -m tests.faults.desk prepare ORDERS DECIDED  migrates; a platform applied for ORDERS, some of them are DECIDED
python -m tests.faults.desk decide FIRST LAST       approves these orders and settles their premiums (01 and 05)
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from time import monotonic

import django
from django.core.management import call_command


def main(command: str, *numbers: str) -> None:
    django.setup()
    if command == "prepare":
        prepare(*map(int, numbers))
    else:
        sys.stdout.write(json.dumps(decide(*map(int, numbers))))


def prepare(orders: int, decided: int) -> None:
    from tests.platform import Platform

    call_command("migrate", verbosity=0)
    platform = Platform()
    for number in range(orders):
        answered = platform.apply(applicationId=f"SQ{number:04}")
        assert answered.code == "000", answered
    decide(0, decided)


def decide(first: int, last: int) -> dict[str, float]:
    """Takes the decisions, two for each order; how long the slowest took, in seconds."""
    from guarantees.models import Application
    from staff.roles import Role
    from tests import institution

    slowest = 0.0
    for number in range(first, last):
        application = Application.objects.get(order__number=f"SQ{number:04}")
        for name, who, given in (
            ("approve", Role.UNDERWRITER, {"premium": Decimal("4500.00")}),
            ("record_payment", Role.CASHIER, {"reference": f"B{number}"}),
        ):
            started = monotonic()
            institution.decide(name, application, who, **given)
            slowest = max(slowest, monotonic() - started)
            application = Application.objects.get(pk=application.pk)
    return {"slowest": slowest}


if __name__ == "__main__":
    main(*sys.argv[1:])
