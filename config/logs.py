"""What no line of the log says: the address of an applicant's page, which is half of what opens it."""

from __future__ import annotations

import logging
import re

#: Django names the address of whatever it refuses.
ADDRESS = re.compile(r"(/applicant/)[^/\s'\"?#]+")


class Discreet(logging.Filter):
    """Leaves a mark where the token stood; of the handler, so that it sees the lines of all loggers."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            said = record.getMessage()
        except (TypeError, ValueError):
            return True  # the handler says itself what is wrong with the line
        if "/applicant/" in said:
            record.msg, record.args = ADDRESS.sub(r"\1…", said), ()
        return True
