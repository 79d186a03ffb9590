"""Adds up the totals of days anew, or only says whether they are right."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guarantees.book import totals


class Command(BaseCommand):
    help = "Adds up the totals of days of the book anew from all of its lines; with --check only compares them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where totals and lines differ")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.stdout.write(f"{totals.recompute()} lines are added up.")
            return
        if found := totals.differences():
            for text in found:
                self.stderr.write(text)
            raise CommandError("The totals are not what the lines come to: run recompute_totals.")
        self.stdout.write("The totals are what the lines come to.")
