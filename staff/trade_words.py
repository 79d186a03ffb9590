"""The words of the trade that follow the kind of institution, in one table for the desk, the papers and the wire.

The catalogue says everything in a guarantee company's words; a bank's and an insurer's take their place where a text is
looked up. No catalogue for each kind is kept, which would have to be made anew with every text: whoever adds a text
writes it once, and a test refuses another kind's words in it. No Django.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class InstitutionKind(StrEnum):
    """Who issues; the law lets each kind give other promises."""

    BANK = "bank"  # a bank or a non-bank financial institution
    GUARANTEE_COMPANY = "guarantee-company"
    INSURER = "insurer"


@dataclass(frozen=True)
class TradeWord:
    """What each kind calls one thing."""

    guarantee_company: str
    bank: str
    insurer: str

    def of(self, kind: InstitutionKind) -> str:
        """What institutions of that kind call it."""
        return str(getattr(self, kind.name.lower()))


#: What is taken for a guarantee.
PREMIUM = TradeWord("担保费", "保函手续费", "保险费")
#: A word may stand within another: the longer one is what is meant.
WORDS = (
    PREMIUM,
    # The payment of a demand: that it is done, the money, and the doing.
    TradeWord("代偿款支付", "赔付（垫款）", "赔款支付"),
    TradeWord("代偿款", "赔付款项", "赔款"),
    TradeWord("代偿", "赔付", "赔付"),
    TradeWord("不予代偿", "拒付", "拒赔"),
    TradeWord("不予赔付通知书", "拒付通知书", "拒绝赔偿通知书"),
    # The parties, as they are introduced and as they are spoken of.
    TradeWord("债权人（采购人）", "受益人", "被保险人"),
    TradeWord("债务人（供应商）", "申请人", "投保人"),
    TradeWord("债权人", "受益人", "被保险人"),
    TradeWord("债务人", "申请人", "投保人"),
    TradeWord("申请人", "申请人", "投保人"),  # whoever applied, beside what the letter calls it
    TradeWord("代偿岗", "索赔处理岗", "理赔岗"),
    TradeWord("退保（退函）", "撤销", "退保"),
    TradeWord("退保", "撤销", "退保"),
    TradeWord("担保责任", "保函责任", "保险责任"),
    TradeWord("担保金额", "保函金额", "保险金额"),
)
_LONGEST_FIRST = sorted(WORDS, key=lambda word: len(word.guarantee_company), reverse=True)
_ANY_WORD = re.compile("|".join(re.escape(word.guarantee_company) for word in _LONGEST_FIRST))
_BY_KIND: Mapping[InstitutionKind, Mapping[str, str]] = {
    kind: {word.guarantee_company: word.of(kind) for word in WORDS} for kind in InstitutionKind
}


@lru_cache(maxsize=8192)
def in_words_of(kind: str, text: str) -> str:
    """A guarantee company's text in the words of an institution of that kind: for an insurer, `登记担保费` becomes
    `登记保险费`. A kind that there is not changes nothing (`manage.py check` refuses it)."""
    if kind not in (InstitutionKind.BANK, InstitutionKind.INSURER):
        return text
    words = _BY_KIND[InstitutionKind(kind)]
    return _ANY_WORD.sub(lambda found: words[found.group()], text)
