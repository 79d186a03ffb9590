"""How states look."""

from guarantees.models import (
    Application,
    ApplicationState,
    Cancellation,
    CancellationState,
    Guarantee,
    GuaranteeNumber,
    GuaranteeState,
    NumberState,
    SupplementRequest,
    SupplementState,
    UploadedWording,
    Withdrawal,
    WithdrawalState,
    WordingState,
)
from staff.desk.page import Badge, Tone

APPLICATION_TONES: dict[str, Tone] = {
    ApplicationState.RECEIVED: Tone.WAITS,
    ApplicationState.APPROVED: Tone.WARNING,
    ApplicationState.PAID: Tone.WAITS,
    ApplicationState.ISSUED: Tone.GOOD,
    ApplicationState.REJECTED: Tone.BAD,
    ApplicationState.FAILED: Tone.BAD,
    ApplicationState.RETURNED: Tone.WARNING,
    ApplicationState.CANCELLED: Tone.OVER,
    ApplicationState.SURRENDERED: Tone.OVER,
}
GUARANTEE_TONES: dict[str, Tone] = {
    GuaranteeState.IN_FORCE: Tone.GOOD,
    GuaranteeState.RETURNED: Tone.WARNING,
    GuaranteeState.UNRELEASED: Tone.WARNING,
}


def application_badge(application: Application) -> Badge:
    return Badge(application.get_state_display(), APPLICATION_TONES.get(application.state, Tone.PLAIN))


def guarantee_badge(guarantee: Guarantee) -> Badge:
    return Badge(guarantee.get_state_display(), GUARANTEE_TONES.get(guarantee.state, Tone.OVER))


CANCELLATION_TONES: dict[str, Tone] = {
    CancellationState.RECEIVED: Tone.WAITS,
    CancellationState.APPROVED: Tone.WARNING,
    CancellationState.EFFECTIVE: Tone.GOOD,
    CancellationState.REFUSED: Tone.BAD,
}
WITHDRAWAL_TONES: dict[str, Tone] = {
    WithdrawalState.RECEIVED: Tone.WAITS,
    WithdrawalState.APPROVED: Tone.GOOD,
    WithdrawalState.REFUSED: Tone.BAD,
}


def cancellation_badge(cancellation: Cancellation) -> Badge:
    return Badge(cancellation.get_state_display(), CANCELLATION_TONES[cancellation.state])


def withdrawal_badge(withdrawal: Withdrawal) -> Badge:
    return Badge(withdrawal.get_state_display(), WITHDRAWAL_TONES[withdrawal.state])


WORDING_TONES: dict[str, Tone] = {
    WordingState.DRAFT: Tone.WAITS,
    WordingState.IN_USE: Tone.GOOD,
    WordingState.WITHDRAWN: Tone.OVER,
}


def wording_badge(wording: UploadedWording) -> Badge:
    return Badge(wording.get_state_display(), WORDING_TONES[wording.state])


NUMBER_TONES: dict[str, Tone] = {
    NumberState.RESERVED: Tone.WAITS,
    NumberState.USED: Tone.GOOD,
    NumberState.VOID: Tone.OVER,
}


def number_badge(number: GuaranteeNumber) -> Badge:
    return Badge(number.get_state_display(), NUMBER_TONES[number.state])


SUPPLEMENT_TONES: dict[str, Tone] = {
    SupplementState.OPEN: Tone.WAITS,
    SupplementState.OVERDUE: Tone.WARNING,
    SupplementState.ANSWERED: Tone.GOOD,
    SupplementState.WITHDRAWN: Tone.OVER,
    SupplementState.CLOSED: Tone.OVER,
}


def supplement_badge(asked: SupplementRequest) -> Badge:
    return Badge(asked.get_state_display(), SUPPLEMENT_TONES[asked.state])
