"""Brings the orders of before there was a book into it, while the site runs; what was interrupted goes on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from guarantees.book import building, proof
from guarantees.models import Order


class Command(BaseCommand):
    help = (
        "Writes the book of orders from before there was one, from their trail and rows, one order after the other "
        "under its lock: the site may run, and the command may be broken off and given again. Lists where the trail "
        "and the rows differ (the rows win), and ends by proving each order of the book against its rows."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        built, differing = 0, 0
        for pk in building.orders_outside():
            for difference in building.build(pk):
                differing += 1
                self.stdout.write(f"{difference}: brought in line with the rows.")
            built += 1
            if built % 500 == 0:
                self.stdout.write(f"{built} orders so far.")
        self.stdout.write(f"{built} orders came into the book; {differing} measures were brought in line.")
        self._prove()

    def _prove(self) -> None:
        wrong, proven = [], 0
        for pk in Order.objects.order_by("pk").values_list("pk", flat=True).iterator():
            with transaction.atomic():
                wrong += [str(one) for one in proof.differences(Order.lock(pk))]
            proven += 1
        for text in wrong:
            self.stderr.write(text)
        if wrong:
            raise CommandError(
                f"The book is not what the rows say in {len(wrong)} places; tell whoever keeps the software."
            )
        self.stdout.write(f"Proven: the book of {proven} orders is what their rows say.")
