"""The codes of PREP, and the word of ours that each means. No Django."""

from protocol.tables.field import Code
from protocol.vocabulary import (
    ApplicationOutcome,
    CancellationKind,
    DemandOutcome,
    Means,
    PurchaseNature,
    Verdict,
    WithdrawalKind,
)


class ApplicationStatus(Code):
    """applicationStatus of PREP102."""

    APPROVED = "01", ApplicationOutcome.APPROVED
    REJECTED = "02", ApplicationOutcome.REJECTED
    ISSUED = "03", ApplicationOutcome.ISSUED
    FAILED = "04", ApplicationOutcome.FAILED
    PAID = "05", ApplicationOutcome.PAID, "已支付"
    CANCELLATION_REFUSED = "06", ApplicationOutcome.CANCELLATION_REFUSED
    CANCELLED = "07", ApplicationOutcome.CANCELLED
    SURRENDERED = "08", ApplicationOutcome.SURRENDERED, "已退保"
    SURRENDER_REFUSED = "09", ApplicationOutcome.SURRENDER_REFUSED, "退保失败"


class DemandStatus(Code):
    """status of PREP106."""

    IN_HAND = "00", DemandOutcome.IN_HAND, "理赔受理中"
    PAID = "01", DemandOutcome.PAID, "理赔成功"
    REFUSED = "02", DemandOutcome.REFUSED, "理赔失败"


class VerificationStatus(Code):
    """status of PREP104's answer."""

    GENUINE = "01", Verdict.GENUINE
    NOT_GENUINE = "02", Verdict.NOT_GENUINE


class PayType(Code):
    """payType of PREP102."""

    BANK_TRANSFER = "01", Means.BANK_TRANSFER
    WECHAT = "02", Means.WECHAT
    ALIPAY = "03", Means.ALIPAY
    OTHER = "04", Means.OTHER


class InvalidType(Code):
    """invalidType of PREP107."""

    PERFORMED = "0", CancellationKind.PERFORMED
    DEFECTIVE = "1", CancellationKind.DEFECTIVE


class WithdrawalType(Code):
    """applicationType of PREP109."""

    SURRENDER = "01", WithdrawalKind.SURRENDER, "退保"
    ORDER_CANCELLATION = "02", WithdrawalKind.ORDER_CANCELLATION


class PurchaseType(Code):
    """purchaseNature of PREP101."""

    SERVICES = "服务类", PurchaseNature.SERVICES
    GOODS = "货物类", PurchaseNature.GOODS
    WORKS = "工程类", PurchaseNature.WORKS
