"""The lines of a wording: the sign that each begins with, its condition, its placeholders and its bold words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
BOLD = re.compile(r"\*\*(.+?)\*\*")
_CONDITION = re.compile(r"\[([a-z_]+)\] ")


class Mark(Enum):
    """What a line is, by the sign it begins with."""

    TITLE = "# "
    SUBTITLE = "## "
    ADDRESSEE = "@ "
    ROW = "| "
    CLAUSE = "= "
    ITEM = "- "
    FOOTER = "> "
    PARAGRAPH = ""


# The longer sign first: "## " begins with no other sign, but "" begins every line.
_MARKS = sorted(Mark, key=lambda mark: -len(mark.value))


@dataclass(frozen=True)
class Run:
    """A stretch of text in one weight."""

    text: str
    bold: bool = False


@dataclass(frozen=True)
class WordingLine:
    """One line as it is written. Rows and footer lines have a label."""

    mark: Mark
    text: str
    label: str
    condition: str  # the placeholder without whose value the line is left out, or ""
    number: int

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names of all placeholders of text and label."""
        return tuple(PLACEHOLDER.findall(self.label + self.text))

    def is_printed(self, values: Mapping[str, str], needed: Collection[str]) -> bool:
        """Whether a letter with these values has the line.

        It does not where its condition has no value, or where a row or footer line has nothing to say; what is needed
        is never left out.
        """
        if self.condition and not values[self.condition]:
            return False
        blanks = [name for name in self.placeholders if not values[name]]
        if self.mark not in (Mark.ROW, Mark.FOOTER) or any(name in needed for name in blanks):
            return True
        return bool(PLACEHOLDER.sub(lambda match: values[match[1]], self.text).replace("**", "").strip())

    def hole(self, values: Mapping[str, str]) -> str:
        """The first placeholder that leaves a blank in the line; "" where none does."""
        return next((name for name in self.placeholders if not values[name]), "")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a wording, and what would be right."""

    text: str
    number: int = 0  # of the line; 0 where it is no single one's

    def text_at(self, where: str) -> str:
        """The problem with where it is."""
        if not self.number:
            return _("%(where)s: %(problem)s") % {"where": where, "problem": self.text}
        values = {"where": where, "number": self.number, "problem": self.text}
        return _("%(where)s, line %(number)d: %(problem)s") % values


def read_lines(text: str) -> tuple[list[WordingLine], list[Problem]]:
    """The lines of a wording's text, those that are written wrongly as well as they can be read."""
    lines: list[WordingLine] = []
    misread: list[Problem] = []
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        content = raw.strip()
        if not content or content.startswith(";"):
            continue
        condition = ""
        if match := _CONDITION.match(content):
            condition, content = match[1], content[match.end() :]
        mark = next(mark for mark in _MARKS if content.startswith(mark.value))
        content = content[len(mark.value) :].strip()
        label = ""
        if mark in (Mark.ROW, Mark.FOOTER):
            label, bar, content = (part.strip() for part in content.partition("|"))
            if not (label and bar and content):
                misread.append(Problem(_("a label, | and a value would be right."), number))
        if mark is Mark.PARAGRAPH and content.startswith(("#", "@", "|", "=", "-", ">", "[")):
            message = _("begins like a mark (%(beginning)s) and is none: the mark, a blank and then the text is right.")
            misread.append(Problem(message % {"beginning": content[:12]}, number))
        lines.append(WordingLine(mark, content, label, condition, number))
    return lines, misread


def filled(text: str, values: Mapping[str, str]) -> tuple[Run, ...]:
    """Bold first, placeholders second: what stands in a value is never read as a mark."""
    runs = []
    for index, part in enumerate(BOLD.split(text)):
        text_part = PLACEHOLDER.sub(lambda match: values[match[1]], part)
        if text_part:
            runs.append(Run(text_part, bold=bool(index % 2)))
    return tuple(runs)
