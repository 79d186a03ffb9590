"""A JSON object with one very long text, which is not read into memory: a file of 20 MB in base64, encrypted once more.

The object without that text is judged as any other (strictjson); the text is decoded piece by piece, when it is known
whose it is.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from protocol import strictjson
from protocol.strictjson import JsonError, Value

#: What may stand in the object beside the long text, in bytes.
MOST_BESIDE = 256 * 1024
PIECE = 64 * 1024
#: The inside of a JSON string as far as it goes, no escape cut in two.
_INSIDE = re.compile(rb'(?:[^"\\]+|\\u[0-9a-fA-F]{4}|\\[^u])*')
_LONGEST_ESCAPE = 6


class LongText:
    """A text of a JSON object in `file`: what stands between its quotes, from byte `start` to byte `end`."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        self._file, self._start, self._end = file, start, end

    def pieces(self) -> Iterator[str]:
        """The text; bytes beyond ASCII as characters of Latin-1, since none belongs into base64. Or JsonError."""
        at, held = self._start, b""
        while at < self._end:
            self._file.seek(at)
            raw = held + self._file.read(min(PIECE, self._end - at))
            at = min(at + PIECE, self._end)
            whole = _inside(raw)
            held = raw[whole:]
            if len(held) >= _LONGEST_ESCAPE or (held and at >= self._end):
                raise JsonError("a string with an invalid escape")
            try:
                text = json.loads(b'"%s"' % raw[:whole] if raw.isascii() else f'"{raw[:whole].decode("latin-1")}"')
            except ValueError:
                raise JsonError("a string with an invalid character") from None
            yield str(text)

    def text(self) -> str:
        """The whole, in memory."""
        built = BytesIO()  # gives back what it holds without a copy
        for piece in self.pieces():
            built.write(piece.encode("latin-1", "replace"))
        return built.getvalue().decode("latin-1")


def read(file: IO[bytes], size: int, name: str) -> tuple[dict[str, Value], LongText]:
    """The object in the `size` bytes of `file`, and the long text under `name`, which is "" in it; or JsonError."""
    file.seek(0)
    head = file.read(MOST_BESIDE)
    found = re.search(rb'"%s"\s{0,64}:\s{0,64}"' % re.escape(name.encode()), head)
    if found is None:
        raise JsonError(f"no {name} at its beginning")
    start = found.end()
    end = _end_of_string(file, start)
    if end is None or start + size - end > MOST_BESIDE:
        raise JsonError(f"more than {MOST_BESIDE} bytes beside {name}")
    file.seek(end)
    mark = secrets.token_hex(16)
    fields = strictjson.loads(head[:start] + mark.encode() + file.read())
    if fields.get(name) != mark:
        raise JsonError(f"{name} is not the object's own")
    return {**fields, name: ""}, LongText(file, start, end)


def _inside(raw: bytes) -> int:
    """How much of `raw` is the inside of a string, up to its closing quote or to an escape that is not whole."""
    if b'"' not in raw and b"\\" not in raw:
        return len(raw)
    return _INSIDE.match(raw).end()  # type: ignore[union-attr] # it matches the empty text too


def _end_of_string(file: IO[bytes], start: int) -> int | None:
    """Where the string's closing quote stands."""
    at, held = start, b""
    while True:
        file.seek(at + len(held))
        read = file.read(PIECE)
        raw = held + read
        whole = _inside(raw)
        if raw[whole : whole + 1] == b'"':
            return at + whole
        held = raw[whole:]
        if not read or len(held) >= _LONGEST_ESCAPE:
            return None
        at += whole
