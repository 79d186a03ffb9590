"""A request's body, counted and digested as it is read; a large one lies on disk (decisions C7, E10)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Protocol

from staff.files import LARGEST_FILE

#: The largest that is read: the largest file in base64 (4 characters for 3 bytes), encrypted, in hex (2 for 1), and a
#: twentieth more for line breaks and for what stands beside it (decisions E10).
MAX_BODY = LARGEST_FILE * 4 * 2 * 21 // (3 * 20)
#: The largest number that every database's integer column holds.
MOST_COUNTED = 2**31 - 1
#: Beyond this a body is spooled to disk.
LARGE = 256 * 1024
#: A demand has a few kilobytes as well, but is refused by nothing but what it says: beyond this it is refused unread.
MOST_OF_A_DEMAND = 2_000_000
#: Where the envelope's names are looked for in a body that is not read as JSON.
GLANCE = 64 * 1024
_CHUNK = 64 * 1024
_NAMES = {"transcode": 20, "msgcode": 36, "appid": 64, "version": 10}
_EMPTY = hashlib.sha256().hexdigest()


class Stream(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


@dataclass
class Body:
    """What was sent: `content` whole up to LARGE bytes; beyond that its beginning, and the whole in `file`."""

    size: int = 0
    digest: str = _EMPTY
    content: bytes = b""
    file: IO[bytes] | None = None

    @property
    def is_large(self) -> bool:
        return self.file is not None

    def whole(self) -> bytes:
        """All of it, in memory."""
        if self.file is None:
            return self.content
        self.file.seek(0)
        return self.file.read()

    def close(self) -> None:
        if self.file is not None:
            self.file.close()

    def glance(self) -> dict[str, str]:
        """The envelope's names as far as they can be read without reading the body as JSON, each cut to its length.

        The first of each name within the first 64 KB, or within the last 64 KB of a large body.
        """
        parts = [self.content[:GLANCE]]
        if self.file is not None:
            self.file.seek(max(len(parts[0]), self.size - GLANCE))
            parts.append(self.file.read(GLANCE))
        found: dict[str, str] = {}
        for name, longest in _NAMES.items():
            pattern = rb'"%s"\s*:\s*(?:"([^"\\\x00-\x1f]{1,256})"|([0-9]{1,64}))' % name.encode()
            for part in parts:
                if match := re.search(pattern, part):
                    found[name] = (match[1] or match[2]).decode(errors="replace").strip()[:longest]
                    break
        return found


def read(stream: Stream, most: int) -> Body:
    """The body in `stream`, of at most `most` bytes."""
    digest = hashlib.sha256()
    content, size, file = bytearray(), 0, None
    while size < most and (chunk := stream.read(min(_CHUNK, most - size))):
        digest.update(chunk)
        size += len(chunk)
        if file is None:
            content += chunk
            if size > LARGE:
                file = TemporaryFile()  # noqa: SIM115 (Body.close closes it)
                file.write(content)
                del content[GLANCE:]
        else:
            file.write(chunk)
    return Body(size, digest.hexdigest(), bytes(content), file)
