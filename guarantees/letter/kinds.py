"""The kinds of wordings: who may issue which, and what each may, must and must not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guarantees.letter.particulars import PLACEHOLDERS, InstitutionKind

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


@dataclass(frozen=True)
class Kind:
    """What every wording of a kind may, must and must not contain."""

    placeholders: frozenset[str]
    needed: frozenset[str]
    must_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    sometimes_blank: tuple[frozenset[str], ...] = ()


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
}
