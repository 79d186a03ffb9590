"""Examines a file that somebody hands in, and says in a sentence why one is not taken."""

from __future__ import annotations

import json
import logging
from threading import BoundedSemaphore

from django.utils.translation import gettext_lazy as _

from staff.contents.found import Contents, Fault
from staff.isolation import Limits, NoAnswer, TooCostly, run
from staff.looks import Text

log = logging.getLogger(__name__)

LIMITS = Limits(memory=768 * 1024 * 1024, cpu=10, wall=20.0, patience=10.0)
SLOTS = BoundedSemaphore(2)

SENTENCES: dict[Fault, Text] = {
    Fault.TOO_LARGE: _("This file is larger than 20 MB. Nothing was kept; scan it at a lower resolution, or in parts."),
    Fault.KIND: _("This is no PDF, OFD, JPEG or PNG file, whatever its name says. Nothing was kept."),
    Fault.DAMAGED: _("This file cannot be opened: it is damaged or was not uploaded whole. Nothing was kept."),
    Fault.PASSWORD: _("This file asks for a password. Save it without one and upload that."),
    Fault.PROGRAM: _("A program is hidden in this file. Print it to a new PDF and upload that."),
    Fault.CARRIES_FILE: _("Another file is hidden in this PDF. Print it to a new PDF, and upload the other by itself."),
    Fault.TOO_LARGE_PICTURE: _("This picture has more than 72 million dots. Scan it again at up to 600 dpi."),
    Fault.TOO_COMPLICATED: _("This file is too complicated to be examined. Print it to a new PDF and upload that."),
    Fault.UNAVAILABLE: _("The file could not be examined now. Nothing was kept; try again in a minute."),
}


class NotTaken(Exception):
    """The file is not kept; `str()` of it tells the person why and what to do."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(SENTENCES[fault]))
        self.fault = fault


def examine(content: bytes) -> Contents:
    """What the file is. Raises NotTaken."""
    try:
        found = json.loads(run("staff.contents.isolated", content, LIMITS, SLOTS))
        if "fault" in found:
            raise NotTaken(Fault(found["fault"]))
        return Contents(str(found["kind"]), found["pages"])
    except TooCostly:
        raise NotTaken(Fault.TOO_COMPLICATED) from None
    except NoAnswer:
        raise NotTaken(Fault.UNAVAILABLE) from None
    except (ValueError, KeyError, TypeError) as error:
        log.error("The examination of a file gave no answer: %.200s", error)
        raise NotTaken(Fault.UNAVAILABLE) from error
