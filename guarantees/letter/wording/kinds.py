"""The kinds of wordings: who may issue which, and what each may, must and must not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guarantees.letter.wording.papers import CONFIRMATION, PAYMENT_NOTICE, REFUSAL
from guarantees.letter.wording.particulars import PLACEHOLDERS, InstitutionKind

INDEPENDENT = "independent"
SURETYSHIP = "suretyship"
INSURANCE = "insurance"

# Independence clauses of anyone but a bank or non-bank financial institution are void (担保制度解释 art. 2);
# a guarantee insurance is an insurer's alone. The first is what the kind issues unless asked for another.
ALLOWED: Mapping[InstitutionKind, tuple[str, ...]] = {
    InstitutionKind.BANK: (INDEPENDENT, SURETYSHIP),
    InstitutionKind.GUARANTEE_COMPANY: (SURETYSHIP,),
    InstitutionKind.INSURER: (INSURANCE,),
}


@dataclass(frozen=True)
class Kind:
    """What every wording of a kind may, must and must not contain."""

    placeholders: frozenset[str]
    needed: frozenset[str]
    must_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    sometimes_blank: tuple[frozenset[str], ...] = ()


PAYMENT = "payment-notice"
CANCELLATION = "cancellation"
RETURN = "return"


def refusal_of(letter: str) -> str:
    """The kind of wording that refuses a demand under a letter of that kind."""
    return f"refusal-{letter}"


#: What people call the kinds.
NAMES: Mapping[str, str | Promise] = {
    INDEPENDENT: _("independent guarantee"),
    SURETYSHIP: _("joint and several suretyship"),
    INSURANCE: _("guarantee insurance"),
    PAYMENT: _("payment notice"),
    refusal_of(INDEPENDENT): _("notice of refusal (independent guarantee)"),
    refusal_of(SURETYSHIP): _("notice of refusal (joint and several suretyship)"),
    refusal_of(INSURANCE): _("notice of refusal (guarantee insurance)"),
    CANCELLATION: _("confirmation of cancellation"),
    RETURN: _("confirmation of return"),
}
#: What people call the institutions.
INSTITUTIONS: Mapping[InstitutionKind, str | Promise] = {
    InstitutionKind.BANK: _("bank"),
    InstitutionKind.GUARANTEE_COMPANY: _("guarantee company"),
    InstitutionKind.INSURER: _("insurer"),
}

_LETTER = frozenset(PLACEHOLDERS)
_LETTER_NEEDED = frozenset(
    {
        "beneficiary_name",
        "applicant_name",
        "project_name",
        "amount_figures",
        "amount_words",
        "valid_from",
        "valid_until",
        "payment_working_days",
        "institution_name",
    }
)
_CLAUSES = frozenset({"clauses_name", "clauses_number"})
_PAID_BEFORE = frozenset({"paid_before_figures", "paid_before_words"})
#: What some letters have no value for; names that lack theirs together stand together.
_SOMETIMES_BLANK = (frozenset({"contract_months"}), _PAID_BEFORE, _PAID_BEFORE | {"supersedes"})
_PAYMENT_NEEDED = frozenset(
    {
        "number",
        "applicant_name",
        "order_number",
        "due_figures",
        "due_words",
        "pay_by",
        "account_name",
        "account_number",
        "account_bank",
        "institution_name",
    }
)
_REFUSAL = frozenset(REFUSAL)
_REFUSAL_NEEDED = frozenset(
    {"beneficiary_name", "guarantee_number", "demanded_on", "demanded_figures", "grounds", "institution_name"}
)
_CONFIRMATION = frozenset(CONFIRMATION)
_CONFIRMATION_NEEDED = frozenset(
    {"beneficiary_name", "applicant_name", "guarantee_number", "ended_at", "institution_name"}
)

KINDS: Mapping[str, Kind] = {
    # 独立保函规定 art. 3: one of "payable on demand", model rules, or words of independence.
    INDEPENDENT: Kind(
        _LETTER, _LETTER_NEEDED, must_say=("独立保函", "见索即付"), sometimes_blank=(*_SOMETIMES_BLANK, _CLAUSES)
    ),
    # 民法典 art. 686: without 连带责任 it would be a general suretyship.
    SURETYSHIP: Kind(
        _LETTER,
        _LETTER_NEEDED,
        must_say=("连带责任",),
        must_not_say=("独立保函", "见索即付"),
        sometimes_blank=(*_SOMETIMES_BLANK, _CLAUSES),
    ),
    INSURANCE: Kind(
        _LETTER, _LETTER_NEEDED | _CLAUSES, must_not_say=("独立保函", "见索即付"), sometimes_blank=_SOMETIMES_BLANK
    ),
    PAYMENT: Kind(frozenset(PAYMENT_NOTICE), _PAYMENT_NEEDED),
    # 独立保函规定 art. 8: an independent guarantee is refused for discrepancies, which are named.
    refusal_of(INDEPENDENT): Kind(_REFUSAL, _REFUSAL_NEEDED, must_say=("不符点",)),
    refusal_of(SURETYSHIP): Kind(_REFUSAL, _REFUSAL_NEEDED, must_not_say=("独立保函", "见索即付")),
    # 保险法 art. 24: so it is called, and it counts from the decision.
    refusal_of(INSURANCE): Kind(
        _REFUSAL, _REFUSAL_NEEDED | {"decided_on"}, must_say=("拒绝赔偿",), must_not_say=("独立保函", "见索即付")
    ),
    CANCELLATION: Kind(_CONFIRMATION, _CONFIRMATION_NEEDED),
    RETURN: Kind(_CONFIRMATION, _CONFIRMATION_NEEDED),
}
