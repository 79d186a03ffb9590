"""Lists of words from which people choose (词表): reasons of decisions, types of documents.

A room offers a list with its default words; the institution changes it by proposals that another person confirms
(`staff.word_list_decisions`). Every version stays. A case keeps the code and the words it used; a word that is retired
is not chosen any more, and still read where it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from staff.looks import Text
from staff.models import KeptWordList, WordListVersion
from staff.offered import Offered

CODE = r"^[0-9A-Za-z-]{1,16}\Z"
LONGEST_WORD = 64


@dataclass(frozen=True)
class Word:
    """One entry. `code` is no other entry's of any list and never changes; where it says too little alone, whoever
    chooses it `needs_words` beside it."""

    code: str
    text: Text
    needs_words: bool = False
    retired: bool = False


@dataclass(frozen=True, kw_only=True)
class WordList:
    """A list as a room offers it: what it is for, its default entries in their order, where these come from."""

    code: str
    label: Text
    used_for: Text
    source: Text
    words: tuple[Word, ...]

    def version(self) -> WordListVersion | None:
        """What two people made of it last; None where the default holds, or before the first migration."""
        return WordListVersion.objects.filter(word_list__code=self.code).first()

    def all_words(self, version: WordListVersion | None = None) -> list[Word]:
        """Every entry, retired ones too, in the order in force; or as a version had them."""
        version = version or self.version()
        return list(self.words) if version is None else self.read(version.words)

    def offered(self) -> list[Word]:
        """What can be chosen now."""
        return [word for word in self.all_words() if not word.retired]

    def other(self, offered: Iterable[Word]) -> Word | None:
        """Which of them is chosen where none of the others is true: the default's last, else the last to need words."""
        asking = [word for word in offered if word.needs_words]
        return next((word for word in asking if word.code == self.words[-1].code), asking[-1] if asking else None)

    def choices(self) -> list[tuple[str, Text]]:
        return [(word.code, word.text) for word in self.offered()]

    def find(self, code: str) -> Word | None:
        """An entry, retired or not."""
        return next((word for word in self.all_words() if word.code == code), None) or self.default(code)

    def default(self, code: str) -> Word | None:
        return next((word for word in self.words if word.code == code), None)

    def read(self, stored: Iterable[dict[str, Any]]) -> list[Word]:
        return [self._read(**entry) for entry in stored]

    def _read(self, code: str, text: str | None, needs_words: bool, retired: bool) -> Word:
        default = self.default(code)
        shown: Text = text if text is not None else default.text if default else code
        return Word(code, shown, needs_words, retired)

    def stored(self, words: Iterable[Word]) -> list[dict[str, Any]]:
        """As JSON keeps them: a default's text is left to the catalogue, which has it in every language."""
        return [
            {
                "code": word.code,
                "text": None if (own := self.default(word.code)) and own.text is word.text else str(word.text),
                "needs_words": word.needs_words,
                "retired": word.retired,
            }
            for word in words
        ]


WORD_LISTS: Offered[WordList] = Offered("WORD_LISTS", WordList, known_by=lambda listed: listed.code)


def word_list(code: str) -> WordList:
    """LookupError where no room offers it."""
    for listed in WORD_LISTS:
        if listed.code == code:
            return listed
    raise LookupError(f"No room offers the list {code!r}.")


def choices(code: str) -> list[tuple[str, Text]]:
    """What can be chosen of a list now: codes and words, in its order."""
    return word_list(code).choices()


def word(code: str, entry: str) -> Text:
    """What an entry of a list is called, retired or not; its own code where the list never had it."""
    found = word_list(code).find(entry)
    return found.text if found else entry


def called(entry: str) -> Text:
    """What an entry is called, of whichever list it is: no two share a code."""
    return next((found.text for listed in WORD_LISTS if (found := listed.find(entry))), entry)


def offered_as(row: KeptWordList) -> WordList | None:
    """What a row stands for; None where no room offers it any more."""
    return next((listed for listed in WORD_LISTS if listed.code == row.code), None)


def make_rows(using: str) -> None:
    """A row for each list that is offered."""
    for listed in WORD_LISTS:
        KeptWordList.objects.using(using).get_or_create(code=listed.code)
