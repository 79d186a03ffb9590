"""Letters as they are issued: drawn in the newest wording, sealed, and signed by a key of each kind."""

from __future__ import annotations

from functools import cache

from guarantees.letter.signature import credentials as letter_credentials
from guarantees.letter.signature import pades
from guarantees.letter.typesetting.fonts import typeface
from guarantees.letter.typesetting.pages import Pages, draw
from guarantees.letter.wording.particulars import Particulars
from guarantees.letter.wording.wordings import letter_kind, newest
from staff.trade_words import InstitutionKind
from tests.guarantees.letter.conftest import GIVEN, ROOT, WORDINGS
from tests.guarantees.letter.signature.test_signature import SIGNED_AT, credentials

SURETY = InstitutionKind.GUARANTEE_COMPANY


def particulars(institution: InstitutionKind = SURETY, **changes: object) -> Particulars:
    return Particulars(**GIVEN | {"institution_kind": institution, **changes})


@cache
def drawn(institution: InstitutionKind = SURETY, number: str = GIVEN["number"]) -> Pages:
    """The pages of a letter that is not signed yet."""
    letter = particulars(institution, number=number)
    return draw(letter, newest(WORDINGS, letter_kind(institution)), face=typeface(ROOT / "static" / "fonts"))


def sign(pages: Pages, by: letter_credentials.Credentials) -> bytes:
    """Those pages signed, with the seal in its place."""
    seal = pages.seal
    box = (seal.page, seal.x1, seal.y1, seal.x2, seal.y2)
    return pades.sign(pages.content, by, signed_at=SIGNED_AT, reason="出具预付款保函", location="中国", box=box)


@cache
def issued(key: str, institution: InstitutionKind = SURETY, number: str = GIVEN["number"]) -> bytes:
    """The letter, signed by the test's credentials of that kind."""
    return sign(drawn(institution, number), credentials(key)[0])
