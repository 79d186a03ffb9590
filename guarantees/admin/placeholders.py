"""How a wording is written, for whoever writes one: the signs of its lines, and what its placeholders stand for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from guarantees.issuing import preview
from staff.desk.page import Section, Text

MEANINGS: dict[str, Text] = {
    "number": _("the guarantee's number"),
    "verification_code": _("the code with which its holder verifies it"),
    "verification_url": _("where the QR code leads"),
    "issued_on": _("the day of issue"),
    "beneficiary_name": _("the beneficiary: who purchases"),
    "beneficiary_code": _("the beneficiary's organisation code"),
    "applicant_name": _("the applicant: the supplier"),
    "applicant_code": _("the applicant's credit code"),
    "project_name": _("the project"),
    "project_code": _("the project's code"),
    "section_name": _("the section that was awarded"),
    "section_code": _("the section's code"),
    "award_date": _("the day of the award"),
    "award_amount_figures": _("the award amount in figures"),
    "award_amount_words": _("the award amount in words"),
    "advance_figures": _("the advance that the contract provides for, in figures"),
    "advance_words": _("the advance that the contract provides for, in words"),
    "amount_figures": _("the most that is paid under the letter, in figures"),
    "amount_words": _("the most that is paid under the letter, in words"),
    "valid_from": _("the first second of validity"),
    "valid_until": _("the last second of validity; 24 o'clock where the day ends"),
    "valid_until_date": _("the last day of validity"),
    "payment_working_days": _("the term of payment in working days (PAYMENT_WORKING_DAYS)"),
    "institution_name": _("our name (INSTITUTION_NAME)"),
    "institution_code": _("our credit code (INSTITUTION_CODE)"),
    "institution_address": _("our address (INSTITUTION_ADDRESS)"),
    "institution_telephone": _("our telephone (INSTITUTION_TELEPHONE)"),
    "platform_name": _("what the platform is called"),
    "contract_months": _("the contract's term in months; some applications do not say it"),
    "clauses_name": _("an insurer's filed clauses (CLAUSES_NAME); other institutions have none"),
    "clauses_number": _("their registration number (CLAUSES_NUMBER)"),
    "supersedes": _("the number of the returned letter that this one replaces; most replace none"),
    "paid_before_figures": _("what was paid and deducted under the replaced letter, in figures; mostly nothing"),
    "paid_before_words": _("the same in words"),
    "certificate_owner": _("whom the signing certificate names"),
    "certificate_number": _("the signing certificate's number"),
}

SIGNS: list[tuple[str, Text]] = [
    ("# …", _("the title, exactly one")),
    ("## …", _("the subtitle")),
    ("@ …", _("the addressee")),
    ("| … | …", _("a row of the table: label and value")),
    ("= …", _("a clause's heading, numbered by itself: 一、二、三、")),
    ("- …", _("an item, numbered by itself: （一）（二）（三）")),
    ("> … | …", _("a line of the foot: label and value; the first names the guarantor")),
    ("; …", _("a remark that no letter shows")),
    ("…", _("anything else: a paragraph")),
    ("[supersedes] …", _("before any of these: letters without that value leave the line out")),
    ("**…**", _("within a line: bold")),
]


@dataclass(frozen=True)
class Placeholder:
    name: str
    meaning: Text
    example: str


def placeholders(names: Collection[str], now: datetime) -> list[Placeholder]:
    """Those of these names, in the order of the table, with the values of the preview."""
    examples = preview.invented(now).placeholders()
    return [Placeholder(f"{{{name}}}", meaning, examples[name]) for name, meaning in MEANINGS.items() if name in names]


def placeholders_section(title: Text, names: Collection[str], now: datetime) -> Section:
    return Section(title, template="desk/placeholders.html", content=placeholders(names, now))


def guide(now: datetime) -> list[Section]:
    """Everything that a wording may contain."""
    return [
        Section(
            _("Lines"),
            note=_("Every line is one paragraph, and its beginning says what it is. Blank lines are ignored."),
            template="desk/signs.html",
            content=SIGNS,
        ),
        placeholders_section(_("Placeholders"), MEANINGS, now),
    ]
