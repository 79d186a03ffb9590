"""Every failure that the platform can be told of: the codes of the specification's table 11.1 as exceptions.

The texts are the specification's own, in its language; `message` adds what was wrong (protocol/details.py), in at most
200 characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from protocol.details import Detail
from protocol.wire_language import Labelled
from protocol.wire_language import gettext_noop as _

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


class Reason(Labelled):
    """Why a message was refused, for our own record: the answer tells none of it (decisions C7).

    The labels are for people, on the desk.
    """

    # Before a sender is looked for.
    ADDRESS = "address", _("no such address")
    METHOD = "method", _("not sent by POST")
    TOO_LARGE = "too_large", _("larger than such a message may be")
    BUSY = "busy", _("too many large messages at once")  # as many as we read at once were being read
    NOT_RECEIVED = "not_received", _("the request was broken or did not end in time")
    NO_ENVELOPE = "no_envelope", _("the body is no JSON object")
    MALFORMED = "malformed", _("the envelope is malformed")  # otherwise than table 9.2.1 says
    TRANSCODE = "transcode", _("not a transcode that we answer")
    TRANSCODE_OF_ADDRESS = "transcode_of_address", _("the address names another transcode")
    # Who speaks.
    UNKNOWN_APPID = "unknown_appid", _("unknown appid")
    FOREIGN_NETWORK = "foreign_network", _("from a foreign network")
    SIGN_NOT_HEX = "sign_not_hex", _("sign is not 64 hex digits")
    WRONG_SIGNATURE = "wrong_signature", _("the signature differs")
    STALE = "stale", _("reqtime is too far from our clock")
    THROTTLED = "throttled", _("too many requests")
    SUSPENDED = "suspended", _("suspended by an operator")
    REUSED = "reused", _("the signature belongs to another message")
    CHANGED = "changed", _("the msgcode was used for another content")
    # Opening it.
    DATA_NOT_BASE64 = "data_not_base64", _("data is neither base64 nor hex")
    SIGN_NOT_BASE64 = "sign_not_base64", _("sign is neither base64 nor hex")  # of a digital envelope
    CIPHERTEXT_SHORT = "ciphertext_short", _("data is no SM2 ciphertext")  # or not shaped as any layout of SM2
    OFF_CURVE = "off_curve", _("C1 is no point of the curve")  # in any layout
    WRONG_C3 = "wrong_c3", _("C3 is wrong: encrypted for another key, or changed")
    KEY_NOT_OURS = "key_not_ours", _("our key does not open the session key")
    SESSION_KEY = "session_key", _("the session key is not 16 bytes")  # in any of its forms
    BLOCK_LENGTH = "block_length", _("data is not a whole number of SM4 blocks")
    PADDING = "padding", _("the SM4 padding is wrong: another key or mode, or changed")
    NOT_OPENED = "not_opened", _("cannot be decrypted")
    NOT_UTF8 = "not_utf8", _("decrypted, and not UTF-8")
    NOT_JSON = "not_json", _("decrypted, and no JSON object")
    # What it says.
    FIELDS = "fields", _("fields are wrong")
    BUSINESS = "business", _("names something that we do not know")  # 201 to 204
    INTERNAL = "internal", _("a failure of ours")


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


def _as_many_as_fit(texts: list[str], room: int) -> str:
    """The first of `texts` that fit `room` characters, then how many there are."""
    if len("; ".join(texts)) <= room:
        return "; ".join(texts)
    ending = f"; {Detail.FIELDS_IN_ALL.on_the_wire(count=len(texts))}"
    fitting: list[str] = []
    while len("; ".join([*fitting, texts[len(fitting)]])) + len(ending) <= room:
        fitting.append(texts[len(fitting)])
    return "; ".join(fitting) + ending if fitting else texts[0][: room - len(ending)] + ending


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
        super().__init__(Detail.INCIDENT.on_the_wire(incident=incident) if incident else "")
