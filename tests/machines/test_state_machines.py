"""The state machines as a whole: two platforms and the staff do what they may and what they may not, at random.

Everything is real but the letter's PDF. After each step the database is held to docs/decisions.md, and what the
platforms were told to the table of B4 with which the sandbox platform judges us.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django import forms
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import models, transaction
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

import claims.decisions
import guarantees.decisions
from claims.models import Demand, Payment
from guarantees import ending
from guarantees.ending import effect_due, expire_due
from guarantees.issuing import institution as house
from guarantees.letter.wording.particulars import Issued, Particulars
from guarantees.models import (
    Application,
    Cancellation,
    Guarantee,
    IssuedPaper,
    Order,
    Receipt,
    Refund,
)
from protocol.models import Notification
from protocol.sandbox.sequence import CHANGE_NOTHING, LEADS_TO, MAY_BEGIN_AGAIN, MAY_FOLLOW, Stage
from staff import clock
from staff.audit import last_number
from staff.decisions import Decision, DecisionRefused
from staff.duties import Profile
from staff.models import AuditEntry, User
from staff.roles import Role
from tests.institution import parameter, person
from tests.machines.deciding import decide_together, is_proposed
from tests.machines.expectations import BLOCKED_BY_WITHDRAWAL, FINAL, WITH_LIFE, is_common, may_tell
from tests.machines.filling import filled
from tests.machines.invariants import AlwaysTrue, chain, the_book_is_right
from tests.platform import APPLICATION, Platform, demand_fields

#: The states from which an application may still come to its letter, and its way there.
UNDER_WAY = ("received", "approved", "returned", "paid")
ORDINARY_WAY = (
    ("approve", Role.UNDERWRITER),
    ("record_payment", Role.CASHIER),
    ("correct", Role.UNDERWRITER),
    ("issue", Role.ISSUER),
)
#: On the cases of orders; what guides decisions is not decided on here, and what is kept with a case changes none.
DECISIONS: list[Decision[Any]] = [
    decision
    for decision in (*guarantees.decisions.ALL, *claims.decisions.ALL)
    if decision.model in FINAL and not decision.keeps
]
START, NUMBERS = datetime(2026, 11, 24, 2, tzinfo=UTC), ("SQ1", "SQ2")
#: Term only, given dates, a contract that outlasts the guarantee.
VARIANTS: tuple[dict[str, str], ...] = (
    {},
    {"advanceAmount": "1000.00", "guaranteeDate": "1"},
    {"guaranteeStartDate": "20261201", "guaranteeEndDate": "20270131"},
    {"guaranteeDate": "2", "contractDate": "24"},
)
MOMENTS = ("2026-11-01 00:00:00", "2026-12-15 00:00:00", "2029-01-01 00:00:00")
AMOUNTS = ("0.01", "500.00", "450000.00", "900000.00", "2000000.00")
LATE = timedelta(minutes=11)
#: The fields that a failure's report shows.
TELLING = {
    *("applicationId", "advanceAmount", "guaranteeDate", "guaranteeStartDate", "contractDate", "guaranteeId"),
    *("claimAmount", "invalidType", "invalidTime", "applicationType"),
}


@dataclass(frozen=True)
class Sent:
    """What a platform said, and how it was answered."""

    transcode: str
    fields: dict[str, Any]
    body: bytes
    code: str


@dataclass(frozen=True)
class Kept:
    """A form that a person filled in and has not sent yet."""

    decision: Decision[Any]
    case: models.Model
    who: User
    form: forms.BaseForm
    seen: int


class House(AlwaysTrue, RuleBasedStateMachine):
    """An institution, two platforms that use the same order numbers, and what they may expect of each other."""

    def __init__(self) -> None:
        super().__init__()
        cache.clear()
        self.clock = time_machine.travel(START, tick=False)
        self.time = self.clock.start()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.platforms = [Platform("First"), Platform("Second")]
        parameter("duties.profile", Profile.FULL)
        jack = User.objects.create(username="jack", name="jack")
        jack.groups.set(Group.objects.all())
        self.staff = [*map(person, Role), jack]
        self.holders = {
            decision.permission: [who for who in self.staff if who.has_perm(decision.permission)]
            for decision in DECISIONS
        }
        self.last: dict[int, Sent] = {}
        self.kept: list[Kept] = []
        self.lengths: Counter[str] = Counter()
        self.open: list[tuple[Decision[Any], Any]] = []
        self.past, self.heard = "", 0
        self.stages: dict[int, Stage] = {}
        self.asked: dict[int, dict[str, Any]] = {}
        self.in_hand: dict[int, bool] = defaultdict(bool)

    def teardown(self) -> None:
        try:
            the_book_is_right()
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)
            self.clock.stop()

    @initialize(variant=st.sampled_from(VARIANTS), steps=st.sampled_from([3, 3, 3, 2, 1]))
    def begins(self, variant: dict[str, str], steps: int) -> None:
        """An order on its way, most often with its letter: what is rare comes after that."""
        self._apply(0, NUMBERS[0], variant)
        self._bring_out(Application.objects.get(), steps)

    @rule(chance=st.randoms(use_true_random=True))
    def something_happens(self, chance: Random) -> None:
        """One of the actions, evenly mixed: hypothesis alone repeats a few of them most of the time."""
        self.past = f"{chance.random()} {self.past}"[:200]
        chance.seed(self.past)
        actions: list[Callable[[Random], None]] = [
            *(self.asks, self.asks, self.asks, self.says_it_again, self.sends_late),
            *(self.decides_what_is_open, self.decides_what_is_open, self.decides_what_is_open, self.decides_whatever),
            *(self.fills_in_a_form, self.sends_the_form, self.brings_a_letter_out, self.time_passes),
        ]
        chance.choice(actions)(chance)

    # --- The platforms ------------------------------------------------------------------------------------------------

    def asks(self, chance: Random) -> None:
        """A platform asks for something that makes sense to it, or nearly: another's guarantee now and then."""
        what, which = chance.choice(["PREP101", "PREP105", "PREP107", "PREP109"]), chance.choice([0, 0, 0, 1])
        if what == "PREP109":
            self._ask_to_withdraw(which, chance.choice(NUMBERS), chance.choice(["01", "02"]))
            return
        known = list(Guarantee.objects.order_by("id"))
        own = [guarantee for guarantee in known if self._owns(which, guarantee)]
        if what == "PREP101" or not known:
            self._apply(which, chance.choice(NUMBERS), chance.choice(VARIANTS))
            return
        guarantee = chance.choice([*own, *own, *own, *known])
        if what == "PREP105":
            late = chance.choice([False, False, False, True])
            self._demand(which, guarantee, chance.choice(AMOUNTS), late=late)
        else:
            self._ask_to_cancel(which, guarantee, chance.choice("01"), chance.choice(MOMENTS))

    def _apply(self, which: int, number: str, variant: dict[str, str]) -> None:
        """PREP101 (B1)."""
        self._say(which, "PREP101", {**APPLICATION, "applicationId": number, **variant})

    def _demand(self, which: int, guarantee: Guarantee, amount: str, *, late: bool) -> None:
        """PREP105: always accepted for a guarantee of one's own, however late (B6, C2)."""
        before = Demand.objects.count()
        fields = demand_fields(guarantee.number, claimAmount=amount)
        sent = self._say(which, "PREP105", fields, clock.now() - LATE if late else None)
        assert sent.code == ("000" if self._owns(which, guarantee) else "203")
        if Demand.objects.count() > before:
            assert ("stale" in Demand.objects.latest("id").flags) == late

    def _ask_to_cancel(self, which: int, guarantee: Guarantee, kind: str, moment: str) -> None:
        """PREP107 (B8, B9, B14)."""
        pending = guarantee.cancellations.filter(state__in=["received", "approved"]).exists()
        fields = {"guaranteeId": guarantee.number, "invalidTime": moment, "invalidType": kind}
        sent = self._say(which, "PREP107", fields)
        expected = ("000", "103") if pending else ("000",)
        assert sent.code in (expected if self._owns(which, guarantee) else ("203",))

    def _ask_to_withdraw(self, which: int, number: str, kind: str) -> None:
        """PREP109 (B11, B12, B14)."""
        order = self._order(which, number)
        pending = order is not None and order.withdrawals.filter(state="received").exists()
        fields = {"applicationId": number, "applicationType": kind, "refundReason": "不再需要"}
        sent = self._say(which, "PREP109", fields)
        assert sent.code in (("203",) if order is None else ("000", "103") if pending else ("000",))

    def _owns(self, which: int, guarantee: Guarantee) -> bool:
        return guarantee.application.order.connection_id == self.platforms[which].connection.pk

    def says_it_again(self, chance: Random) -> None:
        """The last bytes once more, or moved to another msgcode (C1).

        What was accepted has its answer again at any age, or 103 under another name, and nothing is done; what was
        refused is judged afresh.
        """
        which = chance.choice(sorted(self.last))
        last, before, moved = self.last[which], _everything(), chance.choice([True, False])
        body = json.dumps({**json.loads(last.body), "msgcode": uuid4().hex}).encode() if moved else last.body
        if last.code != "000":
            self._post(which, last.transcode, last.fields, body)
            return
        assert self.platforms[which].post(body).code == ("103" if moved else "000")
        assert _everything() == before

    def sends_late(self, chance: Random) -> None:
        """Whatever is not a demand is refused for its age, and nothing is done (C2)."""
        which, number = chance.choice([0, 1]), chance.choice(NUMBERS)
        transcode = chance.choice(["PREP101", "PREP107", "PREP109"])
        guarantee = Guarantee.objects.filter(application__order__number=number).last()
        fields = {
            "PREP101": {**APPLICATION, "applicationId": number},
            "PREP107": {
                "guaranteeId": guarantee.number if guarantee else "BH1",
                "invalidTime": MOMENTS[0],
                "invalidType": "0",
            },
            "PREP109": {"applicationId": number, "applicationType": "02"},
        }[transcode]
        before = _everything()
        assert self._say(which, transcode, fields, clock.now() - LATE).code == "101"
        assert _everything() == before

    def _say(self, which: int, transcode: str, fields: dict[str, Any], reqtime: datetime | None = None) -> Sent:
        body = self.platforms[which].seal(transcode, fields, reqtime=reqtime)
        return self._post(which, transcode, fields, body)

    def _post(self, which: int, transcode: str, fields: dict[str, Any], body: bytes) -> Sent:
        """Speaks, and expects to be told nothing: what we are told follows from decisions alone."""
        before = Application.objects.count()
        answer = self.platforms[which].post(body)
        shown = {name: value for name, value in fields.items() if name in TELLING}
        note(f"Platform {which} sends {transcode} {shown}: {answer.code}")
        assert answer.code in ("000", "101", "103", "203"), answer
        if transcode == "PREP101" and answer.code in ("000", "103"):
            self._has_applied(which, fields, answer.code, begun=Application.objects.count() > before)
        else:
            assert Application.objects.count() == before
        self.last[which] = Sent(transcode, fields, body, answer.code)
        assert self._news() == ()
        return self.last[which]

    def _has_applied(self, which: int, fields: dict[str, Any], code: str, *, begun: bool) -> None:
        """B1: an order lives, and then only the same content is accepted and nothing is done; or a round begins."""
        order = self._order(which, fields["applicationId"])
        assert order is not None
        stage, latest = self.stages.get(order.pk), order.rounds.latest("round")
        if begun:
            assert code == "000"
            assert stage is None or stage in MAY_BEGIN_AGAIN
            before = order.rounds.exclude(pk=latest.pk).order_by("-round").first()
            assert before is None or not before.guarantees.filter(state="in_force").exists()
            self.stages[order.pk], self.asked[order.pk] = Stage.SUBMITTED, fields
            return
        assert stage not in MAY_BEGIN_AGAIN - {Stage.ISSUED}
        assert stage is not Stage.ISSUED or latest.guarantees.filter(state="in_force").exists()
        assert code == ("000" if self.asked[order.pk] == fields else "103")

    def _order(self, which: int, number: str) -> Order | None:
        return Order.objects.filter(connection=self.platforms[which].connection, number=number).first()

    # --- The staff ----------------------------------------------------------------------------------------------------

    def decides_whatever(self, chance: Random) -> None:
        """Any person, any decision, any case: it is taken or refused, and never fails otherwise."""
        decision = chance.choice([found for found in DECISIONS if found.model.objects.exists()])
        case = chance.choice(list(decision.model.objects.order_by("pk")))
        self._decide(decision, case, chance.choice(self.staff), chance)

    def decides_what_is_open(self, chance: Random) -> None:
        """What the desk offers to somebody."""
        for _time in range(chance.choice([1, 2, 3])):
            if chance.random() < 0.8 and not self._open_and_rare():
                self.asks(chance)
            if self.possible():
                self._decide(*self._draw_open(chance), chance)

    def fills_in_a_form(self, chance: Random) -> None:
        """What the desk offers to somebody, who takes their time."""
        if self.possible():
            decision, case, who = self._draw_open(chance)
            seen, form = last_number(case.audit_chain), filled(decision, case, chance)
            if form is not None:
                self.kept.append(Kept(decision, case, who, form, seen))

    def sends_the_form(self, chance: Random) -> None:
        """Whatever happened to the order meanwhile, the person must look again first."""
        if self.kept:
            kept = self.kept.pop(chance.randrange(len(self.kept)))
            changed = last_number(kept.case.audit_chain) != kept.seen
            taken = self._take(kept.decision, kept.case, kept.who, kept.form, kept.seen)
            assert not (taken and changed)

    def brings_a_letter_out(self, chance: Random) -> None:
        """What the platform cannot come to otherwise in so few steps."""
        if going := list(Application.objects.filter(state__in=UNDER_WAY).order_by("id")):
            self._bring_out(chance.choice(going))

    def _bring_out(self, case: Application, steps: int = 4) -> None:
        """The ordinary way of an application, as far as it is open, by the people whose work it is."""
        for name, role in ORDINARY_WAY:
            decision = next(found for found in DECISIONS if found.model is Application and found.name == name)
            who = next(one for one in self.staff if one.username == role.value)
            case = Application.objects.get(pk=case.pk)
            if steps and decision.is_open_to(case, who):
                steps -= 1
                self._decide(decision, case, who)

    def possible(self) -> list[tuple[Decision[Any], Any]]:
        """What somebody may decide now; it changes with the audit trail of the case's order, and with time."""
        lengths = Counter(AuditEntry.objects.values_list("chain", flat=True))
        if lengths != self.lengths:
            kept = [pair for pair in self.open if lengths[pair[1].audit_chain] == self.lengths[pair[1].audit_chain]]
            new = [
                (decision, case)
                for model, final in FINAL.items()
                for case in model._default_manager.order_by("pk")
                if getattr(case, "state", "") not in final
                and lengths[case.audit_chain] != self.lengths[case.audit_chain]
                for decision in DECISIONS
                if decision.model is model
                if any(decision.why_not(case, who) is None for who in self.holders[decision.permission])
            ]
            self.lengths, self.open = lengths, kept + new
        return self.open

    def _open_and_rare(self) -> list[Decision[Any]]:
        return list(dict.fromkeys(decision for decision, _case in self.possible() if not is_common(decision)))

    def _draw_open(self, chance: Random) -> tuple[Decision[Any], models.Model, User]:
        rare = self._open_and_rare()
        if rare and chance.random() < 0.9:
            decision = chance.choice(rare)
        else:
            decision = chance.choice([decision for decision, _case in self.possible()])
        case = chance.choice([case for found, case in self.possible() if found is decision])
        who = chance.choice([one for one in self.staff if decision.is_open_to(case, one)])
        return decision, case, who

    def _decide(self, decision: Decision[Any], case: models.Model, who: User, chance: Random | None = None) -> None:
        form, is_open = filled(decision, case, chance), decision.is_open_to(case, who)
        if form is None and is_open:
            return  # the form asks for something else
        taken = self._take(decision, case, who, form)
        assert taken == is_open or (is_open and is_proposed(decision, case, form))

    def _take(
        self,
        decision: Decision[Any],
        case: models.Model,
        who: User,
        form: forms.BaseForm | None,
        seen: int | None = None,
    ) -> bool:
        """Whether it was taken; what was refused changed nothing and told nobody."""
        order = Order.objects.get(pk=int(case.audit_chain.removeprefix("order:")))  # type: ignore[attr-defined]
        withdrawn = order.withdrawals.filter(state="received").exists()
        before = _everything()
        data = form.cleaned_data if form else {}
        note(f"{who} decides {decision.model.__name__}.{decision.name} on {case!r}: {data}")
        try:
            if form and is_proposed(decision, case, form):
                decide_together(decision, case, who, form, seen, self.staff)
            else:
                decision.take(case.pk, who, data, seen=seen)
        except DecisionRefused:
            assert _everything() == before
            assert self._news() == ()
            return False
        assert _everything() != before
        assert self._news() in may_tell(decision)
        assert not (withdrawn and decision.model is Application and decision.name in BLOCKED_BY_WITHDRAWAL)
        return True

    # --- Time ---------------------------------------------------------------------------------------------------------

    def time_passes(self, chance: Random) -> None:
        """Periodic work may come late, and in either order."""
        self.time.shift(timedelta(days=chance.choice([0, 1, 20, 40, 400]), seconds=1))
        self.lengths, self.open = Counter(), []
        tasks = chance.choice([(), (effect_due, expire_due), (expire_due, effect_due)])
        note(f"It is {clock.now()}; {[task.__name__ for task in tasks]}")
        for task in tasks:
            task(clock.now())
        assert set(self._news()) <= {"PREP108"}
        for task in tasks:
            assert task(clock.now()) == 0
        lost = Cancellation.objects.filter(state="approved").exclude(guarantee__state="in_force")
        assert not (tasks and lost.exists())

    # --- What the platforms are told ----------------------------------------------------------------------------------

    def _news(self) -> tuple[str, ...]:
        """What the platforms were told since it was last asked for, held to B4 and B7."""
        news = list(Notification.objects.filter(pk__gt=self.heard).select_related("connection").order_by("id"))
        for notification in news:
            self.heard = notification.pk
            fields = json.loads(notification.plaintext)
            order = Order.objects.get(connection=notification.connection, number=notification.queue)
            match notification.transcode:
                case "PREP102":
                    assert fields["applicationId"] == order.number
                    self._hear_status(order, fields["applicationStatus"])
                case "PREP106":
                    self._hear_claim(fields["guaranteeId"], fields["status"])
                case "PREP108":
                    self._hear_end(order, fields["guaranteeId"])
        return tuple(f"{one.transcode} {one.status}".strip() for one in news)

    def _hear_status(self, order: Order, status: str) -> None:
        if status in CHANGE_NOTHING:
            return
        stage = self.stages[order.pk]
        assert status in MAY_FOLLOW.get(stage, ()), f"PREP102 {status} was told of an order that is {stage}"
        self.stages[order.pk] = LEADS_TO[status]

    def _hear_claim(self, number: str, status: str) -> None:
        root = chain(Guarantee.objects.get(number=number))[0].pk
        assert (status == "00") != self.in_hand[root], f"PREP106 {status} was told while in hand: {self.in_hand[root]}"
        self.in_hand[root] = status == "00"

    def _hear_end(self, order: Order, number: str) -> None:
        assert self.stages[order.pk] is Stage.ISSUED
        ended = Cancellation.objects.get(guarantee__number=number, state="effective")
        self.stages[order.pk] = Stage.RETURNED if ended.is_return else Stage.ENDED


def _everything() -> dict[str, list[Any]]:
    """What a message or decision that is refused leaves as it was."""
    states = {
        model.__name__: list(model._default_manager.order_by("pk").values_list("pk", "state")) for model in WITH_LIFE
    }
    counted = (AuditEntry, Notification, Receipt, Refund, Payment, IssuedPaper)
    return states | {model.__name__: [model._default_manager.count()] for model in counted}


def _short_letter(letter: Particulars, *, signed_at: datetime, mark: str = "") -> house.Letter:
    """In place of the signed PDF, which has its own tests."""
    return house.Letter(b"%PDF-1.7 " + letter.number.encode(), house.letter_wording().reference)


def _short_paper(paper: Issued, kind: str, *, signed_at: datetime) -> house.Letter:
    """In place of every other paper's."""
    return house.Letter(b"%PDF-1.7 " + paper.number.encode(), kind)


def _raise_again(*_args: Any) -> None:
    """In place of the log of periodic work, which hides what failed so that the rest goes on."""
    raise


def test_the_state_machines_hold(institution: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "make_letter", _short_letter)
    monkeypatch.setattr(house, "make_paper", _short_paper)
    monkeypatch.setattr(ending.log, "exception", _raise_again)
    run_state_machine_as_test(
        House,
        settings=settings(
            # A step draws on all that went before it, so there is nothing to shrink; the report tells the whole story.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
