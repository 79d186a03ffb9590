"""Our own numbers: one sequence a day, never given twice, gaps allowed."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models, transaction

from protocol.chinatime import CHINA


class NumberSequence(models.Model):
    """The last number given out under a prefix."""

    prefix = models.CharField(max_length=24, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.prefix}{self.last:06d}"


def new_guarantee_number(now: datetime) -> str:
    """A guaranteeId of 16 or more characters, for example BH20261124000001; at most 32 (decisions F1)."""
    return _next(settings.GUARANTEE_NUMBER_PREFIX, now)


def new_paper_number(letter: str, now: datetime) -> str:
    """The number of another paper, with the letter of its kind: BHP20261124000001."""
    return _next(f"{settings.GUARANTEE_NUMBER_PREFIX}{letter}", now)


def _next(beginning: str, now: datetime) -> str:
    prefix = f"{beginning}{now.astimezone(CHINA):%Y%m%d}"
    with transaction.atomic():
        NumberSequence.objects.get_or_create(prefix=prefix)
        sequence = NumberSequence.objects.select_for_update().get(prefix=prefix)
        sequence.last += 1
        sequence.save()
    return str(sequence)
