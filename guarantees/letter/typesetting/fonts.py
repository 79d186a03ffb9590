"""The letter's typefaces: parsed once a process, embedded as subsets, with no character silently missing."""

from __future__ import annotations

import struct
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError

from guarantees.letter.typesetting.embedding import EmbeddedFont

# Streams as bytes: reportlab's ASCII85 armour costs a quarter of the file and protects it from nothing.
rl_config.useA85 = 0

# reportlab's parsed font keeps a reading position: one letter at a time is drawn from it.
DRAWING = Lock()

# What fonts may well have a shape for and no letter can show: controls, lone surrogates, characters of private
# agreement, marks upon other characters, line ends; and what is written from right to left, which we cannot set.
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Mn", "Mc", "Me", "Zl", "Zp"})
RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})


#: Scripts whose letters change shape beside each other; drawn one by one, as here, they would be wrong or fall apart.
JOINING_SCRIPTS = {
    "MONGOLIAN": gettext_lazy("Mongolian"),
    "PHAGS-PA": gettext_lazy("Phags-pa"),
    "TIBETAN": gettext_lazy("Tibetan"),
    "DEVANAGARI": gettext_lazy("Devanagari"),
    "BENGALI": gettext_lazy("Bengali"),
    "GURMUKHI": gettext_lazy("Gurmukhi"),
    "GUJARATI": gettext_lazy("Gujarati"),
    "ORIYA": gettext_lazy("Odia"),
    "TAMIL": gettext_lazy("Tamil"),
    "TELUGU": gettext_lazy("Telugu"),
    "KANNADA": gettext_lazy("Kannada"),
    "MALAYALAM": gettext_lazy("Malayalam"),
    "SINHALA": gettext_lazy("Sinhala"),
    "MYANMAR": gettext_lazy("Burmese"),
    "KHMER": gettext_lazy("Khmer"),
    "BALINESE": gettext_lazy("Balinese"),
    "JAVANESE": gettext_lazy("Javanese"),
}


def joining_script(character: str) -> str:
    """The name of the script that cannot be set letter by letter; "" for all others."""
    script = unicodedata.name(character, "").partition(" ")[0]
    return str(JOINING_SCRIPTS.get(script, ""))


class MissingGlyph(ValueError):
    """A character that cannot be printed, or that no typeface of ours has."""

    def __init__(self, character: str, text: str) -> None:
        self.character = character
        place = text.find(character)
        around = text[max(0, place - 20) : place + 20]
        self.text = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in around)
        values = {"character": character, "code": f"U+{ord(character):04X}", "text": self.text}
        if script := joining_script(character):
            values["script"] = script
            message = _(
                "The character %(character)s (%(code)s) in “%(text)s” is %(script)s, whose letters must be "
                "joined, which the letter cannot do: write it in Chinese."
            )
        elif printable(character):
            message = _(
                "The typefaces lack the character %(character)s (%(code)s) in “%(text)s”: "
                "write it otherwise, or add a typeface that has it (FALLBACK_FONT)."
            )
        else:
            values["name"] = unicodedata.name(character, "–").lower()
            message = _("The character %(code)s (%(name)s) in “%(text)s” cannot be printed: write the text without it.")
        super().__init__(message % values)


def printable(character: str) -> bool:
    """Whether a font's shape for the character shows all of it; characters younger than Python's tables may."""
    if unicodedata.bidirectional(character) in RIGHT_TO_LEFT or joining_script(character):
        return False
    return unicodedata.category(character) not in UNPRINTABLE


@dataclass(frozen=True)
class Typeface:
    """Regular and bold of one design, and what stands in for rare characters (生僻字) that both lack."""

    regular: str
    bold: str
    fallbacks: tuple[str, ...] = ()

    def font_for(self, character: str, *, bold: bool) -> str | None:
        """The name under which reportlab knows the first font that has this character."""
        if printable(character):
            for name in (self.bold if bold else self.regular, self.regular, *self.fallbacks):
                if pdfmetrics.getFont(name).face.charToGlyph.get(ord(character)):
                    return name
        return None


def width(character: str, font: str) -> float:
    """The advance in thousandths of the size."""
    face = pdfmetrics.getFont(font).face
    return float(face.charWidths.get(ord(character), face.defaultWidth))


@lru_cache(maxsize=4)
def typeface(directory: Path, fallbacks: tuple[Path, ...] = ()) -> Typeface:
    """The letter's typeface from the TrueType files in `directory` (0.1 s the first time in a process).

    Raises TTFError for a file that is none.
    """
    regular, bold = (_register(directory / f"NotoSerifSC-{weight}.ttf") for weight in ("Regular", "Bold"))
    return Typeface(regular, bold, tuple(_register(path, number) for number, path in enumerate(fallbacks, start=1)))


def _register(path: Path, number: int = 0) -> str:
    name = f"letter-{number}-{path}"
    with DRAWING:
        if name not in pdfmetrics.getRegisteredFontNames():
            try:
                font = EmbeddedFont(name, str(path))
            except (LookupError, ValueError, struct.error) as error:  # what reportlab raises for a damaged one
                raise TTFError(
                    _("%(path)s is damaged: a whole TrueType file (.ttf) is right.") % {"path": path}
                ) from error
            if number:  # reportlab takes fonts that call themselves the same for one
                font.face.name += b"-%d" % number
            pdfmetrics.registerFont(font)
    return name
