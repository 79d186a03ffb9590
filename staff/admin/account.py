"""Accounts: who works here, in which roles. What changes them is asked for here and confirmed by another person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.contrib.auth import admin as _auth_admin  # noqa: F401 (it registers the groups, which have no page here)
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.account_decisions import ASK
from staff.accounts import accounts_against_the_profile, mixed_accounts, particulars
from staff.admin.account_request import request_link
from staff.admin.account_texts import role_names
from staff.desk.case import CaseAdmin
from staff.desk.export import Column, columns
from staff.desk.page import Badge, Flag, Row, Section, Tone, moment, rows
from staff.models import AccountRequestKind, User
from staff.roles import Role


class RoleFilter(SimpleListFilter):
    """By the roles' names: a group is called by its code."""

    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Role.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


admin.site.unregister(Group)


def account_badge(account: User) -> Badge:
    return Badge(_("active"), Tone.GOOD) if account.is_active else Badge(_("closed"), Tone.OVER)


def mixed_accounts_notice(now: datetime) -> Flag | None:
    """What the home page says of administrators who do other work too."""
    if not (mixed := mixed_accounts()):
        return None
    return Flag(
        _("Administrators who hold another role too, and so could decide on what they set up themselves: %(names)s.")
        % {"names": "、".join(f"{account.username}（{account}）" for account in mixed)}
    )


def profile_notice(now: datetime) -> Flag | None:
    """What the home page says of roles that the profile in force gives to different people."""
    if not (against := accounts_against_the_profile()):
        return None
    return Flag(
        _("Roles that are not one person's in the profile in force; have the accounts changed: %(names)s.")
        % {"names": "、".join(f"{account.username}（{account}）" for account in against)}
    )


@admin.register(User)
class AccountAdmin(CaseAdmin):
    list_display = ["username", "name", "role_names", "working", "last_seen"]
    list_display_links = ["username", "name"]
    list_filter = [RoleFilter, "is_active"]
    search_fields = ["username", "name", "email"]
    search_help_text = gettext_lazy("Sign-in name, name or e-mail address")
    ordering = ["username"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        offered = [
            (ASK, _("Ask for a new account"), "admin:staff_accountrequest_add"),
            ("staff.view_rolecombination", _("Roles held together"), "admin:staff_rolecombination_changelist"),
        ]
        return [
            {"label": label, "url": reverse(page)}
            for permission, label, page in offered
            if request.user.has_perm(permission)
        ]

    @admin.display(description=gettext_lazy("roles"))
    def role_names(self, account: User) -> str:
        return role_names(account.roles)

    @admin.display(description=gettext_lazy("account"), ordering="is_active")
    def working(self, account: User) -> str:
        return str(account_badge(account))

    @admin.display(description=gettext_lazy("last sign-in"), ordering="last_login")
    def last_seen(self, account: User) -> str:
        return moment(account.last_login)

    def export_columns(self, person: User) -> list[Column]:
        return [
            *columns(User, "username", "name", "email"),
            Column(_("roles"), lambda account: role_names(account.roles)),
            *columns(User, "is_active", "last_login", "date_joined"),
        ]

    def heading(self, record: User) -> str:
        return record.username

    def badge(self, record: User) -> Badge:
        return account_badge(record)

    def flags(self, record: User, person: User) -> list[Flag]:
        flags = []
        if record.is_superuser:
            flags.append(Flag(_("A superuser: may do everything, and is made and reset at the command line only.")))
        if record.mixes_administration:
            flags.append(Flag(_("The administrator's role goes with no other; ask for separate accounts.")))
        if not record.has_usable_password():
            flags.append(Flag(_("No password is set: the owner cannot sign in before."), Tone.WAITS))
        return flags

    def sections(self, record: User, person: User) -> list[Section]:
        asked = record.requests.select_related("asked_by", "decided_by")[:20]
        return [
            self.summary(record, person),
            Section(_("Requests"), [_request_row(request) for request in asked]),
        ]

    def summary(self, case: User, person: User) -> Section:
        return Section(
            _("Account"),
            [
                *rows(case, "username", "name", "email"),
                Row(_("roles"), role_names(particulars(case)["roles"])),
                *rows(case, "last_login", "date_joined"),
            ],
        )

    def questions(self, case: User, person: User) -> list[Flag]:
        return []  # whoever acts on an account is one who makes accounts


def _request_row(request: Any) -> Row:
    return Row(AccountRequestKind(request.kind).label, request_link(request))
