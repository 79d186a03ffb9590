"""What is decided about channels, and the one thing that is decided about a reminder: that somebody has taken note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import clock
from staff.audit import record
from staff.decisions import Decision, Inapplicable
from staff.desk.form_fields import SecretField
from staff.events import Detail, EventKind
from staff.looks import Tone
from staff.models import Channel, ChannelKind, Reminder, Unit, User
from staff.proposals import CONFIRM_CHANGE
from staff.reminders import channels, roster, texts
from staff.reminders.kinds import REMINDERS, title_of
from staff.reminders.posting import NotPosted, address_trouble
from staff.reminders.sending import note_answer
from staff.roles import Role

MANAGE_CHANNELS, MANAGE_ROSTER = "staff.manage_channels", "staff.manage_roster"
ACKNOWLEDGE = "staff.acknowledge_reminder"
ADDED = EventKind("channel.added", gettext_lazy("Channel added"), "add_alert", Tone.PLAIN)


class ServesForm(forms.Form):
    """What a channel carries, and to whom."""

    name = forms.CharField(label=gettext_lazy("Channel"), max_length=64)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("For roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: all."),
    )
    reminders = forms.MultipleChoiceField(
        label=gettext_lazy("For kinds of reminder"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: all."),
    )

    unit = forms.ModelChoiceField(
        label=gettext_lazy("For unit"),
        queryset=Unit.objects.filter(active=True),
        required=False,
        empty_label=gettext_lazy("every unit"),
        help_text=gettext_lazy("With all below it."),
    )

    def __init__(self, *args: Any, channel: Channel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel = channel
        if not Unit.objects.filter(parent__isnull=False).exists():
            del self.fields["unit"]  # the head office is alone
        choices = self.fields["reminders"]
        choices.choices = [(kind.code, kind.title) for kind in REMINDERS]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Channel.objects.exclude(pk=self.channel.pk) if self.channel else Channel.objects.all()
        if others.filter(name=name).exists():
            raise forms.ValidationError(_("There is a channel of this name already."))
        return name


class NewChannelForm(ServesForm):
    field_order = ("name", "kind")
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ChannelKind.choices)


def add(person: User, data: Mapping[str, Any]) -> Channel:
    """A channel without an address, which carries nothing yet."""
    with transaction.atomic():
        channel = Channel.objects.create(
            name=data["name"],
            kind=data["kind"],
            roles=data["roles"],
            reminders=data["reminders"],
            unit=data.get("unit"),
        )
        details = {"kind": channel.kind, "roles": channel.roles, "reminders": channel.reminders}
        record(chain=channel.audit_chain, event=ADDED, subject=channel, actor=person, details=details)
    return channel


class AddressField(SecretField):
    """A robot's webhook, of which the host may be seen."""

    def told(self, value: str) -> str:
        return f"https://{urlsplit(value or '').hostname}/…" if value else super().told(value)


class RobotForm(forms.Form):
    """Where a group's robot is, and what it signs with."""

    address = AddressField(
        label=gettext_lazy("Webhook address"),
        max_length=512,
        help_text=gettext_lazy(
            "As the group's settings show it, key included. It is stored encrypted and never shown."
        ),
    )
    secret = SecretField(
        label=gettext_lazy("Signing secret"),
        max_length=256,
        required=False,
        help_text=gettext_lazy("Where the robot is set to check signatures (加签, 签名校验)."),
    )

    def __init__(self, *args: Any, kind: ChannelKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind == ChannelKind.WECOM:
            del self.fields["secret"]  # its robots sign nothing

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if trouble := address_trouble(self.kind, address):
            raise forms.ValidationError(trouble)
        return address


class MailForm(forms.Form):
    """To whom an e-mail channel writes."""

    address = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        max_length=512,
        required=False,
        help_text=gettext_lazy(
            "Separated by commas. Empty: whoever is told, on duty or by role, at the address of their account."
        ),
    )

    def clean_address(self) -> str:
        given = [one.strip() for one in self.cleaned_data["address"].replace("，", ",").split(",") if one.strip()]
        for one in given:
            validate_email(one)
        return ", ".join(given)


class ChannelDecision(Decision[Channel]):
    permission = MANAGE_CHANNELS
    model = Channel


class SetAddress(ChannelDecision):
    """Where it leads, secret included: from then on it is in use. Whoever sets it could read what staff are told, so
    another person confirms it."""

    name = "set_address"
    label = gettext_lazy("Set the address and use it")
    confirm_permission = CONFIRM_CHANGE
    event = EventKind("channel.address_set", gettext_lazy("Address of the channel set"), "link", Tone.WARNING)

    def form(self, case: Channel, data: Any = None, files: Any = None) -> forms.Form:
        kind = ChannelKind(case.kind)
        if kind.is_robot:
            return RobotForm(data, files, kind=kind)
        return MailForm(data, files, initial={"address": case.address})

    def consequence(self, case: Channel) -> str:
        return _("Whoever reads what comes out there learns kinds of matter, our numbers, deadlines and links.")

    def perform(self, case: Channel, person: User, data: dict[str, Any]) -> None:
        case.address, case.secret, case.active = data["address"], data.get("secret", ""), True
        case.worked_at = case.failed_at = None
        case.failure = ""


class ChangeChannel(ChannelDecision):
    name = "change"
    label = gettext_lazy("Change what it carries")
    event = EventKind("channel.changed", gettext_lazy("Channel changed"), "tune")
    detail_names = {
        "reminders": Detail(gettext_lazy("kinds of reminder"), text=title_of),
        "for_unit": Detail(gettext_lazy("for unit")),
    }

    def initial(self, case: Channel) -> Mapping[str, Any]:
        return {"name": case.name, "roles": case.roles, "reminders": case.reminders, "unit": case.unit_id}

    def form(self, case: Channel, data: Any = None, files: Any = None) -> forms.Form:
        return ServesForm(data, files, initial=dict(self.initial(case)), channel=case)

    def perform(self, case: Channel, person: User, data: dict[str, Any]) -> None:
        case.name, case.roles, case.reminders = data["name"], data["roles"], data["reminders"]
        case.unit = data.get("unit")

    def details(self, case: Channel, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"roles": case.roles, "reminders": case.reminders, "for_unit": str(case.unit or "")}


class TryChannel(ChannelDecision):
    """A message that says nothing leaves once the decision is committed, and the person sees what came back."""

    name = "test"
    label = gettext_lazy("Send a test")
    event = EventKind("channel.tested", gettext_lazy("Channel tested"), "experiment")

    def obstacle(self, case: Channel, person: User) -> str | None:
        return None if case.can_be_used else Inapplicable(_("It has no address yet."))

    def consequence(self, case: Channel) -> str:
        if case.kind == ChannelKind.EMAIL and not case.address:
            return _("A message that says it is a test is mailed to you.")
        return _("A message that says it is a test goes out there, and what comes back is shown to you.")

    def perform(self, case: Channel, person: User, data: dict[str, Any]) -> None:
        case.tester = person

    def done(self, case: Channel) -> str:
        text = texts.trial()
        try:
            answer = channels.send(case, text, text, [case.tester] if case.tester else [])
        except NotPosted as refused:
            note_answer(case, str(refused), clock.now(), worked=False)
            return _("It did not get through: %(answer)s") % {"answer": refused}
        note_answer(case, answer, clock.now(), worked=True)
        return _("It got through, and was answered: %(answer)s") % {"answer": answer}


class StopChannel(ChannelDecision):
    name = "stop"
    label = gettext_lazy("Take out of use")
    event = EventKind("channel.stopped", gettext_lazy("Channel taken out of use"), "notifications_off", Tone.OVER)

    def obstacle(self, case: Channel, person: User) -> str | None:
        return None if case.active else Inapplicable(_("It is not in use."))

    def perform(self, case: Channel, person: User, data: dict[str, Any]) -> None:
        case.active = False


class ResumeChannel(ChannelDecision):
    """With the address that it has."""

    name = "resume"
    label = gettext_lazy("Use again")
    event = EventKind("channel.resumed", gettext_lazy("Channel used again"), "notifications_active", Tone.GOOD)

    def obstacle(self, case: Channel, person: User) -> str | None:
        if case.active:
            return Inapplicable(_("It is in use."))
        return None if case.can_be_used else Inapplicable(_("It has no address yet."))

    def perform(self, case: Channel, person: User, data: dict[str, Any]) -> None:
        case.active = True


class Acknowledge(Decision[Reminder]):
    """Somebody whom it concerns has taken note: nobody else is told."""

    name = "acknowledge"
    label = gettext_lazy("I have taken note")
    permission = ACKNOWLEDGE
    model = Reminder
    transition = "acknowledge"
    event = EventKind("reminder.acknowledged", gettext_lazy("Acknowledged"), "done_all", Tone.GOOD)

    def obstacle(self, case: Reminder, person: User) -> str | None:
        told = case.sendings.filter(person=person).exists() or person in roster.on_duty(clock.today())
        if told or person.is_superuser or {Role.MANAGER, Role(case.role)} & set(person.roles):
            return None
        return _("Whoever is on duty, is of the role or is a manager acknowledges this.")

    def consequence(self, case: Reminder) -> str:
        return _("Nobody else is told of it. The matter itself stays to be dealt with.")

    def perform(self, case: Reminder, person: User, data: dict[str, Any]) -> None:
        case.acknowledged_by, case.closed_at, case.pass_on_at = person, clock.now(), None


CHANNEL_DECISIONS: list[Decision[Any]] = [
    TryChannel(),
    SetAddress(),
    ChangeChannel(),
    StopChannel(),
    ResumeChannel(),
]
REMINDER_DECISIONS: list[Decision[Any]] = [Acknowledge()]
