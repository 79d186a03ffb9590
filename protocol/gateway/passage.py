"""A request's passage through the checks: how far it has come, and its answer once there is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from django.http import HttpRequest

from protocol.errors import ProtocolError, Reason
from protocol.gateway.stages import Answered, Received


class Seam(Enum):
    """Where in a request's handling a check is made; REST framework comes to its seams in this order."""

    ARRIVAL = "middleware"
    PARSER = "parser"
    AUTHENTICATION = "authentication"
    PERMISSION = "permission"
    THROTTLE = "throttle"
    VIEW = "view"


@dataclass(frozen=True)
class Check:
    """One check: the next stage, or the same, or the answer already; or a ProtocolError for one of `refuses`."""

    seam: Seam
    stage: type[Received]
    """The stage that it is made at."""
    make: Callable[[Any], Received | Answered]
    refuses: tuple[Reason, ...]


class Passage:
    """One request on its way through `order`."""

    def __init__(self, received: Received, order: Sequence[Check]) -> None:
        self.stage = received
        self.answered: Answered | None = None
        self._order = order

    def go_on(self, seam: Seam) -> None:
        """Makes the checks of this seam, in their order, until there is an answer."""
        for check in self._order:
            if check.seam is seam and self.answered is None:
                found = self._made(check)
                if isinstance(found, Answered):
                    self.answered = found
                else:
                    self.stage = found

    def _made(self, check: Check) -> Received | Answered:
        """What the check finds. Whatever it may not do, by its entry in the order, is a failure of ours (302)."""
        if not isinstance(self.stage, check.stage):
            raise TypeError(f"{check.make.__name__} needs {check.stage.__name__}, not {self.stage}")
        try:
            return check.make(self.stage)
        except ProtocolError as refusal:
            if refusal.reason not in (*check.refuses, Reason.INTERNAL):
                raise TypeError(f"{check.make.__name__} may not refuse with {refusal.reason}: {refusal}") from refusal
            raise

    def close(self) -> None:
        """Lets go of what was sent. REST framework's view and request, which know the passage, refer to each other, and
        Python would find them much later: it is the passage alone that holds dozens of megabytes."""
        body, slot = self.stage.body, self.stage.slot
        body.close()
        del self.stage, self.answered
        if slot is not None:
            slot.leave()


def passage_of(request: object) -> Passage:
    """The passage that the middleware laid beside the request."""
    return cast("Passage", request.passage)  # type: ignore[attr-defined]


def attach(request: HttpRequest, passage: Passage) -> None:
    request.passage = passage  # type: ignore[attr-defined]
