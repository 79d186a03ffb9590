"""What is decided about a list of words, by two people: an entry is added, worded otherwise, retired, put back, or the
entries get another order. Each makes a version of the whole list, which holds from its confirmation on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import clock
from staff.decisions import Decision, Inapplicable, ReasonForm
from staff.events import Detail, EventKind
from staff.looks import Tone
from staff.models import KeptWordList, User, WordListVersion
from staff.parameter_decisions import PROPOSE
from staff.proposals import CONFIRM_CHANGE
from staff.word_lists import CODE, LONGEST_WORD, WORD_LISTS, Word, WordList, offered_as

#: What a version, and the trail, can say of a change.
_LONGEST_CHANGE = 255


class WordsField(forms.CharField):
    """Words in one line, as lists and the form of their order have them."""

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class ListForm(ReasonForm):
    """Why, and what every change of a list must hold."""

    #: The version that the person saw, so that a proposal which another overtook is not confirmed.
    over = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, listed: WordList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed = listed
        self.version = listed.version()
        self.present = listed.all_words(self.version)
        self.prepare()

    def prepare(self) -> None:
        """What the fields say of this list."""

    def becomes(self, data: Mapping[str, Any]) -> list[Word]:
        """The list as the form would have it. Raises ValidationError where that cannot be."""
        return self.present

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("over") != (self.version.pk if self.version else None):
            raise forms.ValidationError(_("The list was changed since this was proposed; look at it again."))
        if self.errors:
            return data
        data["words"] = words = self.becomes(data)
        offered = [one for one in words if not one.retired]
        if not any(one.needs_words for one in offered):
            raise forms.ValidationError(
                _(
                    "One entry must stay that asks for words of one's own: it is chosen where none of the others is "
                    "true."
                )
            )
        texts = [str(one.text) for one in offered]
        if twice := next((text for text in texts if texts.count(text) > 1), None):
            raise forms.ValidationError(_("The list has “%(text)s” already.") % {"text": twice})
        return data


class AddWordForm(ListForm):
    field_order = ("code", "text", "needs_words", "reason")
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=16,
        help_text=gettext_lazy("Stands in reports and the trail, and is never changed or used again."),
        validators=[RegexValidator(CODE, gettext_lazy("A code has ASCII letters, digits and dashes."))],
    )
    text = WordsField(label=gettext_lazy("Words"), max_length=LONGEST_WORD)
    needs_words = forms.BooleanField(
        label=gettext_lazy("Whoever chooses it must add words of their own"), required=False
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        for listed in WORD_LISTS:
            if any(one.code.lower() == code.lower() for one in (*listed.all_words(), *listed.words)):
                raise forms.ValidationError(
                    _("%(list)s has an entry of this code, be it retired.") % {"list": listed.label}
                )
        return code

    def becomes(self, data: Mapping[str, Any]) -> list[Word]:
        new = Word(data["code"], data["text"], data["needs_words"])
        offered = [one for one in self.present if not one.retired]
        retired = [one for one in self.present if one.retired]
        place = len(offered) - bool(offered and offered[-1].needs_words)  # before what stands for all others
        return [*offered[:place], new, *offered[place:], *retired]


class EntryForm(ListForm):
    """About one entry of the list."""

    field_order = ("entry", "text", "needs_words", "reason")
    entry = forms.ChoiceField(label=gettext_lazy("Entry"))
    #: Whether it asks for a retired entry.
    of_retired: ClassVar[bool] = False

    def prepare(self) -> None:
        field = self.fields["entry"]
        if isinstance(field, forms.ChoiceField):
            some = [(one.code, written(one)) for one in self.present if one.retired == self.of_retired]
            field.choices = [("", "—"), *some]

    def with_chosen(self, data: Mapping[str, Any], **how: Any) -> list[Word]:
        return [replace(one, **how) if one.code == data["entry"] else one for one in self.present]


class RewordForm(EntryForm):
    text = WordsField(label=gettext_lazy("Words"), max_length=LONGEST_WORD)
    needs_words = forms.BooleanField(
        label=gettext_lazy("Whoever chooses it must add words of their own"), required=False
    )

    def becomes(self, data: Mapping[str, Any]) -> list[Word]:
        default = self.listed.default(data["entry"])
        text = default.text if default and str(default.text) == data["text"] else data["text"]
        words = self.with_chosen(data, text=text, needs_words=data["needs_words"])
        if self.listed.stored(words) == self.listed.stored(self.present):
            raise forms.ValidationError(_("Nothing is different."))
        return words


class RetireForm(EntryForm):
    def becomes(self, data: Mapping[str, Any]) -> list[Word]:
        words = self.with_chosen(data, retired=True)
        return sorted(words, key=lambda one: one.retired)


class PutBackForm(EntryForm):
    of_retired = True

    def becomes(self, data: Mapping[str, Any]) -> list[Word]:
        words = self.with_chosen(data, retired=False)
        return sorted(words, key=lambda one: one.retired)


class OrderForm(ListForm):
    field_order = ("order", "reason")
    order = forms.CharField(
        label=gettext_lazy("Order"),
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("A line each, as people see them from the top; what counts is the code in front."),
    )

    def clean_order(self) -> str:
        codes = [line.split()[0] for line in self.cleaned_data["order"].splitlines() if line.strip()]
        offered = {one.code: one for one in self.present if not one.retired}
        if strange := [code for code in codes if code not in offered]:
            raise forms.ValidationError(_("No entry in use has the code %(codes)s.") % {"codes": "、".join(strange)})
        if lacking := [code for code in offered if code not in codes]:
            raise forms.ValidationError(_("These are missing: %(codes)s.") % {"codes": "、".join(lacking)})
        if len(codes) != len(offered):
            raise forms.ValidationError(_("An entry stands there twice."))
        if codes == list(offered):
            raise forms.ValidationError(_("Nothing is different."))
        return in_lines([offered[code] for code in codes])

    def becomes(self, data: Mapping[str, Any]) -> list[Word]:
        codes = [line.split()[0] for line in data["order"].splitlines()]
        place = {code: number for number, code in enumerate(codes)}
        return sorted(self.present, key=lambda one: place.get(one.code, len(place)))


class ListDecision(Decision[KeptWordList]):
    """One person proposes, another confirms."""

    permission = PROPOSE
    confirm_permission = CONFIRM_CHANGE
    model = KeptWordList
    form_class: type[ListForm] = ListForm
    event = EventKind("word_list.changed", gettext_lazy("List of words changed"), "edit_note", Tone.GOOD)
    detail_names = {"list_change": Detail(gettext_lazy("change"))}

    def obstacle(self, case: KeptWordList, person: User) -> str | None:
        return None if offered_as(case) else Inapplicable(_("Nothing reads this list any more."))

    def consequence(self, case: KeptWordList) -> str:
        return _("People choose from the list as it is then. What was decided before keeps the words it used.")

    def called(self, case: KeptWordList) -> str:
        listed = offered_as(case)
        return str(listed.label) if listed else case.code

    def initial(self, case: KeptWordList) -> Mapping[str, Any]:
        version = case.latest()
        return {"over": version.pk if version else None}

    def form(self, case: KeptWordList, data: Any = None, files: Any = None) -> forms.BaseForm:
        listed = offered_as(case)
        if listed is None:
            raise LookupError(f"No room offers the list {case.code}.")
        return self.form_class(data, files, initial=dict(self.initial(case)), listed=listed)

    def change(self, listed: WordList, data: Mapping[str, Any]) -> str:
        """What is different, in one line; here, the codes as they then stand."""
        return " ".join(one.code for one in data["words"] if not one.retired)

    def perform(self, case: KeptWordList, person: User, data: dict[str, Any]) -> None:
        listed = offered_as(case)
        if listed is None:
            raise LookupError(f"No room offers the list {case.code}.")
        data["change"] = f"{self.label}：{self.change(listed, data)}"[:_LONGEST_CHANGE]
        data["version"] = WordListVersion(
            word_list=case,
            words=listed.stored(data["words"]),
            change=data["change"],
            made_at=clock.now(),
            proposed_by=person,
            reason=data["reason"],
        )

    def details(self, case: KeptWordList, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"list_change": data["change"]}

    def follow(self, case: KeptWordList, person: User, data: dict[str, Any]) -> None:
        version: WordListVersion = data["version"]
        version.confirmed_by = person
        version.save()


class AddWord(ListDecision):
    name = "add"
    label = gettext_lazy("Add an entry")
    form_class = AddWordForm

    def initial(self, case: KeptWordList) -> Mapping[str, Any]:
        listed = offered_as(case)
        return {**super().initial(case), "code": next_code(listed.all_words()) if listed else ""}

    def change(self, listed: WordList, data: Mapping[str, Any]) -> str:
        return written(_found(data["words"], data["code"]))


class RewordWord(ListDecision):
    name = "reword"
    label = gettext_lazy("Word it otherwise")
    form_class = RewordForm

    def change(self, listed: WordList, data: Mapping[str, Any]) -> str:
        before, after = (_found(words, data["entry"]) for words in (listed.all_words(), data["words"]))
        return f"{written(before)} → {written(after)}"


class RetireWord(ListDecision):
    name = "retire"
    label = gettext_lazy("Retire an entry")
    form_class = RetireForm

    def consequence(self, case: KeptWordList) -> str:
        return _("Nobody chooses it any more. Cases on which it was chosen show it still, and it can be put back.")

    def change(self, listed: WordList, data: Mapping[str, Any]) -> str:
        return written(_found(data["words"], data["entry"]))


class PutBackWord(ListDecision):
    name = "put_back"
    label = gettext_lazy("Put an entry back")
    form_class = PutBackForm

    def obstacle(self, case: KeptWordList, person: User) -> str | None:
        listed = offered_as(case)
        if listed and not any(one.retired for one in listed.all_words()):
            return Inapplicable(_("No entry is retired."))
        return super().obstacle(case, person)

    def consequence(self, case: KeptWordList) -> str:
        return _("It can be chosen again, with the code it always had.")

    def change(self, listed: WordList, data: Mapping[str, Any]) -> str:
        return written(_found(data["words"], data["entry"]))


class OrderWords(ListDecision):
    name = "order"
    label = gettext_lazy("Change the order")
    form_class = OrderForm

    def initial(self, case: KeptWordList) -> Mapping[str, Any]:
        listed = offered_as(case)
        return {**super().initial(case), "order": in_lines(listed.offered() if listed else [])}


class ConfirmDefaults(ListDecision):
    """The institution makes the words that came with the software its own, unchanged."""

    name = "keep"
    label = gettext_lazy("Keep the list as it is")

    def obstacle(self, case: KeptWordList, person: User) -> str | None:
        if case.latest():
            return Inapplicable(_("Two people have settled this list already."))
        return super().obstacle(case, person)

    def consequence(self, case: KeptWordList) -> str:
        return _("Nothing is different; the list is the institution's own from then on.")


def _found(words: list[Word], code: str) -> Word:
    return next(one for one in words if one.code == code)


def written(one: Word) -> str:
    """An entry in one line: "R99 Other (in words)"."""
    return f"{one.code} {one.text}" + (_(" (in words)") if one.needs_words else "")


def in_lines(words: list[Word]) -> str:
    return "\n".join(f"{one.code} {one.text}" for one in words)


def next_code(words: list[Word]) -> str:
    """The code after the highest, of the same shape; the last of a hundred stands for all others and is passed over."""
    numbered = [match for one in words if (match := re.fullmatch(r"([A-Z]*)(\d+)", one.code))]
    if not numbered:
        return ""
    prefix, digits = numbered[0][1], len(numbered[0][2])
    taken = [int(match[2]) for match in numbered if match[1] == prefix]
    highest = max((number for number in taken if number % 100 != 99), default=0)
    free = next(number for number in range(highest + 1, highest + 100) if number not in taken and number % 100 != 99)
    return f"{prefix}{free:0{digits}d}"


WORD_LIST_DECISIONS: list[Decision[Any]] = [
    ConfirmDefaults(),
    AddWord(),
    RewordWord(),
    RetireWord(),
    PutBackWord(),
    OrderWords(),
]
