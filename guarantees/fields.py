"""Sums of money as the database keeps them."""

from __future__ import annotations

from decimal import Context, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models

#: More digits than a sum has in any database: what was stored beyond the limits of today is read, shown and kept.
READABLE_DIGITS = 40

if TYPE_CHECKING:
    MoneyField = models.DecimalField  # to the checker it is one, null or not
else:

    class MoneyField(models.DecimalField):
        """CNY to the fen. What comes in keeps to 13 digits before the point (decisions F3), which every database gives
        back exactly; a row from before that holds more is read as well as its database knows it, and written back."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{"max_digits": 18, "decimal_places": 2, **kwargs})

        def deconstruct(self) -> Any:
            name, _path, args, kwargs = super().deconstruct()
            return name, "django.db.models.DecimalField", args, kwargs

        @cached_property
        def context(self) -> Context:
            return Context(prec=READABLE_DIGITS)

        def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
            if not isinstance(value, Decimal):
                return super().get_db_prep_value(value, connection, prepared)
            return connection.ops.adapt_decimalfield_value(value, READABLE_DIGITS, self.decimal_places)
