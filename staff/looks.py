"""What the trail and the pages of the desk both say of a thing's look: a text, and a tone."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise

Text = str | Promise


class Tone(StrEnum):
    """How something looks: a colour, never the only sign of what it means."""

    PLAIN = "plain"
    WAITS = "waits"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    OVER = "over"
