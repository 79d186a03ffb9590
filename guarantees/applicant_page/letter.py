"""The letter once issued, and the files that the applicant may download."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from guarantees.badges import guarantee_badge
from guarantees.models import Guarantee, GuaranteeState, Order
from staff.desk.document import served
from staff.desk.page import Badge, Row, moment, yuan

log = logging.getLogger(__name__)


#: A letter in one of these is handed out no more: nobody should rely on it.
VOID = (GuaranteeState.CANCELLED, GuaranteeState.RETURNED, GuaranteeState.SURRENDERED)


@dataclass(frozen=True)
class Letter:
    """`is_void`: it is shown, so that nobody wonders, and not given out."""

    badge: Badge
    rows: list[Row]
    verify_url: str
    is_void: bool


def letter_of(order: Order) -> Guarantee | None:
    """The last one issued over all rounds, as the platform fetches it (PREP103)."""
    return Guarantee.objects.filter(application__order=order).order_by("-issued_at", "-id").first()


def letter(order: Order) -> Letter | None:
    guarantee = letter_of(order)
    if guarantee is None:
        return None
    code = urlencode({"code": guarantee.verification_code})
    return Letter(
        guarantee_badge(guarantee),
        [
            Row(_("guarantee number"), guarantee.number, "code"),
            Row(_("verification code"), guarantee.verification_code, "code"),
            Row(_("amount"), yuan(guarantee.amount), "amount"),
            Row(_("valid from"), moment(guarantee.valid_from)),
            Row(_("valid until"), moment(guarantee.valid_until)),
            Row(_("issued at"), moment(guarantee.issued_at)),
        ],
        f"{reverse('verify', args=[guarantee.number])}?{code}",
        guarantee.state in VOID,
    )


def download(file: FieldFile, digest: str, name: str) -> HttpResponse:
    """The stored PDF; Http404 where it is missing or differs from what was issued."""
    try:
        with file.open("rb") as stored:
            content: bytes = stored.read()
    except OSError:
        log.exception("The file %s cannot be read", file.name)
        raise Http404 from None
    if hashlib.sha256(content).hexdigest() != digest:
        log.error("The stored file %s differs from the one that was issued", file.name)
        raise Http404
    return served(content, name=name, kind="pdf", download=True)
