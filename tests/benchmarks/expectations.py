"""What a benchmark is held to: whoever misses it ends with exit code 1 and says which."""

from __future__ import annotations


class Expectations:
    """Collected while a benchmark measures, and judged at its end, so that one that is missed hides no other."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def at_most(self, what: str, value: float, most: float) -> None:
        if value > most:
            self.missed.append(f"{what} is {value:,.2f}, expected: at most {most:,}")

    def at_least(self, what: str, value: float, least: float) -> None:
        if value < least:
            self.missed.append(f"{what} is {value:,.2f}, expected: at least {least:,}")

    def judge(self) -> None:
        """Ends the process with 1 where one was missed."""
        if self.missed:
            raise SystemExit("\n".join(f"Missed: {one}." for one in self.missed))
