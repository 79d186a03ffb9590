"""The facts of an application that a letter shows: the one list of them.

Wordings name them, previews invent them, staff correct them, and the verification page shows them, each from here. A
fact is a field of the particulars and of the application alike; what people call it is the application's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guarantees.letter.wording.amount import in_figures, in_words
from guarantees.letter.wording.dates import chinese_date


@dataclass(frozen=True)
class Placeholder:
    """What a wording may name: what it stands for, and how it is printed ("" where there is no such thing)."""

    meaning: str | Promise
    printed: Callable[[Any], str]

    def __call__(self, source: Any) -> str:
        return self.printed(source)


@dataclass(frozen=True)
class Fact:
    """One fact. Its placeholders print its value; `sample` is that value in a preview, or makes it of the day."""

    name: str
    sample: str | int | Decimal | Callable[[date], date]
    placeholders: Mapping[str, Placeholder] = field(repr=False)
    correctable: bool = True
    public: bool = False  # shown to whoever verifies a letter
    look: str = ""  # of its row on a page, as `staff.desk.page.Row` has it

    @property
    def is_text(self) -> bool:
        """Whether it is printed as it came."""
        return isinstance(self.sample, str)

    def sample_of(self, day: date) -> object:
        return self.sample(day) if callable(self.sample) else self.sample


def _text(name: str, sample: str, meaning: str | Promise, *, public: bool = False, look: str = "") -> Fact:
    return Fact(name, sample, {name: Placeholder(meaning, str)}, public=public, look=look)


FACTS = (
    _text("beneficiary_name", "示例市公共服务中心", _("the beneficiary: who purchases"), public=True),
    _text(
        "beneficiary_code",
        "12000000000000000X",
        _("the beneficiary's organisation code"),
        public=True,
        look="identifier",
    ),
    _text("applicant_name", "示例建设工程有限公司", _("the applicant: the supplier"), public=True),
    _text("applicant_code", "91000000000000000X", _("the applicant's credit code"), public=True, look="identifier"),
    _text("project_name", "示例道路养护工程", _("the project"), public=True),
    _text("project_code", "SL-0001", _("the project's code"), public=True, look="identifier"),
    _text("section_name", "第一标段", _("the section that was awarded")),
    _text("section_code", "SL-0001-01", _("the section's code")),
    Fact(
        "award_date",
        lambda day: day,
        {"award_date": Placeholder(_("the day of the award"), chinese_date)},
    ),
    Fact(
        "award_amount",
        Decimal("3600000.00"),
        {
            "award_amount_figures": Placeholder(_("the award amount in figures"), in_figures),
            "award_amount_words": Placeholder(_("the award amount in words"), in_words),
        },
    ),
    Fact(
        "contract_months",
        10,
        {
            "contract_months": Placeholder(
                _("the contract's term in months; some applications do not say it"),
                lambda months: "" if months is None else str(months),
            )
        },
    ),
    Fact(
        "advance_amount",
        Decimal("1080000.00"),
        {
            "advance_figures": Placeholder(_("the advance that the contract provides for, in figures"), in_figures),
            "advance_words": Placeholder(_("the advance that the contract provides for, in words"), in_words),
        },
        correctable=False,
    ),
)
#: By name.
BY_NAME: Mapping[str, Fact] = {fact.name: fact for fact in FACTS}


def placeholders(*names: str) -> dict[str, Placeholder]:
    """The placeholders of these facts, printed from whatever has a field of the fact's name."""
    return {
        name: Placeholder(placeholder.meaning, _printed_from(fact, placeholder))
        for fact in map(BY_NAME.__getitem__, names)
        for name, placeholder in fact.placeholders.items()
    }


def _printed_from(fact: Fact, placeholder: Placeholder) -> Callable[[Any], str]:
    return lambda source: placeholder(getattr(source, fact.name))
