"""Days and times as papers print them, in China Standard Time."""

from __future__ import annotations

from datetime import date, datetime

from staff.clock import CHINA


def chinese_date(day: date) -> str:
    """2026年11月24日."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_day(moment: datetime) -> str:
    """The day in China of a moment."""
    return chinese_date(moment.astimezone(CHINA).date())


def chinese_time(moment: datetime) -> str:
    """2026年11月24日10时30分5秒, China Standard Time; a day's last second is its 24时."""
    local = moment.astimezone(CHINA)
    day = chinese_date(local.date())
    if (local.hour, local.minute, local.second) == (23, 59, 59):
        return f"{day}24时"
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{day}0时"
    return f"{day}{local.hour}时{local.minute}分{local.second}秒"
