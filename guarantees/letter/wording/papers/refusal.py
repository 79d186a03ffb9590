"""The notice of refusal: to the beneficiary, in the words of the letter under which was demanded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from guarantees.letter.wording import amount as money
from guarantees.letter.wording.dates import chinese_day, chinese_time
from guarantees.letter.wording.kinds import (
    INDEPENDENT,
    INDEPENDENT_WORDS,
    INSURANCE,
    SURETYSHIP,
    PaperKind,
    WordingKind,
)
from guarantees.letter.wording.papers.about_guarantee import GUARANTEE_SHOWN, PRINTED, AboutGuarantee
from guarantees.letter.wording.particulars import tidy


@dataclass(frozen=True, kw_only=True)
class Refusal(AboutGuarantee):
    """That the demand is refused, why, and what can be done. No account and no person is named."""

    noun: ClassVar[str] = "通知书"

    demanded_at: datetime
    demanded: Decimal
    decided_at: datetime
    grounds: str  # a line each
    demand_until: datetime | None = None  # while another demand can still be made
    clauses_name: str = ""  # an insurer's
    clauses_number: str = ""

    printed: ClassVar[Mapping[str, Callable[[Refusal], str]]] = {
        **PRINTED,
        "demanded_on": lambda refusal: chinese_day(refusal.demanded_at),
        "demanded_at": lambda refusal: chinese_time(refusal.demanded_at),
        "demanded_figures": lambda refusal: money.in_figures(refusal.demanded),
        "demanded_words": lambda refusal: money.in_words(refusal.demanded),
        "decided_on": lambda refusal: chinese_day(refusal.decided_at),
        "grounds": lambda refusal: refusal.grounds,
        "demand_until": lambda refusal: chinese_time(refusal.demand_until) if refusal.demand_until else "",
        "clauses_name": lambda refusal: refusal.clauses_name,
        "clauses_number": lambda refusal: refusal.clauses_number,
    }

    def placeholders(self) -> dict[str, str]:
        grounds = "\n".join(line for line in map(tidy, self.grounds.splitlines()) if line)
        return super().placeholders() | {"grounds": grounds}


_NEEDED = frozenset(
    {"beneficiary_name", "guarantee_number", "demanded_on", "demanded_figures", "grounds", "institution_name"}
)

REFUSAL = PaperKind(
    name="refusal",
    label=_("notice of refusal"),
    made=_("Notice of refusal made"),
    number_letter="R",
    wordings=(
        # 独立保函规定 art. 8: an independent guarantee is refused for discrepancies, which are named.
        WordingKind(
            "refusal-independent",
            _("notice of refusal (independent guarantee)"),
            Refusal,
            _NEEDED,
            must_say=("不符点",),
            letter=INDEPENDENT,
        ),
        WordingKind(
            "refusal-suretyship",
            _("notice of refusal (joint and several suretyship)"),
            Refusal,
            _NEEDED,
            must_not_say=INDEPENDENT_WORDS,
            letter=SURETYSHIP,
        ),
        # 保险法 art. 24: so it is called, and it counts from the decision.
        WordingKind(
            "refusal-insurance",
            _("notice of refusal (guarantee insurance)"),
            Refusal,
            _NEEDED | {"decided_on", "clauses_name", "clauses_number"},
            must_say=("拒绝赔偿",),
            must_not_say=INDEPENDENT_WORDS,
            letter=INSURANCE,
        ),
    ),
    shown=(GUARANTEE_SHOWN,),
)
