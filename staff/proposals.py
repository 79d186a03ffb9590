"""What two people do: one proposes a decision, another who may confirms it, and only then anything happens.

A proposal keeps what the decision's form was given. At its confirmation the form is read and the obstacles are judged
anew, under the case's lock; whoever proposed it never confirms it, under no profile and no setting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import clock
from staff.audit import record
from staff.decisions import (
    DECISIONS,
    PROPOSED,
    Decision,
    Inapplicable,
    NotPossible,
    duty_obstacle,
)
from staff.events import Detail, EventKind
from staff.looks import Text, Tone
from staff.models import AuditEntry, Proposal, ProposalState, User
from staff.parameters import Parameter, ParameterGroup
from staff.stored_files import Document, store, stored
from staff.units import covers

#: Of whoever confirms changes of data by which decisions are guided.
CONFIRM_CHANGE = "staff.confirm_change"
WAITS: Parameter[int] = Parameter(
    code="authority.proposal_days",
    label=gettext_lazy("Days after which a proposal lapses"),
    group=ParameterGroup.AUTHORITY,
    field=lambda: forms.IntegerField(min_value=1, max_value=90),
    default=14,
    source=gettext_lazy("Our proposal; no rule says it."),
    help=gettext_lazy("What was proposed before keeps its day."),
)

RETURNED = EventKind("proposal.returned", gettext_lazy("Proposal returned"), "undo", Tone.BAD)
WITHDRAWN = EventKind("proposal.withdrawn", gettext_lazy("Proposal withdrawn"), "cancel", Tone.OVER)
CHANGED = EventKind("proposal.changed", gettext_lazy("Proposal changed by another person"), "edit", Tone.WAITS)
LAPSED = EventKind("proposal.lapsed", gettext_lazy("Proposal lapsed"), "timer_off", Tone.OVER)
CONFIRMED = EventKind("proposal.confirmed", gettext_lazy("Proposal confirmed"), "how_to_reg", Tone.GOOD)
EVENTS = [PROPOSED, LAPSED]


def decision_label(name: str) -> Text:
    """What a decision is called, by the key that a proposal keeps."""
    found = _called(name)
    return found.label if found else name


DETAILS = {
    "proposed_event": Detail("", is_shown=False),  # by which duties are known; people read the decision's name
    "proposed_decision": Detail(gettext_lazy("proposed"), text=decision_label),
    "proposed_by": Detail(gettext_lazy("proposed by")),
    "proposal": Detail(gettext_lazy("proposal")),
    "seen_digest": Detail(gettext_lazy("digest of what the proposer had seen")),
}


def key_of(decision: Decision[Any]) -> str:
    """By what a proposal names its decision: "guarantees.refund pay"."""
    return f"{decision.model._meta.label_lower} {decision.name}"


def decision_of(proposal: Proposal) -> Decision[Any]:
    """LookupError where no room offers it any more."""
    found = _called(proposal.decision)
    if found is None:
        raise LookupError(f"No decision is called {proposal.decision!r}.")
    return found


def _called(key: str) -> Decision[Any] | None:
    return next((decision for decision in DECISIONS if key_of(decision) == key), None)


def waiting_on(case: models.Model) -> models.QuerySet[Proposal]:
    """What waits for another person on this case."""
    return Proposal.objects.waiting().on(case).select_related("proposed_by")


def twin_obstacle(decision: Decision[Any], waiting: Iterable[Proposal]) -> str | None:
    """The same decision waits already, among what `waiting_on` gives."""
    twin = next((proposal for proposal in waiting if proposal.decision == key_of(decision)), None)
    if twin is None:
        return None
    return _("%(person)s proposed this already: it is confirmed, changed, returned or withdrawn first.") % {
        "person": twin.proposed_by
    }


def decide(decision: Decision[Any], pk: int, person: User, form: forms.BaseForm, *, seen: int | None = None) -> str:
    """Takes the decision as the bound, valid form says, or proposes it where another person must confirm it; what the
    person is told. Raises DecisionRefused and changes nothing where neither can be."""
    case = decision.model._default_manager.get(pk=pk)
    if decision.second_permission(case, form.cleaned_data):
        propose(decision, pk, person, form, seen=seen)
        return _("%(decision)s: proposed. Nothing has happened yet; another person confirms it.") % {
            "decision": decision.label
        }
    return decision.done(decision.take(pk, person, {**form.cleaned_data, "form": form}, seen=seen))


def propose(
    decision: Decision[Any],
    pk: int,
    person: User,
    form: forms.BaseForm,
    *,
    seen: int | None = None,
    replaces: Proposal | None = None,
) -> Proposal:
    """Proposes what the bound, valid form says; raises DecisionRefused and changes nothing where it may not.

    `replaces` is the proposal in whose place it stands, locked; it was moved out of the way already.
    """
    kept_files = {name: _keep(form.cleaned_data[name]) for name in _file_fields(form) if form.cleaned_data.get(name)}
    try:
        with transaction.atomic():
            case = decision.lock(pk)
            decision.check(case, person, seen)
            permission = decision.second_permission(case, form.cleaned_data)
            if not permission:
                raise NotPossible(_("This is decided by one person; nobody need confirm it."))
            if reason := twin_obstacle(decision, waiting_on(case)):
                raise NotPossible(reason)
            chain: str = case.audit_chain
            last = AuditEntry.objects.filter(chain=chain).order_by("-number").first()
            now = clock.now()
            proposal = Proposal.objects.create(
                decision=key_of(decision),
                subject_type=case._meta.label_lower,
                subject_id=case.pk,
                case_text=decision.called(case)[:128],
                chain=chain,
                on_data=permission == CONFIRM_CHANGE,
                permission=permission,
                data=_given(form),
                files=kept_files,
                seen=last.number if last else 0,
                seen_digest=last.digest if last else "",
                proposed_by=person,
                proposed_at=now,
                until=now + timedelta(days=WAITS.value()),
                replaces=replaces,
            )
            record(
                chain=chain,
                event=PROPOSED,
                subject=case,
                actor=person,
                reason=decision.reason(case, form.cleaned_data),
                details={
                    "proposed_decision": proposal.decision,
                    "proposed_event": decision.event.code,
                    "proposal": proposal.pk,
                    "seen_digest": proposal.seen_digest,
                },
            )
    except IntegrityError as error:
        raise NotPossible(_("The same was proposed at this moment. Look at it again.")) from error
    return proposal


def form_of(proposal: Proposal, case: models.Model | None = None) -> forms.BaseForm:
    """The decision's form as the proposal fills it in, bound."""
    files: MultiValueDict[str, UploadedFile[Any]] = MultiValueDict()
    for name, kept in proposal.files.items():
        if file := stored(Document(kept["path"], kept["digest"]), kept["name"]):
            files[name] = file
    data: MultiValueDict[str, str] = MultiValueDict(proposal.data)
    return decision_of(proposal).form(case or proposal.case, data, files)


def obstacle_to(proposal: Proposal, person: User) -> str | None:
    """Why this person may not confirm it now, or nobody may."""
    if not person.has_perm(proposal.permission):
        return Inapplicable(_("Somebody of another role confirms this."))
    if proposal.proposed_by_id == person.pk:
        return _("You proposed this; another person must confirm it.")
    if proposal.until <= clock.now():
        return _("Its time is over; it is to be proposed anew.")
    decision, case = decision_of(proposal), proposal.case
    form = form_of(proposal, case)
    if not form.is_valid():
        return _("What is proposed does not hold any more: %(errors)s") % {"errors": _errors(form)}
    permission = decision.second_permission(case, form.cleaned_data)
    if not permission:
        return _("This is decided by one person; nobody need confirm it.")
    if permission != proposal.permission:
        return _("Somebody of another role must confirm this now; it is to be proposed anew.")
    if not _may_propose(proposal.proposed_by, decision, case):
        return _("Whoever proposed this may not propose it any more; it is to be proposed anew.")
    if _is_overtaken(proposal, decision):
        return _("It was changed since this was proposed; look at it again.")
    # Judged for the proposer, whose decision it is; the confirmer is asked for what concerns them alone. That it is
    # not this decision's turn any more is said here, where somebody waits for it.
    if reason := decision.why_not(case, proposal.proposed_by):
        return str(reason)
    return duty_obstacle(case, person, decision.confirm_duty)


def _may_propose(person: User, decision: Decision[Any], case: models.Model) -> bool:
    return person.is_active and person.has_perm(decision.permission) and covers(person, case)


def _is_overtaken(proposal: Proposal, decision: Decision[Any]) -> bool:
    """Data that were changed by another road meanwhile, at the command line: what is proposed would undo that."""
    since = AuditEntry.objects.filter(chain=proposal.chain, number__gt=proposal.seen, event=decision.event.code)
    return proposal.on_data and since.exists()


def confirm(proposal: Proposal, person: User) -> None:
    """Takes the decision, which `obstacle_to` has judged under the locks that are still held."""
    case = proposal.case
    form = form_of(proposal, case)
    if not form.is_valid():
        raise NotPossible(_("What is proposed does not hold any more: %(errors)s") % {"errors": _errors(form)})
    details = {"proposal": proposal.pk, "proposed_by": str(proposal.proposed_by)}
    data = {**form.cleaned_data, "proposal_details": details}
    decision_of(proposal).carry_out(case, person, data, proposer=proposal.proposed_by)


def lapse_due() -> int:
    """Lets lapse what nobody decided in time, and what the case came past; how many there were."""
    lapsed = 0
    for found in Proposal.objects.waiting().select_related("proposed_by"):
        if why_lapsed(found) is None:
            continue
        with transaction.atomic():
            proposal = locked(found.pk)
            reason = why_lapsed(proposal)
            if proposal.state == ProposalState.PROPOSED and reason is not None:
                proposal.lapse()
                proposal.decided_at = clock.now()
                proposal.save()
                tell_trail(proposal, LAPSED, None, reason)
                lapsed += 1
    return lapsed


def why_lapsed(proposal: Proposal) -> str | None:
    """Why it can be confirmed by nobody any more, "" where its time alone is over; None where it can."""
    if proposal.until <= clock.now():
        return ""
    reason = decision_of(proposal).why_not(proposal.case, proposal.proposed_by)
    return str(reason) if isinstance(reason, Inapplicable) else None


def locked(pk: int) -> Proposal:
    """A proposal, locked together with its case in the order in which all lock them: the case first."""
    proposal = Proposal.objects.get(pk=pk)
    decision_of(proposal).lock(proposal.subject_id)
    return Proposal.objects.select_for_update(of=("self",)).select_related("proposed_by").get(pk=pk)


def tell_trail(
    proposal: Proposal, event: EventKind, person: User | None, reason: str = "", more: Mapping[str, str] | None = None
) -> None:
    """What became of a proposal stands in the trail of its case; the case's own state is not touched by it."""
    record(
        chain=proposal.chain,
        event=event,
        subject=proposal.case,
        actor=person,
        reason=reason,
        details={"proposed_decision": proposal.decision, "proposal": proposal.pk, **(more or {})},
    )


def _errors(form: forms.BaseForm) -> str:
    return " ".join(
        f"{form.fields[name].label if name in form.fields else ''} {error}".strip()
        for name, errors in form.errors.items()
        for error in errors
    )


def _file_fields(form: forms.BaseForm) -> list[str]:
    return [name for name, field in form.fields.items() if isinstance(field, forms.FileField)]


def _keep(upload: UploadedFile[Any]) -> dict[str, str]:
    document = store("proposals", upload)
    return {"path": document.path, "digest": document.digest, "name": str(upload.name)}


def _given(form: forms.BaseForm) -> dict[str, list[str]]:
    """What the form was given, field by field, as the browser sends it."""
    given: dict[str, list[str]] = {}
    for name, field in form.fields.items():
        if isinstance(field, forms.FileField):
            continue
        key = form.add_prefix(name)
        value = field.widget.value_from_datadict(form.data, form.files, key)
        values = value if isinstance(value, (list, tuple)) else [value]
        given[key] = [_text(one) for one in values if one is not None and one is not False]
    return {name: values for name, values in given.items() if values}


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(clock.CHINA).strftime("%Y-%m-%dT%H:%M:%S")
    return value.isoformat() if isinstance(value, date) else str(getattr(value, "pk", value))
