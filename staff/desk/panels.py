"""What a room shows of its own on the page of another's case: the records that belong to it, the newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.urls import reverse

from staff.desk.page import Badge, Section, Text, money
from staff.models import User
from staff.offered import Offered
from staff.units import within

#: A page shows so many of a kind, and leads to the list of the others.
MOST = 10


@dataclass(frozen=True)
class Entry:
    """One record as a panel shows it: what it is, its state, its sum in CNY, and what else a person wants to know."""

    title: Text
    badge: Badge | None = None
    amount: Decimal | None = None
    note: Text = ""


@dataclass(frozen=True)
class Panel:
    """The records of one model that belong to a case of another, on its page.

    `via` is the path of fields from a record of `model` to the case `on`: what the panel shows and what the list shows
    to which it leads both follow from it. `dated_by` is the field of the day that is shown, and by which the newest
    come first; `together` are the relations that `entry` reads. Whoever holds `permission`, which opens the records'
    own pages, sees it; on a page the panel with the smaller `place` comes first, and one without records not at all.
    """

    title: Text
    on: type[Model]
    model: type[Model]
    via: str
    permission: str
    entry: Callable[[Any], Entry]
    place: int
    dated_by: str = "received_at"
    together: tuple[str, ...] = ()

    def rows(self, case: Model, person: User) -> QuerySet[Any]:
        """All its records that the person may see, the newest first."""
        found = within(self.model._default_manager.filter(**{self.via: case}), person)
        return found.select_related(*self.together).order_by(f"-{self.dated_by}", "-pk")

    def shown_to(self, person: User) -> bool:
        return person.has_perm(self.permission)

    def section(self, case: Model, person: User) -> Section | None:
        """The newest as a section of the page; None where there are none."""
        newest = list(self.rows(case, person)[: MOST + 1])
        if not newest:
            return None
        content: dict[str, Any] = {"entries": [self._line(record) for record in newest[:MOST]]}
        if len(newest) > MOST:
            content |= {"number": self.rows(case, person).count(), "list_url": self.list_url(case)}
        anchor = f"panel-{self.model._meta.model_name}"
        return Section(self.title, template="desk/panel.html", content=content, anchor=anchor)

    def list_url(self, case: Model) -> str:
        """The list, narrowed to the case (see staff.desk.filters.OnlyOf)."""
        return f"{reverse(f'admin:{self._name}_changelist')}?{urlencode({f'{self.via}__id__exact': case.pk})}"

    @property
    def _name(self) -> str:
        return f"{self.model._meta.app_label}_{self.model._meta.model_name}"

    def _line(self, record: Any) -> dict[str, Any]:
        shown = self.entry(record)
        return {
            "title": shown.title,
            "url": reverse(f"admin:{self._name}_change", args=[record.pk]),
            "badge": shown.badge,
            "amount": "" if shown.amount is None else money(shown.amount),
            "at": getattr(record, self.dated_by),
            "note": shown.note,
        }


PANELS: Offered[Panel] = Offered(
    "PANELS", Panel, known_by=lambda panel: f"{panel.on._meta.label} {panel.model._meta.label} {panel.via}"
)


def panel_sections(case: Model, person: User) -> list[Section]:
    """What the rooms show on the page of this case to this person."""
    panels = sorted((panel for panel in PANELS if isinstance(case, panel.on)), key=lambda panel: panel.place)
    return [section for panel in panels if panel.shown_to(person) if (section := panel.section(case, person))]


def paths_from(model: type[Model]) -> list[str]:
    """The paths by which panels lead to the list of this model."""
    return list(dict.fromkeys(panel.via for panel in PANELS if panel.model is model))
