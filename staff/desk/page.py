"""What a page of the desk is made of, as plain values: badges, flags, sections of rows, timeline events."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from staff.looks import Text as Text
from staff.looks import Tone as Tone

NOTHING = "—"
#: The longest number or code there is, and the longest that a list keeps in one line: our own are within it.
NUMBER, WHOLE = 64, 32


@dataclass(frozen=True)
class Badge:
    text: Text
    tone: Tone = Tone.PLAIN

    def __str__(self) -> SafeString:
        """As templates and lists show it."""
        return format_html('<span class="badge badge-{}">{}</span>', self.tone.value, self.text)

    def __html__(self) -> SafeString:
        """So that whatever puts it into markup takes it as it is, and escapes all else."""
        return SafeString(str(self))


@dataclass(frozen=True)
class Flag:
    """Something to look at before anything is decided."""

    text: Text
    tone: Tone = Tone.WARNING

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is amiss."""
        return self.tone is Tone.PLAIN


def leading_to(text: Text, page: str, label: Text, tone: Tone = Tone.PLAIN) -> Flag:
    """A flag that ends with a link to the page on which something can be done about it."""
    return Flag(format_html('{} <a href="{}">{}</a>', text, page, label), tone)


@dataclass(frozen=True)
class Row:
    """A label and its value, as shown. `look` is how the CSS knows it: amount, code, masked, wide or lines."""

    label: Text
    value: Any
    look: str = ""


@dataclass(frozen=True)
class Section:
    """Rows that a person reads together; a `template` shows anything else, and finds this as `section`."""

    title: Text
    rows: list[Row] = field(default_factory=list)
    note: Text = ""
    template: str = ""
    content: Any = None
    anchor: str = ""


@dataclass(frozen=True)
class Event:
    """One entry of a timeline."""

    at: datetime
    title: Text
    by: str = ""
    note: Text = ""
    icon: str = "circle"
    tone: Tone = Tone.PLAIN
    badge: Badge | None = None
    url: str = ""
    details: list[Row] = field(default_factory=list)


def two_lines(first: object, second: object) -> SafeString:
    """A cell of a list: what counts, and below it in small what belongs to it. Numbers are never cut, names wrap."""
    return format_html('<span class="cell">{}{}</span>', _line("cell-main", first), _line("cell-sub", second))


def _line(look: str, text: object) -> SafeString:
    if not re.fullmatch(rf"[!-~]{{1,{NUMBER}}}", str(text)):
        # A text may be a link: its title says the words of it alone.
        said = unescape(strip_tags(text)) if isinstance(text, SafeString) else text
        return format_html('<span class="{} cell-name" title="{}">{}</span>', look, said, text)
    whole = " cell-whole" if len(str(text)) <= WHOLE else ""
    return format_html('<span class="{}{}">{}</span>', look, whole, text)


def money(amount: Decimal | None) -> str:
    """ "1,234,567.00", or a dash."""
    return NOTHING if amount is None else f"{amount:,.2f}"


def yuan(amount: Decimal) -> str:
    """The sum with its currency, for where no heading names it."""
    return _("%(amount)s CNY") % {"amount": money(amount)}


def moment(at: datetime | None) -> str:
    """Date and time in China, to the second."""
    return NOTHING if at is None else timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S")


def day(on: date | None) -> str:
    return NOTHING if on is None else on.isoformat()


def age(at: datetime, now: datetime) -> str:
    """How long ago, in its largest unit: "3 d", "5 h", "12 min"."""
    minutes = max(0, int((now - at).total_seconds() // 60))
    if minutes >= 48 * 60:
        return _("%(number)d d") % {"number": minutes // (24 * 60)}
    if minutes >= 60:
        return _("%(number)d h") % {"number": minutes // 60}
    return _("%(number)d min") % {"number": minutes}


def rows(record: models.Model, *names: str) -> list[Row]:
    """A row for each field of `record`, labelled by the model and shown by the field's kind."""
    return [_row(record, name) for name in names]


def _row(record: models.Model, name: str) -> Row:
    described = record._meta.get_field(name)
    label = getattr(described, "verbose_name", name)
    value = getattr(record, name)
    if value is None or value == "":
        return Row(label, NOTHING)
    if getattr(described, "choices", None):
        return Row(label, getattr(record, f"get_{name}_display")())
    return Row(label, value_text(value), "amount" if isinstance(value, Decimal) else "")


def value_text(value: Any) -> Any:
    """A value as people read it, by its kind; what is of no kind that looks otherwise, as it is."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return _("yes") if value else _("no")
        case Decimal():
            return money(value)
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case _:
            return value
