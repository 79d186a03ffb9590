"""The letter's typefaces: parsed once a process, embedded as subsets, with no character silently missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics

from guarantees.letter.embedding import EmbeddedFont

# Streams as bytes: reportlab's ASCII85 armour costs a quarter of the file and protects it from nothing.
rl_config.useA85 = 0

# reportlab's parsed font keeps a reading position: one letter at a time is drawn from it.
DRAWING = Lock()


class MissingGlyph(ValueError):
    """No typeface of ours has a character of the letter."""

    def __init__(self, character: str, text: str) -> None:
        self.character, self.text = character, text
        super().__init__(
            f"the letter's typefaces lack the character {character} (U+{ord(character):04X}) in “{text[:60]}”: "
            "write it otherwise, or add a typeface that has it"
        )


@dataclass(frozen=True)
class Typeface:
    """Regular and bold of one design, and what stands in for rare characters that both lack."""

    regular: str
    bold: str
    fallback: str | None = None

    def font_for(self, character: str, *, bold: bool) -> str | None:
        """The name under which reportlab knows the font that has this character."""
        for name in (self.bold if bold else self.regular, self.regular, self.fallback):
            if name and ord(character) in pdfmetrics.getFont(name).face.charToGlyph:
                return name
        return None

    def require(self, text: str) -> None:
        """Raise MissingGlyph for the first character of `text` that no font has."""
        for character in dict.fromkeys(text):
            if self.font_for(character, bold=False) is None:
                raise MissingGlyph(character, text)


def width(character: str, font: str) -> float:
    """The advance in thousandths of the size."""
    face = pdfmetrics.getFont(font).face
    return float(face.charWidths.get(ord(character), face.defaultWidth))


@lru_cache(maxsize=4)
def typeface(directory: Path, fallback: Path | None = None) -> Typeface:
    """The letter's typeface from the TrueType files in `directory` (0.1 s the first time in a process)."""
    regular, bold = (_register(directory / f"NotoSerifSC-{weight}.ttf") for weight in ("Regular", "Bold"))
    return Typeface(regular, bold, _register(fallback) if fallback else None)


def _register(path: Path) -> str:
    name = f"letter-{path.stem}"
    with DRAWING:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(EmbeddedFont(name, str(path)))
    return name


def covers(face: Typeface, texts: Iterable[str]) -> list[str]:
    """The characters of `texts` that the typeface lacks."""
    return [c for c in dict.fromkeys("".join(texts)) if face.font_for(c, bold=False) is None]
