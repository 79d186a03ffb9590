"""What must hold of a wording: told in full, so that whoever writes one can mend everything at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from django.utils.translation import gettext as _

from guarantees.letter.wording.kinds import WordingKind
from guarantees.letter.wording.lines import BOLD, PLACEHOLDER, Mark, Problem, WordingLine

MOST_NUMBERED = 900  # their Chinese numerals go to 999, and the grounds of a refusal are an item each


def problems(kind: WordingKind, lines: Sequence[WordingLine]) -> Iterator[Problem]:
    """Everything wrong with the lines of a wording of that kind."""
    yield from _wrong_lines(kind, lines)
    yield from _holes(kind, lines)
    used = {name for line in lines if not line.condition for name in line.placeholders}
    for name in sorted(kind.needed - used):
        yield Problem(_("nowhere says %(name)s, which every paper of this kind must.") % {"name": f"{{{name}}}"})
    if [line.mark for line in lines].count(Mark.TITLE) != 1:
        yield Problem(_("exactly one title (# ) is right."))
    footer = [line for line in lines if line.mark is Mark.FOOTER]
    if not footer or footer[0].condition or "institution_name" not in footer[0].placeholders:
        yield Problem(_("a foot whose first line is without condition and names {institution_name} is right."))
    if sum(line.mark in (Mark.CLAUSE, Mark.ITEM) for line in lines) > MOST_NUMBERED:
        yield Problem(_("at most %(most)d clauses and items are right.") % {"most": MOST_NUMBERED})
    yield from _wrong_phrases(kind, lines)


def _wrong_lines(kind: WordingKind, lines: Sequence[WordingLine]) -> Iterator[Problem]:
    unknown = False
    for line in lines:
        for name in dict.fromkeys((line.condition, *line.placeholders)):
            if name not in kind.placeholders | {""}:
                unknown = True
                yield Problem(_unknown(name, kind), line.number)
        if re.search(r"[{}]", PLACEHOLDER.sub("", line.text + line.label)):
            yield Problem(_("a brace without its partner."), line.number)
        if "**" in BOLD.sub("", line.text) + BOLD.sub("", line.label):
            yield Problem(_("** without its partner."), line.number)
    if unknown:
        yield Problem(_("the known placeholders are %(known)s.") % {"known": _(", ").join(sorted(kind.placeholders))})


def _unknown(name: str, kind: WordingKind) -> str:
    alike = get_close_matches(name, kind.placeholders, n=1)
    if alike:
        message = _("unknown placeholder %(name)s; %(alike)s may be meant.")
        return message % {"name": f"{{{name}}}", "alike": f"{{{alike[0]}}}"}
    return _("unknown placeholder %(name)s.") % {"name": f"{{{name}}}"}


def _holes(kind: WordingKind, lines: Sequence[WordingLine]) -> Iterator[Problem]:
    """What some letters have no value for, in lines that those letters have nevertheless."""
    readable = [line for line in lines if {line.condition, *line.placeholders} <= kind.placeholders | {""}]
    found: dict[tuple[int, str], None] = {}
    for blank in kind.sometimes_blank:
        values = {name: "" if name in blank else name for name in kind.placeholders}
        for line in readable:
            if line.is_printed(values, kind.needed) and (name := line.hole(values)):
                found[line.number, name] = None
    for number, name in found:
        message = _("%(name)s has no value in some letters: %(condition)s before the line is right.")
        yield Problem(message % {"name": f"{{{name}}}", "condition": f"[{name}]"}, number)


def _wrong_phrases(kind: WordingKind, lines: Sequence[WordingLine]) -> Iterator[Problem]:
    # A line of its own each, so that no phrase arises where two meet; a conditional line may be left out.
    text = "\n".join(f"{line.label}\n{line.text}" for line in lines).replace("**", "")
    always = "\n".join(line.text for line in lines if not line.condition).replace("**", "")
    for phrase in kind.must_say:
        if phrase not in always:
            yield Problem(_("must say %(phrase)s, or the law reads it otherwise.") % {"phrase": phrase})
    for phrase in kind.must_not_say:
        if phrase in text:
            message = _("must not say %(phrase)s, which only a bank's independent guarantee may.")
            yield Problem(message % {"phrase": phrase})
