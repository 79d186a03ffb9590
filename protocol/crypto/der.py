"""DER as nested parts, told by their tags: enough to find a key in what standards wrap around it."""

from __future__ import annotations

from typing import NamedTuple

from asn1crypto import core, parser

#: A part's letter by its class and tag: of those that keys are made of.
LETTERS = {
    (0, 2): "I",  # INTEGER
    (0, 3): "B",  # BIT STRING
    (0, 4): "O",  # OCTET STRING
    (0, 5): "N",  # NULL
    (0, 6): "A",  # OBJECT IDENTIFIER
    (0, 16): "S",  # SEQUENCE
    (2, 0): "0",
    (2, 1): "1",
    (2, 3): "3",
}


class Part(NamedTuple):
    """One value: what it is (a letter, or ?), its contents, and its whole encoding."""

    letter: str
    contents: bytes
    encoded: bytes

    @property
    def parts(self) -> list[Part]:
        """What a sequence, or an explicit tag, holds."""
        return parts(self.contents)

    @property
    def shape(self) -> str:
        return "".join(part.letter for part in self.parts)

    @property
    def number(self) -> int:
        return int.from_bytes(self.contents, "big", signed=True)

    @property
    def identifier(self) -> str:
        """An object identifier in dots."""
        return str(core.ObjectIdentifier.load(self.encoded).dotted)


def whole(encoded: bytes) -> Part:
    """The one sequence that `encoded` is, and nothing behind it; else ValueError."""
    found = parts(encoded)
    if len(found) != 1 or found[0].letter != "S":
        raise ValueError("Not one DER sequence.")
    return found[0]


def parts(contents: bytes) -> list[Part]:
    """The values that follow each other in `contents`, or ValueError."""
    found: list[Part] = []
    while contents:
        class_, _method, tag, header, inside, trailer = parser.parse(contents)
        size = len(header) + len(inside) + len(trailer)
        found.append(Part(LETTERS.get((class_, tag), "?"), inside, contents[:size]))
        contents = contents[size:]
    return found
