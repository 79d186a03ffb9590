"""A letter's particulars and the house's typeface, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guarantees.letter.fonts import Typeface, typeface
from guarantees.letter.particulars import InstitutionKind, Particulars
from protocol.chinatime import CHINA

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


@pytest.fixture
def particulars() -> Callable[..., Particulars]:
    """Makes the particulars of a letter, with those given instead of the usual ones."""
    return lambda **changes: Particulars(**GIVEN | changes)


@pytest.fixture(scope="session")
def face() -> Typeface:
    return typeface(FONTS)
