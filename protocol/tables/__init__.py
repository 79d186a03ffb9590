"""Tables of messages, and what is read off them: reading, writing, checking, masking; whose tables, their family says.

facts = read(table, fields).facts
fields = build(table, {"order_number": "SQ1", "status": ApplicationOutcome.APPROVED}).fields
"""

from protocol.tables.field import Code, Field, Kind, Personal, Table
from protocol.tables.masking import mask, mask_value
from protocol.tables.reader import Reading, read
from protocol.tables.writer import Built, build, build_answer, check, check_answer

__all__ = [
    "Built",
    "Code",
    "Field",
    "Kind",
    "Personal",
    "Reading",
    "Table",
    "build",
    "build_answer",
    "check",
    "check_answer",
    "mask",
    "mask_value",
    "read",
]
