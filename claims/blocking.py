"""What demands mean for their guarantee's end: offered to the guarantees' room."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from claims.models import Demand
from guarantees.models import Guarantee


def open_demand(guarantee: Guarantee) -> str | None:
    """An open timely demand keeps a guarantee from ending in any way (decisions B13)."""
    if guarantee.demands.open().filter(timely=True).exists():
        return _("A demand on this guarantee is open; it must be decided first.")
    return None


def settled_at(guarantee: Guarantee, due: datetime) -> datetime | None:
    """When the last timely demand that was open at `due`, or came while another was, had been decided."""
    latest: datetime | None = guarantee.demands.filter(timely=True, decided_at__gt=due).aggregate(
        latest=Max("decided_at")
    )["latest"]
    return latest


def carry_over(old: Guarantee, new: Guarantee) -> None:
    """Open demands on a replaced letter go on under the new one (decisions B9)."""
    Demand.objects.open().filter(guarantee=old).update(guarantee=new)
