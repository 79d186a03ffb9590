"""The room that a network's refusals have in the journal each hour (decisions C7).

In the database and no RateLimit: the desk shows it, it outlives a restart, and it counts bytes too.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import NamedTuple

from django.db.models import F

from protocol.models import RefusalTally
from protocol.models.tally import Share

log = logging.getLogger(__name__)

#: Rows of a network in an hour; more are counted only.
MOST_ROWS = {Share.OPENED_DEMAND: 10_000, Share.DEMAND: 5_000, Share.OTHER: 1_000}
#: Bytes of bodies and plaintexts of a network in an hour; of more only size and digest are kept.
MOST_BYTES = {Share.OPENED_DEMAND: 16_000_000, Share.DEMAND: 8_000_000, Share.OTHER: 4_000_000}


class Room(NamedTuple):
    """Whether there is room for a row, and for its body."""

    row: bool
    body: bool


def has_room(network: str, at: datetime, share: Share) -> bool:
    """Whether there is room for one more row; takes none."""
    full = RefusalTally.objects.filter(network=network, hour=_hour(at), share=share, rows__gte=MOST_ROWS[share])
    return not full.exists()


def take(network: str, at: datetime, share: Share, size: int) -> Room:
    """Takes room for a row, and for `size` bytes where there are any; what gets no row is counted."""
    tally, _new = RefusalTally.objects.get_or_create(
        network=network, hour=_hour(at), share=share, defaults={"last_at": at}
    )
    mine = RefusalTally.objects.filter(pk=tally.pk)
    if not mine.filter(rows__lt=MOST_ROWS[share]).update(rows=F("rows") + 1, last_at=at):
        mine.update(beyond=F("beyond") + 1, last_at=at)
        if tally.beyond == 0:
            log.warning("Refused messages from %s (%s) are only counted until the hour is over", network, share)
        return Room(row=False, body=False)
    fits = mine.filter(kept_bytes__lte=MOST_BYTES[share] - size).update(kept_bytes=F("kept_bytes") + size)
    return Room(row=True, body=bool(fits))


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
