"""When applications come, how large they are and what is usual with them: data, our guess of what is plausible."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

#: How busy the months are, January first: awards come late in the year, and few around the Spring Festival.
SEASON = (0.55, 0.45, 0.80, 0.85, 0.95, 1.05, 1.00, 0.95, 1.15, 1.05, 1.45, 1.75)
#: Each year has so many times the business of the one before.
GROWTH = 1.25
#: Of a working day's applications so many come on a day off.
ON_DAYS_OFF = 0.04
#: Applications by the hour of China's day: platforms never close, people have lunch.
HOURS = {
    7: 1,
    8: 5,
    9: 14,
    10: 16,
    11: 11,
    12: 3,
    13: 5,
    14: 11,
    15: 14,
    16: 12,
    17: 6,
    18: 2,
    19: 1,
    20: 1,
    21: 1,
    22: 0.5,
}

#: Log-normal: half the awards are above the median (CNY), two thirds within this factor of it either way.
MEDIAN_AWARD, SPREAD_OF_AWARDS = 1_300_000, 2.7
LEAST_AWARD, MOST_AWARD = 60_000, 60_000_000
#: Advances in per cent of the award.
ADVANCES = {30: 6, 20: 1, 40: 2, 50: 2, 10: 0.5}
#: Terms of guarantees in months.
TERMS = {6: 3, 9: 1, 12: 5, 18: 1.5, 24: 1}
#: So many orders an applicant and a purchaser have on average; few have most of them (the exponent of Zipf's law).
ORDERS_OF_AN_APPLICANT, ORDERS_OF_A_PURCHASER, CONCENTRATION = 2.6, 9, 0.85

#: How a premium is settled that is paid in full at once by nobody's exception; the rest is paid so.
WAIVED, ON_ACCOUNT, IN_PARTS, TOO_MUCH = 0.01, 0.015, 0.04, 0.01
#: Of those approved, how many were asked for documents first.
ASKED = 0.08
#: In how many of the approvals of less than was asked for.
LESS_APPROVED = 0.03
#: An attempt at a platform fails for a moment, or the platform says that a message is wrong.
ATTEMPT_FAILS, MESSAGE_WRONG = 0.012, 0.0006


def premium(amount: Decimal, months: int) -> Decimal:
    """The example tariff: 6 ‰ for each year begun, at least 500, half up to the fen."""
    years = -(-months // 12)
    reckoned = (amount * Decimal("0.006") * years).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return max(Decimal("500.00"), reckoned)
