"""What is decided about a proposal: it is confirmed, changed into another, returned, or taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from staff import clock, proposals
from staff.decisions import Decision, Inapplicable, reason_details
from staff.models import Proposal, User
from staff.reasons import OTHER, ListedReasonForm
from staff.word_lists import Word, WordList

VIEW, VIEW_CHANGES = "staff.view_proposal", "staff.view_changerequest"
RETURNING = WordList(
    code="returning",
    label=gettext_lazy("Reasons for returning what was proposed"),
    used_for=gettext_lazy("Returning what another person proposed."),
    source=gettext_lazy("Our proposal, from the practice of the trade."),
    words=(
        Word("P01", gettext_lazy("The grounds do not suffice")),
        Word("P02", gettext_lazy("Something in it is wrong")),
        Word("P03", gettext_lazy("A paper is missing")),
        Word("P04", gettext_lazy("Another way of dealing with it is needed")),
        Word("P99", OTHER, needs_words=True),
    ),
)


class ProposalDecision(Decision[Proposal]):
    """A decision on a proposal; who may take it follows from the proposal, and the permission opens the page alone."""

    permission = VIEW
    model = Proposal

    def permits(self, case: Proposal, person: User) -> bool:
        """An administrator sees changes of data alone, and takes back what they proposed."""
        return person.has_perm(VIEW_CHANGES if case.on_data else VIEW)

    def lock(self, pk: int) -> Proposal:
        return proposals.locked(pk)

    def perform(self, case: Proposal, person: User, data: dict[str, Any]) -> None:
        case.decided_by, case.decided_at, case.note = person, clock.now(), str(data.get("reason", ""))

    def record(self, case: Proposal, person: User, data: Mapping[str, Any], from_state: str, to_state: str) -> None:
        proposals.tell_trail(case, self.event, person, str(data.get("reason", "")), reason_details(data))


class ConfirmProposal(ProposalDecision):
    """The decision is taken, by the proposer's hand and this person's."""

    name = "confirm"
    label = gettext_lazy("Confirm")
    transition = "confirm"
    event = proposals.CONFIRMED

    def obstacle(self, case: Proposal, person: User) -> str | None:
        return proposals.obstacle_to(case, person)

    def consequence(self, case: Proposal) -> str:
        subject, decision = case.case, proposals.decision_of(case)
        text = _("What is proposed happens now: %(decision)s.") % {"decision": decision.label}
        return f"{text} {decision.consequence(subject)}".strip()

    def perform(self, case: Proposal, person: User, data: dict[str, Any]) -> None:
        super().perform(case, person, data)
        proposals.confirm(case, person)

    def done(self, case: Proposal) -> str:
        decision = proposals.decision_of(case)
        return decision.done(case.case)


class ChangeProposal(ProposalDecision):
    """Another person who may proposes something else in its place; a third, or whoever proposed first, confirms it."""

    name = "change"
    label = gettext_lazy("Change and propose anew")
    transition = "change"
    event = proposals.CHANGED

    def obstacle(self, case: Proposal, person: User) -> str | None:
        decision = proposals.decision_of(case)
        if not person.has_perm(decision.permission):
            return Inapplicable(_("Somebody of another role proposes this."))
        return decision.why_not(case.case, person)

    def consequence(self, case: Proposal) -> str:
        return _("Your proposal stands in place of this one, and another person confirms it.")

    def form(self, case: Proposal, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The decision's own, filled in as the proposal has it; files that are not handed in anew stay."""
        proposed = proposals.form_of(case)
        if data is None:
            form = proposals.decision_of(case).form(case.case)
            # What is hidden says what the person looks at: the case as it is now, and not as it was then.
            shown = [name for name, field in form.fields.items() if not field.widget.is_hidden]
            form.initial.update({name: proposed.data.get(name) for name in shown if name in proposed.data})
            for name in proposed.files:
                form.fields[name].required = False
            return form
        kept = proposed.files.copy()
        for name in files or {}:
            kept.setlist(name, files.getlist(name))
        return proposals.decision_of(case).form(case.case, data, kept)

    def carry_out(self, case: Proposal, person: User, data: dict[str, Any], proposer: User | None = None) -> None:
        super().carry_out(case, person, data, proposer)
        proposals.propose(proposals.decision_of(case), case.subject_id, person, data["form"], replaces=case)


class ReturnForm(ListedReasonForm):
    word_list = RETURNING


class ReturnProposal(ProposalDecision):
    name = "return"
    label = gettext_lazy("Return")
    form_class = ReturnForm
    final = True
    transition = "send_back"
    event = proposals.RETURNED

    def obstacle(self, case: Proposal, person: User) -> str | None:
        if not person.has_perm(case.permission):
            return Inapplicable(_("Somebody of another role decides on this."))
        if case.proposed_by_id == person.pk:
            return Inapplicable(_("You proposed this; you can withdraw it."))
        return None


class WithdrawProposal(ProposalDecision):
    name = "withdraw"
    label = pgettext_lazy("what one asked for", "Withdraw")
    final = True
    transition = "withdraw"
    event = proposals.WITHDRAWN

    def obstacle(self, case: Proposal, person: User) -> str | None:
        if case.proposed_by_id != person.pk:
            return Inapplicable(_("Only whoever proposed it can withdraw it."))
        return None


PROPOSAL_DECISIONS: list[Decision[Any]] = [ConfirmProposal(), ChangeProposal(), ReturnProposal(), WithdrawProposal()]
