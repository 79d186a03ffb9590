"""PDF: opened as a reader opens it, every object that its pages can reach looked at."""

from __future__ import annotations

from io import BytesIO
from typing import Any, cast

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus, StandardSecurityHandler
from pyhanko.pdf_utils.reader import PdfFileReader

from staff.contents.found import Fault, Unfit

#: A file of 20 MB with more pages, or deeper trees, is not meant to be read by people.
MOST_PAGES = 5000
MOST_OBJECTS = 500_000
#: Actions that run something on the reader's machine.
RUNNING = {"/JavaScript", "/Launch", "/Rendition"}
#: Keys under which a PDF keeps scripts, or forms that may hold them.
SCRIPTS = {"/JS", "/JavaScript", "/XFA"}


def pages(content: bytes) -> int:
    """How many pages it has. Raises Unfit."""
    try:
        reader = PdfFileReader(BytesIO(content), strict=False)
        _open(reader)
        number = len(_leaves(reader))
        _look_through(reader)
    except (Unfit, MemoryError):
        raise
    except Exception as error:
        raise Unfit(Fault.DAMAGED) from error
    return number


def _open(reader: PdfFileReader) -> None:
    """Many banks' papers are encrypted so that nobody edits them and open without a password; those can be kept."""
    if not reader.encrypted:
        return
    if not isinstance(reader.security_handler, StandardSecurityHandler):
        raise Unfit(Fault.PASSWORD)
    if reader.decrypt(b"").status == AuthStatus.FAILED:
        raise Unfit(Fault.PASSWORD)


def _leaves(reader: PdfFileReader) -> list[Any]:
    """Its pages, counted one by one: what the tree says of their number may be wrong."""
    leaves: list[Any] = []
    seen: set[Any] = set()
    waiting: list[Any] = [reader.root.raw_get("/Pages")]
    while waiting:
        node = waiting.pop()
        if isinstance(node, generic.IndirectObject):
            if node.reference in seen:
                continue
            seen.add(node.reference)
            node = cast("Any", reader).get_object(node.reference)
        if "/Kids" in node:
            waiting += list.__iter__(node["/Kids"])
        else:
            leaves.append(node)
        if len(leaves) > MOST_PAGES:
            raise Unfit(Fault.TOO_COMPLICATED)
    if not leaves:
        raise Unfit(Fault.DAMAGED)
    return leaves


def _look_through(reader: PdfFileReader) -> None:
    """Everything that can be reached from the catalogue."""
    seen: set[Any] = set()
    waiting: list[Any] = [reader.root]
    looked_at = 0
    while waiting:
        one = waiting.pop()
        looked_at += 1
        if looked_at > MOST_OBJECTS:
            raise Unfit(Fault.TOO_COMPLICATED)
        if isinstance(one, generic.IndirectObject):
            if one.reference in seen:
                continue
            seen.add(one.reference)
            one = cast("Any", reader).get_object(one.reference)
        if isinstance(one, generic.DictionaryObject):
            _look_at(one)
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, generic.ArrayObject):
            waiting += [one.raw_get(index) for index in range(len(one))]


def _look_at(one: Any) -> None:
    kinds = {str(_value(one, "/S")), str(_value(one, "/Subtype"))}
    if SCRIPTS & set(one) or kinds & (RUNNING | {"/RichMedia"}):
        raise Unfit(Fault.PROGRAM)
    if isinstance(files := _value(one, "/EF"), generic.DictionaryObject):
        for name in files:
            # The receipts of Chinese banks and tax offices carry their data as XBRL; nothing else comes along unseen.
            if not files[name].data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
                raise Unfit(Fault.CARRIES_FILE)


def _value(one: Any, key: str) -> Any:
    """What stands there, be it an object of its own: `get` would give the reference alone."""
    try:
        return one[key]
    except KeyError:
        return None
