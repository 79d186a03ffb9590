"""What the platform is told is English in the code and the catalogue's Chinese on the wire. No Django."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from enum import Enum, StrEnum
from functools import cache
from pathlib import Path
from typing import Self

#: What parts the members of a list.
COMMA = "、"
#: The specification's language, whatever the desk's is.
LANGUAGE = "zh_Hans"
CATALOGUES = Path(__file__).resolve().parents[1] / "locale"
#: Puts a sentence of ours into the words of the institution's kind; `speak_by` says how.
_our_words: Callable[[str], str] = str


def speak_by(our_words: Callable[[str], str]) -> None:
    """Has `our_words` put every sentence of ours into the institution's words before it is sent."""
    global _our_words
    _our_words = our_words


def gettext_noop(text: str) -> str:
    """`text` itself, marked for the catalogue."""
    return text


def on_the_wire(text: str) -> str:
    """The Chinese of `text`, as the catalogue has it; FileNotFoundError where that is not compiled."""
    return _catalogue().gettext(text)


class WireText(Enum):
    """Base of the enumerations of what the platform is told: each value is English, marked for the catalogue."""

    def on_the_wire(self, **particulars: object) -> str:
        """As the platform reads it, in the institution's words; `particulars` are named by the English."""
        chinese = _our_words(on_the_wire(self.value))
        return chinese % particulars if particulars else chinese


class Labelled(StrEnum):
    """Base of enumerations of values that people read by a name: each has its English `label`, marked likewise."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_, member.label = value, label
        return member


@cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("django", CATALOGUES, languages=[LANGUAGE])
