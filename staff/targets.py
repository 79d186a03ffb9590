"""By when work is to be done: a target for each kind of work, and the moments that a case waits for.

Before `amber_at` all is well, from then on somebody should see to it, from `red_at` on it presses, from `done_by` on it
is late. They are stored with the case when its work begins, so that lists sort by them and compute nothing; `recount`
brings them up to date where the calendar, or a target, changed since. What has a target derives from Targeted and says
in `alarm` how its moments are found.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django import forms
from django.apps import apps
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from staff import calendar
from staff.parameters import read_once


@dataclass(frozen=True)
class Alarm:
    """When work becomes urgent, when it presses, and when it is to be done at last: aware moments. `estimated` as of a
    Deadline."""

    amber_at: datetime
    red_at: datetime
    done_by: datetime
    estimated: bool


@dataclass(frozen=True)
class Target:
    """Working hours after a piece of work began; what is red is late. ValidationError where it would be late before it
    is urgent."""

    amber: Decimal
    red: Decimal

    def __post_init__(self) -> None:
        if self.amber > self.red:
            raise forms.ValidationError(gettext("Work is urgent before it presses: the first number is the smaller."))

    def alarm(self, since: datetime) -> Alarm:
        end = calendar.add_working_hours(since, self.red)
        return Alarm(calendar.add_working_hours(since, self.amber).at, end.at, end.at, end.estimated)


class Targeted(models.Model):
    """A case that waits for somebody's work. Its transitions call `begin` and `end_work`; whoever calls them saves."""

    #: Which work is to be done, empty where none is; each room names its own kinds.
    work = models.CharField(_("work to be done"), max_length=16, blank=True, default="", editable=False)
    work_since = models.DateTimeField(_("to be done since"), null=True, blank=True, editable=False)
    amber_at = models.DateTimeField(_("urgent from"), null=True, blank=True, editable=False)
    red_at = models.DateTimeField(_("pressing from"), null=True, blank=True, editable=False)
    done_by = models.DateTimeField(_("to be done by"), null=True, blank=True, editable=False, db_index=True)
    estimated = models.BooleanField(_("estimated by weekends"), default=False, editable=False)
    #: What `alarm` reads beside the case's own columns, as paths.
    alarm_reads: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def alarm(self, work: str, since: datetime) -> Alarm:
        """The moments for a piece of work, by the calendar as it is now."""
        raise NotImplementedError

    def begin(self, work: str, since: datetime) -> None:
        self.work, self.work_since = str(work), since
        for name, value in asdict(self.alarm(self.work, since)).items():
            setattr(self, name, value)

    def end_work(self) -> None:
        self.work, self.work_since, self.estimated = "", None, False
        self.amber_at = self.red_at = self.done_by = None


def recount() -> int:
    """Brings the moments of all work up to date; how many cases had others. It changes no case whose work went on
    meanwhile."""
    with read_once():
        return sum(_recounted(model) for model in apps.get_models() if issubclass(model, Targeted))


def _recounted(model: type[Targeted]) -> int:
    changed = 0
    cases = model._default_manager.filter(work_since__isnull=False).prefetch_related(*model.alarm_reads)
    for case in cases.iterator(chunk_size=500):
        if (since := case.work_since) is None:
            continue
        present = asdict(case.alarm(case.work, since))
        if any(getattr(case, name) != value for name, value in present.items()):
            changed += model._default_manager.filter(pk=case.pk, work=case.work, work_since=since).update(**present)
    return changed
