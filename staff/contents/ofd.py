"""OFD (GB/T 33190), the layout format of Chinese offices: a ZIP archive with OFD.xml in it. No browser shows it."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from staff.contents.found import Fault, Unfit

#: What an OFD of 20 MB unpacks to at most, in bytes, and of how many parts.
MOST_UNPACKED = 400 * 1024 * 1024
MOST_PARTS = 20_000
#: How a part begins that runs: of Windows, of Unix, a script, an archive.
RUNNING = (b"MZ", b"\x7fELF", b"#!", b"PK\x03\x04", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def check(content: bytes) -> None:
    """Raises Unfit where it is another archive, or something runs in it."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if "OFD.xml" not in archive.namelist():
                raise Unfit(Fault.KIND)
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Unfit(Fault.TOO_COMPLICATED)
            for part in parts:
                if part.flag_bits & 1:
                    raise Unfit(Fault.PASSWORD)
                with archive.open(part) as opened:
                    if opened.read(4).startswith(RUNNING):
                        raise Unfit(Fault.PROGRAM)
    except (Unfit, MemoryError):
        raise
    except Exception as error:
        raise Unfit(Fault.DAMAGED) from error
