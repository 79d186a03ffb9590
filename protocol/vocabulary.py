"""What messages say, in words of ours that are no platform's: each family of platforms maps its codes to them.

A transcode is spelt here and nowhere else; all families call the messages so, since a transcode is read before anybody
knows who sent it. A code's word is what rows and the trail keep (`Means.BANK_TRANSFER == "bank_transfer"`). Each has
its English here, which the catalogue has in Chinese. No Django.
"""

from __future__ import annotations

from protocol.wire_language import Labelled
from protocol.wire_language import gettext_noop as _


class Transcode(Labelled):
    """One message of the specification."""

    APPLICATION = "PREP101", _("application for a guarantee")
    APPLICATION_STATUS = "PREP102", _("status of the application")
    FETCH_FILE = "PREP103", _("fetching the letter")
    VERIFY_FILE = "PREP104", _("verifying a letter")
    DEMAND = "PREP105", _("demand on the guarantee")
    DEMAND_STATUS = "PREP106", _("outcome of the demand")
    CANCELLATION = "PREP107", _("invalidation of the guarantee")
    CANCELLATION_OUTCOME = "PREP108", _("outcome of the invalidation")
    WITHDRAWAL = "PREP109", _("request to cancel or withdraw")


OUTBOUND = (Transcode.APPLICATION_STATUS, Transcode.DEMAND_STATUS, Transcode.CANCELLATION_OUTCOME)
INBOUND = tuple(transcode for transcode in Transcode if transcode not in OUTBOUND)
#: Sent as a digital envelope; each only reads.
DIGITAL = (Transcode.FETCH_FILE, Transcode.VERIFY_FILE)
#: Its request holds a file: it may be large.
WITH_FILE = (Transcode.VERIFY_FILE,)
#: It may be lost for good, so neither a rate, a suspension nor an old reqtime refuses it; what is odd in it is told to
#: a person (decisions B6, C2, C4), and where it cannot be accepted, an alert says so (C5).
NEVER_REFUSED = (Transcode.DEMAND,)


class ApplicationOutcome(Labelled):
    """What PREP102 tells."""

    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    ISSUED = "issued", _("letter issued")
    FAILED = "failed", _("issuing failed")
    PAID = "paid", _("premium settled")
    CANCELLATION_REFUSED = "cancellation_refused", _("cancellation refused")
    CANCELLED = "cancelled", _("order cancelled")
    SURRENDERED = "surrendered", _("surrendered")
    SURRENDER_REFUSED = "surrender_refused", _("surrender refused")


class DemandOutcome(Labelled):
    """What PREP106 tells."""

    IN_HAND = "in_hand", _("demand taken up")
    PAID = "paid", _("demand paid")
    REFUSED = "refused", _("payment refused")


class Verdict(Labelled):
    """What PREP104 is answered."""

    GENUINE = "genuine", _("verified as genuine")
    NOT_GENUINE = "not_genuine", _("not verified")


class Means(Labelled):
    """By what a premium was paid."""

    BANK_TRANSFER = "bank_transfer", _("online bank transfer")
    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    OTHER = "other", _("other means")


class CancellationKind(Labelled):
    """What a cancellation is asked for (PREP107)."""

    PERFORMED = "performed", _("the contract is performed")
    DEFECTIVE = "defective", _("the file is defective")


class WithdrawalKind(Labelled):
    """What a withdrawal asks for (PREP109)."""

    SURRENDER = "surrender", _("surrender")
    ORDER_CANCELLATION = "order_cancellation", _("cancel the order")


class PurchaseNature(Labelled):
    """What is bought (采购品目 of PREP101)."""

    SERVICES = "services", _("services")
    GOODS = "goods", _("goods")
    WORKS = "works", _("works")
