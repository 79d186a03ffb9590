"""What a kind declares of itself: a kind of wording, and a kind of paper. And the kinds of letters: who may issue
which, and what each must and must not say.

The other papers declare themselves in `guarantees/letter/wording/papers/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guarantees.letter.wording import facts
from guarantees.letter.wording.particulars import Issued, Particulars
from staff.trade_words import InstitutionKind

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
#: What people call the institutions.
INSTITUTIONS: Mapping[InstitutionKind, str | Promise] = {
    InstitutionKind.BANK: _("bank"),
    InstitutionKind.GUARANTEE_COMPANY: _("guarantee company"),
    InstitutionKind.INSURER: _("insurer"),
}
#: What only an independent guarantee may say.
INDEPENDENT_WORDS = ("独立保函", "见索即付")


@dataclass(frozen=True)
class WordingKind:
    """One kind of wording: what every version of it may, must and must not contain."""

    name: str  # of its folder in templates/letter; a letter or paper records it, so it never changes
    label: str | Promise
    particulars: type[Issued]  # whose placeholders it may name
    needed: frozenset[str]  # placeholders that every version prints
    must_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    #: What some letters have no value for; names that lack theirs together stand together.
    sometimes_blank: tuple[frozenset[str], ...] = ()
    #: The kind of letter whose words it uses for the parties; "" where it is about no letter, or about one of any kind.
    letter: str = ""

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(self.particulars.printed)


@dataclass(frozen=True)
class Shown:
    """A row that the verification page shows of a paper. Its text is placeholders, `{due_words}`, so that it says what
    the paper prints; a row without a value is left out."""

    label: str | Promise
    text: str
    look: str = ""  # as `staff.desk.page.Row` has it


@dataclass(frozen=True)
class PaperKind:
    """One kind of paper beside the letter, all that the house knows of it; decisions make it
    (`guarantees/decisions/paper.py`), by which a case gets at most one of each kind."""

    name: str  # in the database and, after "paper.", in the trail: at most 16 characters, and never changed
    label: str | Promise
    made: str | Promise  # the event that one was made
    number_letter: str  # what tells its numbers from a letter's and from other papers': BHP20261124000001
    wordings: tuple[WordingKind, ...]  # one, or one for each kind of letter that it can be about
    facts: tuple[str, ...] = tuple(fact.name for fact in facts.FACTS if fact.public)  # that the verification page shows
    shown: tuple[Shown, ...] = ()  # and what besides
    notes: tuple[str | Promise, ...] = ()  # what whoever verifies it is told, a sentence each

    @property
    def particulars(self) -> type[Issued]:
        """What it says, whatever its wording."""
        return self.wordings[0].particulars

    def wording_for(self, letter: str) -> WordingKind:
        """The wording that uses the words of letters of that kind. Raises LookupError where it has none."""
        for wording in self.wordings:
            if wording.letter in ("", letter):
                return wording
        raise LookupError(f"A {self.name} about a letter of the kind {letter!r} has no wording.")


_NEEDED = frozenset(
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
_SOMETIMES_BLANK = (frozenset({"contract_months"}), _PAID_BEFORE, _PAID_BEFORE | {"supersedes"})

#: The kinds of letters, by name.
LETTERS: Mapping[str, WordingKind] = {
    kind.name: kind
    for kind in (
        # 独立保函规定 art. 3: one of "payable on demand", model rules, or words of independence.
        WordingKind(
            INDEPENDENT,
            _("independent guarantee"),
            Particulars,
            _NEEDED,
            must_say=INDEPENDENT_WORDS,
            sometimes_blank=(*_SOMETIMES_BLANK, _CLAUSES),
            letter=INDEPENDENT,
        ),
        # 民法典 art. 686: without 连带责任 it would be a general suretyship.
        WordingKind(
            SURETYSHIP,
            _("joint and several suretyship"),
            Particulars,
            _NEEDED,
            must_say=("连带责任",),
            must_not_say=INDEPENDENT_WORDS,
            sometimes_blank=(*_SOMETIMES_BLANK, _CLAUSES),
            letter=SURETYSHIP,
        ),
        WordingKind(
            INSURANCE,
            _("guarantee insurance"),
            Particulars,
            _NEEDED | _CLAUSES,
            must_not_say=INDEPENDENT_WORDS,
            sometimes_blank=_SOMETIMES_BLANK,
            letter=INSURANCE,
        ),
    )
}
