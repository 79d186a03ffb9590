"""The checks an application is shown with. A new one is one function in RULES; it flags, a person decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from guarantees.corrections import PRINTED, label
from guarantees.issuing.institution import check_printable, issued_kind
from guarantees.issuing.signing import LetterNotMade
from guarantees.letter.typesetting.fonts import MissingGlyph
from guarantees.letter.wording.wordings import WordingError
from guarantees.models import Application
from guarantees.underwriting.identifiers import is_credit_code, is_id_number, is_organisation_code
from guarantees.validity import disagree, last_day_of_term, may_outlast_its_letter
from staff.clock import CHINA

NAME_OF_THE_TABLE = 20


@dataclass(frozen=True)
class Finding:
    """One thing the underwriter should look at, as a sentence."""

    rule: str
    text: str


def findings(application: Application, today: date) -> list[Finding]:
    """What the rules find, in their order; `today` is China's date."""
    return [Finding(rule.__name__, text) for rule in RULES for text in rule(application, today)]


def shown(application: Application, at: datetime) -> list[str]:
    """The names of the checks that find something at that moment, as an approval writes them down."""
    return list(dict.fromkeys(finding.rule for finding in findings(application, at.astimezone(CHINA).date())))


def credit_codes(application: Application, today: date) -> Iterator[str]:
    """Check characters of credit codes (GB 32100) and of organisation codes (GB 11714); decisions F6."""
    for whose, code in (
        (_("applicant"), application.applicant_code),
        (_("beneficiary"), application.beneficiary_code),
    ):
        values, bare = {"whose": whose, "code": code}, code.strip().upper()
        if len(bare) == 18 and not is_credit_code(bare):
            yield _("The %(whose)s's credit code %(code)s has a wrong check character.") % values
        elif len(bare.replace("-", "")) == 9 and not is_organisation_code(bare):
            yield _("The %(whose)s's organisation code %(code)s has a wrong check character.") % values
        elif len(bare) != 18 and len(bare.replace("-", "")) != 9:
            yield _("The %(whose)s's code %(code)s is neither a credit code nor an organisation code.") % values


def id_numbers(application: Application, today: date) -> Iterator[str]:
    """GB 11643 check digit (decisions F6); the birthplace code is never judged, its tables lag behind reality."""
    for whose, number in (
        (_("legal representative"), application.legal_id_number),
        (_("agent"), application.agent_id_number),
    ):
        bare = number.strip().upper()
        if len(bare) != 18:
            yield _("The ID number of the %(whose)s is no resident ID number of 18 characters.") % {"whose": whose}
        elif not is_id_number(bare):
            yield _("The ID number of the %(whose)s has a wrong check digit.") % {"whose": whose}


def long_names(application: Application, today: date) -> Iterator[str]:
    """Names of people beyond the table's 20 characters are read, names with · are longer (decisions F1)."""
    for whose, name in (
        (_("legal representative"), application.legal_name),
        (_("agent"), application.agent_name),
    ):
        if len(name.strip()) > NAME_OF_THE_TABLE:
            yield _("The name of the %(whose)s has %(number)d characters, more than the specification's 20.") % {
                "whose": whose,
                "number": len(name.strip()),
            }


def dates_and_term(application: Application, today: date) -> Iterator[str]:
    """Dates and term that disagree: the dates win (decisions B3)."""
    start, end, months = application.start_date, application.end_date, application.guarantee_months
    if disagree(start=start, end=end, months=months):
        yield _("The dates (%(start)s to %(end)s) are not the term of %(months)s months; the dates count.") % {
            "start": start,
            "end": end,
            "months": months,
        }
    if end and end <= max(start or today, today):
        yield _("The guarantee would end on %(end)s: before it begins, or it is over already.") % {"end": end}


def outlasts_the_contract(application: Application, today: date) -> Iterator[str]:
    """Of a suretyship, whose period else counts as none; other letters end when they say."""
    if application.contract_months is None:
        if "contractDate" in application.unknown_fields:
            yield _("The contract's term came as 0 and is taken as not given.")
        return
    try:
        kind = issued_kind()
    except WordingError:  # no letter can be issued at all, as the readiness says
        return
    begins = max(application.start_date or today, today)
    ends = application.end_date or last_day_of_term(begins, application.guarantee_months)
    if may_outlast_its_letter(kind, begins=begins, ends=ends, contract_months=application.contract_months):
        yield _("The guarantee does not outlast the contract's term of %(months)s months.") % {
            "months": application.contract_months
        }


def advance_within_award(application: Application, today: date) -> Iterator[str]:
    if application.advance_amount > application.award_amount:
        yield _("The advance is larger than the award amount.")


def award_in_the_past(application: Application, today: date) -> Iterator[str]:
    if application.award_date > today:
        yield _("The date of award, %(date)s, is still to come.") % {"date": application.award_date}


def printable(application: Application, today: date) -> Iterator[str]:
    """A letter that cannot be printed is found out before it is promised."""
    for name in PRINTED:
        try:
            check_printable(getattr(application, name))
        except (MissingGlyph, LetterNotMade) as error:
            yield _("%(field)s: %(trouble)s") % {"field": label(name), "trouble": error}


def start_in_the_past(application: Application, today: date) -> Iterator[str]:
    """It begins at the moment of issue instead (decisions B3)."""
    if application.start_date and application.start_date < today:
        yield _("The start asked for, %(start)s, is past: the guarantee begins at its issue.") % {
            "start": application.start_date
        }


RULES: list[Callable[[Application, date], Iterator[str]]] = [
    credit_codes,
    id_numbers,
    long_names,
    dates_and_term,
    outlasts_the_contract,
    advance_within_award,
    award_in_the_past,
    start_in_the_past,
    printable,
]
