"""The words of a letter or another paper: text files with placeholders, one folder per kind, one file per version.

`templates/letter/README.md` tells whoever edits them how they are written. A version that letters were made
from is never edited: a change is a new file, and the newest file (by name) of a kind is what the next letter says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from pathlib import Path

from guarantees.letter.kinds import ALLOWED, KINDS, Kind
from guarantees.letter.particulars import InstitutionKind


class WordingError(ValueError):
    """A wording that cannot be used; the message names the file, the line and what would be right."""


class Mark(Enum):
    """What a line is, by the sign it begins with."""

    TITLE = "# "
    SUBTITLE = "## "
    ADDRESSEE = "@ "
    ROW = "| "
    CLAUSE = "= "
    ITEM = "- "
    FOOT = "> "
    PARAGRAPH = ""


@dataclass(frozen=True)
class Run:
    """A stretch of text in one weight."""

    text: str
    bold: bool = False


@dataclass(frozen=True)
class Block:
    """One line, filled. Rows and foot lines have a label; clauses and items their ordinal from 1, others 0."""

    mark: Mark
    runs: tuple[Run, ...]
    label: tuple[Run, ...] = ()
    ordinal: int = 0


@dataclass(frozen=True)
class Line:
    mark: Mark
    text: str
    label: str
    condition: str  # the placeholder without whose value the line is left out, or ""
    number: int

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names of all placeholders of text and label."""
        return tuple(_PLACEHOLDER.findall(self.label + self.text))


@dataclass(frozen=True)
class Wording:
    """One version of one kind."""

    kind: str
    version: str
    lines: tuple[Line, ...]
    digest: str  # of the file's text, hex

    @property
    def reference(self) -> str:
        """What a letter records of its wording, at most 65 characters: `independent/2026-1@0123456789ab`."""
        return f"{self.kind}/{self.version}@{self.digest[:12]}"

    def compose(self, values: Mapping[str, str]) -> tuple[Block, ...]:
        """The wording with its placeholders filled; lines whose condition, and rows whose value is "", are left out.

        Raises WordingError where any other placeholder is "".
        """
        return tuple(self._blocks(values))

    def _blocks(self, values: Mapping[str, str]) -> Iterator[Block]:
        clause = item = 0
        for line in self.lines:
            if (line.condition and not values[line.condition]) or self._is_empty(line, values):
                continue
            clause += line.mark is Mark.CLAUSE
            for said in _apart(line, values):
                item = item + 1 if line.mark is Mark.ITEM else 0
                ordinal = {Mark.ITEM: item, Mark.CLAUSE: clause}.get(line.mark, 0)
                yield Block(line.mark, _runs(line.text, said), _runs(line.label, said), ordinal)

    def _is_empty(self, line: Line, values: Mapping[str, str]) -> bool:
        """Whether a row or foot line has nothing to say; WordingError where a blank would stand in a sentence."""
        blanks = [name for name in line.placeholders if not values[name]]
        if not blanks:
            return False
        says_nothing = not _PLACEHOLDER.sub(lambda match: values[match[1]], line.text).replace("**", "").strip()
        if line.mark in (Mark.ROW, Mark.FOOT) and says_nothing and not KINDS[self.kind].needed & set(blanks):
            return True
        raise WordingError(
            f"{self.kind}/{self.version}, line {line.number}: {{{blanks[0]}}} has no value in this letter: "
            f"a value, or [{blanks[0]}] at the line's beginning, would be right"
        )


def choose(directory: Path, institution: InstitutionKind, kind: str | None = None) -> Wording:
    """The newest wording that this institution issues; `kind` where it does not issue its first choice.

    Raises WordingError where the law does not let it promise that, or the file cannot be used.
    """
    allowed = ALLOWED[institution]
    kind = kind or allowed[0]
    if kind not in allowed:
        raise WordingError(f"a {institution} cannot issue the wording {kind!r}: {' or '.join(allowed)} would be right")
    return newest(directory, kind)


def newest(directory: Path, kind: str) -> Wording:
    """The newest version of a kind, by the names of its files."""
    paths = sorted((directory / kind).glob("*.txt"), key=lambda path: _natural(path.stem))
    if not paths:
        raise WordingError(f"{directory / kind} holds no wording: a file such as 2026-1.txt would be one")
    return parse(kind, paths[-1].stem, paths[-1].read_text(encoding="utf-8"))


def check_wordings(directory: Path) -> list[str]:
    """Everything wrong with the wordings of a directory, one sentence each; to be asked at start-up."""
    problems = []
    for kind in KINDS:
        paths = sorted((directory / kind).glob("*.txt"))
        if not paths:
            problems.append(f"{directory / kind} holds no wording: a file such as 2026-1.txt would be one")
        for path in paths:
            try:
                parse(kind, path.stem, path.read_text(encoding="utf-8"))
            except (WordingError, OSError, UnicodeDecodeError) as error:
                problems.append(str(error) if isinstance(error, WordingError) else f"{path}: {error}")
    return problems


def parse(kind: str, version: str, text: str) -> Wording:
    """Read and check a wording's text; an insurer's uploaded one passes here before it is stored."""
    where = f"{kind}/{version}"
    if kind not in KINDS:
        raise WordingError(f"{where}: no such kind of wording; {', '.join(KINDS)} are")
    if not re.fullmatch(r"[A-Za-z0-9.-]{1,32}", version):
        raise WordingError(f"{where}: a version is named by up to 32 ASCII letters, digits, dots and dashes")
    lines = tuple(_lines(where, text))
    _check(where, KINDS[kind], lines)
    return Wording(kind, version, lines, sha256(text.encode()).hexdigest())


_CONDITION = re.compile(r"\[([a-z_]+)\] ")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
# The longer sign first: "## " begins with no other sign, but "" begins every line.
_MARKS = sorted(Mark, key=lambda mark: -len(mark.value))


def _lines(where: str, text: str) -> Iterator[Line]:
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
        if mark in (Mark.ROW, Mark.FOOT):
            label, bar, content = (part.strip() for part in content.partition("|"))
            if not (label and bar and content):
                raise WordingError(f"{where}, line {number}: a label, | and a value would be right")
        if mark is Mark.PARAGRAPH and content.startswith(("#", "@", "|", "=", "-", ">", "[")):
            raise WordingError(
                f"{where}, line {number}: begins like a mark ({content[:12]}) and is none: "
                "the mark, a blank and then the text would be right"
            )
        yield Line(mark, content, label, condition, number)


def _check(where: str, kind: Kind, lines: tuple[Line, ...]) -> None:
    used: set[str] = set()
    for line in lines:
        names = set(line.placeholders)
        unknown = sorted((names | {line.condition} - {""}) - kind.placeholders)
        if unknown:
            raise WordingError(
                f"{where}, line {line.number}: unknown placeholder {unknown[0]!r}; "
                f"known are {', '.join(sorted(kind.placeholders))}"
            )
        if re.search(r"[{}]", _PLACEHOLDER.sub("", line.text + line.label)):
            raise WordingError(f"{where}, line {line.number}: a brace without its partner")
        if "**" in _BOLD.sub("", line.text) + _BOLD.sub("", line.label):
            raise WordingError(f"{where}, line {line.number}: ** without its partner")
        if not line.condition:
            used |= names
    missing = sorted(kind.needed - used)
    if missing:
        raise WordingError(f"{where}: nowhere says {{{missing[0]}}}, which every letter of this kind must")
    if [line.mark for line in lines].count(Mark.TITLE) != 1:
        raise WordingError(f"{where}: exactly one title (# ) would be right")
    if not any(line.mark is Mark.FOOT and not line.condition for line in lines):
        raise WordingError(f"{where}: a foot (> label | value) for the guarantor's name and seal would be right")
    # A line of its own each, so that no phrase arises where two meet; a conditional line may be left out.
    text = "\n".join(f"{line.label}\n{line.text}" for line in lines).replace("**", "")
    always = "\n".join(line.text for line in lines if not line.condition).replace("**", "")
    for phrase in kind.must_say:
        if phrase not in always:
            raise WordingError(f"{where}: must say {phrase}: without it the law reads it otherwise")
    for phrase in kind.must_not_say:
        if phrase in text:
            raise WordingError(f"{where}: must not say {phrase}, which only a bank's independent guarantee may")


def _apart(line: Line, values: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """The values for each time that a line is set: an item whose value has several lines is set once for each."""
    several = [name for name in line.placeholders if "\n" in values[name]]
    if line.mark is not Mark.ITEM or not several:
        yield {**values, **{name: values[name].replace("\n", " ") for name in several}}
        return
    for said in values[several[0]].split("\n"):
        yield {**values, several[0]: said}


def _runs(text: str, values: Mapping[str, str]) -> tuple[Run, ...]:
    """Bold first, placeholders second: what stands in a value is never read as a mark."""
    runs = []
    for index, part in enumerate(_BOLD.split(text)):
        filled = _PLACEHOLDER.sub(lambda match: values[match[1]], part)
        if filled:
            runs.append(Run(filled, bold=bool(index % 2)))
    return tuple(runs)


def _natural(name: str) -> list[tuple[int, str]]:
    """2026-10 after 2026-9."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|\D+", name)]
