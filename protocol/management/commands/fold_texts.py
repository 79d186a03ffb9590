"""Folds the texts of rows that were stored before the present folding, so that the search finds them by it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from protocol import searching


class Command(BaseCommand):
    help = (
        "Fills the search's folded texts and blind indexes of rows stored before the present folding. The site may be "
        "running; stopped at any time, the command goes on where it was."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for model in searching.searchable():
            done = 0
            for rows in searching.fold(model):
                done += rows
                if done % 10_000 < rows:
                    self.stdout.write(f"{model._meta.label}: {done}")
            self.stdout.write(f"{model._meta.label}: {done} rows folded, none left.")
