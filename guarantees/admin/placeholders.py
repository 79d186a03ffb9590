"""How a wording is written, for whoever writes one: the signs of its lines, and what its placeholders stand for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from guarantees.issuing import preview
from guarantees.letter.wording.particulars import PLACEHOLDERS
from staff.desk.page import Section, Text

SIGNS: list[tuple[str, Text]] = [
    ("# …", _("the title, exactly one")),
    ("## …", _("the subtitle")),
    ("@ …", _("the addressee")),
    ("| … | …", _("a row of the table: label and value")),
    ("= …", _("a clause's heading, numbered by itself: 一、二、三、")),
    ("- …", _("an item, numbered by itself: （一）（二）（三）")),
    ("> … | …", _("a line of the foot: label and value; the first names the guarantor")),
    ("; …", _("a remark that no letter shows")),
    ("…", _("anything else: a paragraph")),
    ("[supersedes] …", _("before any of these: letters without that value leave the line out")),
    ("**…**", _("within a line: bold")),
]


@dataclass(frozen=True)
class Shown:
    """One placeholder, as the guide shows it."""

    name: str
    meaning: Text
    example: str


def placeholders(names: Collection[str], now: datetime) -> list[Shown]:
    """Those of these names, in the order of the list, with the values of the preview."""
    examples = preview.invented(now).placeholders()
    return [
        Shown(f"{{{name}}}", placeholder.meaning, examples[name])
        for name, placeholder in PLACEHOLDERS.items()
        if name in names
    ]


def placeholders_section(title: Text, names: Collection[str], now: datetime) -> Section:
    return Section(title, template="desk/placeholders.html", content=placeholders(names, now))


def guide(now: datetime) -> list[Section]:
    """Everything that a wording may contain."""
    return [
        Section(
            _("Lines"),
            note=_("Every line is one paragraph, and its beginning says what it is. Blank lines are ignored."),
            template="desk/signs.html",
            content=SIGNS,
        ),
        placeholders_section(_("Placeholders"), PLACEHOLDERS, now),
    ]
