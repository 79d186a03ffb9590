"""Clocks over holidays, make-up days, nights, and into years whose holidays nobody knows yet."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from staff import calendar
from staff.clock import CHINA
from staff.holiday_notice import NoticeNotRead, read
from staff.working_time import HOURS

pytestmark = pytest.mark.django_db

NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
各省、自治区、直辖市人民政府：
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月13日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假，共1天。
六、中秋节：9月15日（周三）放假，共1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全等工作。
2026年11月20日
"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def test_the_table_is_the_notice_of_2026() -> None:
    days = calendar.days(2026)
    assert [day.isoformat()[5:] for day, one in days.items() if one.working] == [
        *("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
    ]
    off = {day for day, one in days.items() if not one.working}
    spans = (("01-01", 3), ("02-15", 9), ("04-04", 3), ("05-01", 5), ("06-19", 3), ("09-25", 3), ("10-01", 7))
    assert off == {
        date.fromisoformat(f"2026-{first}") + timedelta(days=day) for first, length in spans for day in range(length)
    }


@pytest.mark.parametrize(
    ("start", "number", "last"),
    [
        ("2026-09-30", 1, "2026-10-08"),  # over National Day
        ("2026-09-30", 3, "2026-10-10"),  # on the make-up Saturday
        ("2026-09-18", 1, "2026-09-20"),  # on the make-up Sunday
        ("2026-10-03", 5, "2026-10-13"),  # from within the holiday
        ("2026-11-26", 0, "2026-11-26"),
    ],
)
def test_working_days_over_national_day(start: str, number: int, last: str) -> None:
    ends = calendar.add_working_days(date.fromisoformat(start), number)
    assert (ends.day.isoformat(), ends.estimated) == (last, False)
    assert calendar.working_days(date.fromisoformat(start), ends.day) == number


def test_a_day_is_chinas_and_ends_with_its_last_second() -> None:
    """Late on Wednesday in London it is Thursday in China."""
    ends = calendar.add_working_days(datetime.fromisoformat("2026-11-25T20:00:00+00:00"), 1)
    assert ends.at == at("2026-11-27T23:59:59")


def test_beyond_the_table_only_weekends_are_off_and_it_is_said() -> None:
    ends = calendar.add_working_days(date(2026, 12, 30), 3)
    assert (ends.day, ends.estimated) == (date(2027, 1, 4), True)
    assert ends.day_text == "2027-01-04 (estimated: only weekends count as off)"
    assert not calendar.add_working_days(date(2026, 12, 28), 3).estimated
    assert calendar.is_working_day(date(2027, 10, 1))


@pytest.mark.parametrize(
    ("start", "hours", "ends"),
    [
        ("2026-11-26T09:00", "3", "2026-11-26T12:00"),  # up to the very end of the morning
        ("2026-11-26T09:00", "3.5", "2026-11-26T15:00"),
        ("2026-11-26T13:00", "2", "2026-11-26T16:30"),
        ("2026-11-27T17:00", "1", "2026-11-30T09:00"),  # over a weekend
        ("2026-09-30T17:00", "7", "2026-10-08T17:30"),  # over National Day
        ("2026-10-09T17:00", "1", "2026-10-10T09:00"),  # into the make-up Saturday
        ("2026-11-28T10:00", "0", "2026-11-30T08:30"),
    ],
)
def test_working_hours(start: str, hours: str, ends: str) -> None:
    assert calendar.add_working_hours(at(start), Decimal(hours)).at == at(ends)
    assert calendar.working_hours(at(start), at(ends)) == timedelta(hours=float(hours))


def test_a_working_day_has_six_hours_and_a_half() -> None:
    assert HOURS.length == timedelta(hours=6, minutes=30)
    assert calendar.working_hours(at("2026-12-07T00:00"), at("2026-12-14T00:00")) == 5 * HOURS.length
    assert calendar.working_hours(at("2026-12-14T00:00"), at("2026-12-07T00:00")) == timedelta()
    with pytest.raises(ValueError, match="-1"):
        calendar.add_working_hours(at("2026-12-14T00:00"), Decimal("-1"))
    with pytest.raises(ValueError, match="-1"):
        calendar.add_working_days(date(2026, 12, 14), -1)


def test_a_notice_is_read_as_it_is_published() -> None:
    days = read(NOTICE, 2027)
    assert [one.day.isoformat() for one in days if one.working] == [
        *("2027-01-31", "2027-02-13", "2027-04-25", "2027-05-08", "2027-09-26", "2027-10-09")
    ]
    assert sum(not one.working for one in days) == 27
    assert {one.name for one in days if one.day.month == 2} == {"春节"}


def test_a_list_and_a_december_before_are_read_too() -> None:
    rest = NOTICE.replace("一、元旦：1月1日（周五）至3日（周日）放假，共3天。", "")
    days = read(f"2026-12-31 至 2027-01-02 休 元旦\n2027-01-03 班 元旦\n{rest}", 2027)
    assert [(one.day.isoformat(), one.working) for one in days[:4]] == [
        *(("2026-12-31", False), ("2027-01-01", False), ("2027-01-02", False), ("2027-01-03", True))
    ]


@pytest.mark.parametrize(
    ("there", "instead", "message"),
    [
        ("五、端午节：6月9日（周三）放假，共1天。\n", "", "missing: 端午. Paste all"),
        ("10月9日（周六）", "10月8日（周五）", "Line 9: 2027-10-08 is a working day anyway"),
        (
            "9月15日（周三）放假",
            "10月2日（周六）放假",
            "Line 9: 2027-10-02 stands there twice",
        ),
        ("至7日（周四）放假", "至6日（周三）放假", "Line 9: it says 7 days, its dates are 6"),
        ("6月9日（周三）放假", "6月9日（周三）", "neither off .* nor worked"),
        ("6月9日（周三）", "6月31日（周三）", "there is no day 2027-6-31"),
        ("6月9日（周三）", "2028年6月9日（周三）", "2028-06-09 is not of the notice for 2027"),
        ("10月1日（周五）至7日", "9月1日（周五）至10月7日", "from 2027-09-01 to 2027-10-07 are 37 days"),
        ("五、端午节：", "五、", "Line 7: it names no holiday"),
    ],
)
def test_what_speaks_against_itself_is_refused_with_a_sentence(there: str, instead: str, message: str) -> None:
    assert there in NOTICE
    with pytest.raises(NoticeNotRead, match=message):
        read(NOTICE.replace(there, instead), 2027)
