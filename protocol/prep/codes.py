"""What each code of PREP means, once: its name in code, and its English, which the catalogue has in Chinese.

A transcode is spelt here and nowhere else. Where the domain keeps what a code says, it keeps the code's `word`, which
is no platform's: `PayType("01").word == "bank_transfer"`, `PayType.of("bank_transfer") == "01"`. No Django.
"""

from __future__ import annotations

from typing import Self

from protocol.wire_language import Labelled
from protocol.wire_language import gettext_noop as _


class Code(Labelled):
    """One coded value of a field, as it stands on the wire."""

    @property
    def word(self) -> str:
        """What it means, as one word."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Self:
        """The code of a word; KeyError where there is none."""
        return cls[word.upper()]


def words(codes: type[Code]) -> dict[str, str]:
    """The word of each code."""
    return {str(code): code.word for code in codes}


class Transcode(Code):
    APPLICATION = "PREP101", _("application for a guarantee")
    APPLICATION_STATUS = "PREP102", _("status of the application")
    FETCH_FILE = "PREP103", _("fetching the letter")
    VERIFY_FILE = "PREP104", _("verifying a letter")
    DEMAND = "PREP105", _("demand on the guarantee")
    DEMAND_STATUS = "PREP106", _("outcome of the demand")
    CANCELLATION = "PREP107", _("invalidation of the guarantee")
    CANCELLATION_OUTCOME = "PREP108", _("outcome of the invalidation")
    WITHDRAWAL = "PREP109", _("request to cancel or withdraw")


class ApplicationStatus(Code):
    """applicationStatus of PREP102."""

    APPROVED = "01", _("approved")
    REJECTED = "02", _("rejected")
    ISSUED = "03", _("letter issued")
    FAILED = "04", _("issuing failed")
    PAID = "05", _("premium settled")
    CANCELLATION_REFUSED = "06", _("cancellation refused")
    CANCELLED = "07", _("order cancelled")
    SURRENDERED = "08", _("surrendered")
    SURRENDER_REFUSED = "09", _("surrender refused")


class DemandStatus(Code):
    """status of PREP106."""

    IN_HAND = "00", _("demand taken up")
    PAID = "01", _("demand paid")
    REFUSED = "02", _("payment refused")


class VerificationStatus(Code):
    """status of PREP104's answer."""

    GENUINE = "01", _("verified as genuine")
    NOT_GENUINE = "02", _("not verified")


class PayType(Code):
    """payType of PREP102."""

    BANK_TRANSFER = "01", _("online bank transfer")
    WECHAT = "02", _("WeChat Pay")
    ALIPAY = "03", _("Alipay")
    OTHER = "04", _("other means")


class InvalidType(Code):
    """invalidType of PREP107."""

    PERFORMED = "0", _("the contract is performed")
    DEFECTIVE = "1", _("the file is defective")


class WithdrawalType(Code):
    """applicationType of PREP109."""

    SURRENDER = "01", _("surrender")
    ORDER_CANCELLATION = "02", _("cancel the order")


class PurchaseType(Code):
    """purchaseNature of PREP101."""

    SERVICES = "服务类", _("services")
    GOODS = "货物类", _("goods")
    WORKS = "工程类", _("works")
