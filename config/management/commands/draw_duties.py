"""Writes docs/duties.md."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.duty_matrix import matrix


class Command(BaseCommand):
    help = "Writes who decides what, and which duties are never one person's, into docs/duties.md."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "duties.md").write_text(matrix(), encoding="utf-8")
