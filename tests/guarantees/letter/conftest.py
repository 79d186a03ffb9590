"""A letter's particulars and the house's typeface, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from guarantees.letter.typesetting.fonts import Typeface, typeface
from guarantees.letter.wording.papers.confirmation import Confirmation
from guarantees.letter.wording.papers.payment_notice import PaymentNotice
from guarantees.letter.wording.papers.refusal import Refusal
from guarantees.letter.wording.particulars import Issued, Particulars
from staff.clock import CHINA
from staff.trade_words import InstitutionKind

ROOT = Path(__file__).parents[3]
WORDINGS = ROOT / "templates" / "letter"
FONTS = ROOT / "static" / "fonts"

GIVEN: dict[str, Any] = {
    "number": "GD202600000001",
    "verification_code": "7H3KQ9XM",
    "verification_url": "https://guarantee.example.com/verify/GD202600000001/?code=7H3KQ9XM",
    "issued_at": datetime(2026, 11, 24, 10, 30, 5, tzinfo=CHINA),
    "beneficiary_name": "滨江区教育局",
    "beneficiary_code": "11330108002500123X",
    "applicant_name": "杭州启明教育科技有限公司",
    "applicant_code": "91330108MA2CFXQW5T",
    "project_name": "智慧教室设备采购项目",
    "project_code": "ZFCG-0138",
    "section_name": "第1标段",
    "section_code": "ZFCG-0138-01",
    "award_date": date(2026, 11, 12),
    "award_amount": Decimal("12860000.00"),
    "advance_amount": Decimal("3858000.00"),
    "amount": Decimal("3858000.50"),
    "valid_from": datetime(2026, 11, 24, 10, 30, 5, tzinfo=CHINA),
    "valid_until": datetime(2027, 11, 23, 23, 59, 59, tzinfo=CHINA),
    "payment_working_days": 5,
    "institution_kind": InstitutionKind.GUARANTEE_COMPANY,
    "institution_name": "浙江安信融资担保有限公司",
    "institution_code": "91330000MA27XK8L3P",
    "institution_address": "杭州市西湖区文三路388号",
    "institution_telephone": "0571-88886666",
    "clauses_name": "预付款保证保险条款",
    "clauses_number": "C00001432312024052809763",
}


OURS = {field.name: GIVEN[field.name] for field in fields(Issued) if field.name in GIVEN}
OF_GUARANTEE: dict[str, Any] = {
    **OURS,
    "guarantee_number": "GD202600000007",
    "guarantee_issued_at": datetime(2026, 10, 1, 9, 30, 5, tzinfo=CHINA),
    "beneficiary_name": GIVEN["beneficiary_name"],
    "beneficiary_code": GIVEN["beneficiary_code"],
    "applicant_name": GIVEN["applicant_name"],
    "applicant_code": GIVEN["applicant_code"],
    "project_name": GIVEN["project_name"],
    "project_code": GIVEN["project_code"],
    "amount": GIVEN["amount"],
    "valid_until": GIVEN["valid_until"],
}
NOTICE = PaymentNotice(
    **OURS,
    institution_kind=InstitutionKind.GUARANTEE_COMPANY,
    order_number="SQ0138",
    applicant_name=GIVEN["applicant_name"],
    applicant_code=GIVEN["applicant_code"],
    beneficiary_name=GIVEN["beneficiary_name"],
    project_name=GIVEN["project_name"],
    amount=GIVEN["amount"],
    term="自出具之日起12个月",
    premium=Decimal("19290.00"),
    received=Decimal("0.00"),
    pay_by=date(2026, 11, 29),
    account_name="浙江安信融资担保有限公司",
    account_number="3300000000000000138",
    account_bank="西湖银行文三路支行",
)
REFUSAL = Refusal(
    **OF_GUARANTEE,
    demanded_at=datetime(2026, 11, 20, 15, 3, 11, tzinfo=CHINA),
    demanded=Decimal("1200000.00"),
    decided_at=datetime(2026, 11, 23, 9, tzinfo=CHINA),
    grounds="收款账户不是以贵方名义开立；\n\n 未提交由贵方盖章的  书面声明。",
    demand_until=GIVEN["valid_until"],
    clauses_name=GIVEN["clauses_name"],
    clauses_number=GIVEN["clauses_number"],
)
CONFIRMATION = Confirmation(
    **OF_GUARANTEE,
    requested_at=datetime(2026, 11, 22, 15, 3, 11, tzinfo=CHINA),
    ended_at=datetime(2026, 11, 24, 10, 3, 11, tzinfo=CHINA),
    paid=Decimal("0.00"),
)


def invented(kind: type[Issued], *, without: Collection[str] = ()) -> Issued:
    """Particulars of any kind, with a value in every field but those `without`."""
    types = get_type_hints(kind)
    return kind(
        **{
            field.name: GIVEN.get(field.name) or _value(types[field.name])
            for field in fields(kind)
            if field.name not in without
        }
    )


def _value(kind: Any) -> object:
    values = {datetime: GIVEN["issued_at"], date: GIVEN["award_date"], Decimal: Decimal("1000.00"), bool: True, int: 7}
    return values.get((get_args(kind) or (kind,))[0], "示例")


@pytest.fixture
def particulars() -> Callable[..., Particulars]:
    """Makes the particulars of a letter, with those given instead of the usual ones."""
    return lambda **changes: Particulars(**GIVEN | changes)


@pytest.fixture(scope="session")
def face() -> Typeface:
    return typeface(FONTS)
