"""The words of a letter or another paper: text files with placeholders, one folder per kind, one file per version.

`templates/letter/README.md` tells whoever edits them how they are written. A version that letters were made
from is never edited: a change is a new file, and the newest file (by name) of a kind is what the next letter says,
unless the institution put a wording of its own into use (`guarantees/models/wording.py`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext as _

from guarantees.letter.wording import checks
from guarantees.letter.wording.kinds import ALLOWED, LETTERS, WordingKind
from guarantees.letter.wording.lines import Mark, Problem, Run, WordingLine, filled, read_lines
from guarantees.letter.wording.papers import PAPERS
from staff.trade_words import InstitutionKind

#: Every kind of wording there is, by name.
KINDS: Mapping[str, WordingKind] = {
    **LETTERS,
    **{wording.name: wording for paper in PAPERS.values() for wording in paper.wordings},
}
#: How a version is named.
VERSION = re.compile(r"\A[A-Za-z0-9.-]{1,32}\Z")


class WordingError(ValueError):
    """A wording that cannot be used; each problem names the file, the line and what would be right."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return " ".join(self.problems)


@dataclass(frozen=True)
class Block:
    """One line, filled. Rows and footer lines have a label; clauses and items their ordinal from 1, others 0."""

    mark: Mark
    runs: tuple[Run, ...]
    label: tuple[Run, ...] = ()
    ordinal: int = 0


@dataclass(frozen=True)
class Wording:
    """One version of one kind."""

    kind: str
    version: str
    lines: tuple[WordingLine, ...]
    digest: str  # of the file's text, hex

    @property
    def reference(self) -> str:
        """What a letter records of its wording, at most 65 characters: `independent/2026-1@0123456789ab`."""
        return reference(self.kind, self.version, self.digest)

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names of all that it names, in the order in which they first occur."""
        names = [name for line in self.lines for name in (line.condition, *line.placeholders) if name]
        return tuple(dict.fromkeys(names))

    def compose(self, values: Mapping[str, str]) -> tuple[Block, ...]:
        """The wording with its placeholders filled; lines whose condition, and rows whose value is "", are left out.

        Raises WordingError where any other placeholder is "".
        """
        return tuple(self._blocks(values))

    def _blocks(self, values: Mapping[str, str]) -> Iterator[Block]:
        clause = item = 0
        for line in self.lines:
            if not line.is_printed(values, KINDS[self.kind].needed):
                continue
            if name := line.hole(values):
                text = _("%(name)s has no value in this letter: a value, or %(condition)s before the line, is right.")
                problem = Problem(text % {"name": f"{{{name}}}", "condition": f"[{name}]"}, line.number)
                raise WordingError(problem.text_at(in_words(f"{self.kind}/{self.version}")))
            clause += line.mark is Mark.CLAUSE
            for part in _apart(line, values):
                item = item + 1 if line.mark is Mark.ITEM else 0
                ordinal = {Mark.ITEM: item, Mark.CLAUSE: clause}.get(line.mark, 0)
                yield Block(line.mark, filled(line.text, part), filled(line.label, part), ordinal)


def reference(kind: str, version: str, digest: str) -> str:
    """What a letter records of the wording that it was made from."""
    return f"{kind}/{version}@{digest[:12]}"


def kind_of(reference: str) -> str:
    """The kind of wording, of what a letter or paper records of it."""
    return reference.partition("/")[0]


def in_words(reference: str) -> str:
    """What a letter records of its wording, as people read it: `joint and several suretyship 2026-1 · 0123456789ab`."""
    kind, _slash, rest = reference.partition("/")
    version, _at, digest = rest.partition("@")
    if kind not in KINDS:
        return reference
    return f"{KINDS[kind].label} {version}{' · ' if digest else ''}{digest}"


def letter_kind(institution: InstitutionKind, chosen: str | None = None) -> str:
    """The kind of letter that this institution issues; `chosen` where that is not its first choice.

    Raises WordingError where the law does not let it promise that.
    """
    allowed = ALLOWED[institution]
    kind = chosen or allowed[0]
    if kind not in allowed:
        text = _("An institution of the kind %(institution)s cannot issue the wording %(kind)s: %(allowed)s is right.")
        raise WordingError(text % {"institution": institution, "kind": kind, "allowed": ", ".join(allowed)})
    return kind


def files(directory: Path, kind: str) -> list[Path]:
    """The files of a kind, the newest last."""
    return sorted((directory / kind).glob("*.txt"), key=lambda path: _natural(path.stem))


def newest(directory: Path, kind: str) -> Wording:
    """The newest version of a kind, by the names of its files."""
    paths = files(directory, kind)
    if not paths:
        raise WordingError(_none_there(directory / kind))
    return read(paths[-1])


def read(path: Path) -> Wording:
    """The wording of a file, whose folder is its kind and whose name is its version."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WordingError(f"{path}: {error}") from error
    return parse(path.parent.name, path.stem, text, where=f"{path.parent.name}/{path.stem}")


def check_wordings(directory: Path) -> list[str]:
    """Everything wrong with the wordings of a directory, one sentence each; to be asked at start-up."""
    problems = []
    for kind in KINDS:
        paths = files(directory, kind)
        if not paths:
            problems.append(_none_there(directory / kind))
        for path in paths:
            try:
                read(path)
            except WordingError as error:
                problems += error.problems
    return problems


@lru_cache(maxsize=32)
def parse(kind: str, version: str, text: str, *, where: str = "") -> Wording:
    """Reads and checks a wording's text; WordingError tells everything that is wrong with it, and `where`: by default
    what people call the version.
    """
    where = where or in_words(f"{kind}/{version}")
    if kind not in KINDS:
        wrong = _("no such kind of wording; %(kinds)s are.")
        raise WordingError(Problem(wrong % {"kinds": ", ".join(KINDS)}).text_at(where))
    if not VERSION.match(version):
        wrong = _("a version is named by up to 32 ASCII letters, digits, dots and dashes.")
        raise WordingError(Problem(wrong).text_at(where))
    lines, misread = read_lines(text)
    problems = sorted([*misread, *checks.problems(KINDS[kind], lines)], key=lambda problem: problem.number or math.inf)
    if problems:
        raise WordingError(*(problem.text_at(where) for problem in problems))
    return Wording(kind, version, tuple(lines), sha256(text.encode()).hexdigest())


def _apart(line: WordingLine, values: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """The values for each time that a line is set: an item whose value has several lines is set once for each."""
    several = [name for name in line.placeholders if "\n" in values[name]]
    if line.mark is not Mark.ITEM or not several:
        yield {**values, **{name: values[name].replace("\n", " ") for name in several}}
        return
    for text in values[several[0]].split("\n"):
        yield {**values, several[0]: text}


def _none_there(directory: Path) -> str:
    return _("%(directory)s holds no wording: a file such as 2026-1.txt is right.") % {"directory": directory}


def _natural(name: str) -> list[tuple[int, str]]:
    """2026-10 after 2026-9."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|\D+", name)]
