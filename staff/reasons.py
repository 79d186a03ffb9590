"""A reason chosen from a list of words, said in one text: what the case keeps, and what a platform is told."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from staff.word_lists import Word, WordList

#: What failReason of PREP102 holds, in characters.
LONGEST = 255
#: The language of what is told and kept, whatever the desk's is.
TOLD_IN = "zh-hans"
#: What the last entry of a list of reasons is called.
OTHER = gettext_lazy("Other")


class ListedReasonForm(forms.Form):
    """Asks why: an entry of `word_list`, and words of one's own, which some entries require.

    Cleaned, `reason_code` is the entry's code and `reason` the whole text, at most `longest` characters. Where only
    `reason` is given at all (a proposal made before there were lists), the entry is the one for all else.
    """

    word_list: ClassVar[WordList]
    longest: ClassVar[int] = LONGEST

    reason_code = forms.ChoiceField(label=gettext_lazy("Reason"))
    reason = forms.CharField(
        label=gettext_lazy("In your own words"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = self.word_list.offered()
        self.other = self.word_list.other(self.words)
        self.order_fields([*(name for name in self.fields if not name.startswith("reason")), "reason_code", "reason"])
        field, key = self.fields["reason_code"], self.add_prefix("reason_code")
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "—"), *((word.code, _shown(word)) for word in self.words)]
        help_text = _("Follows the chosen reason in the same sentence; at most %(number)d characters together.")
        self.fields["reason"].help_text = help_text % {"number": self.longest}
        if self.is_bound and key not in self.data and self.other:
            given: Any = self.data
            filled = given.copy()
            filled[key] = self.other.code
            self.data = filled

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        word = next((one for one in self.words if one.code == data.get("reason_code")), None)
        if word is None or "reason" not in data:
            return data
        if word.needs_words and not data["reason"]:
            self.add_error("reason", _("“%(word)s” says too little alone: add what it is.") % {"word": word.text})
            return data
        data["reason"] = told = in_full(word, data["reason"], is_other=word == self.other)
        if len(told) > self.longest:
            self.add_error(
                "reason",
                _("With the chosen reason these are %(number)d characters, %(over)d more than can be told; shorten it.")
                % {"number": len(told), "over": len(told) - self.longest},
            )
        return data


def in_full(word: Word, words: str, *, is_other: bool = False) -> str:
    """The chosen entry and the words beside it, as they are kept and told; of the one for all else, the words alone."""
    with override(TOLD_IN):
        chosen = str(word.text)
    if is_other:
        return words
    return f"{chosen}：{words}" if words else chosen


def _shown(word: Word) -> str | Promise:
    return _("%(word)s (say what)") % {"word": word.text} if word.needs_words else word.text
