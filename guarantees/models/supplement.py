"""A request to the applicant for documents (补件通知), from the asking to the answer."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from guarantees.models.application import Application
from guarantees.models.states import SupplementState
from staff import clock
from staff.clock import end_of
from staff.encryption import EncryptedTextField

#: While it is in one of these the applicant may answer, and the application's clock rests.
PENDING = (SupplementState.OPEN, SupplementState.OVERDUE)


class SupplementRequests(models.QuerySet["SupplementRequest"]):
    def pending(self) -> SupplementRequests:
        """Those that the applicant has not answered and may answer still."""
        return self.filter(state__in=PENDING)

    def past(self, day: date) -> SupplementRequests:
        """Those whose deadline is over on that day, and nobody noticed yet."""
        return self.filter(state=SupplementState.OPEN, deadline__lt=day)


class SupplementRequest(models.Model):
    """What documents one application lacks, and by when they are to come.

        open → answered             the applicant said that all is there, or staff recorded what came otherwise
        open → overdue → answered   the deadline passed first; a person decides what follows
        open, overdue → withdrawn   staff took it back
        open, overdue → closed      the application was decided on, or its order cancelled

    An application has one pending request at most. What is asked for is kept as it was called then, since the list of
    document types changes.
    """

    unit_path = "application__order__unit"

    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT, related_name="supplements"
    )
    number = models.PositiveSmallIntegerField(_("number of the request"))
    state = FSMField(
        _("state"), choices=SupplementState.choices, default=SupplementState.OPEN, protected=True, db_index=True
    )
    #: [{"code": "801", "name": "中标（成交）通知书"}, …], the name in Chinese.
    documents = models.JSONField(_("documents asked for"))
    words = models.CharField(_("words to the applicant"), max_length=500, blank=True)
    deadline = models.DateField(_("deadline"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"))
    #: What the applicant says with its answer; it may name people.
    answer = EncryptedTextField(_("applicant's answer"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    #: When it was no longer pending, however it ended: until then the application's clock rested.
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = SupplementRequests.as_manager()

    class Meta:
        verbose_name = _("request for documents")
        verbose_name_plural = _("requests for documents")
        default_permissions = ()
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="supplement_number_once"),
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(state__in=PENDING), name="supplement_one_pending"
            ),
            models.CheckConstraint(condition=models.Q(state__in=SupplementState.values), name="supplement_state_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=PENDING, ended_at__isnull=True)
                | ~models.Q(state__in=PENDING) & models.Q(ended_at__isnull=False),
                name="supplement_ended_where_not_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.number}"

    @property
    def audit_chain(self) -> str:
        return self.application.audit_chain

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING

    @property
    def due_at(self) -> datetime:
        """The last second of its deadline."""
        return end_of(self.deadline)

    @transition(state, source=SupplementState.OPEN, target=SupplementState.OVERDUE)
    def run_over(self) -> None:
        """The deadline passed without an answer; the applicant may answer still."""

    @transition(state, source=list(PENDING), target=SupplementState.ANSWERED)
    def receive_answer(self) -> None:
        """What was asked for came."""
        self.answered_at = self.ended_at = clock.now()

    @transition(state, source=list(PENDING), target=SupplementState.WITHDRAWN)
    def take_back(self) -> None:
        """Nothing is wanted any more."""
        self.ended_at = clock.now()

    @transition(state, source=list(PENDING), target=SupplementState.CLOSED)
    def close(self) -> None:
        """The application was decided on without it, or its order cancelled."""
        self.ended_at = clock.now()
