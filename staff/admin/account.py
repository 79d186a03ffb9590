"""Accounts: who works here, in which roles. Closed, never deleted; nobody changes their own roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from staff.admin.page import Badge, Tone, moment
from staff.admin.record import DeskAdmin
from staff.admin.timeline import EventLook, register_events
from staff.audit import record
from staff.models import User
from staff.roles import Role

if TYPE_CHECKING:
    from django.contrib.auth import forms as auth_forms

    AdminPasswordChangeForm = auth_forms.AdminPasswordChangeForm[User]
    UserChangeForm = auth_forms.UserChangeForm[User]
    UserCreationForm = auth_forms.UserCreationForm[User]
    ModelMultipleChoiceField = forms.ModelMultipleChoiceField[Group]
    UserAdmin = DjangoUserAdmin[User]
else:
    from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

    ModelMultipleChoiceField = forms.ModelMultipleChoiceField
    UserAdmin = DjangoUserAdmin

register_events(
    {
        "list.exported": EventLook(_("List exported"), "download"),
        "account.created": EventLook(_("Account created"), "person_add", Tone.GOOD),
        "account.changed": EventLook(_("Account changed"), "manage_accounts"),
    },
    {"roles": _("roles"), "changed": _("changed"), "active": _("active")},
)

admin.site.unregister(Group)


class RolesField(ModelMultipleChoiceField):
    """The groups that stand for roles, each with its role's name, in the order of Role."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        order = models.Case(*[models.When(name=role.value, then=place) for place, role in enumerate(Role)])
        groups = Group.objects.filter(name__in=Role.values).order_by(order)
        super().__init__(groups, label=_("Roles"), required=False, **options)

    def label_from_instance(self, obj: models.Model) -> str:
        return str(Role(cast("Group", obj).name).label)


class AccountForm(UserChangeForm):
    groups = RolesField(help_text=_("What the person may do."))


class NewAccountForm(UserCreationForm):
    groups = RolesField(help_text=_("What the person may do."))


@admin.register(User)
class AccountAdmin(DeskAdmin, UserAdmin):
    form = AccountForm
    add_form = NewAccountForm
    change_password_form = AdminPasswordChangeForm
    add_form_template = None
    list_display = ["username", "name", "role_names", "working", "last_seen"]
    list_display_links = ["username", "name"]
    list_filter = ["groups", "is_active"]
    search_fields = ["username", "name", "email"]
    search_help_text = _("Sign-in name, name or e-mail address")
    ordering = ["username"]
    readonly_fields = ["new_password", "last_login", "date_joined"]
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "name", "email", "new_password")}),
        (_("Work"), {"fields": ("groups", "is_active")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "name", "email", "password1", "password2")}),
        (_("Work"), {"fields": ("groups",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("password"))
    def new_password(self, account: User) -> SafeString:
        url = reverse("admin:auth_user_password_change", args=[account.pk])
        return format_html('<a class="button" href="{}">{}</a>', url, _("Set a new password"))

    @admin.display(description=_("roles"))
    def role_names(self, account: User) -> str:
        return "、".join(str(role.label) for role in account.roles)

    @admin.display(description=_("account"), ordering="is_active")
    def working(self, account: User) -> str:
        badge = Badge(_("active"), Tone.GOOD) if account.is_active else Badge(_("closed"), Tone.OVER)
        return str(badge)

    @admin.display(description=_("last sign-in"), ordering="last_login")
    def last_seen(self, account: User) -> str:
        return moment(account.last_login)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        own = obj is not None and obj.pk == request.user.pk
        return [*self.readonly_fields, *(["groups", "is_active"] if own else [])]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.is_staff = True
        super().save_model(request, obj, form, change)

    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        return super().user_change_password(request, id, form_url)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        _record(request, obj, "account.created", message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        _record(request, obj, "account.changed", message)


def _record(request: HttpRequest, account: User, event: str, message: Any) -> None:
    """`message` is what the admin says of the change: [{"changed": {"fields": [labels]}}]."""
    User.objects.select_for_update().get(pk=account.pk)
    changed = [label for part in message or [] for label in part.get("changed", {}).get("fields", [])]
    record(
        chain=f"account:{account.pk}",
        event=event,
        subject=account,
        actor=cast("User", request.user),
        details={
            "changed": changed,
            "roles": [role.value for role in account.roles],
            "active": account.is_active,
        },
    )
