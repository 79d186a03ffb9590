"""What is asked for accounts: the list, a page that shows before and after, and the form for a new account."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.account_decisions import ASK, NewAccountForm
from staff.accounts import ask_new, unfit
from staff.admin.account_texts import FACTS, role_names
from staff.desk.case import CaseAdmin
from staff.desk.export import Column, columns
from staff.desk.page import NOTHING, Badge, Flag, Row, Section, Tone, moment, rows, two_lines
from staff.models import AccountRequest, AccountRequestKind, AccountRequestState, User
from staff.units import are_spoken_of, name_of

TONES: dict[str, Tone] = {
    AccountRequestState.ASKED: Tone.WAITS,
    AccountRequestState.CONFIRMED: Tone.GOOD,
    AccountRequestState.RETURNED: Tone.BAD,
    AccountRequestState.WITHDRAWN: Tone.OVER,
}


def request_badge(request: AccountRequest) -> Badge:
    return Badge(request.get_state_display(), TONES[request.state])


def request_link(request: AccountRequest) -> SafeString:
    return format_html(
        '<a href="{}">{}</a> {}',
        reverse("admin:staff_accountrequest_change", args=[request.pk]),
        moment(request.asked_at),
        str(request_badge(request)),
    )


@admin.register(AccountRequest)
class AccountRequestAdmin(CaseAdmin):
    list_display = ["what", "wanted_roles", "state_badge", "asked", "decided"]
    list_display_links = ["what"]
    tabs_field = "state"
    add_permission = ASK
    search_fields = ["username", "name"]
    search_help_text = gettext_lazy("Sign-in name or name")
    ordering = ["-asked_at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccountRequest]:
        return super().get_queryset(request).select_related("account", "unit", "asked_by", "decided_by")

    @admin.display(description=gettext_lazy("request"), ordering="username")
    def what(self, request: AccountRequest) -> SafeString:
        return two_lines(f"{request.username}（{request.name}）", request.get_kind_display())

    @admin.display(description=gettext_lazy("roles"))
    def wanted_roles(self, request: AccountRequest) -> str:
        return role_names(request.roles)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, request: AccountRequest) -> str:
        return str(request_badge(request))

    @admin.display(description=gettext_lazy("asked for"), ordering="asked_at")
    def asked(self, request: AccountRequest) -> SafeString:
        return two_lines(request.asked_by, moment(request.asked_at))

    @admin.display(description=gettext_lazy("decided"), ordering="decided_at")
    def decided(self, request: AccountRequest) -> SafeString:
        return two_lines(request.decided_by or NOTHING, moment(request.decided_at))

    def export_columns(self, person: User) -> list[Column]:
        return [
            *columns(AccountRequest, "kind", "username", "name", "state"),
            Column(_("roles"), lambda request: role_names(request.roles)),
            *columns(AccountRequest, "reason", "asked_by", "asked_at", "decided_by", "decided_at", "note"),
        ]

    def heading(self, record: AccountRequest) -> str:
        return record.name

    def badge(self, record: AccountRequest) -> Badge:
        return request_badge(record)

    def flags(self, record: AccountRequest, person: User) -> list[Flag]:
        if record.state == AccountRequestState.ASKED and (reason := unfit(record)):
            return [Flag(reason, Tone.BAD)]
        return []

    def sections(self, record: AccountRequest, person: User) -> list[Section]:
        noted = ["note"] if record.note else []
        decided = (
            [Section(_("Decision"), rows(record, "decided_by", "decided_at", *noted))] if record.decided_at else []
        )
        link = []
        if record.link_digest:
            link = [Section(_("Link for the password"), rows(record, "link_until", "link_used_at"))]
        return [self.summary(record, person), *decided, *link]

    def summary(self, case: AccountRequest, person: User) -> Section:
        """What is asked for; of what changes, before and after."""
        asked = {"name": case.name, "email": case.email, "roles": case.roles, "active": case.active}
        if are_spoken_of(person):
            asked["unit"] = case.unit.code
        facts = []
        for name, after in asked.items() if case.kind != AccountRequestKind.RESET else ():
            before = case.before.get(name)
            shown = _fact(name, after)
            if case.kind == AccountRequestKind.CHANGE and before != after:
                shown = format_html("<del>{}</del> → <strong>{}</strong>", _fact(name, before), shown)
            facts.append(Row(FACTS[name], shown))
        return Section(
            _("Asked for"),
            [*rows(case, "kind", "username"), *facts, *rows(case, "reason", "asked_by", "asked_at")],
        )

    def questions(self, case: AccountRequest, person: User) -> list[Flag]:
        return []  # whoever acts here is one who makes accounts

    # --- A new account --------------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self.beginning(
            request,
            NewAccountForm,
            _asked,
            title=_("Ask for a new account"),
            consequence=_("Nothing changes until another person, a manager or an auditor, confirms it."),
            afterwards=_("Its owner sets the password by a link that only they use."),
            done=_("Asked for. Another person, a manager or an auditor, confirms it."),
            back="admin:staff_user_changelist",
        )


def _fact(name: str, value: Any) -> str:
    if name == "roles":
        return role_names(value or [])
    if name == "unit" and value:
        return name_of(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value or NOTHING)


def _asked(person: User, given: dict[str, Any]) -> AccountRequest:
    try:
        return ask_new(person, given)
    except IntegrityError:  # asked for by two at once
        raise ValidationError({"username": _("An account of this name is asked for already.")}) from None
