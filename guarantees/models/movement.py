"""The book: each change of money or liability as lines that are added, and neither changed nor removed."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guarantees.models.application import Application
from guarantees.models.guarantee import Guarantee
from guarantees.models.order import Order
from guarantees.models.party import Party
from protocol.models import Connection
from protocol.names import choices_of
from protocol.vocabulary import PurchaseNature
from staff import clock
from staff.models import Unit


class Measure(models.TextChoices):
    """What is measured. The sum of a measure's lines up to a day is its balance at the end of that day, in fen."""

    RESERVED = "reserved", _("approved, not issued")
    EXPOSURE = "exposure", _("exposure")
    PREMIUM_DUE = "premium_due", _("premium due")
    RECEIVED = "received", _("premium received")
    ON_ACCOUNT = "on_account", _("premium on account")
    SUSPENSE = "suspense", _("in suspense")
    REFUND = "refund", _("refund due")
    DEMANDED = "demanded", _("demanded, not decided")
    PAID = "paid", _("paid on demands")
    CASH = "cash", _("cash")


class Movements(models.QuerySet["Movement"]):
    """Lines that are added, and neither changed nor removed."""

    def update(self, **_kwargs: Any) -> NoReturn:
        raise TypeError("A line of the book is not changed; a reversal is another line.")

    def delete(self) -> NoReturn:
        raise TypeError("A line of the book stays.")


class Dimensions(models.Model):
    """By what figures are told apart, as it was when the line was written."""

    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+")
    platform = models.ForeignKey(Connection, verbose_name=_("platform"), on_delete=models.PROTECT, related_name="+")
    nature = models.CharField(_("nature of purchase"), max_length=16, choices=choices_of(PurchaseNature))
    #: suretyship, demand or insurance; empty before there is a letter.
    letter_kind = models.CharField(_("kind of letter"), max_length=16, blank=True)
    #: Six digits of the division where the applicant is registered (GB 2260), from its code; empty where it has none.
    region = models.CharField(_("place of registration"), max_length=6, blank=True)
    #: The last day of the letter's validity in China; of exposure only.
    matures_on = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        abstract = True


class Movement(Dimensions):
    """By how much one event changed one measure of one order."""

    unit_path = "unit"

    kind = models.CharField(_("business event"), max_length=32)
    measure = models.CharField(_("measure"), max_length=16, choices=Measure.choices)
    #: CNY in whole fen, signed: a database adds up whole numbers exactly.
    fen = models.BigIntegerField(_("amount in fen"))
    #: By how many it changes the number of what the measure counts: letters, demands, refunds.
    count = models.SmallIntegerField(_("how many"), default=0)
    #: China's day from which it counts; it may have become known later.
    counts_on = models.DateField(_("counts from"))
    recorded_at = models.DateTimeField(_("recorded at"), default=clock.now, editable=False)
    #: The row that tells of it: a model's label, and its key. So a higher room's rows can be named.
    source_type = models.CharField(_("source"), max_length=64)
    source_id = models.BigIntegerField(_("number of the source"))
    order = models.ForeignKey(Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="movements")
    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT, related_name="movements"
    )
    guarantee = models.ForeignKey(
        Guarantee,
        verbose_name=_("guarantee"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="movements",
    )
    applicant = models.ForeignKey(Party, verbose_name=_("applicant"), on_delete=models.PROTECT, related_name="+")
    purchaser = models.ForeignKey(Party, verbose_name=_("purchaser"), on_delete=models.PROTECT, related_name="+")
    #: Who brought it about; none where a platform or the clock did.
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("officer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    #: Of a line that was made from rows and trail afterwards: by what it is known.
    evidence = models.CharField(_("evidence"), max_length=255, blank=True)
    inferred = models.BooleanField(_("inferred"), default=False)

    objects = Movements.as_manager()

    class Meta:
        verbose_name = _("line of the book")
        verbose_name_plural = _("book")
        default_permissions = ("view",)
        ordering = ["id"]
        indexes = [
            # With all that sums by day, maturity or place read, so that none of them reads the lines themselves.
            models.Index(
                fields=["measure", "counts_on", "matures_on", "region", "fen", "count"], name="movement_sums_by_day"
            ),
            models.Index(fields=["applicant", "measure", "counts_on"], name="movement_by_applicant"),
            models.Index(fields=["purchaser", "measure", "counts_on"], name="movement_by_purchaser"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(measure__in=Measure.values), name="movement_measure_known"),
            models.CheckConstraint(condition=~Q(fen=0) | ~Q(count=0), name="movement_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.get_measure_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A line of the book is not changed; a reversal is another line.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A line of the book stays.")


class DailyTotal(Dimensions):
    """The sum of a day's lines of one kind, measure and set of dimensions, up to the mark of `BookState`.

    Neither place nor maturity is kept: by these nearly every line has a set of its own, and the totals were as many as
    the lines.
    """

    region = None  # type: ignore[assignment]
    matures_on = None

    unit_path = "unit"

    counts_on = models.DateField(_("counts from"))
    measure = models.CharField(_("measure"), max_length=16, choices=Measure.choices)
    kind = models.CharField(_("business event"), max_length=32)
    fen = models.BigIntegerField(_("amount in fen"))
    count = models.IntegerField(_("how many"), default=0)

    class Meta:
        verbose_name = _("total of a day")
        verbose_name_plural = _("totals of days")
        default_permissions = ()
        indexes = [models.Index(fields=["measure", "counts_on"], name="daily_total_by_day")]

    def __str__(self) -> str:
        return f"{self.counts_on} {self.kind} {self.measure}"


class BookState(models.Model):
    """One row: which lines are in the totals of days."""

    #: The last line that is added up there.
    totalled = models.BigIntegerField(_("added up to line"), default=0)
    totalled_at = models.DateTimeField(_("added up at"), null=True, blank=True)

    class Meta:
        verbose_name = _("state of the book")
        verbose_name_plural = _("state of the book")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.totalled)
