"""The course of one order: its steps in their time, drawn before anything happens.

A life (`config.history.lives`) calls these methods in the order in which things go; each moves the order's own time
on, by working hours where staff act, and writes down a step. So what happens follows from the seed alone, and a history
that was interrupted goes on with the steps that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Protocol

from config.history import cases, habits
from config.history.cases import Finder, Key
from guarantees.applicants import requests
from guarantees.ending import end_due
from guarantees.validity import last_day_of_term
from protocol.sandbox import invented
from protocol.vocabulary import Transcode
from staff import calendar
from staff.clock import CHINA, day, end_of

#: Working hours within which somebody does what waits for them, from and to.
Within = tuple[float, float]
SOON: Within = (0.2, 3)
#: From what is due to the work that looks for it.
SECONDS = timedelta(seconds=41)
#: Lest the last hours of a day draw everything to one second.
MINUTES = timedelta(minutes=7)


class Stage(Protocol):
    """What a step is played on."""

    def decide(self, case: Any, name: str, given: Mapping[str, Any], seed: int) -> None: ...
    def confirm(self, case: Any, seed: int) -> None: ...
    def send(self, key: Key, transcode: str, fields: Mapping[str, str]) -> None: ...


@dataclass(frozen=True)
class Step:
    """Something that happens to an order at a moment."""

    at: datetime
    order: int
    act: Callable[[Stage], object] = field(compare=False)


@dataclass
class Course:
    """`fields` are those of its PREP101; `quick` has everybody act soon; `until` is the end of all, `life` its name."""

    index: int
    key: Key
    at: datetime
    until: datetime
    fields: Mapping[str, str]
    chance: Random
    quick: bool = False
    life: str = ""
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.arrives = self.at
        self.amount = Decimal(self.fields["advanceAmount"])
        self.months = int(self.fields["guaranteeDate"])
        self.ends = self.at
        self.premium = self.received = Decimal(0)
        self._claimant: dict[str, str] = {}

    # --- Its time -----------------------------------------------------------------------------------------------------

    def later(self, within: Within) -> None:
        """So many working hours on."""
        hours = Decimal(f"{self.chance.uniform(*within):.2f}")
        jitter = self.chance.uniform(0, 1) * MINUTES
        self.at = calendar.add_working_hours(self.at, hours).at + timedelta(seconds=int(jitter.total_seconds()))

    def rests(self, days: Within) -> None:
        """So many days on, to a working moment; of a quick course the fewest."""
        self.at += timedelta(days=days[0] if self.quick else self.chance.uniform(*days))
        self.later((0, 6))

    def rests_for(self, share: Within) -> None:
        """For such a part of the letter's term."""
        part = share[0] if self.quick else self.chance.uniform(*share)
        self.at += (self.ends - self.at) * part
        self.later((0, 4))

    def rests_until(self, moment: datetime) -> None:
        self.at = max(self.at, moment)

    def before_the_end(self, hours: float) -> None:
        """To so many hours before the history's end."""
        self.rests_until(self.until - timedelta(hours=hours))

    # --- Its steps ----------------------------------------------------------------------------------------------------

    def decided(self, of: Finder, name: str, within: Within = (0.5, 6), /, **given: Any) -> None:
        """Staff take a decision, or propose it; given are the answers in its form."""
        self.later(SOON if self.quick else within)
        seed = self._draw()
        self._step(lambda stage: stage.decide(of(self.key), name, given, seed))

    def confirmed(self, of: Finder, within: Within = (0.3, 4)) -> None:
        """Another person confirms it, where that was needed."""
        self.later(SOON if self.quick else within)
        seed = self._draw()
        self._step(lambda stage: stage.confirm(of(self.key), seed))

    def applied(self) -> None:
        self._step(
            lambda stage: stage.send(self.key, Transcode.APPLICATION, {"applicationId": self.key.number, **self.fields})
        )

    def asked_for_documents(self) -> None:
        wanted = self.chance.sample(("007", "705", "801", "802", "803", "804"), 2)
        self.decided(cases.application, "ask_for_documents", documents=wanted, words="请上传加盖公章的扫描件。")
        self._clock_strikes(calendar.add_working_days(self.at, requests.DAYS.value()).at, requests.watch_deadlines)

    def approved(self, *, asked: bool | None = None) -> None:
        """On terms, by those who may; now and then after documents were asked for, or for less."""
        if self.chance.random() < habits.ASKED if asked is None else asked:
            self.asked_for_documents()
            self.rests((0.3, 4))
            self.decided(cases.application, "record_documents", reason="补件已收齐，内容一致。")
        given: dict[str, Any] = {}
        if not self.quick and self.chance.random() < habits.LESS_APPROVED:
            self.amount = (self.amount * Decimal("0.8")).quantize(Decimal("0.01"))
            given = {"approved_amount": self.amount, "reason": "按合同约定的预付款比例核减。"}
        self.premium = habits.premium(self.amount, self.months)
        self.decided(cases.application, "approve", (1, 9), premium=self.premium, **given)
        self.confirmed(cases.application)

    def settled(self) -> None:
        """The premium, mostly by one transfer in full."""
        drawn = self.chance.random()
        for name, code, share in (
            ("waive_premium", "W01", habits.WAIVED),
            ("take_on_account", "W03", habits.ON_ACCOUNT),
        ):
            if not self.quick and drawn < share:
                self.decided(cases.application, name, reason_code=code)
                self.confirmed(cases.application)
                return
            drawn -= share
        if not self.quick and drawn < habits.IN_PARTS:
            half = (self.premium / 2).quantize(Decimal("0.01"))
            self._pays(amount=half)
            self._pays(amount=self.premium - half)
        elif not self.quick and drawn < habits.IN_PARTS + habits.TOO_MUCH:
            self._pays(amount=self.premium + 100)
            self.refunded()
        else:
            self._pays(amount=self.premium)

    def issued(self) -> None:
        """The letter, with all that comes before it."""
        self.applied()
        self.approved()
        self.settled()
        self.letter_made()

    def letter_made(self) -> None:
        self.decided(cases.application, "issue", (0.2, 3))
        self.ends = end_of(last_day_of_term(day(self.at), self.months))
        self._clock_strikes(self.ends, end_due)

    def refunded(self) -> None:
        """What is due back is released by two people and paid; nothing, where nothing was received."""
        if self.received:
            self.refund_asked()
            self.confirmed(cases.refund, (1, 10))
            self.decided(cases.refund, "pay", (1, 8), reference=self._reference())

    def refund_asked(self) -> None:
        payee = f"{self.fields['supplier']} {self.chance.choice(invented.BANKS)} {self._account()}"
        self.decided(cases.refund, "release", (2, 16), payee=payee)

    def deducted(self, amount: Decimal, instalment: int) -> None:
        self.deduction_asked(amount, instalment)
        self.confirmed(cases.guarantee)

    def deduction_asked(self, amount: Decimal, instalment: int) -> None:
        self.decided(cases.guarantee, "deduct", amount=amount, reason=f"第{instalment}期进度款支付证书")

    def asked_to_end(self, at: datetime, kind: str = "0", remark: str = "合同已履行完毕") -> None:
        """PREP107: by the purchaser, at that moment, or to be corrected (kind 1)."""
        text = f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"

        def act(stage: Stage) -> None:
            number = cases.guarantee(self.key).number
            fields = {"guaranteeId": number, "invalidTime": text, "invalidType": kind, "remark": remark}
            stage.send(self.key, Transcode.CANCELLATION, fields)

        self._step(act)

    def asked_back(self, kind: str, reason: str) -> None:
        """PREP109: by the applicant, 01 a surrender, 02 the order's cancelling."""
        fields = {"applicationId": self.key.number, "applicationType": kind, "refundReason": reason}
        self._step(lambda stage: stage.send(self.key, Transcode.WITHDRAWAL, fields))

    def demanded(self, amount: Decimal) -> None:
        """PREP105, by the beneficiary; each one of a course goes to the same account."""
        order, said = self.fields, self._said()
        fields = {
            **invented.named_in_demand(order),
            "claimAmount": f"{amount:.2f}",
            **said,
        }

        def act(stage: Stage) -> None:
            stage.send(self.key, Transcode.DEMAND, {"guaranteeId": cases.guarantee(self.key).number, **fields})

        self._step(act)

    def demand_paid(self, amount: Decimal, reason: str = "") -> None:
        """Released by two people, paid and recorded."""
        self.payment_asked(amount, reason)
        self.confirmed(cases.demand, (0.5, 5))
        self.decided(cases.demand, "pay", (0.5, 4), reference=self._reference())

    def payment_asked(self, amount: Decimal, reason: str = "") -> None:
        self.decided(cases.demand, "settle", (4, 18), amount=amount, reason=reason)

    def ends_at(self, moment: datetime) -> None:
        """The guarantee's own end comes then, and not with its term."""
        self._clock_strikes(moment, end_due)

    def _pays(self, amount: Decimal) -> None:
        """The applicant transfers, the cashier sees it on the statement."""
        self.received += amount
        self.rests((0.05, 3.5))
        paid_at = self.at.replace(microsecond=0)
        self.decided(
            *(cases.application, "record_payment", (0.3, 5)),
            amount=amount,
            paid_at=paid_at,
            reference=self._reference(),
        )

    def _step(self, act: Callable[[Stage], None]) -> None:
        self.steps.append(Step(self.at, self.index, act))

    def _clock_strikes(self, moment: datetime, work: Callable[[], object]) -> None:
        """The periodic work that looks for what a moment brings has its turn when it is past."""
        self.steps.append(Step(moment + SECONDS, self.index, lambda _stage: work()))

    def _draw(self) -> int:
        """The seed of what is drawn when the step is played, so that the steps before it change nothing in it."""
        return self.chance.getrandbits(64)

    def _said(self) -> dict[str, str]:
        self._claimant = self._claimant or invented.demand(self.chance)
        return self._claimant

    def _reference(self) -> str:
        return f"{self.at.astimezone(CHINA):%Y%m%d}{self.chance.randrange(10**8):08}"

    def _account(self) -> str:
        return f"6222{self.chance.randrange(10**12):012}"


def moment(on: date, chance: Random) -> datetime:
    """When on that day an application comes."""
    hours = habits.HOURS
    hour = chance.choices(list(hours), list(hours.values()))[0]
    return datetime(on.year, on.month, on.day, hour, chance.randrange(60), chance.randrange(60), tzinfo=CHINA)
