"""What letters and papers call things, each kind in its own words, and what they say, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guarantees import corrections
from guarantees.letter.wording.amount import in_figures, in_words
from guarantees.letter.wording.dates import chinese_time
from guarantees.letter.wording.facts import BY_NAME, FACTS, Fact
from guarantees.letter.wording.kinds import INDEPENDENT, INSURANCE, SURETYSHIP
from guarantees.letter.wording.particulars import Particulars
from guarantees.letter.wording.wordings import KINDS, kind_of
from guarantees.models import Guarantee, IssuedPaper
from staff.desk.page import NOTHING, Row, Text, rows

#: By the kind of wording: a suretyship has a creditor and a debtor, an insurance an insured and a policyholder.
WORDS: Mapping[str, Mapping[str, Text]] = {
    INDEPENDENT: {
        "issuer": gettext_lazy("issuer"),
        "applicant_name": gettext_lazy("applicant (supplier)"),
        "applicant_code": gettext_lazy("applicant's credit code"),
        "beneficiary_name": gettext_lazy("beneficiary (purchaser)"),
        "beneficiary_code": gettext_lazy("beneficiary's code"),
        "project_name": gettext_lazy("procurement project"),
        "amount": gettext_lazy("most that is paid"),
        "validity": gettext_lazy("validity"),
    },
    SURETYSHIP: {
        "issuer": gettext_lazy("surety"),
        "applicant_name": gettext_lazy("debtor (supplier)"),
        "applicant_code": gettext_lazy("debtor's credit code"),
        "beneficiary_name": gettext_lazy("creditor (purchaser)"),
        "beneficiary_code": gettext_lazy("creditor's code"),
        "project_name": gettext_lazy("procurement project"),
        "amount": gettext_lazy("most that is guaranteed"),
        "validity": gettext_lazy("period of suretyship"),
    },
    INSURANCE: {
        "issuer": gettext_lazy("insurer"),
        "applicant_name": gettext_lazy("policyholder (supplier)"),
        "applicant_code": gettext_lazy("policyholder's credit code"),
        "beneficiary_name": gettext_lazy("insured (purchaser)"),
        "beneficiary_code": gettext_lazy("insured's code"),
        "project_name": gettext_lazy("procurement project"),
        "amount": gettext_lazy("sum insured"),
        "validity": gettext_lazy("period of insurance"),
    },
}

#: What is shown of the organisations and of their project. No person is named.
PUBLIC = tuple(fact for fact in FACTS if fact.public)


def letter_rows(guarantee: Guarantee) -> list[Row]:
    """As this letter says it, whatever was corrected since, so that it can be compared word by word."""
    printed = Particulars.from_mapping(guarantee.particulars)
    words = _words(guarantee.wording)
    return [
        *rows(guarantee, "number"),
        Row(words["issuer"], printed.institution_name),
        *(Row(_label(words, fact), getattr(printed, fact.name) or NOTHING, fact.look) for fact in PUBLIC),
        Row(words["amount"], f"{in_figures(printed.amount)} {in_words(printed.amount)}", "amount"),
        Row(words["validity"], f"自{chinese_time(printed.valid_from)}起至{chinese_time(printed.valid_until)}止"),
        *rows(guarantee, "issued_at"),
        *([Row(_("replaces"), printed.supersedes)] if printed.supersedes else []),
    ]


def paper_rows(paper: IssuedPaper) -> list[Row]:
    """What its kind declares to be shown, as this paper prints it."""
    kind, words = paper.declared, _words(paper.wording)
    printed = kind.particulars.from_mapping(paper.particulars).placeholders()
    return [
        *rows(paper, "number"),
        *(
            Row(_label(words, fact), printed[fact.name], fact.look)
            for fact in map(BY_NAME.__getitem__, kind.facts)
            if printed[fact.name]
        ),
        *(
            Row(shown.label, text, shown.look)
            for shown in kind.shown
            if (text := shown.text.format_map(printed).strip())
        ),
    ]


def _words(wording: str) -> Mapping[str, Text]:
    """By what a letter or paper records of its wording; a refusal calls people what the refused letter calls them."""
    kind = KINDS.get(kind_of(wording))
    return WORDS.get(kind.letter, {}) if kind else {}


def _label(words: Mapping[str, Text], fact: Fact) -> Text:
    return words.get(fact.name) or corrections.label(fact.name)
