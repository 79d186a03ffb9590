"""Accounts are asked for by one person and confirmed by another; their owner alone learns the secret.

An administrator asks for a new account, for other roles, or for a new password, and may close an account at once, since
taking access away is safe. Superusers are made and reset at the command line only.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.mail import send_mail
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from staff import clock
from staff.audit import record
from staff.duties import Profile, forbidden_pairs, forbidden_together
from staff.events import EventKind
from staff.looks import Tone
from staff.models import AccountRequest, AccountRequestKind, AccountRequestState, AuditEntry, Unit, User
from staff.models.unit import HEAD_OFFICE
from staff.parameters import PROFILE
from staff.roles import Role
from staff.units import sees_every_unit

log = logging.getLogger(__name__)
CREATED = EventKind("account.created", gettext_lazy("Account created"), "person_add", Tone.GOOD)
CHANGED = EventKind("account.changed", gettext_lazy("Account changed"), "manage_accounts")
CLOSED = EventKind("account.closed", gettext_lazy("Account closed"), "person_off", Tone.OVER)
PASSWORD_RESET = EventKind(
    "account.password_reset", gettext_lazy("New password asked of the owner"), "lock_reset", Tone.WARNING
)
PASSWORD_SET = EventKind("account.password_set", gettext_lazy("Password set by the owner"), "key", Tone.GOOD)
SUPERUSER_MADE = EventKind("account.superuser_made", gettext_lazy("Superuser made"), "shield_person", Tone.WARNING)
SET_BY_OPERATOR = EventKind(
    "account.password_set_by_operator", gettext_lazy("Password set at the command line"), "terminal", Tone.WARNING
)
ASKED = EventKind("account_request.asked", gettext_lazy("Request made"), "pending_actions", Tone.WAITS)
CONFIRMED = EventKind("account_request.confirmed", gettext_lazy("Confirmed"), "check_circle", Tone.GOOD)
RETURNED = EventKind("account_request.returned", gettext_lazy("Returned"), "undo", Tone.BAD)
WITHDRAWN = EventKind("account_request.withdrawn", gettext_lazy("Withdrawn"), "cancel", Tone.OVER)
EVENTS = [
    CREATED,
    CHANGED,
    CLOSED,
    PASSWORD_RESET,
    PASSWORD_SET,
    SUPERUSER_MADE,
    SET_BY_OPERATOR,
    ASKED,
    CONFIRMED,
    RETURNED,
    WITHDRAWN,
]

LINK_LIVES = timedelta(hours=24)
#: As many must be able to confirm before the command line leaves it to them.
ENOUGH_CONFIRMERS = 2


def ask_new(person: User, data: Mapping[str, Any]) -> AccountRequest:
    """Asks for an account that is not there yet. Raises IntegrityError where a twin was asked for in that moment."""
    with transaction.atomic():
        return ask(AccountRequestKind.NEW, person, data)


def unfit(request: AccountRequest) -> str | None:
    """Why what is asked for can be confirmed by nobody any more."""
    account = request.account
    if not request.unit.active:
        return _("%(unit)s is closed; ask for another unit.") % {"unit": request.unit}
    held = request.before.get("roles", ())
    if request.kind != AccountRequestKind.RESET and (why := forbidden_together(request.roles, profile(), held)):
        return str(why)
    if account is None:
        taken = User.objects.filter(username__iexact=request.username).exists()
        return _("There is an account of this name already.") if taken else None
    if account.is_superuser:
        return _("A superuser's account is changed at the command line only.")
    now = particulars(account)
    if {name: now.get(name) for name in request.before} != request.before:  # of before there were units, it says none
        return _("The account was changed since this was asked for; it must be asked for anew.")
    return None


def confirm(request: AccountRequest, person: User | None, by: str) -> None:
    """Does what is asked for: called with request and account locked, inside the transaction."""
    account, before = request.account, {}
    if account is None:
        account = User(username=request.username, is_staff=True)
        account.set_unusable_password()
    else:
        before = particulars(account)
    if request.kind == AccountRequestKind.RESET:
        account.set_unusable_password()
    else:
        account.name, account.email, account.is_active = request.name, request.email, request.active
        account.unit = request.unit
    account.save()
    if request.kind != AccountRequestKind.RESET:
        account.groups.set(Group.objects.filter(name__in=request.roles))
    request.account = account
    request.decided_by, request.decided_at = person, clock.now()
    if request.kind != AccountRequestKind.CHANGE:
        end_links(account)
        secret = secrets.token_urlsafe(32)
        request.link_digest, request.link_until = _digest(secret), request.decided_at + LINK_LIVES
        request.link = settings.PUBLIC_URL + reverse("admin:set_password", args=[secret])  # type: ignore[attr-defined]
    request.confirm()
    event = {
        AccountRequestKind.NEW: CREATED,
        AccountRequestKind.CHANGE: CHANGED,
        AccountRequestKind.RESET: PASSWORD_RESET,
    }[AccountRequestKind(request.kind)]
    on_request(CONFIRMED, request, person, by)
    details = {"asked_by": str(request.asked_by), "link": _road(request)}
    on_account(event, account, person, by, before=before, reason=request.reason, **details)


def send_back(request: AccountRequest, person: User | None, by: str, reason: str) -> None:
    request.decided_by, request.decided_at, request.note = person, clock.now(), reason
    request.send_back()
    on_request(RETURNED, request, person, by, reason=reason)


def hand_over(request: AccountRequest) -> str:
    """Mails the link of a confirmed request to the owner, or says it to whoever confirmed; what they are told.

    Called once the confirmation is committed. A mail that cannot be sent is told, and asked for anew.
    """
    link = getattr(request, "link", "")
    if not link:
        return _("%(request)s: confirmed.") % {"request": request}
    if not is_mailed(request.email):
        return _("Confirmed. The link for %(name)s, shown this once and valid for 24 hours: %(link)s") % {
            "name": request.name,
            "link": link,
        }
    with override(settings.LANGUAGE_CODE):  # the owner's is not known, and need not be that of whoever confirms
        title = _("Your account")
        text = _("Set your password for %(site)s here, within 24 hours and once:\n\n%(link)s\n") % {
            "site": settings.PUBLIC_URL,
            "link": link,
        }
    try:
        send_mail(title, text, settings.DEFAULT_FROM_EMAIL, [request.email])
    except OSError:
        log.exception("The link of account request %s could not be mailed", request.pk)
        return _("Confirmed, but the link could not be mailed. Have a new password asked for once mail works again.")
    return _("Confirmed. The link was mailed to %(email)s and is valid for 24 hours.") % {"email": request.email}


def is_mailed(email: str) -> bool:
    return bool(email and settings.MAIL_IS_SET_UP)


# --- The link ---------------------------------------------------------------------------------------------------------
def link_owner(secret: str) -> User | None:
    """Whose password a link sets, while it is valid."""
    request = _live_links().filter(link_digest=_digest(secret)).select_related("account").first()
    return request.account if request else None


def use_link(secret: str, password: str) -> bool:
    """Sets the password by a link, once; whether the link was still valid."""
    with transaction.atomic():
        owner = link_owner(secret)
        if owner is None:
            return False
        account = locked(owner.pk)
        used = _live_links().filter(link_digest=_digest(secret)).update(link_used_at=clock.now())
        if not used or not account.is_active:
            return False
        account.set_password(password)
        account.save()
        on_account(PASSWORD_SET, account, account)
    return True


def _live_links() -> models.QuerySet[AccountRequest]:
    return AccountRequest.objects.filter(
        state=AccountRequestState.CONFIRMED,
        link_used_at=None,
        link_until__gt=clock.now(),
        account__is_active=True,
        account__is_superuser=False,
    ).exclude(link_digest="")


def end_links(account: User) -> None:
    account.requests.filter(link_used_at=None, link_until__gt=clock.now()).update(link_until=clock.now())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


# --- Who knows whom ---------------------------------------------------------------------------------------------------
def confirmers(unit: Unit) -> list[User]:
    """The people who can confirm what is asked for somebody of that unit, superusers apart."""
    groups = Group.objects.filter(permissions__codename="confirm_account")
    able = User.objects.filter(is_active=True, is_superuser=False, groups__in=groups).distinct()
    return [one for one in able.select_related("unit") if sees_every_unit(one) or unit.is_below(one.unit)]


def roles_that_may(permissions: Collection[str]) -> list[Role]:
    """The roles that hold any of these permissions, "guarantees.issue_guarantee"."""
    holding = models.Q(pk__in=[])
    for permission in permissions:
        app, _dot, codename = permission.partition(".")
        holding |= models.Q(permissions__content_type__app_label=app, permissions__codename=codename)
    names = set(Group.objects.filter(holding).values_list("name", flat=True)) if permissions else set()
    return [role for role in Role if role.value in names]


def profile() -> Profile:
    """How duties are parted now."""
    return Profile(PROFILE.value())


def mixed_accounts() -> list[User]:
    """Accounts in use that hold the administrator's role and another, from a time that allowed it."""
    administrators = User.objects.filter(is_active=True, groups__name=Role.ADMINISTRATOR).prefetch_related("groups")
    return [account for account in administrators.order_by("username") if account.mixes_administration]


def accounts_against_the_profile() -> list[User]:
    """Accounts in use whose roles are not one person's under the profile in force, those of `mixed_accounts` apart."""
    people = User.objects.filter(is_active=True).prefetch_related("groups").order_by("username")
    return [one for one in people if not one.mixes_administration and forbidden_pairs(one.roles, profile())]


def questions(chain: str, person: User) -> list[str]:
    """Whether, among the people who acted on a case and whoever looks at it, one had another's account made."""
    actors = AuditEntry.objects.filter(chain=chain, actor__isnull=False).values_list("actor", flat=True)
    people = {*actors, person.pk}
    asked = AccountRequest.objects.filter(
        state=AccountRequestState.CONFIRMED,
        kind__in=[AccountRequestKind.NEW, AccountRequestKind.RESET],
        account__in=people,
    )
    made = {
        (maker, request.account)
        for request in asked.select_related("account", "asked_by", "decided_by")
        for maker in (request.asked_by, request.decided_by)
        if maker is not None and maker.pk in people and request.account is not None
    }
    # Accounts from before there were requests: an administrator made them alone.
    former = AuditEntry.objects.filter(event=CREATED.code, subject_type="staff.user", subject_id__in=people)
    names = User.objects.in_bulk(people)
    made |= {
        (entry.actor, names[entry.subject_id])
        for entry in former.select_related("actor")
        if entry.actor is not None and entry.actor_id in people and entry.subject_id in names
    }
    return [
        _("%(maker)s had a hand in the account of %(owner)s, and both stand on this case.")
        % {"maker": maker, "owner": owner}
        for maker, owner in sorted(made, key=lambda pair: (pair[0].pk, pair[1].pk))
        if maker != owner
    ]


# --- Parts ------------------------------------------------------------------------------------------------------------
def particulars(account: User) -> dict[str, Any]:
    """What stands on an account, as JSON: name, email, roles, active."""
    return {
        "name": account.name,
        "email": account.email,
        "roles": [role.value for role in account.roles],
        "unit": account.unit.code,
        "active": account.is_active,
    }


def locked(pk: int) -> User:
    return User.objects.select_for_update().get(pk=pk)


def is_asked_for(username: str) -> bool:
    return AccountRequest.objects.filter(username__iexact=username, state=AccountRequestState.ASKED).exists()


def ask(kind: AccountRequestKind, person: User, data: Mapping[str, Any], account: User | None = None) -> AccountRequest:
    request = AccountRequest.objects.create(
        kind=kind,
        account=account,
        username=account.username if account else data["username"],
        name=data["name"],
        email=data["email"],
        roles=[role.value for role in Role if role.value in data["roles"]],
        unit=_unit_asked_for(data, account),
        active=data.get("active", True),
        before=particulars(account) if account else {},
        reason=data["reason"],
        asked_by=person,
        asked_at=clock.now(),
    )
    on_request(ASKED, request, person, reason=request.reason)
    return request


def _unit_asked_for(data: Mapping[str, Any], account: User | None) -> Unit:
    """What the form says; it asks for none while the head office is alone."""
    if isinstance(unit := data.get("unit"), Unit):
        return unit
    return account.unit if account else Unit.objects.get(pk=HEAD_OFFICE)


def _road(request: AccountRequest) -> str:
    """How the link reaches its owner, for the trail."""
    if not request.link_digest:
        return ""
    return "mail" if is_mailed(request.email) else "confirmer"


def on_request(
    event: EventKind, request: AccountRequest, person: User | None, by: str = "", reason: str = ""
) -> AuditEntry:
    return record(
        chain=request.audit_chain,
        event=event,
        subject=request,
        actor=person,
        actor_name=by,
        to_state=request.state,
        reason=reason,
        details={"account": request.username, "kind": request.kind, "roles": request.roles},
    )


def on_account(
    event: EventKind,
    account: User,
    person: User | None,
    by: str = "",
    *,
    before: Mapping[str, Any] | None = None,
    reason: str = "",
    **details: Any,
) -> AuditEntry:
    """What became of an account; the e-mail address is not told."""
    after = particulars(account)
    changed = sorted(name for name in after if before and before.get(name) != after[name])
    return record(
        chain=account.audit_chain,
        event=event,
        subject=account,
        actor=person,
        actor_name=by,
        reason=reason,
        details={
            "changed": changed,
            "roles_before": before["roles"] if before and before["roles"] != after["roles"] else [],
            "roles": after["roles"],
            **({"unit_before": before["unit"], "unit": after["unit"]} if "unit" in changed and before else {}),
            "active": account.is_active,
            **details,
        },
    )


def at_the_command_line(event: EventKind, account: User, operator: str) -> None:
    """A superuser was made or reset, or a password set, by whoever has the machine."""
    with transaction.atomic():
        on_account(event, locked(account.pk), None, _("command line: %(operator)s") % {"operator": operator})


def open_requests() -> models.QuerySet[AccountRequest]:
    return AccountRequest.objects.filter(state=AccountRequestState.ASKED).select_related("account", "asked_by")
