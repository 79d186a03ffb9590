"""What every paper about a guarantee has in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from guarantees.letter.wording import amount as money
from guarantees.letter.wording import facts
from guarantees.letter.wording.dates import chinese_day, chinese_time
from guarantees.letter.wording.kinds import Shown
from guarantees.letter.wording.particulars import COMMON, Issued

#: Which guarantee it is about.
GUARANTEE_SHOWN = Shown(_("guarantee number"), "{guarantee_number}")


@dataclass(frozen=True, kw_only=True)
class AboutGuarantee(Issued):
    """What it says of its guarantee, as the letter does."""

    guarantee_number: str
    guarantee_issued_at: datetime
    replaced_by: str = ""  # the number of the letter that replaced it
    beneficiary_name: str
    beneficiary_code: str
    applicant_name: str
    applicant_code: str
    project_name: str
    project_code: str
    amount: Decimal
    valid_until: datetime

    @property
    def subject(self) -> str:
        return f"{self.guarantee_number}：{self.beneficiary_name}"


#: What the wording of each may name.
PRINTED: Mapping[str, Callable[[AboutGuarantee], str]] = {
    **COMMON,
    "guarantee_number": lambda paper: paper.guarantee_number,
    "guarantee_issued_on": lambda paper: chinese_day(paper.guarantee_issued_at),
    "replaced_by": lambda paper: paper.replaced_by,
    **facts.placeholders(*(fact.name for fact in facts.FACTS if fact.public)),
    "amount_figures": lambda paper: money.in_figures(paper.amount),
    "amount_words": lambda paper: money.in_words(paper.amount),
    "valid_until": lambda paper: chinese_time(paper.valid_until),
}
