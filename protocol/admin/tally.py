"""How many messages each network had refused, and how much of them the journal keeps (decisions C7)."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocol.models import RefusalTally
from staff.desk.export import Column, columns
from staff.desk.filters import DayRange
from staff.desk.page import Section, moment, rows
from staff.desk.record import RecordAdmin
from staff.models import User

SHOWN = ("network", "hour", "share", "rows", "kept_bytes", "beyond", "last_at")


@admin.register(RefusalTally)
class RefusalTallyAdmin(RecordAdmin):
    list_display = ["network", "since", "share", "rows", "kept_bytes", "beyond", "last"]
    list_display_links = ["network"]
    list_filter = ["share", ("hour", DayRange)]
    search_fields = ["network"]
    ordering = ["-hour", "network", "share"]

    @admin.display(description=gettext_lazy("hour"), ordering="hour")
    def since(self, tally: RefusalTally) -> str:
        return moment(tally.hour)

    @admin.display(description=gettext_lazy("last"), ordering="last_at")
    def last(self, tally: RefusalTally) -> str:
        return moment(tally.last_at)

    def export_columns(self, person: User) -> list[Column]:
        return columns(RefusalTally, *SHOWN)

    def heading(self, record: RefusalTally) -> str:
        return f"{record.network} · {moment(record.hour)}"

    def sections(self, record: RefusalTally, person: User) -> list[Section]:
        note = _("What is only counted got its answer and left no row in the journal: the hour's budget was used up.")
        return [Section(_("Refusals of an hour"), rows(record, *SHOWN), note=note)]
