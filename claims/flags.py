"""What is odd about a demand: each flag is shown to the handler, and none refuses anything (decisions B6)."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models import Demand, DemandState
from guarantees.ending import over_at
from protocol.folding import same_name, same_number


class Flag(models.TextChoices):
    STALE = "stale", _("Its reqtime was far from our clock when it came in.")
    DIGITS = "digits", _("A text of it came as a number that has lost digits: ask for account and numbers again.")
    LATE = "late", _("It came in after the guarantee's end.")
    ENDED = "ended", _("The guarantee had ended already.")
    EARLY = "early", _("It came in before the guarantee's beginning.")
    BEYOND = "beyond", _("It demands more than is left of the guarantee.")
    OLD_NUMBER = "old_number", _("It names the number of a letter that was replaced.")
    APPLICANT = "applicant", _("Its applicant is not the guarantee's.")
    BENEFICIARY = "beneficiary", _("Its beneficiary is not the guarantee's.")
    PROJECT = "project", _("Its project or section is not the guarantee's.")
    DUPLICATE = "duplicate", _("Amount or account are those of another demand: probably a duplicate.")


def flags_of(demand: Demand, *, stale: bool, doubtful: bool) -> list[str]:
    """The flags of a demand that is about to be accepted, in their order."""
    found = [*([Flag.STALE] if stale else []), *([Flag.DIGITS] if doubtful else [])]
    return [str(flag.value) for flag in [*found, *(flag for flag, holds in RULES.items() if holds(demand))]]


def resembled(demand: Demand) -> Demand | None:
    """The demand, open, paid or refused, whose amount or account the one about to be accepted repeats (decisions B6).

    Of several the one that is most alike, then the latest; former letters of the same application count too.
    """
    others = Demand.objects.filter(guarantee__application=demand.guarantee.application_id)
    alike = [
        (other.amount == demand.amount, same_number(other.account, demand.account), other.pk, other)
        for other in others.exclude(state=DemandState.CLOSED)
    ]
    best = max((one for one in alike if one[0] or one[1]), key=lambda one: (one[0] + one[1], one[2]), default=None)
    return best[3] if best else None


RULES: dict[Flag, Callable[[Demand], bool]] = {
    Flag.LATE: lambda demand: demand.received_at >= over_at(demand.guarantee),
    Flag.ENDED: lambda demand: not demand.guarantee.is_exposed,
    Flag.EARLY: lambda demand: demand.received_at < demand.guarantee.valid_from,
    Flag.BEYOND: lambda demand: demand.amount > demand.guarantee.remaining,
    Flag.OLD_NUMBER: lambda demand: not same_number(demand.named_number, demand.guarantee.number),
    Flag.APPLICANT: lambda demand: (
        not (
            same_name(demand.applicant_name, demand.guarantee.application.applicant_name)
            and same_number(demand.applicant_code, demand.guarantee.application.applicant_code)
        )
    ),
    Flag.BENEFICIARY: lambda demand: (
        not (
            same_name(demand.beneficiary_name, demand.guarantee.application.beneficiary_name)
            and same_number(demand.beneficiary_code, demand.guarantee.application.beneficiary_code)
        )
    ),
    Flag.PROJECT: lambda demand: (
        not (
            same_number(demand.project_code, demand.guarantee.application.project_code)
            and same_number(demand.section_code, demand.guarantee.application.section_code)
        )
    ),
    Flag.DUPLICATE: lambda demand: demand.resembles is not None,
}
