"""What stood in our rows, in the trail and in bookmarked lists before the words of ours: codes of PREP of that day.

This is history: what a platform's codes mean today, its family says (`protocol/prep/codes.py`).
"""

from protocol.vocabulary import CancellationKind, Means, PurchaseNature, WithdrawalKind

MEANS = {"01": Means.BANK_TRANSFER, "02": Means.WECHAT, "03": Means.ALIPAY, "04": Means.OTHER}
CANCELLATION_KINDS = {"0": CancellationKind.PERFORMED, "1": CancellationKind.DEFECTIVE}
WITHDRAWAL_KINDS = {"01": WithdrawalKind.SURRENDER, "02": WithdrawalKind.ORDER_CANCELLATION}
PURCHASE_NATURES = {
    "服务类": PurchaseNature.SERVICES,
    "货物类": PurchaseNature.GOODS,
    "工程类": PurchaseNature.WORKS,
}
