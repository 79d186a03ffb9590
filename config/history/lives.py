"""How orders go: each function is one life, from its application on, in the words of a course.

A course's time goes on without regard to the history's end: what would come later does not happen.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from config.history import cases
from config.history.course import Course

DAY = timedelta(days=1)


def part(course: Course, share: str) -> Decimal:
    """Of the guaranteed amount, to the fen."""
    return (course.amount * Decimal(share)).quantize(Decimal("0.01"))


# --- Before there is a letter -----------------------------------------------------------------------------------------


def rejected(course: Course) -> None:
    course.applied()
    code = course.chance.choices(("R02", "R03", "R04", "R05", "R06", "R08", "R10"), (4, 2, 4, 2, 6, 1, 2))[0]
    course.decided(cases.application, "reject", (1, 11), reason_code=code)


def unanswered(course: Course) -> None:
    course.applied()
    course.asked_for_documents()
    course.rests((12, 20))
    course.decided(cases.application, "reject", reason_code="R01")


def taken_back(course: Course) -> None:
    course.applied()
    course.asked_for_documents()
    course.decided(cases.application, "take_back_request", reason="申请人来电说明将撤回申请。")
    course.rests((0.2, 2))
    course.asked_back("02", "采购人改用其他担保方式")
    course.decided(cases.withdrawal, "approve")


def taken_back_paid(course: Course) -> None:
    course.applied()
    course.approved()
    course.settled()
    course.asked_back("02", "合同未能签订")
    course.decided(cases.withdrawal, "approve", (0.1, 1))
    course.refunded()


def lapsed(course: Course) -> None:
    course.applied()
    course.approved()
    course.decided(cases.application, "payment_notice")
    course.rests((11, 16))
    course.decided(cases.application, "give_up", reason_code="G01")


def given_up(course: Course) -> None:
    course.applied()
    course.approved()
    course.settled()
    course.decided(cases.application, "give_up", reason_code=course.chance.choice(("G02", "G04", "G05")))
    course.refunded()


# --- Letters and their ends -------------------------------------------------------------------------------------------


def expired(course: Course) -> None:
    """The clock's work does the rest."""
    course.issued()


def performed(course: Course) -> None:
    course.issued()
    _ends(course)


def _ends(course: Course) -> None:
    course.rests_for((0.45, 0.88))
    course.asked_to_end(course.at - DAY)
    course.decided(cases.cancellation, "approve", (0.5, 9))


def performed_later(course: Course) -> None:
    course.issued()
    course.rests_for((0.4, 0.8))
    at = course.at + DAY * course.chance.randrange(8, 30)
    course.asked_to_end(at)
    course.decided(cases.cancellation, "approve", (0.5, 9))
    course.ends_at(at)


def corrected(course: Course) -> None:
    course.applied()
    correction_proposed(course)
    course.decided(cases.application, "confirm_correction")
    course.approved()
    course.settled()
    course.letter_made()
    _ends(course)


def correction_proposed(course: Course) -> None:
    name = f"{course.fields['projectName']}（二次）"
    course.decided(cases.application, "propose_correction", project_name=name, reason_code="K01")


def correction_returned(course: Course) -> None:
    course.applied()
    correction_proposed(course)
    course.decided(cases.application, "return_correction", reason_code="P01")
    course.approved()
    course.settled()
    course.letter_made()


def deducted(course: Course) -> None:
    course.issued()
    for instalment in range(1, course.chance.choice((2, 2, 3))):
        course.rests_for((0.15, 0.3))
        course.deducted(part(course, course.chance.choice(("0.2", "0.25", "0.3"))), instalment)
    _ends(course)


def run_down(course: Course) -> None:
    course.issued()
    half = part(course, "0.5")
    course.rests_for((0.2, 0.4))
    course.deducted(half, 1)
    course.rests_for((0.2, 0.5))
    course.deducted(course.amount - half, 2)


def overtaken(course: Course) -> None:
    course.issued()
    course.rests_for((0.2, 0.3))
    at = course.at + 30 * DAY
    course.asked_to_end(at)
    course.decided(cases.cancellation, "approve")
    course.rests((3, 6))
    course.deducted(course.amount, 1)
    course.ends_at(at)


def unreleased(course: Course) -> None:
    course.issued()


def released(course: Course) -> None:
    course.issued()
    course.rests_until(course.ends + 190 * DAY)
    course.decided(cases.guarantee, "release", reason="保证期间届满，债权人未主张保证责任。")
    course.confirmed(cases.guarantee)


# --- Surrenders, returns, refusals ------------------------------------------------------------------------------------


def surrendered(course: Course) -> None:
    performed(course)
    course.rests((1, 6))
    course.asked_back("01", "合同已履行完毕，申请退保")
    course.decided(cases.withdrawal, "approve", refund=Decimal("0.00"))


def surrendered_on_release(course: Course) -> None:
    course.issued()
    course.rests_for((0.1, 0.3))
    course.asked_back("01", "合同解除，采购人同意解除担保")
    course.decided(cases.withdrawal, "upload_release")
    course.decided(cases.withdrawal, "check_release")
    course.decided(cases.withdrawal, "approve")
    course.refunded()


def surrender_refused(course: Course) -> None:
    course.issued()
    course.rests_for((0.2, 0.6))
    course.asked_back("01", "申请退保")
    course.decided(cases.withdrawal, "refuse", reason_code="C02")


def cancelled_too_late(course: Course) -> None:
    course.issued()
    course.rests((1, 20))
    course.asked_back("02", "不再需要保函")
    course.decided(cases.withdrawal, "refuse", reason_code="C01")


def cancellation_refused(course: Course) -> None:
    course.issued()
    course.rests_for((0.2, 0.6))
    course.asked_to_end(course.at, remark="请注销")
    course.decided(cases.cancellation, "refuse", reason_code="C05")
    course.decided(cases.cancellation, "purchaser_told", how="电话告知采购人经办人，并邮寄书面说明")


def return_agreed(course: Course) -> None:
    course.asked_to_end(course.at, "1", "保函载明的标段名称有误")
    course.decided(cases.cancellation, "approve", (0.5, 4))


def reissued(course: Course) -> None:
    course.issued()
    course.rests((2, 20))
    return_agreed(course)
    name = f"{course.fields['bidName']}（更正）"
    course.decided(cases.application, "correct", section_name=name, reason_code="K03")
    course.confirmed(cases.application)
    course.letter_made()


def reissue_given_up(course: Course) -> None:
    course.issued()
    course.rests((2, 10))
    return_agreed(course)
    course.decided(cases.application, "give_up", reason_code="G03")
    course.refunded()


# --- Demands ----------------------------------------------------------------------------------------------------------


def _demanded(course: Course, share: str = "1") -> None:
    course.issued()
    course.rests_for((0.4, 0.85))
    course.demanded(part(course, share))
    course.decided(cases.demand, "take_up", (0.1, 1.6))


def paid_out(course: Course) -> None:
    _demanded(course)
    course.demand_paid(course.amount)


def paid_in_part(course: Course) -> None:
    _demanded(course, "0.6")
    course.demand_paid(part(course, "0.35"), "按已抵扣的预付款核减，采购人书面同意。")


def demanded_twice(course: Course) -> None:
    _demanded(course)
    course.demanded(part(course, "0.99"))
    course.demand_paid(course.amount)
    course.decided(cases.second_demand, "close", reason="与前一索赔为同一事项，采购人确认重复提交。")


def bounced(course: Course) -> None:
    paid_out(course)
    course.decided(cases.demand, "settle_again", reason="收款账户户名不符，银行退汇。")
    course.confirmed(cases.demand)
    course.decided(cases.demand, "repeat_payment", reference=f"R{course.index:08}")


def demand_refused(course: Course) -> None:
    _demanded(course, "0.5")
    code = course.chance.choice(("D05", "D06", "D07"))
    course.decided(cases.demand, "refuse", (6, 22), reason_code=code)
    course.decided(cases.demand, "refusal_notice")
