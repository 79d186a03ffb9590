"""Writes docs/states.md."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.states import drawing


class Command(BaseCommand):
    help = "Draws the state machines into docs/states.md."

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / "docs" / "states.md").write_text(drawing(), encoding="utf-8")
