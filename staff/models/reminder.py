"""What staff were told, to whom it went, and who has taken note."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from staff.models.account import User
from staff.models.channel import Channel
from staff.models.unit import HEAD_OFFICE, Unit
from staff.roles import Role


class ReminderState(models.TextChoices):
    WAITING = "waiting", _("to be sent")
    SENT = "sent", _("sent, not acknowledged")
    FAILED = "failed", _("not sent")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    SETTLED = "settled", _("matter dealt with")


#: Of these nobody has taken note yet.
OPEN = (ReminderState.WAITING, ReminderState.SENT, ReminderState.FAILED)


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def open(self) -> ReminderQuerySet:
        """Those of which nobody has taken note, and whose matter is not known to be dealt with."""
        return self.filter(closed_at=None)

    def about(self, kind: str, subject: models.Model) -> ReminderQuerySet:
        return self.filter(kind=kind, subject_type=subject._meta.label_lower, subject_id=subject.pk)


class Reminder(models.Model):
    """One matter of which staff are told: its kind, our number of it, its deadline, and the page to which it leads.
    Never a name, an identity, an account or a sum.

    waiting → sent                      one channel took it at least
    waiting → failed                    none did, however often it was tried
    waiting | sent | failed → waiting   nobody acknowledged it in time: the next on the list is told
    waiting | sent | failed → acknowledged | settled    somebody took note, or dealt with the matter without

    `person` is whom it was addressed to last, by the roster; null where it went to all of a `role`.
    What belongs to no unit is the head office's.
    """

    unit_path = "unit"

    kind = models.CharField(_("kind"), max_length=64, db_index=True)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), default=HEAD_OFFICE, on_delete=models.PROTECT, related_name="+"
    )
    number = models.CharField(_("number"), max_length=64)
    subject_type = models.CharField(_("kind of matter"), max_length=64)
    subject_id = models.BigIntegerField(_("matter"))
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    state = FSMField(
        _("state"), choices=ReminderState.choices, default=ReminderState.WAITING, protected=True, db_index=True
    )
    made_at = models.DateTimeField(_("made"), db_index=True)
    role = models.CharField(_("for role"), max_length=32, choices=Role.choices)
    person = models.ForeignKey(
        User, verbose_name=_("on duty"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    step = models.PositiveSmallIntegerField(_("step"), default=1)
    pass_on_at = models.DateTimeField(_("passed on at"), null=True, blank=True, db_index=True)
    acknowledged_by = models.ForeignKey(
        User, verbose_name=_("acknowledged by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(_("acknowledged or settled"), null=True, blank=True, db_index=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        default_permissions = ("view",)
        permissions = [("acknowledge_reminder", _("Can acknowledge reminders"))]
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=ReminderState.values), name="reminder_state_known"),
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id"],
                condition=models.Q(closed_at=None),
                name="reminder_one_open",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def audit_chain(self) -> str:
        return f"reminder:{self.pk}"

    @property
    def subject(self) -> models.Model | None:
        """What it is about; None where there is no such row any more."""
        model: type[models.Model] = apps.get_model(self.subject_type)
        return model._default_manager.filter(pk=self.subject_id).first()

    @transition(state, source=ReminderState.WAITING, target=ReminderState.SENT)
    def send(self) -> None:
        """A channel took it."""

    @transition(state, source=ReminderState.WAITING, target=ReminderState.FAILED)
    def fail(self) -> None:
        """No channel took it."""

    @transition(state, source=OPEN, target=ReminderState.WAITING)
    def pass_on(self) -> None:
        """The next on the list is told."""

    @transition(state, source=OPEN, target=ReminderState.ACKNOWLEDGED)
    def acknowledge(self) -> None:
        """Somebody whom it concerns has taken note."""

    @transition(state, source=OPEN, target=ReminderState.SETTLED)
    def settle(self) -> None:
        """The matter was dealt with before anybody said so here."""


class ReminderSending(models.Model):
    """One reminder by one channel to whoever it was addressed to at that step. It is tried until it got through or was
    given up; both empty while it is to be tried (again) at `next_attempt_at`, which is also the attempt's lease."""

    reminder = models.ForeignKey(
        Reminder, verbose_name=_("reminder"), on_delete=models.PROTECT, related_name="sendings"
    )
    channel = models.ForeignKey(Channel, verbose_name=_("channel"), on_delete=models.PROTECT, related_name="sendings")
    step = models.PositiveSmallIntegerField(_("step"))
    person = models.ForeignKey(
        User, verbose_name=_("on duty"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(_("for role"), max_length=32, choices=Role.choices)
    attempts_made = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=255, blank=True)
    duration_ms = models.PositiveIntegerField(_("took (ms)"), null=True, blank=True)

    class Meta:
        verbose_name = _("sending")
        verbose_name_plural = _("sendings")
        default_permissions = ()
        ordering = ["step", "id"]
        constraints = [
            models.UniqueConstraint(fields=["reminder", "step", "channel"], name="sending_once_a_step"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(sent_at=None, given_up_at=None),
                name="sending_to_be_tried",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.step}"
