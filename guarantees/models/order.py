"""An order: what one platform calls by one applicationId, through all its rounds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from protocol.fields import FoldedField, FoldingField
from protocol.models import Connection
from staff import clock
from staff.models import Unit
from staff.models.unit import HEAD_OFFICE


class Order(models.Model):
    """One applicationId of one platform; it locks everything that happens to the order.

    Whoever changes an application, guarantee, demand, cancellation or withdrawal locks its order's row first and
    nothing before it. So decisions on one order are serial, what blocks what is seen consistently, and no two
    transactions can wait for each other. Whoever approves locks those of one applicant, in the order of their keys.
    """

    unit_path = "unit"

    connection = models.ForeignKey(
        Connection, verbose_name=_("platform"), on_delete=models.PROTECT, related_name="orders"
    )
    number = models.CharField(_("order number"), max_length=64)
    folded = FoldedField(numbers=("number",))
    folding = FoldingField()
    #: Whose it is, with all that belongs to it.
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), default=HEAD_OFFICE, on_delete=models.PROTECT, related_name="orders"
    )
    #: Whether its past stands in the book: of an order from before there was one, once `build_book` passed.
    in_book = models.BooleanField(_("in the book"), default=True)
    created_at = models.DateTimeField(_("received at"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        default_permissions = ("view",)
        permissions = [("move_order", _("Can move orders to another unit"))]
        indexes = [
            models.Index(fields=["connection", "folded"], name="order_by_folded_number"),
            models.Index(fields=["id"], condition=models.Q(in_book=False), name="order_not_in_book"),
        ]
        constraints = [models.UniqueConstraint(fields=["connection", "number"], name="order_number_once")]

    def __str__(self) -> str:
        return self.number

    @property
    def audit_chain(self) -> str:
        return f"order:{self.pk}"

    @classmethod
    def lock(cls, pk: int) -> Order:
        """The order, locked until the transaction ends."""
        return cls.objects.select_for_update().get(pk=pk)
