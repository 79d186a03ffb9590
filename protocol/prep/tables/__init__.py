"""The tables of the nine transcodes as data, and what is read off them: reading, writing, checking, masking.

values = tables.read("PREP101", fields).values
fields = tables.build("PREP102", {"applicationId": "SQ1", "applicationStatus": "01"}).fields
"""

from protocol.prep.tables.field import Field, Kind, Personal, Table
from protocol.prep.tables.masking import mask, mask_value
from protocol.prep.tables.reader import Reading, read
from protocol.prep.tables.transcodes import TABLES
from protocol.prep.tables.writer import Built, build, build_answer, check, check_answer

INBOUND: tuple[str, ...] = tuple(table.transcode for table in TABLES.values() if not table.outbound)
OUTBOUND: tuple[str, ...] = tuple(table.transcode for table in TABLES.values() if table.outbound)
DIGITAL: tuple[str, ...] = tuple(table.transcode for table in TABLES.values() if table.digital)
NEVER_REFUSED: tuple[str, ...] = tuple(table.transcode for table in TABLES.values() if table.never_refused)
WITH_FILE: tuple[str, ...] = tuple(table.transcode for table in TABLES.values() if table.has_file)

__all__ = [
    "DIGITAL",
    "INBOUND",
    "NEVER_REFUSED",
    "OUTBOUND",
    "TABLES",
    "WITH_FILE",
    "Built",
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
