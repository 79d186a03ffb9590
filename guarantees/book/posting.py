"""Writing lines of the book: whoever calls holds the order's lock, in the transaction of the event itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Model, Q, Sum

from guarantees.arrival import region
from guarantees.book.kinds import MovementKind
from guarantees.models import Application, Guarantee, Measure, Movement, Party, party_key
from staff import clock
from staff.models import User

FEN = 100
#: In what two lines of one application's balance may differ.
DIMENSIONS = (
    "guarantee_id",
    "unit_id",
    "platform_id",
    "nature",
    "letter_kind",
    "region",
    "matures_on",
    "applicant_id",
    "purchaser_id",
)


def fen(amount: Decimal) -> int:
    """Whole fen of an amount in CNY, which has no smaller parts: ValueError where it has."""
    whole = amount * FEN
    if whole != whole.to_integral_value():
        raise ValueError(f"{amount} CNY are no whole fen.")
    return int(whole)


def yuan(number: int) -> Decimal:
    """The amount in CNY."""
    return (Decimal(number) / FEN).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Evidence:
    """By what a line is known that is made afterwards; `inferred` where that is a row alone, without an entry in the
    trail."""

    text: str = ""
    inferred: bool = False


#: Of the lines that are being made now: nothing to say of those of an event's own transaction.
NO_EVIDENCE = Evidence()
_evidence: ContextVar[Evidence] = ContextVar("evidence", default=NO_EVIDENCE)


@contextmanager
def known_by(evidence: Evidence) -> Iterator[None]:
    """Lines that are written within say so."""
    token = _evidence.set(evidence)
    try:
        yield
    finally:
        _evidence.reset(token)


@dataclass(frozen=True)
class Event:
    """What happened, and the row that tells of it. `on` is China's day from which it counts."""

    kind: MovementKind
    source: Model
    application: Application
    on: date
    officer: User | None = None
    guarantee: Guarantee | None = None


@dataclass(frozen=True)
class Change:
    """One line to be: a measure, by how many fen, by how many things, with which dimensions. What takes from a balance
    counts from the day `since` which that stands there, though its event may be of a day before: a premium is paid
    before it is due, or before the order was moved."""

    measure: Measure
    fen: int
    count: int = 0
    dimensions: dict[str, Any] = field(default_factory=dict)
    since: date | None = None

    def reversed(self) -> Change:
        return replace(self, fen=-self.fen, count=-self.count)

    def in_unit(self, unit: int) -> Change:
        return replace(self, dimensions={**self.dimensions, "unit_id": unit})


def post(event: Event, changes: Iterable[Change]) -> None:
    """Writes the lines; none for what moves nothing, and none for an order whose past is not in the book yet, since
    `build_book` makes them all at once."""
    order = event.application.order
    if not order.in_book:
        return
    moved = [change for change in changes if change.fen or change.count]
    if not moved:
        return
    here = dimensions(event.application, event.guarantee)
    now, known = clock.now(), _evidence.get()
    Movement.objects.bulk_create(
        Movement(
            kind=event.kind.code,
            measure=change.measure,
            fen=change.fen,
            count=change.count,
            counts_on=max(event.on, change.since or event.on),
            recorded_at=now,
            source_type=event.source._meta.label_lower,
            source_id=event.source.pk,
            order=order,
            application=event.application,
            officer=event.officer,
            evidence=known.text,
            inferred=known.inferred,
            **{**here, **change.dimensions},
        )
        for change in moved
    )


def dimensions(application: Application, guarantee: Guarantee | None) -> dict[str, Any]:
    """Those of a line that is written now."""
    return {
        "guarantee_id": guarantee.pk if guarantee else None,
        "unit_id": application.order.unit_id,
        "platform_id": application.order.connection_id,
        "nature": application.purchase_nature,
        "letter_kind": guarantee.letter_kind if guarantee else "",
        "region": region(application.applicant_code),
        "matures_on": None,
        **parties(application),
    }


def parties(application: Application) -> dict[str, int]:
    """Those of the application, which are known from then on if they were not."""
    named = {
        "applicant_id": (application.applicant_code, application.applicant_name),
        "purchaser_id": (application.beneficiary_code, application.beneficiary_name),
    }
    known: dict[Any, dict[str, int]] = application.__dict__.setdefault("_parties_by_name", {})
    if (asked := tuple(named.values())) not in known:
        # In the order of their keys, so that two orders that name the same parties never wait for each other.
        known[asked] = {
            role: Party.seen(code, name, application.received_at).pk
            for role, (code, name) in sorted(named.items(), key=lambda one: party_key(one[1][0]))
        }
    return known[asked]


def standing(application: Application, measure: Measure, guarantee: Guarantee | None = None) -> list[Change]:
    """The balance of a measure as the book has it, a change for each set of dimensions that is not empty; of one letter
    where one is given."""
    lines = Movement.objects.filter(application=application, measure=measure)
    if guarantee:
        lines = lines.filter(guarantee=guarantee)
    sums = lines.order_by().values(*DIMENSIONS)
    sums = sums.annotate(fen_now=Sum("fen"), count_now=Sum("count"), since=Max("counts_on", filter=Q(fen__gt=0)))
    return [
        Change(measure, row.pop("fen_now"), row.pop("count_now"), since=row.pop("since"), dimensions=row)
        for row in sums
        if row["fen_now"] or row["count_now"]
    ]


def balance(application: Application, measure: Measure) -> int:
    """What the book has of a measure for an application, in fen."""
    return Movement.objects.filter(application=application, measure=measure).aggregate(now=Sum("fen"))["now"] or 0


def closing(application: Application, measure: Measure, guarantee: Guarantee | None = None) -> list[Change]:
    """What brings the balance to nothing, in the dimensions in which it was built up."""
    return [change.reversed() for change in standing(application, measure, guarantee)]


def taken(
    application: Application, measure: Measure, number: int, count: int = 0, guarantee: Guarantee | None = None
) -> list[Change]:
    """What takes so many fen and things from a balance, in the dimensions in which it stands, which may be others than
    the application's now: in those of the letter first."""
    stands = standing(application, measure)
    letter = guarantee.pk if guarantee else None
    changes = []
    for one in sorted(stands, key=lambda change: (change.dimensions["guarantee_id"] != letter, -change.fen)):
        part, things = min(number, max(one.fen, 0)), min(count, max(one.count, 0))
        changes.append(replace(one, fen=-part, count=-things))
        number, count = number - part, count - things
    return [*changes, Change(measure, -number, -count)]
