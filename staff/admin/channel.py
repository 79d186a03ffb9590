"""Channels by which staff are told. Addresses go in and never come out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.admin.account_texts import role_names
from staff.desk.case import CaseAdmin
from staff.desk.page import NOTHING, Badge, Flag, Row, Section, Tone, moment, rows, two_lines
from staff.models import Channel, ChannelKind, Reminder, ReminderState, User
from staff.reminders.decisions import MANAGE_CHANNELS, NewChannelForm, add
from staff.reminders.kinds import title_of


def channel_badge(channel: Channel) -> Badge:
    if not channel.active:
        return Badge(_("not in use"), Tone.OVER)
    return Badge(_("does not get through"), Tone.BAD) if channel.is_failing else Badge(_("in use"), Tone.GOOD)


def channels_fail(now: datetime) -> Flag | None:
    """What the channels themselves cannot say."""
    failing = [channel for channel in Channel.objects.in_use().defer("address", "secret") if channel.is_failing]
    unsent = Reminder.objects.open().filter(state=ReminderState.FAILED).count()
    if not failing and not unsent:
        return None
    one = _("%(channel)s (%(at)s): %(answer)s")
    said = [one % {"channel": each, "at": moment(each.failed_at), "answer": each.failure} for each in failing]
    text = _("Channels that do not get through: %(said)s. Reminders that no channel took: %(number)d.")
    return Flag(text % {"said": "；".join(said) or NOTHING, "number": unsent}, Tone.BAD)


def kinds_served(channel: Channel) -> str:
    return "、".join(str(title_of(code)) for code in channel.reminders) or _("all")


@admin.register(Channel)
class ChannelAdmin(CaseAdmin):
    list_display = ["name", "kind", "state_badge", "roles_told", "worked", "failed"]
    list_display_links = ["name"]
    list_filter = ["kind", "active"]
    add_permission = MANAGE_CHANNELS
    ordering = ["name"]

    @admin.display(description=gettext_lazy("state"), ordering="active")
    def state_badge(self, channel: Channel) -> str:
        return str(channel_badge(channel))

    @admin.display(description=gettext_lazy("for roles"))
    def roles_told(self, channel: Channel) -> str:
        return role_names(channel.roles) if channel.roles else _("all")

    @admin.display(description=gettext_lazy("last worked"), ordering="worked_at")
    def worked(self, channel: Channel) -> str:
        return moment(channel.worked_at)

    @admin.display(description=gettext_lazy("last failed"), ordering="failed_at")
    def failed(self, channel: Channel) -> SafeString | str:
        return two_lines(moment(channel.failed_at), channel.failure) if channel.failed_at else NOTHING

    def heading(self, record: Channel) -> str:
        return str(record.get_kind_display())

    def badge(self, record: Channel) -> Badge:
        return channel_badge(record)

    def sections(self, record: Channel, person: User) -> list[Section]:
        answered = rows(record, "worked_at", "failed_at", *(["failure"] if record.failed_at else []))
        return [self.summary(record, person), Section(_("How it works"), answered)]

    def summary(self, case: Channel, person: User) -> Section:
        return Section(
            _("Channels"),
            [
                *rows(case, "name", "kind"),
                Row(_("Leads to"), leads_to(case)),
                *([Row(_("Signing secret"), _("yes") if case.secret else _("no"))] if _signs(case) else []),
                Row(_("For roles"), role_names(case.roles) if case.roles else _("all")),
                Row(_("For kinds of reminder"), kinds_served(case)),
                *(rows(case, "unit") if case.unit else []),
                *rows(case, "created_at"),
            ],
        )

    def questions(self, case: Channel, person: User) -> list[Flag]:
        return []  # no case of a customer's

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self.beginning(
            request,
            NewChannelForm,
            add,
            title=_("Add a channel"),
            consequence=_("It carries nothing before its address is set."),
            afterwards=_("Set its address, then send a test."),
            done=_("Added. It carries nothing before its address is set."),
            back="admin:staff_channel_changelist",
        )


def leads_to(channel: Channel) -> str:
    """As much of the address as is no secret."""
    if channel.kind == ChannelKind.EMAIL:
        if channel.address:
            return str(channel.address)
        return _("the addresses of the accounts") if channel.active else NOTHING
    return str(urlsplit(channel.address).hostname or NOTHING)


def _signs(channel: Channel) -> bool:
    return channel.kind in (ChannelKind.DINGTALK, ChannelKind.FEISHU)
