"""Every failure that the platform can be told of: the codes of the specification's table 11.1 as exceptions.

The texts are the specification's, in its language; `message` adds what was wrong, in at most 200 characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar, NamedTuple

MAX_MESSAGE = 200
#: Of the fields that are wrong, as an alert tells them, which says more and has 255 characters.
MAX_PARTICULARS = 120

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


class Reason(StrEnum):
    """Why a message was refused, for our own record: the answer tells none of it (decisions C7).

    Their texts for people are the journal's (protocol/models/reason.py).
    """

    # Before a sender is looked for.
    ADDRESS = "address"  # no such address under /gateway/
    METHOD = "method"
    TOO_LARGE = "too_large"
    BUSY = "busy"  # as many large bodies as we read at once were being read
    NOT_RECEIVED = "not_received"  # HTTP itself was broken, or the request never ended
    NO_ENVELOPE = "no_envelope"  # the body is no JSON object
    MALFORMED = "malformed"  # a field of the envelope is absent or not shaped as table 9.2.1 says
    TRANSCODE = "transcode"  # none that we answer
    TRANSCODE_OF_ADDRESS = "transcode_of_address"  # the address names another
    # Who speaks.
    UNKNOWN_APPID = "unknown_appid"
    FOREIGN_NETWORK = "foreign_network"
    SIGN_NOT_HEX = "sign_not_hex"  # a signed message's `sign` is not 64 hex digits
    WRONG_SIGNATURE = "wrong_signature"
    STALE = "stale"
    THROTTLED = "throttled"
    SUSPENDED = "suspended"
    REUSED = "reused"  # the signature of another accepted message
    CHANGED = "changed"  # an accepted msgcode with another content
    # Opening it.
    DATA_NOT_BASE64 = "data_not_base64"  # nor hex
    SIGN_NOT_BASE64 = "sign_not_base64"  # of a digital envelope, nor hex
    CIPHERTEXT_SHORT = "ciphertext_short"  # or not shaped as any layout of SM2
    OFF_CURVE = "off_curve"  # C1 is no point of the curve in any layout
    WRONG_C3 = "wrong_c3"  # another key's, or changed
    KEY_NOT_OURS = "key_not_ours"  # our key does not open the session key in `sign`
    SESSION_KEY = "session_key"  # opened, and not 16 bytes in any of its forms
    BLOCK_LENGTH = "block_length"  # the SM4 text is not a multiple of 16 bytes
    PADDING = "padding"  # another session key or mode, or changed
    NOT_OPENED = "not_opened"  # none of the above
    NOT_UTF8 = "not_utf8"  # opened
    NOT_JSON = "not_json"  # opened
    # What it says.
    FIELDS = "fields"
    BUSINESS = "business"  # 201 to 204
    INTERNAL = "internal"  # our own failure


def reason_of(error: BaseException, otherwise: Reason) -> Reason:
    """The `reason` that an error carries; Python's own errors have attributes of that name which are texts."""
    found = getattr(error, "reason", None)
    return found if isinstance(found, Reason) else otherwise


class ProtocolError(Exception):
    """A request that is answered with `code`; `message` is for the platform, and never holds personal data.

    `reason` and `particulars` (what exactly, for instance the appid as it was written) are for our own record.
    """

    code: ClassVar[str]
    reason: Reason = Reason.BUSINESS

    def __init__(self, detail: str = "", *, reason: Reason | None = None, particulars: str = "") -> None:
        self.detail = detail
        self.reason = reason or type(self).reason
        self.particulars = particulars
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
    reason = Reason.WRONG_SIGNATURE


class Stale(ProtocolError):
    """A request whose signature holds and whose reqtime lies too far from our clock (decisions C2)."""

    code = "101"
    reason = Reason.STALE


class CannotOpen(ProtocolError):
    """A message that our key does not open, or that holds no JSON object in UTF-8: one and the same answer."""

    code = "102"
    reason = Reason.NOT_OPENED
    #: What was decrypted, where that is what cannot be read.
    plaintext: bytes = b""


class Malformed(ProtocolError):
    """An envelope that is not shaped as the specification's table 9.2.1 says."""

    code = "103"
    reason = Reason.MALFORMED


class Problem(NamedTuple):
    """What is wrong with one field; `text` goes on from the field's name. `label` is what people call the field."""

    field: str
    text: str
    label: str = ""

    @property
    def words(self) -> str:
        return f"{self.label}（{self.field}）{self.text}" if self.label else f"{self.field} {self.text}"


class InvalidFields(ProtocolError):
    """Fields that break the transcode's table; names as many as fit the message, then their count."""

    code = "103"
    reason = Reason.FIELDS

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        room = MAX_MESSAGE - len(self.clear_message) - 2
        super().__init__(
            _as_many_as_fit([f"{problem.field} {problem.text}" for problem in self.problems], room),
            particulars=_as_many_as_fit([problem.words for problem in self.problems], MAX_PARTICULARS),
        )


def _as_many_as_fit(told: list[str], room: int) -> str:
    """The first of `told` that fit `room` characters, then how many there are."""
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
    reason = Reason.SUSPENDED


class InternalFailure(ProtocolError):
    """Our own failure. The message names an incident and nothing else; `what` is for our log."""

    code = "302"
    reason = Reason.INTERNAL

    def __init__(self, what: str = "", incident: str = "") -> None:
        self.what = what
        super().__init__(f"事件编号 {incident}" if incident else "")
