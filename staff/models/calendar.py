"""The working calendar: the State Council's notice of a year's holidays, as it was entered and confirmed here."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from staff.models.account import User


class CalendarDayState(models.TextChoices):
    ENTERED = "entered", _("to be confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    REPLACED = "replaced", _("replaced")
    RETURNED = "returned", _("returned")


class CalendarYear(models.Model):
    """A year whose notice may be entered: what is locked, and what the trail of it hangs on."""

    unit_path = None  # one calendar for all units

    year = models.PositiveSmallIntegerField(_("year"), unique=True)

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("working calendar")
        default_permissions = ("view",)
        permissions = [
            ("manage_calendar", _("Can enter the holidays of a year")),
            ("confirm_calendar", _("Can confirm the holidays of a year")),
        ]
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def audit_chain(self) -> str:
        return f"calendar:{self.pk}"


class CalendarDays(models.QuerySet["CalendarDay"]):
    def waiting(self) -> CalendarDays:
        """Those to be confirmed."""
        return self.filter(state=CalendarDayState.ENTERED)

    def confirmed(self) -> CalendarDays:
        """Those by which clocks run."""
        return self.filter(state=CalendarDayState.CONFIRMED)


class CalendarDay(models.Model):
    """One day of a year's notice, off or made up; the notice of a year may name days of the December before.

    entered → confirmed       clocks run by it
    entered → returned        it never counted
    confirmed → replaced      the year was entered anew, and confirmed
    """

    year = models.ForeignKey(CalendarYear, verbose_name=_("year"), on_delete=models.PROTECT, related_name="days")
    day = models.DateField(_("day"), db_index=True)
    working = models.BooleanField(_("make-up working day"))
    name = models.CharField(_("holiday"), max_length=32)
    source = models.CharField(_("source"), max_length=128)
    state = FSMField(
        _("state"),
        choices=CalendarDayState.choices,
        default=CalendarDayState.ENTERED,
        protected=True,
        db_index=True,
    )
    entered_by = models.ForeignKey(User, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered at"))
    decided_by = models.ForeignKey(
        User, verbose_name=_("decided by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = CalendarDays.as_manager()

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        default_permissions = ()
        ordering = ["day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=CalendarDayState.values), name="calendar_day_state_known"
            ),
            models.UniqueConstraint(
                fields=["year", "day", "state"],
                condition=models.Q(state__in=(CalendarDayState.ENTERED, CalendarDayState.CONFIRMED)),
                name="calendar_day_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {self.name}"

    @transition(state, source=CalendarDayState.ENTERED, target=CalendarDayState.CONFIRMED)
    def confirm(self) -> None:
        """Another person compared it with the notice: clocks run by it."""

    @transition(state, source=CalendarDayState.ENTERED, target=CalendarDayState.RETURNED)
    def send_back(self) -> None:
        """It is not what the notice says, or was taken back."""

    @transition(state, source=CalendarDayState.CONFIRMED, target=CalendarDayState.REPLACED)
    def replace(self) -> None:
        """The year was entered anew, and that is confirmed."""
