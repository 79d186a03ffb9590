"""Every failure that the platform can be told of: the codes of the specification's table 11.1 as exceptions.

The texts are the specification's, in its language; `message` adds what was wrong, in at most 200 characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

MAX_MESSAGE = 200

SUCCESS = "000"
TEXTS = {
    "000": "成功",
    "101": "数据接收失败, 数据验签未通过",
    "102": "数据接收失败, 数据解密失败",
    "103": "数据接收失败, 请求参数校验未通过",
    "201": "业务处理失败, 项目编号不存在",
    "202": "业务处理失败, 合同编号不存在",
    "203": "业务处理失败, 保函唯一标识/保函申请编号不存在",
    "204": "业务处理失败, 供应商信息不存在",
    "301": "系统服务暂停, 请稍候",
    "302": "服务器异常",
}


class ProtocolError(Exception):
    """A request that is answered with `code`; `message` is for the platform, and never holds personal data."""

    code: ClassVar[str]

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The code's text and the detail, as the answer says them."""
        return (f"{self.clear_message}: {self.detail}" if self.detail else self.clear_message)[:MAX_MESSAGE]

    @property
    def clear_message(self) -> str:
        """The code's text alone, which anyone may read (decisions E8)."""
        return TEXTS[self.code]


class NotAuthenticated(ProtocolError):
    """An unknown sender, a foreign network or a wrong signature: one and the same answer."""

    code = "101"


class Stale(ProtocolError):
    """A request whose signature holds and whose reqtime lies too far from our clock (decisions C2)."""

    code = "101"


class CannotOpen(ProtocolError):
    """A message that our key does not open, or that holds no JSON object in UTF-8: one and the same answer."""

    code = "102"


class Malformed(ProtocolError):
    """An envelope that is not shaped as the specification's table 9.2.1 says."""

    code = "103"


class Problem(NamedTuple):
    """What is wrong with one field; `text` goes on from the field's name."""

    field: str
    text: str


class InvalidFields(ProtocolError):
    """Fields that break the transcode's table; names as many as fit the message, then their count."""

    code = "103"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(self._detail())

    def _detail(self) -> str:
        room = MAX_MESSAGE - len(self.clear_message) - 2
        told = [f"{field} {text}" for field, text in self.problems]
        if len("; ".join(told)) <= room:
            return "; ".join(told)
        ending = f"; 共{len(told)}个字段有误"
        fitting: list[str] = []
        while len("; ".join([*fitting, told[len(fitting)]])) + len(ending) <= room:
            fitting.append(told[len(fitting)])
        return "; ".join(fitting) + ending if fitting else told[0][: room - len(ending)] + ending


class UnknownProject(ProtocolError):
    code = "201"


class UnknownNumber(ProtocolError):
    """No guarantee or order of that number with this platform (decisions C3)."""

    code = "203"


class UnknownSupplier(ProtocolError):
    code = "204"


class Suspended(ProtocolError):
    """Suspended by an operator, or throttled: to be tried again later."""

    code = "301"


class InternalFailure(ProtocolError):
    """Our own failure. The message names an incident and nothing else; the reason is for our log."""

    code = "302"

    def __init__(self, reason: str = "", incident: str = "") -> None:
        self.reason = reason
        super().__init__(f"事件编号 {incident}" if incident else "")
