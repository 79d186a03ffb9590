"""How those orders went that stand amid their way when the history ends: each function is one such life."""

from __future__ import annotations

from config.history import cases, habits, lives
from config.history.course import Course
from config.history.lives import DAY


def in_force(course: Course) -> None:
    course.issued()


def received(course: Course) -> None:
    course.applied()


def documents_awaited(course: Course) -> None:
    course.applied()
    course.asked_for_documents()


def documents_came(course: Course) -> None:
    course.applied()
    course.asked_for_documents()
    course.before_the_end(40)
    course.decided(cases.application, "record_documents", reason="补件已收齐。")


def correction_awaited(course: Course) -> None:
    course.applied()
    lives.correction_proposed(course)


def approval_proposed(course: Course) -> None:
    """By its sum it is another person's to confirm."""
    course.applied()
    course.decided(cases.application, "approve", premium=habits.premium(course.amount, course.months))


def premium_awaited(course: Course) -> None:
    course.applied()
    course.approved(asked=False)
    course.decided(cases.application, "payment_notice")


def issue_awaited(course: Course) -> None:
    course.applied()
    course.approved(asked=False)
    course.settled()


def refund_due(course: Course) -> None:
    """The cashier asks for its release."""
    course.applied()
    course.approved(asked=False)
    course.settled()
    course.asked_back("02", "采购合同未能签订")
    course.decided(cases.withdrawal, "approve")
    course.refund_asked()


def deduction_proposed(course: Course) -> None:
    course.issued()
    course.before_the_end(38)
    course.deduction_asked(lives.part(course, "0.3"), 1)


def withdrawal_awaited(course: Course) -> None:
    course.applied()
    course.before_the_end(10)
    course.asked_back("02", "采购项目暂停")


def cancellation_awaited(course: Course) -> None:
    course.issued()
    course.before_the_end(9)
    course.asked_to_end(course.at)


def cancellation_to_come(course: Course) -> None:
    course.issued()
    course.before_the_end(86)
    course.asked_to_end(course.until + 20 * DAY)
    course.decided(cases.cancellation, "approve")


def demand_received(course: Course) -> None:
    course.issued()
    course.before_the_end(8)
    course.demanded(lives.part(course, "0.4"))


def payment_proposed(course: Course) -> None:
    course.issued()
    course.before_the_end(110)
    course.demanded(lives.part(course, "0.5"))
    course.decided(cases.demand, "take_up", (0.1, 1.6))
    course.payment_asked(lives.part(course, "0.5"))


def demand_in_hand(course: Course) -> None:
    course.issued()
    course.before_the_end(86)
    course.demanded(course.amount)
    course.decided(cases.demand, "take_up", (0.1, 1.6))


def returned(course: Course) -> None:
    course.issued()
    course.before_the_end(62)
    lives.return_agreed(course)
