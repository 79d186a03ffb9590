"""Reads the days out of the State Council's notice of a year's holidays, as a person pastes it. No database.

Taken are the notice's own sentences (一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。) and
lists (2027-01-01 至 2027-01-03 休 元旦). A line that names no day is passed over; what can be read in no way, or speaks
against itself, is refused with a sentence, so that nobody confirms a year of which a line got lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from staff.clock import PLAUSIBLE_YEARS

#: 全国年节及纪念日放假办法 art. 2: what a notice arranges every year, by the word that stands in it.
HOLIDAYS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
#: Longest of what a holiday was ever arranged to: ten days are a slip of a month.
LONGEST = 15
LONGEST_NAME = 32

_BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)")
_DAY = r"(?:(\d{4})\s*[-年./]\s*)?(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?"
_TOKEN = re.compile(
    rf"(?P<range>{_DAY}\s*(?:至|到|—+|-+|–|~|～)\s*(?:次年)?(?:{_DAY}|(\d{{1,2}})\s*日))"
    rf"|(?P<day>{_DAY})"
    r"|(?P<count>共\s*(?P<number>\d{1,2})\s*天)"
    r"|(?P<off>放假|(?<!调)休)"
    r"|(?P<working>上班|补班|班)"
)
_SIGNED = re.compile(r"^\s*(?:国务院办公厅)?\s*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*$")
_HEAD = re.compile(r"^\s*(?:[一二三四五六七八九十\d]+\s*[、.．])?\s*(?P<name>[^：:\d]{1,40}?)\s*[：:]")


class NoticeNotRead(ValueError):
    """What cannot be read, as a sentence that says where and why."""


@dataclass(frozen=True, order=True)
class NoticeDay:
    """One day that the notice names: off, or worked in exchange."""

    day: date
    working: bool
    name: str


def read(text: str, year: int) -> list[NoticeDay]:
    """The days of the notice of a year, in their order; some of the December before may be among them. Raises
    NoticeNotRead for what is no whole notice of that year."""
    found: dict[date, NoticeDay] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for one in _Line(number, line, year).days():
            if one.day in found:
                raise NoticeNotRead(
                    _("Line %(line)d: %(day)s stands there twice.") % {"line": number, "day": one.day.isoformat()}
                )
            found[one.day] = one
    names = " ".join(one.name for one in found.values() if not one.working)
    missing = [holiday for holiday in HOLIDAYS if holiday not in names]
    if missing:
        raise NoticeNotRead(
            _("The notice is not whole, these holidays are missing: %(names)s. Paste all of it.")
            % {"names": "、".join(missing)}
        )
    return sorted(found.values())


class _Line:
    """One line of the notice: `number` is where it stands, for the sentences."""

    def __init__(self, number: int, text: str, year: int) -> None:
        self.number, self.year = number, year
        self.text = _BRACKETS.sub("", text)

    def days(self) -> list[NoticeDay]:
        tokens = list(_TOKEN.finditer(self.text))
        if _SIGNED.match(self.text) or not any(token["range"] or token["day"] for token in tokens):
            return []
        name, found, waiting, counted = self._name(), [], [], 0
        for token in tokens:
            if token["range"] or token["day"]:
                waiting += self._span(token)
            elif token["count"]:
                if counted and int(token["number"]) != counted:
                    raise self._wrong(
                        _("it says %(given)s days, its dates are %(found)d")
                        % {"given": token["number"], "found": counted}
                    )
            elif waiting:
                working = bool(token["working"])
                found += [NoticeDay(self._fitting(day, working), working, name) for day in waiting]
                counted = 0 if working else len(waiting)
                waiting = []
        if waiting:
            raise self._wrong(_("its days are neither off (放假, 休) nor worked (上班, 班)"))
        return found

    def _name(self) -> str:
        head = _HEAD.match(self.text)
        known = "、".join(
            f"{holiday}节" if holiday != "元旦" else holiday for holiday in HOLIDAYS if holiday in self.text
        )
        name = (head["name"] if head else known).strip()
        if not name or len(name) > LONGEST_NAME:
            raise self._wrong(_("it names no holiday"))
        return name

    def _span(self, token: re.Match[str]) -> list[date]:
        groups = token.groups()
        if token["day"]:
            return [self._date(*groups[9:12])]
        first_year, first_month, first_day, last_year, last_month, last_day, short = groups[1:8]
        first = self._date(first_year, first_month, first_day)
        last = self._date(last_year or str(first.year), last_month or first_month, last_day or short)
        if not last_year and last_month and last < first:
            last = self._date(str(first.year + 1), last_month, last_day)
        length = (last - first).days + 1
        if not 1 <= length <= LONGEST:
            raise self._wrong(
                _("from %(first)s to %(last)s are %(length)d days")
                % {"first": first.isoformat(), "last": last.isoformat(), "length": length}
            )
        return [first + timedelta(days=number) for number in range(length)]

    def _date(self, year: str | None, month: str | None, day: str | None) -> date:
        try:
            return date(int(year or self.year), int(month or 0), int(day or 0))
        except ValueError:
            raise self._wrong(_("there is no day %(day)s") % {"day": f"{year or self.year}-{month}-{day}"}) from None

    def _fitting(self, day: date, working: bool) -> date:
        if day.year not in PLAUSIBLE_YEARS or (day.year != self.year and (day.year, day.month) != (self.year - 1, 12)):
            raise self._wrong(
                _("%(day)s is not of the notice for %(year)d") % {"day": day.isoformat(), "year": self.year}
            )
        if working and day.weekday() < 5:
            raise self._wrong(_("%(day)s is a working day anyway, no make-up day") % {"day": day.isoformat()})
        return day

    def _wrong(self, what: str) -> NoticeNotRead:
        return NoticeNotRead(_("Line %(line)d: %(what)s.") % {"line": self.number, "what": what})
