"""Each thing of this room that has a life, in a file of its own."""

from guarantees.models.applicant_link import ApplicantLink, LinkEnd
from guarantees.models.application import Application, Settlement
from guarantees.models.approval import Approval, ApprovalKind, Terms
from guarantees.models.cancellation import Cancellation
from guarantees.models.correction import Correction
from guarantees.models.deduction import Deduction
from guarantees.models.guarantee import Guarantee
from guarantees.models.movement import BookState, DailyTotal, Measure, Movement
from guarantees.models.numbering import GuaranteeNumber, NumberSequence
from guarantees.models.order import Order
from guarantees.models.paper import IssuedPaper
from guarantees.models.party import Party, PartyName, party_key
from guarantees.models.receipt import Receipt
from guarantees.models.refund import Refund
from guarantees.models.states import (
    ApplicationState,
    CancellationState,
    CorrectionState,
    GuaranteeState,
    NumberState,
    SupplementState,
    WithdrawalState,
    WordingState,
)
from guarantees.models.supplement import SupplementRequest
from guarantees.models.unit_rule import UnitRule
from guarantees.models.withdrawal import Withdrawal
from guarantees.models.wording import LetterKind, UploadedWording

__all__ = [
    "ApplicantLink",
    "Application",
    "ApplicationState",
    "Approval",
    "ApprovalKind",
    "BookState",
    "Cancellation",
    "CancellationState",
    "Correction",
    "CorrectionState",
    "DailyTotal",
    "Deduction",
    "Guarantee",
    "GuaranteeNumber",
    "GuaranteeState",
    "IssuedPaper",
    "LetterKind",
    "LinkEnd",
    "Measure",
    "Movement",
    "NumberSequence",
    "NumberState",
    "Order",
    "Party",
    "PartyName",
    "Receipt",
    "Refund",
    "Settlement",
    "SupplementRequest",
    "SupplementState",
    "Terms",
    "UnitRule",
    "UploadedWording",
    "Withdrawal",
    "WithdrawalState",
    "WordingState",
    "party_key",
]
