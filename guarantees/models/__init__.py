"""Each thing of this room that has a life, in a file of its own."""

from guarantees.models.application import Application, PurchaseNature, Settlement
from guarantees.models.guarantee import Guarantee
from guarantees.models.numbering import NumberSequence
from guarantees.models.order import Order
from guarantees.models.receipt import Means, Receipt
from guarantees.models.states import ApplicationState, GuaranteeState

__all__ = [
    "Application",
    "ApplicationState",
    "Guarantee",
    "GuaranteeState",
    "Means",
    "NumberSequence",
    "Order",
    "PurchaseNature",
    "Receipt",
    "Settlement",
]
