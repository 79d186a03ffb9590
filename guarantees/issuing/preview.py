"""Previews, marked 样本: of a letter before it is issued, and of a wording. They are not signed, and stored nowhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from guarantees.issuing import institution, terms
from guarantees.issuing.promised import CLAUSES, PAYMENT_DAYS, Clauses
from guarantees.issuing.signing import LetterNotMade
from guarantees.letter.wording import facts
from guarantees.letter.wording.particulars import Particulars
from guarantees.letter.wording.wordings import Wording
from guarantees.models import Application
from staff.clock import CHINA
from staff.trade_words import InstitutionKind

#: Stands across each page, and in place of number and code, which nobody can then take for real ones.
MARK = "样本"

_CASE: dict[str, Any] = {
    "amount": facts.BY_NAME["advance_amount"].sample,
    "supersedes": f"{MARK}0",
    "paid_before": Decimal("5000.50"),
}
#: Of the institution, where its settings and business parameters do not say them yet.
_INSTITUTION = {
    "institution_name": "（机构名称）",
    "institution_code": "（统一社会信用代码）",
    "institution_address": "（机构地址）",
    "institution_telephone": "（机构电话）",
}
_CLAUSES = Clauses("（备案条款名称）", "（备案条款编号）")


def of_application(application: Application, now: datetime) -> bytes:
    """The letter as it would be issued now, as PDF; LetterNotMade says why it could not be made."""
    term = terms.term(application, now)
    if term.ends <= term.begins:
        raise LetterNotMade(_("The guarantee would end before it begins, or is over already."))
    letter = institution.sample(number=MARK, verification_code=MARK, **terms.particulars(application, now))
    return institution.draw(letter, institution.letter_wording(), mark=MARK).content


def of_wording(wording: Wording, now: datetime) -> bytes:
    """A letter in that wording, as PDF; LetterNotMade says why it could not be made."""
    return institution.draw(invented(now), wording, mark=MARK).content


def complete(now: datetime) -> Particulars:
    """A letter that there is not, of the institution as it is. Raises LetterNotMade where a setting is missing."""
    return institution.particulars(**_case(now))


def invented(now: datetime) -> Particulars:
    """A letter that there is not, in which nothing is missing: every line of a wording has its value."""
    own: dict[str, Any] = {name: getattr(settings, name.upper()) or value for name, value in _INSTITUTION.items()}
    clauses = CLAUSES.value() or _CLAUSES
    return Particulars(
        verification_url=f"{settings.PUBLIC_URL}/verify/",
        payment_working_days=PAYMENT_DAYS.value(),
        clauses_name=clauses.name,
        clauses_number=clauses.number,
        institution_kind=InstitutionKind(settings.INSTITUTION_KIND),
        certificate_owner=own["institution_name"],
        certificate_number=MARK,
        demonstration=settings.DEMONSTRATION,
        **own,
        **_case(now),
    )


def _case(now: datetime) -> dict[str, Any]:
    begins = now.astimezone(CHINA).replace(microsecond=0)
    return {
        **_CASE,
        **{fact.name: fact.sample_of(begins.date()) for fact in facts.FACTS},
        "number": MARK,
        "verification_code": MARK,
        "issued_at": now,
        "valid_from": begins,
        "valid_until": (begins + timedelta(days=364)).replace(hour=23, minute=59, second=59),
    }
