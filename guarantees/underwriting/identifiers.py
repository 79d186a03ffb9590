"""Check characters of Chinese identifiers, judged by their standards alone (decisions F6)."""

from __future__ import annotations

import re

#: GB 32100: every character of a credit code; I, O, S, V and Z are none.
CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
#: GB 11714: the weights of an organisation code's eight characters.
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
#: GB 11643: the check characters of an ID number, by the sum modulo 11.
ID_NUMBER_CHECKS = "10X98765432"


def is_credit_code(code: str) -> bool:
    """Whether 18 characters keep GB 32100's check over all of them: the first may be a letter (A, N, Y …)."""
    if len(code) != 18 or any(character not in CREDIT_CODE for character in code):
        return False
    total = sum(CREDIT_CODE.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return CREDIT_CODE[-total % 31] == code[17]


def is_organisation_code(code: str) -> bool:
    """Whether 9 characters, with or without a dash before the last, keep GB 11714's check."""
    if not re.fullmatch(r"[0-9A-Z]{8}-?[0-9X]", code, re.ASCII):
        return False
    total = sum(int(one, 36) * weight for one, weight in zip(code[:8], ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11] == code[-1]


def is_id_number(number: str) -> bool:
    """Whether 18 characters keep GB 11643's check; the birthplace code is never judged."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number, re.ASCII):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return ID_NUMBER_CHECKS[total % 11] == number[17]
