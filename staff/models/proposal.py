"""What one person proposes and another confirms."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from staff.encryption import EncryptedJSONField
from staff.models.account import User


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", _("to be confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    CHANGED = "changed", _("changed by another proposal")
    RETURNED = "returned", _("returned")
    WITHDRAWN = "withdrawn", _("taken back")
    LAPSED = "lapsed", _("lapsed")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def waiting(self) -> ProposalQuerySet:
        return self.filter(state=ProposalState.PROPOSED)

    def on(self, case: models.Model) -> ProposalQuerySet:
        return self.filter(subject_type=case._meta.label_lower, subject_id=case.pk)


class Proposal(models.Model):
    """A decision that waits for another person: nothing moves, is reserved or told before that.

    proposed → confirmed            the decision is taken, judged anew at that moment
    proposed → changed              another proposal stands in its place
    proposed → returned | withdrawn | lapsed    nothing happens

    The case is named as in the audit trail, since it may be of any room. `data` is what the decision's form was given,
    `files` says where what was handed in is stored; `seen` and `seen_digest` are the last entry of the case's trail
    that the proposer knew.
    """

    decision = models.CharField(_("decision"), max_length=64, db_index=True)
    subject_type = models.CharField(_("kind of case"), max_length=64)
    subject_id = models.BigIntegerField(_("case"))
    case_text = models.CharField(_("case"), max_length=128)
    chain = models.CharField(_("chain"), max_length=64)
    on_data = models.BooleanField(_("changes data that guides decisions"), default=False, db_index=True)
    permission = models.CharField(_("who may confirm"), max_length=128)
    data = EncryptedJSONField(_("what is proposed"))
    files = models.JSONField(_("files"), default=dict)
    seen = models.PositiveIntegerField(_("last entry seen"))
    seen_digest = models.CharField(_("its digest"), max_length=64, blank=True)
    state = FSMField(
        _("state"), choices=ProposalState.choices, default=ProposalState.PROPOSED, protected=True, db_index=True
    )
    proposed_by = models.ForeignKey(User, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"), db_index=True)
    until = models.DateTimeField(_("lapses at"))
    replaces = models.ForeignKey(
        "self", verbose_name=_("replaces"), null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    decided_by = models.ForeignKey(
        User, verbose_name=_("decided by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    note = models.CharField(_("why returned"), max_length=255, blank=True)

    unit_path = None  # whose it is, its chain names (NAMINGS of the rooms' offers)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        default_permissions = ("view",)
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "decision"],
                condition=models.Q(state="proposed"),
                name="proposal_one_open",
            ),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="proposal_case")]

    def __str__(self) -> str:
        return self.case_text

    @property
    def audit_chain(self) -> str:
        """Its case's: what happens to it is written there."""
        return self.chain

    @property
    def case_model(self) -> type[models.Model]:
        return apps.get_model(self.subject_type)

    @property
    def case(self) -> models.Model:
        return self.case_model._default_manager.get(pk=self.subject_id)

    @transition(state, source=ProposalState.PROPOSED, target=ProposalState.CONFIRMED)
    def confirm(self) -> None:
        """Another person agrees, and it happens."""

    @transition(state, source=ProposalState.PROPOSED, target=ProposalState.CHANGED)
    def change(self) -> None:
        """Another proposal stands in its place."""

    @transition(state, source=ProposalState.PROPOSED, target=ProposalState.RETURNED)
    def send_back(self) -> None:
        """Another person disagrees, and says why."""

    @transition(state, source=ProposalState.PROPOSED, target=ProposalState.WITHDRAWN)
    def withdraw(self) -> None:
        """Whoever proposed it takes it back."""

    @transition(state, source=ProposalState.PROPOSED, target=ProposalState.LAPSED)
    def lapse(self) -> None:
        """Nobody decided in time."""


class ChangeRequest(Proposal):
    """A proposal that changes data by which decisions are guided: the same rows, in a list of their own."""

    unit_path = None

    class Meta:
        proxy = True
        verbose_name = _("change request")
        verbose_name_plural = _("change requests")
        default_permissions = ("view",)
