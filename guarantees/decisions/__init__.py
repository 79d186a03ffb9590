"""What staff decide in this room, one file per decision."""

from __future__ import annotations

from typing import Any

from guarantees.decisions.applicant_link import MakeLink, StopLink
from guarantees.decisions.approve import Approve
from guarantees.decisions.cancellation import ApproveCancellation, RecordPurchaserTold, RefuseCancellation
from guarantees.decisions.case_file import KEPT
from guarantees.decisions.confirmation import MakeConfirmation
from guarantees.decisions.correct import CorrectParticulars
from guarantees.decisions.correction import ConfirmCorrection, ProposeCorrection, ReturnCorrection
from guarantees.decisions.give_up import GiveUp
from guarantees.decisions.guarantee import RecordDeduction, Release
from guarantees.decisions.issue import Issue
from guarantees.decisions.move_unit import MoveUnit
from guarantees.decisions.payment_notice import MakePaymentNotice
from guarantees.decisions.refund import PayRefund, ReleaseRefund
from guarantees.decisions.reject import Reject
from guarantees.decisions.settle_premium import RecordPayment, TakeOnAccount, WaivePremium
from guarantees.decisions.supplement import AskForDocuments, RecordDocuments, TakeBackRequest
from guarantees.decisions.unit_rule import AddRule, ChangeRule, WithdrawRule
from guarantees.decisions.withdrawal import ApproveWithdrawal, CheckRelease, RefuseWithdrawal, UploadRelease
from guarantees.decisions.wording import PutIntoUse, WithdrawWording
from staff.decisions import Decision

ALL: list[Decision[Any]] = [
    Approve(),
    AskForDocuments(),
    RecordDocuments(),
    TakeBackRequest(),
    Reject(),
    ConfirmCorrection(),
    ReturnCorrection(),
    ProposeCorrection(),
    RecordPayment(),
    MakePaymentNotice(),
    WaivePremium(),
    TakeOnAccount(),
    CorrectParticulars(),
    Issue(),
    GiveUp(),
    MoveUnit(),
    MakeLink(),
    StopLink(),
    RecordDeduction(),
    Release(),
    ApproveCancellation(),
    RefuseCancellation(),
    RecordPurchaserTold(),
    MakeConfirmation(),
    UploadRelease(),
    CheckRelease(),
    ApproveWithdrawal(),
    RefuseWithdrawal(),
    ReleaseRefund(),
    PayRefund(),
    PutIntoUse(),
    WithdrawWording(),
    AddRule(),
    ChangeRule(),
    WithdrawRule(),
    *KEPT,
]
