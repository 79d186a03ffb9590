"""Files that take longer than a page may: asked for by one person, made behind the pages, and kept for a week."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from staff.encryption import EncryptedTextField
from staff.models.account import User
from staff.models.subscription import ReportSubscription


class FileOf(models.TextChoices):
    REPORT = "report", _("report")
    LIST = "list", _("list")


class RunState(models.TextChoices):
    QUEUED = "queued", _("waits to be made")
    RUNNING = "running", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("not made")
    EXPIRED = "expired", _("no longer kept")


#: Of these nothing is known yet.
PENDING = (RunState.QUEUED, RunState.RUNNING)


class ReportRun(models.Model):
    """One file of a report or a list, for the person who asked for it and nobody else.

    queued → running              somebody makes it, and holds it until `leased_until`
    running → running             whoever made it died; another begins anew
    running → ready | failed
    ready → expired               its time is over, the file is deleted

    `subject` is the report's code, or the model of the list ("guarantees.guarantee"); `query` what its address asks
    for, with the days that were meant then. `rights` is a digest of what the person might see when it was made: who
    sees other things now does not get it. The file is stored encrypted. `mail_at` is set while it is to be mailed, and
    is the attempt's lease too.
    """

    unit_path = "person__unit"

    person = models.ForeignKey(User, verbose_name=_("asked for by"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=FileOf.choices)
    subject = models.CharField(_("report or list"), max_length=64)
    title = models.CharField(_("title"), max_length=128)
    query = EncryptedTextField(_("what was asked"), blank=True)
    form = models.CharField(_("form"), max_length=8)
    language = models.CharField(_("language"), max_length=16)
    state = FSMField(_("state"), choices=RunState.choices, default=RunState.QUEUED, protected=True, db_index=True)
    asked_at = models.DateTimeField(_("asked for at"))
    ended_at = models.DateTimeField(_("made or given up at"), null=True, blank=True)
    leased_until = models.DateTimeField(_("held until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    rows_done = models.PositiveIntegerField(_("rows written"), default=0)
    rows_of = models.PositiveIntegerField(_("rows in all"), null=True, blank=True)
    path = models.CharField(_("where it is stored"), max_length=255, blank=True)
    name = models.CharField(_("file name"), max_length=160, blank=True)
    rights = models.CharField(_("digest of the person's rights"), max_length=64, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)
    subscription = models.ForeignKey(
        ReportSubscription,
        verbose_name=_("subscription to a report"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="runs",
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    mail_at = models.DateTimeField(_("to be mailed (again) at"), null=True, blank=True, db_index=True)
    mail_attempts = models.PositiveSmallIntegerField(_("attempts to mail it"), default=0)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)
    failure = models.CharField(_("why not"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("file that was asked for")
        verbose_name_plural = _("files that were asked for")
        default_permissions = ()
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=RunState.values), name="report_run_state_known"),
            models.UniqueConstraint(fields=["subscription", "due_on", "person"], name="report_run_once_a_period"),
        ]
        indexes = [models.Index(fields=["person", "-asked_at"], name="report_run_of_person")]

    def __str__(self) -> str:
        return self.title

    @transition(state, source=PENDING, target=RunState.RUNNING)
    def begin(self) -> None:
        """Somebody makes it now."""

    @transition(state, source=RunState.RUNNING, target=RunState.READY)
    def finish(self) -> None:
        """The file can be taken."""

    @transition(state, source=PENDING, target=RunState.FAILED)
    def give_up(self) -> None:
        """It cannot be made; why, the person is told."""

    @transition(state, source=RunState.READY, target=RunState.EXPIRED)
    def expire(self) -> None:
        """Its time is over."""
