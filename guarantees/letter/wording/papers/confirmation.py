"""The confirmations: to beneficiary and applicant, when a guarantee is cancelled, or returned since its file was
defective."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from guarantees.letter.wording import amount as money
from guarantees.letter.wording.dates import chinese_day, chinese_time
from guarantees.letter.wording.kinds import PaperKind, WordingKind
from guarantees.letter.wording.papers.about_guarantee import GUARANTEE_SHOWN, PRINTED, AboutGuarantee


@dataclass(frozen=True, kw_only=True)
class Confirmation(AboutGuarantee):
    """That the guarantee ended, when, and at whose request."""

    noun: ClassVar[str] = "确认书"

    requested_at: datetime
    ended_at: datetime
    paid: Decimal  # on demands before
    reissued: bool = False  # whether a corrected letter comes or came

    printed: ClassVar[Mapping[str, Callable[[Confirmation], str]]] = {
        **PRINTED,
        "requested_on": lambda confirmation: chinese_day(confirmation.requested_at),
        "ended_at": lambda confirmation: chinese_time(confirmation.ended_at),
        "paid_figures": lambda confirmation: money.in_figures(confirmation.paid) if confirmation.paid else "",
        "paid_words": lambda confirmation: money.in_words(confirmation.paid) if confirmation.paid else "",
        "reissued": lambda confirmation: "重新出具" if confirmation.reissued else "",
    }


_NEEDED = frozenset({"beneficiary_name", "applicant_name", "guarantee_number", "ended_at", "institution_name"})

CANCELLATION = PaperKind(
    name="cancellation",
    label=_("confirmation of cancellation"),
    made=_("Confirmation of cancellation made"),
    number_letter="C",
    wordings=(WordingKind("cancellation", _("confirmation of cancellation"), Confirmation, _NEEDED),),
    shown=(GUARANTEE_SHOWN,),
)
RETURN = PaperKind(
    name="return",
    label=_("confirmation of return"),
    made=_("Confirmation of return made"),
    number_letter="T",
    wordings=(WordingKind("return", _("confirmation of return"), Confirmation, _NEEDED),),
    shown=(GUARANTEE_SHOWN,),
)
