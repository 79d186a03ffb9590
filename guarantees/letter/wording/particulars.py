"""What a letter says, as plain values: frozen with the guarantee before anything is drawn from them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Protocol, Self, get_args, get_type_hints

from django.utils.translation import gettext_lazy as _

from guarantees.letter.wording import amount as money
from guarantees.letter.wording import facts
from guarantees.letter.wording.dates import chinese_day, chinese_time
from guarantees.letter.wording.facts import Placeholder
from staff.trade_words import InstitutionKind


class Paper(Protocol):
    """What the pages and the signature need to know of a letter, or of another paper of the institution."""

    @property
    def noun(self) -> str:
        """What the paper calls itself: 保函, 通知书."""

    @property
    def number(self) -> str: ...

    @property
    def verification_code(self) -> str: ...

    @property
    def verification_url(self) -> str:
        """Where the QR code leads."""

    @property
    def issued_at(self) -> datetime: ...

    @property
    def institution_name(self) -> str: ...

    @property
    def subject(self) -> str:
        """What it is about, in one line."""

    @property
    def demonstration(self) -> bool: ...

    def placeholders(self) -> dict[str, str]:
        """What its wording may name, as it is printed; "" where there is no such thing."""


@dataclass(frozen=True, kw_only=True)
class Issued(ABC):
    """What every paper of the institution says of itself and of who answers for it.

    Money in CNY, instants aware; "" or None where a thing does not exist.
    """

    noun: ClassVar[str]
    #: What its wording may name, and how that is printed; "" where there is no such thing.
    printed: ClassVar[Mapping[str, Callable[[Any], str]]]

    number: str  # of a letter, its guaranteeId
    verification_code: str
    verification_url: str  # where the QR code leads
    issued_at: datetime
    institution_name: str
    institution_code: str
    institution_address: str
    institution_telephone: str
    platform_name: str = "政府采购金融服务平台"
    certificate_owner: str = ""  # of the signature
    certificate_number: str = ""
    demonstration: bool = False

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, datetime) and value.tzinfo is None:
                raise ValueError(
                    f"{field.name} of a {self.noun} must be aware: a time without its zone cannot be printed"
                )

    @property
    @abstractmethod
    def subject(self) -> str:
        """What it is about, in one line."""

    def placeholders(self) -> dict[str, str]:
        """What its wording may name, as it is printed, each on one line."""
        return {name: tidy(printed(self)) for name, printed in self.printed.items()}

    def as_mapping(self) -> dict[str, str | int | bool | None]:
        """JSON-safe; `from_mapping` gives back an equal object."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """The reverse of `as_mapping`. Fields that came later than the mapping take their defaults."""
        hints = get_type_hints(cls)
        types = {field.name: hints[field.name] for field in fields(cls)}
        unknown = sorted(set(mapping) - set(types))
        if unknown:
            raise ValueError(f"no particulars of a {cls.noun}: {', '.join(unknown)}")
        return cls(**{name: _typed(types[name], value) for name, value in mapping.items()})


#: What every paper's wording may name.
COMMON: Mapping[str, Placeholder] = {
    "number": Placeholder(_("the guarantee's number"), lambda paper: paper.number),
    "verification_code": Placeholder(
        _("the code with which its holder verifies it"), lambda paper: paper.verification_code
    ),
    "verification_url": Placeholder(_("where the QR code leads"), lambda paper: paper.verification_url),
    "issued_on": Placeholder(_("the day of issue"), lambda paper: chinese_day(paper.issued_at)),
    "institution_name": Placeholder(_("our name (INSTITUTION_NAME)"), lambda paper: paper.institution_name),
    "institution_code": Placeholder(_("our credit code (INSTITUTION_CODE)"), lambda paper: paper.institution_code),
    "institution_address": Placeholder(_("our address (INSTITUTION_ADDRESS)"), lambda paper: paper.institution_address),
    "institution_telephone": Placeholder(
        _("our telephone (INSTITUTION_TELEPHONE)"), lambda paper: paper.institution_telephone
    ),
    "platform_name": Placeholder(_("what the platform is called"), lambda paper: paper.platform_name),
    "certificate_owner": Placeholder(_("whom the signing certificate names"), lambda paper: paper.certificate_owner),
    "certificate_number": Placeholder(_("the signing certificate's number"), lambda paper: paper.certificate_number),
}

#: What a letter's wording may name.
PLACEHOLDERS: Mapping[str, Placeholder] = {
    **COMMON,
    **facts.placeholders(*facts.BY_NAME),
    "amount_figures": Placeholder(
        _("the most that is paid under the letter, in figures"), lambda letter: money.in_figures(letter.amount)
    ),
    "amount_words": Placeholder(
        _("the most that is paid under the letter, in words"), lambda letter: money.in_words(letter.amount)
    ),
    "valid_from": Placeholder(_("the first second of validity"), lambda letter: chinese_time(letter.valid_from)),
    "valid_until": Placeholder(
        _("the last second of validity; 24 o'clock where the day ends"),
        lambda letter: chinese_time(letter.valid_until),
    ),
    "valid_until_date": Placeholder(_("the last day of validity"), lambda letter: chinese_day(letter.valid_until)),
    "payment_working_days": Placeholder(
        _("the term of payment in working days (a business parameter)"),
        lambda letter: str(letter.payment_working_days),
    ),
    "clauses_name": Placeholder(
        _("an insurer's filed clauses (a business parameter); other institutions have none"),
        lambda letter: letter.clauses_name,
    ),
    "clauses_number": Placeholder(
        _("their registration number (a business parameter)"), lambda letter: letter.clauses_number
    ),
    "supersedes": Placeholder(
        _("the number of the returned letter that this one replaces; most replace none"),
        lambda letter: letter.supersedes,
    ),
    "paid_before_figures": Placeholder(
        _("what was paid and deducted under the replaced letter, in figures; mostly nothing"),
        lambda letter: money.in_figures(letter.paid_before) if letter.paid_before else "",
    ),
    "paid_before_words": Placeholder(
        _("the same in words"), lambda letter: money.in_words(letter.paid_before) if letter.paid_before else ""
    ),
}


@dataclass(frozen=True, kw_only=True)
class Particulars(Issued):
    """One letter's particulars."""

    noun: ClassVar[str] = "保函"
    printed: ClassVar[Mapping[str, Callable[[Any], str]]] = PLACEHOLDERS

    beneficiary_name: str
    beneficiary_code: str
    applicant_name: str
    applicant_code: str
    project_name: str
    project_code: str
    section_name: str
    section_code: str
    award_date: date
    award_amount: Decimal
    advance_amount: Decimal  # what the contract provides for
    amount: Decimal  # the most that is paid under the letter
    valid_from: datetime  # first second
    valid_until: datetime  # last second, included
    payment_working_days: int
    institution_kind: InstitutionKind
    contract_months: int | None = None
    clauses_name: str = ""  # an insurer's filed clauses, and their registration number
    clauses_number: str = ""
    supersedes: str = ""  # the number of the letter that this one replaces
    paid_before: Decimal = Decimal(0)  # what was paid and deducted under the letter that this one replaces

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.valid_until <= self.valid_from:
            raise ValueError(f"a letter valid from {self.valid_from} cannot end at {self.valid_until}")

    @property
    def subject(self) -> str:
        return f"{self.project_name}：{self.applicant_name}"


def tidy(text: str) -> str:
    """Line breaks and runs of blanks, as some procurement systems send them within names, become one blank."""
    return " ".join(text.split())


def _plain(value: object) -> str | int | bool | None:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)


def _typed(kind: Any, value: Any) -> Any:
    kinds = get_args(kind) or (kind,)  # `datetime | None` is a datetime where there is one
    if value is None:
        return None
    if Decimal in kinds:
        return Decimal(value)
    if datetime in kinds:
        return datetime.fromisoformat(value)
    if date in kinds:
        return date.fromisoformat(value)
    if InstitutionKind in kinds:
        return InstitutionKind(value)
    return value
