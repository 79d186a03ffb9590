"""The wrapper that every decision of every room passes: lock, permission, obstacles, decision; one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from staff.audit import history, last_number, record
from staff.duties import Duty, Profile, parted_from
from staff.events import Detail, EventKind
from staff.looks import Tone
from staff.models import AuditEntry, User
from staff.offered import Offered
from staff.parameters import PROFILE, read_together
from staff.units import covers

Case = TypeVar("Case", bound=models.Model)


class DecisionRefused(Exception):
    """A decision that cannot be taken; `str()` of it tells the person why and what to do."""


class NotPermitted(DecisionRefused):
    """The person does not hold the permission."""


class NotPossible(DecisionRefused):
    """The case, or what this person already did on it, does not allow the decision now."""


class NeedsAnother(DecisionRefused):
    """Another person must confirm it: it is proposed (`staff.proposals`) and not taken."""


class Inapplicable(str):
    """An obstacle that lies in where the case stands, or in something done already.

    The page of the case leaves such a decision out; any other obstacle stands there beside its greyed decision, since
    somebody could wait for it or remove it.
    """


#: Written by `staff.proposals`; its details say what was proposed.
PROPOSED = EventKind("proposal.made", _("Proposed"), "pending_actions", Tone.WAITS)


class ConfirmForm(forms.Form):
    """Asks for nothing: the decision needs only to be confirmed."""


class ReasonForm(forms.Form):
    """Asks why. 255 characters are what failReason of PREP102 holds."""

    reason = forms.CharField(label=_("Reason"), max_length=255, widget=forms.Textarea(attrs={"rows": 3}), strip=True)


class Decision(Generic[Case]):
    """One thing that staff decide about one kind of case.

    A subclass says what the decision is called, who may take it, what it asks for (`form_class`, whose cleaned data
    reach `perform`), what stands in its way (`obstacle`), which transition it takes, and which event of the trail it
    is. `take` fixes the steps, in one transaction: the lock; permission, obstacles, and whether the case is as the
    person saw it; `perform`; the transition; the entry in the trail, with the states before and after; `follow`.
    """

    name: ClassVar[str]
    label: ClassVar[Any]
    permission: ClassVar[str]
    model: type[Case]
    form_class: type[forms.Form] = ConfirmForm
    #: A decision that ends something is shown apart and asks twice.
    final: ClassVar[bool] = False
    #: It only adds to what is kept with the case: offered there, and not among what waits for a person.
    keeps: ClassVar[bool] = False
    #: The transition of the case, a method's name; empty where the state stays as it is.
    transition: ClassVar[str] = ""
    #: What the person is told once it is taken, where there is more to say than that it is done.
    outcome: ClassVar[Any] = ""
    event: ClassVar[EventKind]
    #: What else it may write into the trail: of a failure, or by the kind of case.
    other_events: ClassVar[tuple[EventKind, ...]] = ()
    #: What the details are called that this decision alone gives, by their name in the trail.
    detail_names: ClassVar[Mapping[str, Detail]] = {}
    #: Whoever holds it confirms what another person proposes; empty where one person decides alone.
    confirm_permission: ClassVar[str] = ""
    #: What else `second_permission` may ask for, by what the form says.
    other_confirm_permissions: ClassVar[tuple[str, ...]] = ()
    #: The duty of whoever confirms; that of whoever decides or proposes stands with the event.
    confirm_duty: ClassVar[Duty | None] = None
    #: Whose own matter it never decides, as its `obstacle` sees to: completes "never …".
    never_by: ClassVar[Any] = ""
    #: The fields of the form that say something personal: shown whole to those who may propose or confirm alone.
    personal_fields: ClassVar[frozenset[str]] = frozenset()

    def second_permission(self, case: Case, data: Mapping[str, Any]) -> str:
        """The permission of whoever must confirm what the form says; "" where one person decides it alone."""
        return self.confirm_permission

    @classmethod
    def confirm_permissions(cls) -> tuple[str, ...]:
        """Every permission by which somebody may confirm it; none where one person always decides alone."""
        return tuple(filter(None, (cls.confirm_permission, *cls.other_confirm_permissions)))

    def lock(self, pk: int) -> Case:
        """The case as it stands in the database, locked until the transaction ends.

        A fresh read, since django-fsm trusts the state it has in memory; never `refresh_from_db`, which switches the
        state field's protection off for all threads while it runs.
        """
        return self.model._default_manager.select_for_update().get(pk=pk)

    def obstacle(self, case: Case, person: User) -> str | None:
        """Why the case does not allow this now, as a sentence for the person; None where it does.

        Inapplicable where it is not this decision's turn at all. That the state allows the transition is known.
        """
        return None

    def consequence(self, case: Case) -> str:
        """What the platform will be told, as a sentence shown with the form; empty where nothing."""
        return ""

    def called(self, case: Case) -> str:
        """By what people know the case, in a list of what waits for them."""
        return str(case)

    def initial(self, case: Case) -> Mapping[str, Any]:
        """What the form starts with."""
        return {}

    def form(self, case: Case, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The form for this case, bound where `data` is given."""
        return self.form_class(data, files, initial=dict(self.initial(case)))

    def perform(self, case: Case, person: User, data: dict[str, Any]) -> None:
        """Writes down what was decided, before the transition: called with the case locked, inside the transaction.

        What it makes and the later steps need, it puts into `data`.
        """

    def reason(self, case: Case, data: Mapping[str, Any]) -> str:
        """What the trail gives as the reason."""
        return str(data.get("reason", ""))

    def details(self, case: Case, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """What else the trail tells: JSON values, and never personal data. Asked for after the transition."""
        return {}

    def record(self, case: Case, person: User, data: Mapping[str, Any], from_state: str, to_state: str) -> None:
        """Writes the entry in the trail; both states are empty where the decision takes no transition."""
        record(
            chain=case.audit_chain,  # type: ignore[attr-defined]
            event=self.event_of(case),
            subject=self.subject(case),
            actor=person,
            from_state=from_state,
            to_state=to_state,
            reason=self.reason(case, data),
            details={**self.details(case, data), **reason_details(data), **data.get("proposal_details", {})},
        )

    def events(self) -> tuple[EventKind, ...]:
        """Every kind of event that it may write into the trail."""
        return (self.event, *self.other_events)

    def event_of(self, case: Case) -> EventKind:
        """One of `event` and `other_events`."""
        return self.event

    def subject(self, case: Case) -> models.Model:
        """What the trail's entry is about."""
        return case

    def follow(self, case: Case, person: User, data: dict[str, Any]) -> None:
        """What follows from the decision, in the same transaction: rows, messages, other cases' transitions."""

    def done(self, case: Case) -> str:
        """What the person is told once the decision is committed."""
        return str(self.outcome or _("%(decision)s: done.") % {"decision": self.label})

    def why_not(self, case: Case, person: User) -> str | None:
        """The first reason against the decision, beside the permission: where the case stands, or an obstacle."""
        if self.transition and not can_proceed(getattr(case, self.transition), check_conditions=False):
            return where_it_stands(case)
        return self.obstacle(case, person) or duty_obstacle(case, person, self.event.duty)

    def permits(self, case: Case, person: User) -> bool:
        """Whether the person's roles allow the decision."""
        return person.has_perm(self.permission)

    def check(self, case: Case, person: User, seen: int | None = None) -> None:
        """Raises DecisionRefused where the person may not take this decision on the case as it is in memory.

        `seen` is the number of the last entry in the trail when the person looked. So a form that is sent twice counts
        once, even where the decision leaves the state as it was (a part payment), and nobody decides on what changed
        meanwhile.
        """
        if not self.permits(case, person):
            raise NotPermitted(_("Your role does not allow this: %(decision)s.") % {"decision": self.label})
        if not covers(person, case):
            raise NotPermitted(_("This is another unit's; you decide on what is your unit's and those below it."))
        if reason := self.why_not(case, person):
            raise NotPossible(reason)
        if seen is not None and last_number(case.audit_chain) != seen:  # type: ignore[attr-defined]
            raise NotPossible(
                _("Something happened on this case since you opened the form. Look at it again, then decide.")
            )

    def is_open_to(self, case: Case, person: User) -> bool:
        """Whether the person may take this decision on the case as it is in memory."""
        return self.permits(case, person) and covers(person, case) and self.why_not(case, person) is None

    def take(self, pk: int, person: User, data: Mapping[str, Any] | None = None, *, seen: int | None = None) -> Case:
        """Takes the decision, or raises DecisionRefused and changes nothing. `data` are what its form gives back."""
        with transaction.atomic():
            case, given = self.lock(pk), dict(data or {})
            with read_together():
                self.check(case, person, seen)
                if self.second_permission(case, given):
                    raise NeedsAnother(_("Another person must confirm this; it can only be proposed."))
                self.carry_out(case, person, given)
        return case

    def carry_out(self, case: Case, person: User, data: dict[str, Any], proposer: User | None = None) -> None:
        """The steps after the check: under the lock, inside the transaction. `person` is who takes the decision or
        confirms it; what it makes names the `proposer` as its maker, where there is one, and `data["confirmed_by"]` as
        who confirmed."""
        if proposer:
            data["confirmed_by"] = person
        self.perform(case, proposer or person, data)
        from_state = to_state = ""
        if self.transition:
            from_state = case.state  # type: ignore[attr-defined]
            getattr(case, self.transition)()
            to_state = case.state  # type: ignore[attr-defined]
        self.record(case, person, data, from_state, to_state)
        self.follow(case, person, data)
        case.save()


def reason_details(data: Mapping[str, Any]) -> dict[str, str]:
    """What the trail says of a reason that was chosen from a list of words."""
    return {"reason_code": data["reason_code"]} if data.get("reason_code") else {}


#: What platforms and clocks do; what staff do, each decision says itself.
EVENTS: Offered[EventKind] = Offered("EVENTS", EventKind, known_by=lambda kind: kind.code)
DECISIONS: Offered[Decision[Any]] = Offered(
    "DECISIONS", Decision, known_by=lambda decision: f"{decision.model._meta.label} {decision.name}"
)


def decisions_on(model: type[models.Model]) -> list[Decision[Any]]:
    """Every decision there is on such a case, of whichever room."""
    return [decision for decision in DECISIONS if decision.model is model]


def event_kinds() -> dict[str, EventKind]:
    """Every kind of event that is written in the trail, by its code there."""
    return {kind.code: kind for kind in (*EVENTS, *(kind for decision in DECISIONS for kind in decision.events()))}


def permissions_for(duty: Duty) -> set[str]:
    """Every permission by which somebody does it: decides, proposes, confirms, or brings it about without a case."""
    decided = {decision.permission for decision in DECISIONS if duty in {kind.duty for kind in decision.events()}}
    confirmed = {name for one in DECISIONS if one.confirm_duty is duty for name in one.confirm_permissions()}
    return decided | confirmed | {kind.permission for kind in EVENTS if kind.duty is duty and kind.permission}


def duties_done(chain: str, person: User) -> set[Duty]:
    """What this person did on a case, in any of its rounds, as the trail has it."""
    kinds, confirming = event_kinds(), {decision.event.code: decision.confirm_duty for decision in DECISIONS}
    done: set[Duty | None] = set()
    for event, details in AuditEntry.objects.filter(chain=chain, actor=person).values_list("event", "details"):
        if event == PROPOSED.code:
            event = details.get("proposed_event", "")
            done.add(kinds[event].duty if event in kinds else None)
        elif "proposed_by" in details:
            done.add(confirming.get(event))
        elif event in kinds:
            done.add(kinds[event].duty)
    return {duty for duty in done if duty}


def duty_obstacle(case: models.Model, person: User, duty: Duty | None) -> str | None:
    """Why this duty on the case must be another person's; None where it need not."""
    if duty is None or not (parted := parted_from(duty, Profile(PROFILE.value()))):
        return None
    done = parted & duties_done(case.audit_chain, person)  # type: ignore[attr-defined]
    return _("On this case you %(duty)s; another person must do this.") % {"duty": min(done).label} if done else None


def state_obstacle(case: Any, *allowed: str) -> Inapplicable | None:
    """Where the case stands, unless in one of the `allowed` states."""
    return None if case.state in allowed else where_it_stands(case)


def _last_move(case: Any) -> AuditEntry | None:
    """What brought the case into its state; looked up once for all the decisions that a page asks."""
    known: dict[str, AuditEntry | None] = case.__dict__.setdefault("_moves_by_state", {})
    if case.state not in known:
        known[case.state] = history(case).exclude(to_state="").last()
    return known[case.state]


def where_it_stands(case: Any) -> Inapplicable:
    """That its state does not allow a decision, and who brought it there."""
    last = _last_move(case)
    if last is None:
        return Inapplicable(gettext("Not possible: the state is “%(state)s”.") % {"state": case.get_state_display()})
    return Inapplicable(
        gettext("Not possible any more: the state is “%(state)s” since %(time)s, by %(person)s.")
        % {
            "state": case.get_state_display(),
            "time": date_format(timezone.localtime(last.at), "DATETIME_FORMAT"),
            "person": last.actor_name,
        }
    )
