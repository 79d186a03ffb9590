"""What is decided about accounts: asked for by an administrator, confirmed or returned by another person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from staff import accounts, clock
from staff.decisions import Decision, Inapplicable, ReasonForm
from staff.duties import forbidden_together
from staff.models import AccountRequest, AccountRequestKind, AccountRequestState, Unit, User
from staff.models.unit import HEAD_OFFICE
from staff.roles import Role
from staff.units import UnitField, covers

ASK, CONFIRM = "staff.ask_account", "staff.confirm_account"


class AccountForm(ReasonForm):
    """What an account is to be."""

    field_order = ("username", "name", "email", "unit", "roles", "active", "reason")
    name = forms.CharField(label=gettext_lazy("Name"), max_length=64)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    unit = UnitField(label=gettext_lazy("Unit"), empty_label="—")

    def __init__(self, *args: Any, held: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        if not Unit.objects.exclude(pk=HEAD_OFFICE).exists():
            del self.fields["unit"]

    def clean_roles(self) -> list[str]:
        roles: list[str] = self.cleaned_data["roles"]
        if why := forbidden_together(roles, accounts.profile(), self.held):
            raise forms.ValidationError(str(why))
        return roles


class NewAccountForm(AccountForm):
    username = forms.CharField(
        label=gettext_lazy("Sign-in name"), max_length=150, validators=[UnicodeUsernameValidator()]
    )

    def clean_username(self) -> str:
        username: str = User.normalize_username(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("There is an account of this name already."))
        if accounts.is_asked_for(username):
            raise forms.ValidationError(_("An account of this name is asked for already."))
        return username


class ChangeAccountForm(AccountForm):
    active = forms.BooleanField(
        label=gettext_lazy("Active"), required=False, help_text=gettext_lazy("A closed account cannot sign in.")
    )


class AskDecision(Decision[User]):
    """Asks for something that changes an account; another person confirms it."""

    permission = ASK
    model = User
    event = accounts.ASKED

    def record(self, case: User, person: User, data: Mapping[str, Any], from_state: str, to_state: str) -> None:
        """Written with the request, whoever asks for it."""

    def lock(self, pk: int) -> User:
        return accounts.locked(pk)

    def obstacle(self, case: User, person: User) -> str | None:
        if case.is_superuser:
            return Inapplicable(_("A superuser's account is changed at the command line only."))
        if case.pk == person.pk:
            return _("This is your own account; another administrator must ask.")
        if accounts.is_asked_for(case.username):
            return _("Something is asked for this account already; it must be confirmed or withdrawn first.")
        return None

    def consequence(self, case: User) -> str:
        return _("Nothing changes until another person, a manager or an auditor, confirms it.")


class AskChange(AskDecision):
    name = "change"
    label = gettext_lazy("Ask for a change")

    def initial(self, case: User) -> Mapping[str, Any]:
        return accounts.particulars(case)

    def form(self, case: User, data: Any = None, files: Any = None) -> forms.Form:
        return ChangeAccountForm(data, files, initial=dict(self.initial(case)), held=case.roles)

    def perform(self, case: User, person: User, data: dict[str, Any]) -> None:
        accounts.ask(AccountRequestKind.CHANGE, person, data, case)


class AskReset(AskDecision):
    name = "reset"
    label = gettext_lazy("Ask for a new password")
    form_class = ReasonForm

    def obstacle(self, case: User, person: User) -> str | None:
        if reason := super().obstacle(case, person):
            return reason
        return None if case.is_active else Inapplicable(_("The account is closed."))

    def consequence(self, case: User) -> str:
        return (
            super().consequence(case)
            + " "
            + _("Then the old password ends, and the owner sets a new one by a link that nobody else sees.")
        )

    def perform(self, case: User, person: User, data: dict[str, Any]) -> None:
        given = {**accounts.particulars(case), **data, "unit": case.unit}
        accounts.ask(AccountRequestKind.RESET, person, given, case)


class CloseAccount(AskDecision):
    name = "close"
    label = gettext_lazy("Close the account")
    form_class = ReasonForm
    final = True
    event = accounts.CLOSED

    def obstacle(self, case: User, person: User) -> str | None:
        if case.is_superuser or case.pk == person.pk:
            return super().obstacle(case, person)
        return None if case.is_active else Inapplicable(_("The account is closed."))

    def consequence(self, case: User) -> str:
        return _("The person is signed out at once and cannot sign in. Opening it again takes two people.")

    def perform(self, case: User, person: User, data: dict[str, Any]) -> None:
        data["before"] = accounts.particulars(case)
        case.is_active = False
        accounts.end_links(case)

    def record(self, case: User, person: User, data: Mapping[str, Any], from_state: str, to_state: str) -> None:
        accounts.on_account(self.event, case, person, before=data["before"], reason=data["reason"])


class RequestDecision(Decision[AccountRequest]):
    """Confirmed or returned as the command line does it, by `accounts`, which takes the transition and records it."""

    permission = CONFIRM
    never_by = gettext_lazy("whoever asked for it, or whose account it is")
    model = AccountRequest

    def record(
        self, case: AccountRequest, person: User, data: Mapping[str, Any], from_state: str, to_state: str
    ) -> None:
        """Written by `accounts`."""

    def lock(self, pk: int) -> AccountRequest:
        """The account first, as whoever asks for it does."""
        account = AccountRequest.objects.values_list("account", flat=True).get(pk=pk)
        if account is not None:
            accounts.locked(account)
        return AccountRequest.objects.select_for_update(of=("self",)).select_related("account").get(pk=pk)

    def obstacle(self, case: AccountRequest, person: User) -> str | None:
        if case.state != AccountRequestState.ASKED:
            return Inapplicable(_("Not possible: the state is “%(state)s”.") % {"state": case.get_state_display()})
        if case.asked_by_id == person.pk:
            return _("You asked for this; another person must decide on it.")
        if case.account_id == person.pk:
            return _("This is your own account; another person must decide on it.")
        return None


class ConfirmRequest(RequestDecision):
    """It happens now. `link` is the secret address for the owner, where a password is to be set."""

    name = "confirm"
    label = gettext_lazy("Confirm")
    event = accounts.CONFIRMED

    def obstacle(self, case: AccountRequest, person: User) -> str | None:
        if case.account and not covers(person, case.account):
            return _("The account is another unit's now; whoever answers for both units must confirm this.")
        return super().obstacle(case, person) or accounts.unfit(case)

    def consequence(self, case: AccountRequest) -> str:
        if case.kind == AccountRequestKind.CHANGE:
            return _("The account is changed at once.")
        if accounts.is_mailed(case.email):
            return _("The link for setting the password is mailed to %(email)s; it is valid for 24 hours.") % {
                "email": case.email
            }
        return _(
            "The link for setting the password is shown to you once: hand it to the owner in person, and use it not "
            "yourself. It is valid for 24 hours, and the trail says that you had it."
        )

    def perform(self, case: AccountRequest, person: User, data: dict[str, Any]) -> None:
        accounts.confirm(case, person, str(person))

    def done(self, case: AccountRequest) -> str:
        return accounts.hand_over(case)


class ReturnRequest(RequestDecision):
    name = "return"
    label = gettext_lazy("Return")
    form_class = ReasonForm
    final = True
    event = accounts.RETURNED

    def perform(self, case: AccountRequest, person: User, data: dict[str, Any]) -> None:
        accounts.send_back(case, person, str(person), data["reason"])


class WithdrawRequest(Decision[AccountRequest]):
    name = "withdraw"
    label = pgettext_lazy("what one asked for", "Withdraw")
    permission = ASK
    model = AccountRequest
    final = True
    transition = "withdraw"
    event = accounts.WITHDRAWN

    def obstacle(self, case: AccountRequest, person: User) -> str | None:
        if case.account_id == person.pk:
            return _("This is your own account; another person must decide on it.")
        return None

    def perform(self, case: AccountRequest, person: User, data: dict[str, Any]) -> None:
        case.decided_by, case.decided_at = person, clock.now()

    def record(
        self, case: AccountRequest, person: User, data: Mapping[str, Any], from_state: str, to_state: str
    ) -> None:
        accounts.on_request(self.event, case, person)


ACCOUNT_DECISIONS: list[Decision[Any]] = [AskChange(), AskReset(), CloseAccount()]
REQUEST_DECISIONS: list[Decision[Any]] = [ConfirmRequest(), ReturnRequest(), WithdrawRequest()]
