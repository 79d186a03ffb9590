"""One handler and one serializer per transcode that concerns applications and guarantees."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from django.db.models import Model
from django.utils import translation

from guarantees import arrival, audit
from guarantees.book import entries
from guarantees.models import (
    Application,
    Cancellation,
    Guarantee,
    GuaranteeState,
    Order,
    Withdrawal,
)
from guarantees.targets import Work
from guarantees.verification.explanation import reason_texts
from guarantees.verification.origin import Origin, trace
from protocol import folding
from protocol.errors import MAX_MESSAGE, InternalFailure, UnknownNumber
from protocol.facts import Facts
from protocol.folding import same
from protocol.gateway.serializers import TableSerializer
from protocol.handlers import Answer, Handler, Inbound
from protocol.models import Connection
from protocol.vocabulary import Transcode, Verdict
from protocol.wire_language import WireText
from protocol.wire_language import gettext_noop as _
from staff.files import LARGEST_FILE

#: What an application keeps of PREP101; ext1 to ext3 are kept together.
APPLICATION = Facts(
    (
        "applicant_name",
        "applicant_code",
        "legal_name",
        "legal_id_number",
        "applicant_address",
        "advance_amount",
        "agent_name",
        "agent_phone",
        "agent_id_number",
        "project_code",
        "project_name",
        "section_code",
        "section_name",
        "purchase_nature",
        "award_date",
        "award_amount",
        "beneficiary_name",
        "beneficiary_code",
        "guarantee_months",
        "contract_months",
        "start_date",
        "end_date",
    ),
    numbers=frozenset(
        {
            "applicant_code",
            "legal_id_number",
            "agent_phone",
            "agent_id_number",
            "project_code",
            "section_code",
            "beneficiary_code",
        }
    ),
)
EXT_FIELDS = ("ext1", "ext2", "ext3")
#: What a cancellation keeps of PREP107, and a withdrawal of PREP109, beside what each names.
CANCELLATION = Facts(("kind", "invalid_time", "remark"))
WITHDRAWAL = Facts(("kind", "reason"))


class Answered(WireText):
    """What the platform reads in an answer beside the code's text."""

    NOT_AS_ACCEPTED = _("is not as in the application that was accepted")
    NOT_AS_PENDING = _("is not as in the request of its kind that is still open")
    FILE_TOO_LARGE = _("is to be a file of at most 20 MB")
    FILE_NAME = _("Advance payment guarantee %(number)s.pdf")
    # Of a genuine letter that is no longer in force (decisions B16).
    CANCELLED = _("genuine and validly issued, and cancelled since")
    RETURNED = _("genuine and validly issued, and returned since")
    SURRENDERED = _("genuine and validly issued, and surrendered since")
    EXPIRED = _("genuine and validly issued, and expired since")
    PAID_OUT = _("genuine and validly issued; the whole amount has been paid")
    RUN_DOWN = _("genuine and validly issued; the whole amount has been deducted")
    USED_UP = _("genuine and validly issued; deductions and payments have used up the amount")


class ApplicationSerializer(TableSerializer):
    transcode = Transcode.APPLICATION


class CancellationSerializer(TableSerializer):
    transcode = Transcode.CANCELLATION


class WithdrawalSerializer(TableSerializer):
    transcode = Transcode.WITHDRAWAL


class FetchFileSerializer(TableSerializer):
    transcode = Transcode.FETCH_FILE


class VerifyFileSerializer(TableSerializer):
    transcode = Transcode.VERIFY_FILE


def receive_application(inbound: Inbound) -> Answer:
    """PREP101: a new order, a new round of an ended one, or the same again (decisions B1)."""
    order = Order.lock(_order_asked_for(inbound).pk)
    latest = order.rounds.order_by("-round").first()
    particulars = _particulars(inbound)
    if latest and latest.is_alive:
        if differing := _differing(latest, particulars):
            raise inbound.refusal(dict.fromkeys(differing, Answered.NOT_AS_ACCEPTED.on_the_wire()))
        return Answer()
    application = Application(
        order=order,
        round=latest.round + 1 if latest else 1,
        received_at=inbound.received_at,
        unknown_fields=dict(inbound.unknown_fields),
        **particulars,
    )
    application.begin(Work.APPLICATION, application.received_at)
    application.save()
    entries.arrived(application)
    # A later round stays where its order is: somebody may have moved it.
    rule = None if latest else arrival.to_its_unit(application)
    audit.application_received(application, rule)
    return Answer()


def fetch_file(inbound: Inbound) -> Answer:
    """PREP103: the last letter issued over all rounds of the order (decisions B9)."""
    guarantee = Guarantee.objects.filter(application__order=_known_order(inbound)).order_by("-issued_at", "-id").first()
    if guarantee is None:
        raise UnknownNumber()
    with guarantee.file.open("rb") as stored:
        letter: bytes = stored.read()
    if hashlib.sha256(letter).hexdigest() != guarantee.file_digest:
        raise InternalFailure(f"The stored letter of {guarantee.number} differs from the one that was issued.")
    return Answer(
        {
            "file_name": Answered.FILE_NAME.on_the_wire(number=guarantee.number),
            "file": base64.b64encode(letter).decode(),
        }
    )


#: What PREP104 adds about a genuine letter that is no longer in force (decisions B16).
ENDED = {
    GuaranteeState.CANCELLED: Answered.CANCELLED,
    GuaranteeState.RETURNED: Answered.RETURNED,
    GuaranteeState.SURRENDERED: Answered.SURRENDERED,
    GuaranteeState.EXPIRED: Answered.EXPIRED,
    GuaranteeState.UNRELEASED: Answered.EXPIRED,
    GuaranteeState.PAID_OUT: Answered.PAID_OUT,
    GuaranteeState.RUN_DOWN: Answered.RUN_DOWN,
}


def verify_file(inbound: Inbound) -> Answer:
    """PREP104: whether a file is a letter that we issued under that number, unchanged (decisions B16)."""
    guarantee = known_guarantee(inbound.connection, inbound.facts["guarantee_number"])
    given: bytes = inbound.facts["file"]
    if len(given) > LARGEST_FILE:
        raise inbound.refusal({"file": Answered.FILE_TOO_LARGE.on_the_wire()})
    origin = trace(given, guarantee)
    certificate = origin.certificate
    return Answer(
        {
            "guarantee_number": inbound.facts["guarantee_number"],
            "status": Verdict.GENUINE if origin.is_proven else Verdict.NOT_GENUINE,
            "certificate_number": certificate.serial_number if certificate else "",
            "certificate_owner": certificate.owner if certificate else "",
            "certificate_from": certificate.not_before if certificate else "",
            "certificate_until": certificate.not_after if certificate else "",
            "certificate_issuer": certificate.issuer if certificate else "",
            "signed_at": origin.signed_at or "",
        },
        message=_sentence(origin) or _how_it_ended(guarantee),
    )


def _how_it_ended(guarantee: Guarantee) -> str:
    if guarantee.remaining == 0 and guarantee.paid and guarantee.deducted:
        return Answered.USED_UP.on_the_wire()
    ended = ENDED.get(GuaranteeState(guarantee.state))
    return ended.on_the_wire() if ended else ""


def _sentence(origin: Origin) -> str:
    """What speaks against the file in Chinese, as far as it fits a message."""
    with translation.override("zh-hans"):
        sentence = "；".join(reason_texts(origin))
    return sentence if len(sentence) <= MAX_MESSAGE else f"{sentence[: MAX_MESSAGE - 1]}…"


def receive_cancellation(inbound: Inbound) -> Answer:
    """PREP107: a guarantee is to end, or to be returned; the same again while one is open is the same (B8 to B14)."""
    order = Order.lock(known_guarantee(inbound.connection, inbound.facts["guarantee_number"]).application.order_id)
    guarantee = known_guarantee(inbound.connection, inbound.facts["guarantee_number"])
    asked = CANCELLATION.of(inbound.facts)
    if pending := guarantee.cancellations.open().first():
        return _same_or_refused(inbound, CANCELLATION, pending, asked)
    cancellation = Cancellation(order=order, guarantee=guarantee, received_at=inbound.received_at, **asked)
    cancellation.begin(Work.CANCELLATION, cancellation.received_at)
    cancellation.save()
    audit.cancellation_received(cancellation)
    return Answer()


def receive_withdrawal(inbound: Inbound) -> Answer:
    """PREP109: the latest round of the order is to be cancelled or surrendered (decisions B11 to B14)."""
    order = Order.lock(_known_order(inbound).pk)
    asked = WITHDRAWAL.of(inbound.facts)
    if pending := order.withdrawals.waiting().first():
        return _same_or_refused(inbound, WITHDRAWAL, pending, asked)
    withdrawal = Withdrawal(
        order=order, application=order.rounds.latest("round"), received_at=inbound.received_at, **asked
    )
    withdrawal.begin(Work.WITHDRAWAL, withdrawal.received_at)
    withdrawal.save()
    audit.withdrawal_received(withdrawal)
    return Answer()


def _same_or_refused(inbound: Inbound, kept: Facts, pending: Model, asked: dict[str, Any]) -> Answer:
    """000 for what asks for just what the open request asks for, else 103 naming what differs (decisions B14)."""
    if differing := kept.differing(asked, pending):
        raise inbound.refusal(dict.fromkeys(differing, Answered.NOT_AS_PENDING.on_the_wire()))
    return Answer()


def known_guarantee(connection: Connection, number: str) -> Guarantee:
    """The guarantee of that number, in any writing of it, within the connection (decisions C3, F8), or 203."""
    known = Guarantee.objects.filter(application__order__connection=connection)
    guarantee = known.filter(number=number).first() or known.filter(folded=folding.number(number)).first()
    if guarantee is None:
        raise UnknownNumber()
    return guarantee


def _order_asked_for(inbound: Inbound) -> Order:
    """The order of an application; numbers that differ in their outer blanks alone are the same one."""
    number, theirs = inbound.facts["order_number"], Order.objects.filter(connection=inbound.connection)
    for known in theirs.filter(folded=folding.number(number)):
        if known.number.strip() == number.strip():
            return known
    order, _created = theirs.get_or_create(connection=inbound.connection, number=number)
    return order


def _known_order(inbound: Inbound) -> Order:
    """The order that a message names, or 203.

    What a platform calls an order is its own: two numbers that differ in case may be two orders. So the number as it
    stands counts, and another writing only where it can mean but one (decisions F8). Its dashes and blanks stay:
    without them 2026-1-11 would be 2026-11-1, and the letter of another order would be given out.
    """
    number, theirs = inbound.facts["order_number"], Order.objects.filter(connection=inbound.connection)
    if exact := theirs.filter(number=number).first():
        return exact
    folded_alike = theirs.filter(folded=folding.number(number))
    written_otherwise = [order for order in folded_alike if folding.same_name(order.number, number)]
    if len(written_otherwise) != 1:
        raise UnknownNumber()
    return written_otherwise[0]


def _particulars(inbound: Inbound) -> dict[str, Any]:
    ext_fields = {name: inbound.facts[name] for name in EXT_FIELDS if name in inbound.facts}
    return {**APPLICATION.of(inbound.facts), "ext_fields": ext_fields}


def _differing(latest: Application, particulars: dict[str, Any]) -> list[str]:
    """The facts of PREP101 that say something else than the application that was accepted."""
    given, accepted = particulars["ext_fields"], latest.ext_fields
    return APPLICATION.differing(particulars, latest, latest.as_received) + [
        name for name in EXT_FIELDS if not same(given.get(name, ""), accepted.get(name, ""))
    ]


HANDLERS = [
    Handler(Transcode.APPLICATION, ApplicationSerializer, receive_application),
    Handler(Transcode.FETCH_FILE, FetchFileSerializer, fetch_file),
    Handler(Transcode.VERIFY_FILE, VerifyFileSerializer, verify_file),
    Handler(Transcode.CANCELLATION, CancellationSerializer, receive_cancellation),
    Handler(Transcode.WITHDRAWAL, WithdrawalSerializer, receive_withdrawal),
]
