"""Accounts, and what is asked for them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, transition

from staff.models.unit import HEAD_OFFICE, Unit
from staff.roles import Role, mixes_administration


class User(AbstractUser):
    """A person who works here. Accounts are deactivated, never deleted: what they decided stays theirs."""

    unit_path = "unit"

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=64)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), default=HEAD_OFFICE, on_delete=models.PROTECT, related_name="people"
    )

    REQUIRED_FIELDS = ["name", "email"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        default_permissions = ("view",)
        permissions = [
            ("export_lists", _("Can export lists")),
            ("view_reports", _("Can see reports")),
            ("ask_account", _("Can ask for accounts, roles and passwords, and close accounts")),
            ("confirm_account", _("Can confirm what is asked for accounts")),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def audit_chain(self) -> str:
        return f"account:{self.pk}"

    @property
    def roles(self) -> list[Role]:
        """The roles this person holds, in the order in which Role lists them."""
        held = {group.name for group in self.groups.all()}
        return [role for role in Role if role.value in held]

    @property
    def mixes_administration(self) -> bool:
        return mixes_administration(self.roles)


class RoleCombination(User):
    """A person, as whoever supervises looks at the roles that they hold: the same rows in a list of its own."""

    unit_path = "unit"

    class Meta:
        proxy = True
        verbose_name = _("roles held together")
        verbose_name_plural = _("roles held together")
        default_permissions = ("view",)


class AccountRequestKind(models.TextChoices):
    NEW = "new", _("new account")
    CHANGE = "change", _("change of an account")
    RESET = "reset", _("new password")


class AccountRequestState(models.TextChoices):
    ASKED = "asked", _("to be confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    RETURNED = "returned", _("returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("what one asked for", "withdrawn")


class AccountRequest(models.Model):
    """What an administrator asks for an account: nothing happens before another person confirms it.

    asked → confirmed               done, for a new account and a new password with a link for its owner
    asked → returned | withdrawn    nothing happens

    `before` is what the account said when it was asked for: one that was changed since is not confirmed.
    """

    unit_path = "unit"

    kind = models.CharField(_("kind"), max_length=8, choices=AccountRequestKind.choices)
    state = FSMField(
        _("state"),
        choices=AccountRequestState.choices,
        default=AccountRequestState.ASKED,
        protected=True,
        db_index=True,
    )
    account = models.ForeignKey(
        User, verbose_name=_("account"), null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    username = models.CharField(_("sign-in name"), max_length=150)
    name = models.CharField(_("name"), max_length=64)
    email = models.EmailField(_("e-mail address"), blank=True)
    roles = models.JSONField(_("roles"), default=list)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), default=HEAD_OFFICE, on_delete=models.PROTECT, related_name="+"
    )
    active = models.BooleanField(_("active"), default=True)
    before = models.JSONField(_("what the account says"), default=dict)
    reason = models.CharField(_("reason"), max_length=255)
    asked_by = models.ForeignKey(
        User, verbose_name=_("asked for by"), on_delete=models.PROTECT, related_name="accounts_asked_for"
    )
    asked_at = models.DateTimeField(_("asked for at"), db_index=True)
    #: Null where it was decided at the command line; the trail says by whom.
    decided_by = models.ForeignKey(
        User, verbose_name=_("decided by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    note = models.CharField(_("why returned"), max_length=255, blank=True)
    #: SHA-256 of the link's secret, which is kept nowhere.
    link_digest = models.CharField(max_length=64, blank=True, db_index=True)
    link_until = models.DateTimeField(_("link valid until"), null=True, blank=True)
    link_used_at = models.DateTimeField(_("link used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("account request")
        verbose_name_plural = _("account requests")
        default_permissions = ("view",)
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=AccountRequestState.values), name="account_request_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=AccountRequestKind.values), name="account_request_kind_known"
            ),
            models.UniqueConstraint(
                fields=["username"], condition=models.Q(state="asked"), name="account_request_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.username}"

    @property
    def audit_chain(self) -> str:
        return f"account-request:{self.pk}"

    @transition(state, source=AccountRequestState.ASKED, target=AccountRequestState.CONFIRMED)
    def confirm(self) -> None:
        """Another person agrees, and it happens."""

    @transition(state, source=AccountRequestState.ASKED, target=AccountRequestState.RETURNED)
    def send_back(self) -> None:
        """Another person disagrees, and says why."""

    @transition(state, source=AccountRequestState.ASKED, target=AccountRequestState.WITHDRAWN)
    def withdraw(self) -> None:
        """Whoever asked takes it back."""
