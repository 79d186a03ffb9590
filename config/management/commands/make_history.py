"""Makes a demonstration's past: some years of an institution's life, played through its own decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from config.history import making
from staff import clock


class Command(BaseCommand):
    help = (
        "Fills the empty database of a demonstration with a past that ends today: applications, decisions, premiums, "
        "letters and their ends, demands, by an institution's own actions. The same seed gives the same past. What was "
        "interrupted goes on when the command is given again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--years", type=int, default=3, help="how long a past, in years (3)")
        parser.add_argument("--orders", type=int, default=5000, help="how many orders (5000)")
        parser.add_argument("--seed", type=int, default=1, help="which of all such pasts (1)")
        parser.add_argument("--address", default="", help="where its platforms take what they are told from then on")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with translation.override("zh-hans"):
                made = making.make(
                    options["years"],
                    options["orders"],
                    options["seed"],
                    address=options["address"],
                    progress=self._tell if options["verbosity"] else _nothing,
                )
        except (making.Refused, ValueError) as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"\nA past of {made.orders} orders is there.")
        for refused in made.refused:
            self.stderr.write(f"Refused, and left out: {refused}")

    def _tell(self, day: datetime, came: int, of: int) -> None:
        self.stdout.write(f"\r{clock.day(day)}  {came} of {of} orders", ending="")
        self.stdout.flush()


def _nothing(day: datetime, came: int, of: int) -> None:
    """Whoever wants no progress told."""
