"""The order in which one application's statuses may come (decisions B4 and B7), as one table.

01 or 02; 01, then 05, then 03; 04 ends what was approved or paid; 07 only before 03; 08 only after it. PREP108 ends the
guarantee, or after a defective file makes the order wait for another 03, or for 04. 06 and 09 may follow anything and
change nothing. A demand is taken up (PREP106 00) and then settled or refused, once.

Where the messages leave open what happened (an invalidation refused by a PREP108, say), both are held possible.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from protocol.prep.codes import ApplicationStatus, DemandStatus, InvalidType
from protocol.sandbox.store import SENT, Message
from protocol.vocabulary import Transcode


class Stage(Enum):
    """Where an order stands, as far as the notifications tell."""

    SUBMITTED = "已提交"
    APPROVED = "审批通过"
    REJECTED = "审批拒绝"
    PAID = "已支付"
    ISSUED = "已开函"
    FAILED = "开函失败"
    CANCELLED = "已取消"
    SURRENDERED = "已退保"
    RETURNED = "保函已退回"
    ENDED = "保函已注销"


#: What each PREP102 status leads to.
LEADS_TO: dict[str, Stage] = {
    ApplicationStatus.APPROVED: Stage.APPROVED,
    ApplicationStatus.REJECTED: Stage.REJECTED,
    ApplicationStatus.ISSUED: Stage.ISSUED,
    ApplicationStatus.FAILED: Stage.FAILED,
    ApplicationStatus.PAID: Stage.PAID,
    ApplicationStatus.CANCELLED: Stage.CANCELLED,
    ApplicationStatus.SURRENDERED: Stage.SURRENDERED,
}
#: The PREP102 statuses that may come next; stages that are not here are final.
MAY_FOLLOW = {
    Stage.SUBMITTED: (ApplicationStatus.APPROVED, ApplicationStatus.REJECTED, ApplicationStatus.CANCELLED),
    Stage.APPROVED: (ApplicationStatus.PAID, ApplicationStatus.FAILED, ApplicationStatus.CANCELLED),
    Stage.PAID: (ApplicationStatus.ISSUED, ApplicationStatus.FAILED, ApplicationStatus.CANCELLED),
    Stage.ISSUED: (ApplicationStatus.SURRENDERED,),
    Stage.RETURNED: (ApplicationStatus.ISSUED, ApplicationStatus.FAILED),
    Stage.ENDED: (ApplicationStatus.SURRENDERED,),
}
CHANGE_NOTHING = (ApplicationStatus.CANCELLATION_REFUSED, ApplicationStatus.SURRENDER_REFUSED)
#: An application under the same number begins a new round after these. An issued guarantee may have expired or been
#: paid out, which no PREP102 tells.
MAY_BEGIN_AGAIN = {Stage.REJECTED, Stage.FAILED, Stage.CANCELLED, Stage.SURRENDERED, Stage.ENDED, Stage.ISSUED}


class Progress:
    """One order's way through its messages, told in the order in which they were sent and received."""

    def __init__(self, *, refusal_by_prep108: bool = False) -> None:
        self.possible: frozenset[Stage] = frozenset()
        self._refusal_by_prep108 = refusal_by_prep108
        self._asked: set[str] = set()
        self._submitted: set[str] = set()
        self._is_handling = False

    def follow_all(self, messages: Iterable[Message]) -> Progress:
        for message in messages:
            self.follow(message)
        return self

    def follow(self, message: Message) -> str:
        """Goes on by one message; what is wrong with its coming now, or nothing."""
        if message.direction == SENT:
            self._send(message)
            return ""
        if message.repeated or not message.is_accepted:
            return ""
        match message.transcode:
            case Transcode.APPLICATION_STATUS:
                return self._status(str(message.fields.get("applicationStatus")))
            case Transcode.DEMAND_STATUS:
                return self._claim(str(message.fields.get("status")))
            case Transcode.CANCELLATION_OUTCOME:
                return self._end()
        return ""

    @property
    def label(self) -> str:
        return "或".join(stage.value for stage in Stage if stage in self.possible) or "未受理"

    def _send(self, message: Message) -> None:
        # One without an answer may have arrived: what comes back tells.
        if message.outcome.code not in ("", "000"):
            return
        if message.transcode == Transcode.CANCELLATION:
            self._asked.add(str(message.fields.get("invalidType")))
        elif message.transcode == Transcode.APPLICATION and message.msgcode not in self._submitted:
            self._submitted.add(message.msgcode)
            if not self.possible or self.possible <= MAY_BEGIN_AGAIN:
                goes_on = self.possible & {Stage.ISSUED}
                self.possible = goes_on | {Stage.SUBMITTED}

    def _status(self, status: str) -> str:
        if status in CHANGE_NOTHING:
            return ""
        expected = sorted({next_one for stage in self.possible for next_one in MAY_FOLLOW.get(stage, ())})
        before, self.possible = self.label, frozenset({LEADS_TO[status]})
        if status in expected:
            return ""
        wanted = f"此时只应收到 {'、'.join(expected)}" if expected else "此后不应再有状态变更"
        return f"状态顺序有误：订单为“{before}”时收到 PREP102 {status}，{wanted}（06、09 除外）"

    def _claim(self, status: str) -> str:
        was_handling, self._is_handling = self._is_handling, status == DemandStatus.IN_HAND
        if status == DemandStatus.IN_HAND:
            return "理赔结果顺序有误：上一笔索赔尚无结果，又收到 PREP106 00" if was_handling else ""
        return "" if was_handling else f"理赔结果顺序有误：未收到 PREP106 00（受理中）即收到 {status}"

    def _end(self) -> str:
        before, problem = self.label, ""
        if Stage.ISSUED not in self.possible:
            problem = f"注销结果顺序有误：订单为“{before}”时收到 PREP108"
        elif not self._asked:
            problem = "注销结果有误：未提出保函失效（PREP107）即收到 PREP108"
        possible = {Stage.RETURNED if kind == InvalidType.DEFECTIVE else Stage.ENDED for kind in self._asked} or {
            Stage.ENDED
        }
        if self._refusal_by_prep108:
            possible.add(Stage.ISSUED)
        self.possible, self._asked = frozenset(possible), set()
        return problem
