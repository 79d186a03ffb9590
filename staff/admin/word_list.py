"""词表: the lists of words from which people choose, each with its entries, and who settled it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.desk.case import CaseAdmin
from staff.desk.export import Column
from staff.desk.page import NOTHING, Badge, Flag, Row, Section, Text, Tone, moment, two_lines
from staff.models import KeptWordList, User, WordListVersion
from staff.word_lists import Word, offered_as


@admin.register(KeptWordList)
class KeptWordListAdmin(CaseAdmin):
    list_display = ["what", "used_for", "entries", "state", "since"]
    list_display_links = ["what"]
    ordering = ["code"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("versions__confirmed_by", "versions__proposed_by")

    @admin.display(description=gettext_lazy("list of words"), ordering="code")
    def what(self, row: KeptWordList) -> SafeString:
        return two_lines(_name(row), row.code)

    @admin.display(description=gettext_lazy("what it is for"))
    def used_for(self, row: KeptWordList) -> Text:
        listed = offered_as(row)
        return listed.used_for if listed else NOTHING

    @admin.display(description=gettext_lazy("entries in use"))
    def entries(self, row: KeptWordList) -> str:
        return str(sum(not one.retired for one in _words(row)))

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: KeptWordList) -> str:
        return str(self.badge(row))

    @admin.display(description=gettext_lazy("since"))
    def since(self, row: KeptWordList) -> str:
        version = _version(row)
        return moment(version.made_at) if version else NOTHING

    def export_columns(self, person: User) -> list[Column]:
        return [
            Column(_("list of words"), lambda row: str(_name(row))),
            Column(_("code"), lambda row: row.code),
            Column(_("words"), lambda row: "；".join(f"{one.code} {one.text}" for one in _words(row))),
            Column(_("since"), self.since),
        ]

    def shown_as(self, record: KeptWordList) -> Text:
        return _name(record)

    def heading(self, record: KeptWordList) -> str:
        listed = offered_as(record)
        return str(listed.used_for) if listed else ""

    def badge(self, record: KeptWordList) -> Badge:
        return Badge(_("confirmed"), Tone.GOOD) if _version(record) else Badge(_("default"), Tone.WAITS)

    def flags(self, record: KeptWordList, person: User) -> list[Flag]:
        return [] if offered_as(record) else [Flag(_("Nothing reads this list any more."))]

    def questions(self, case: KeptWordList, person: User) -> list[Flag]:
        return []  # it is no case of anybody's

    def sections(self, record: KeptWordList, person: User) -> list[Section]:
        listed = offered_as(record)
        words = [(one, _own_words(record, one)) for one in _words(record)]
        about = [Row(_("where the default comes from"), listed.source, "wide")] if listed else []
        versions = list(record.versions.all())
        return [
            Section(_("Entries"), template="desk/words.html", content=words),
            Section(_("About the list"), about),
            *([Section(_("Changes"), template="desk/list_changes.html", content=versions)] if versions else []),
        ]

    def summary(self, case: KeptWordList, person: User) -> Section:
        in_use = [Row(one.code, one.text) for one in _words(case) if not one.retired]
        return Section(_("In use now"), in_use)


def _version(row: KeptWordList) -> WordListVersion | None:
    """The latest, of what the list has fetched already."""
    return next(iter(row.versions.all()), None)


def _words(row: KeptWordList) -> list[Word]:
    listed, version = offered_as(row), _version(row)
    if listed is None:
        return []
    return listed.read(version.words) if version else list(listed.words)


def _name(row: KeptWordList) -> Text:
    listed = offered_as(row)
    return listed.label if listed else row.code


def _own_words(row: KeptWordList, one: Word) -> Text:
    """What the default says, where the institution says it otherwise."""
    listed = offered_as(row)
    default = listed.default(one.code) if listed else None
    return default.text if default and default.text is not one.text else ""
