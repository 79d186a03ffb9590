"""The outer JSON of every message: parsing, verifying, opening and sealing it, for either side (sections 9.2 and 9.3).

Two kinds: signed (SM2 ciphertext and an SM3 over it) and digital (SM4 ciphertext and its key under SM2). Bytes in,
bytes out; the dialect says what the specification leaves open (decisions E3 to E9).
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import IO

from protocol import base64text, longtext, strictjson
from protocol.base64text import from_base64
from protocol.crypto import sm2, sm3, sm4
from protocol.details import Detail
from protocol.dialect import Dialect
from protocol.errors import MAX_MESSAGE, SUCCESS, TEXTS, CannotOpen, Malformed, NotAuthenticated, Reason, reason_of
from protocol.longtext import LongText
from protocol.times import read_time
from protocol.vocabulary import DIGITAL
from protocol.wire_language import COMMA
from staff.clock import CHINA

VERSION = "v1.0"
#: Table 9.2.1: the fields of a request and the most characters we accept; None is unlimited.
REQUEST_FIELDS = {
    "transcode": 20,
    "msgcode": 36,
    "appid": 32,
    "reqtime": None,  # its form says more than its length
    "version": 10,
    "data": None,
    "sign": None,
}


#: What our cryptography tells of a ciphertext that it does not open.
CAUSES = {"short": Reason.CIPHERTEXT_SHORT, "off_curve": Reason.OFF_CURVE, "wrong_c3": Reason.WRONG_C3}


class _Unopened(sm2.DecryptionError):
    """Why a message cannot be opened, for our own record; whoever sent it gets the same answer for all."""

    def __init__(self, reason: Reason) -> None:
        super().__init__()
        self.reason = reason


class NotTheSpecification(ValueError):
    """An answer that is not what table 9.2.2 says."""


class NoCode(NotTheSpecification):
    """An answer whose code is missing, or none."""


@dataclass(frozen=True)
class Party:
    """One agreement as one side holds it: the shared secrets, its own key pair, and the other side's public key."""

    appid: str
    appkey: str = field(repr=False)
    appsecret: str = field(repr=False)
    own_key: sm2.PrivateKey = field(repr=False)
    peer_key: sm2.PublicKey
    dialect: Dialect = field(default_factory=Dialect)
    #: What PREP104's file is called, which alone makes a message long; only whoever receives one asks.
    file_field: str = ""


@dataclass(frozen=True)
class Request:
    """The outer JSON of a request, its shape checked and nothing else; `reqtime` is aware, `reqtime_text` as signed."""

    transcode: str
    msgcode: str
    appid: str
    reqtime: datetime
    reqtime_text: str
    version: str
    data: str
    sign: str
    #: What `data` holds, where that is so long that it is read only when it is opened; `data` is "" then.
    long: LongText | None = field(default=None, repr=False)

    @property
    def is_digital(self) -> bool:
        return self.transcode in DIGITAL


@dataclass(frozen=True)
class Opened:
    """What a request held: the plaintext as it was encrypted (b"" of a very long one), and its JSON object."""

    plaintext: bytes
    fields: dict[str, strictjson.Value]


@dataclass(frozen=True)
class Answered:
    """What came back for a request; `fields` are a digital answer's, beside code and message."""

    code: str
    message: str
    fields: dict[str, strictjson.Value]


def parse(body: bytes) -> Request:
    """The request in `body`, or Malformed (103) naming what is wrong with its shape."""
    try:
        return _request(strictjson.loads(body))
    except strictjson.JsonError as error:
        raise Malformed(Detail.NO_JSON.on_the_wire(error=error), reason=Reason.NO_ENVELOPE) from None


def parse_long(file: IO[bytes], size: int) -> Request:
    """The request in the `size` bytes of `file`, its `data` still there: it is not read before it is opened."""
    try:
        outer, data = longtext.read(file, size, "data")
    except strictjson.JsonError as error:
        raise Malformed(Detail.NO_JSON.on_the_wire(error=error), reason=Reason.NO_ENVELOPE) from None
    return replace(_request({**outer, "data": "-"}), data="", long=data)


def _request(outer: Mapping[str, strictjson.Value]) -> Request:
    texts: dict[str, str] = {}
    for name, longest in REQUEST_FIELDS.items():
        value = outer.get(name)
        if not isinstance(value, str) or not value.strip():
            raise Malformed(Detail.ABSENT.on_the_wire(name=name, came_as=_came_as(outer)))
        if longest is not None and len(value.strip()) > longest:
            raise Malformed(Detail.TOO_LONG.on_the_wire(name=name, longest=longest))
        texts[name] = str(value)
    if not re.fullmatch(r"[0-9A-Za-z-]{1,36}", texts["msgcode"], re.ASCII):
        raise Malformed(Detail.MSGCODE.on_the_wire())
    return Request(reqtime=_reqtime(texts["reqtime"]), reqtime_text=texts.pop("reqtime"), long=None, **texts)


def _came_as(outer: Mapping[str, object]) -> str:
    """Names that differ from the table's in letter case alone, as the sender wrote them; of the rest of the body
    nothing is said."""
    known = {name.lower() for name in REQUEST_FIELDS}
    alike = [given for given in outer if given not in REQUEST_FIELDS and given.lower() in known]
    return Detail.NAMES_IN_OTHER_CASE.on_the_wire(names=COMMA.join(alike)[:80]) if alike else ""


def verify(request: Request, party: Party, opened: Opened | None = None) -> bytes:
    """The 32 bytes of a signed request's `sign`, if it is the one that the secrets give; else NotAuthenticated (101).

    Where the dialect signs the plaintext, `opened` is what the request held (decisions E4).
    """
    signed = opened.plaintext.decode() if party.dialect.signed == "plaintext" and opened else request.data
    if not re.fullmatch(r"[0-9a-fA-F]{64}", request.sign, re.ASCII):
        raise NotAuthenticated(reason=Reason.SIGN_NOT_HEX)
    given = bytes.fromhex(request.sign)
    if not hmac.compare_digest(signature(signed, request.reqtime_text, party), given):
        raise NotAuthenticated
    return given


def signature(signed: str, reqtime: str, party: Party) -> bytes:
    """SM3(data&reqtime&appkey&appsecret), section 9.3.2: 32 bytes."""
    return sm3.digest("&".join((signed, reqtime, party.appkey, party.appsecret)).encode())


def open_request(request: Request, party: Party) -> Opened:
    """What a request of either kind holds, or CannotOpen (102), the same for every cause."""
    if not request.is_digital:
        return open_signed(request.data, party)
    try:
        if request.long is not None:
            return _open_long(request.long, request.sign, party)
        plaintext = _open_digital(request.data, request.sign, party)
    except ValueError as error:
        raise CannotOpen(reason=reason_of(error, Reason.NOT_OPENED)) from None
    return _read_object(plaintext)


def open_signed(data: str, party: Party) -> Opened:
    """What the `data` of a signed request holds, or CannotOpen, whoever sent it."""
    try:
        plaintext = sm2.decrypt(party.own_key, _encoded_bytes(data))
    except sm2.DecryptionError as error:
        raise CannotOpen(reason=reason_of(error, CAUSES.get(error.cause, Reason.NOT_OPENED))) from None
    return _read_object(plaintext)


def _read_object(plaintext: bytes) -> Opened:
    try:
        return Opened(plaintext, strictjson.loads(plaintext))
    except ValueError as error:
        refused = CannotOpen(reason=reason_of(error, Reason.NOT_JSON), particulars=str(error))
        refused.plaintext = plaintext
        raise refused from None


def seal_request(transcode: str, plaintext: bytes, party: Party, *, msgcode: str, reqtime: datetime) -> bytes:
    """The outer JSON of a request of either kind, encrypted afresh for the other side."""
    reqtime_text = reqtime.astimezone(CHINA).strftime("%Y%m%d%H%M%S")
    if transcode in DIGITAL:
        data, sign = _seal_digital(plaintext, party)
    else:
        data = _encoded_text(_encrypt(plaintext, party), party.dialect)
        signed = plaintext.decode() if party.dialect.signed == "plaintext" else data
        sign = signature(signed, reqtime_text, party).hex()
    return strictjson.dumps(
        {
            "transcode": transcode,
            "msgcode": msgcode,
            "appid": party.appid,
            "reqtime": reqtime_text,
            "version": VERSION,
            "data": data,
            "sign": sign,
        }
    )


def answer(code: str, message: str = "") -> bytes:
    """An answer in clear: code and message only, as for signed requests and for every failure (decisions E8)."""
    return strictjson.dumps({"code": code, "message": message[:MAX_MESSAGE] or TEXTS[code]})


def seal_answer(fields: Mapping[str, str], party: Party, *, code: str = SUCCESS, message: str = "") -> bytes:
    """A digital request's answer once it was opened: sealed for the other side, code and message inside once more.

    The clear message is only the code's text: anyone who knows an appid can ask (decisions E8).
    """
    inside = {"code": code, "message": message[:MAX_MESSAGE] or TEXTS[code], **fields}
    data, sign = _seal_digital(strictjson.dumps(inside), party)
    return strictjson.dumps({"code": code, "message": TEXTS[code], "data": data, "sign": sign})


def read_answer(body: bytes, party: Party) -> Answered:
    """An answer as its receiver reads it, or NotTheSpecification saying what it is instead."""
    try:
        outer = strictjson.loads(body)
        inner = outer
        if isinstance(data := outer.get("data"), str) and isinstance(sign := outer.get("sign"), str) and data:
            inner = {**outer, **strictjson.loads(_open_digital(data, sign, party))}
    except ValueError as error:
        raise NotTheSpecification(f"The answer cannot be read: {error}") from None
    code, message = inner.get("code"), inner.get("message")
    if not isinstance(code, str) or not re.fullmatch(r"[0-9]{3}", code, re.ASCII):
        raise NotTheSpecification("The answer has no code of three digits.")
    envelope = {"code", "message", "data", "sign"}
    return Answered(
        str(code),
        str(message) if isinstance(message, str) else "",
        {name: value for name, value in inner.items() if name not in envelope},
    )


def read_code(body: bytes) -> Answered:
    """What an answer to a signed message says, for the sender: its code decides, whatever else it holds or lacks.

    `data` and `sign` mean nothing here (decisions B17). Other programs write their message in GBK, or with control
    characters. Raises NotTheSpecification where no object with a code of three digits can be made out.
    """
    for encoding, errors in (("utf-8-sig", "strict"), ("gb18030", "strict"), ("utf-8-sig", "replace")):
        try:
            outer = json.loads(body.decode(encoding, errors), strict=False)
        except (ValueError, RecursionError):
            continue
        if isinstance(outer, dict):
            code, message = str(outer.get("code", "")).strip(), outer.get("message")
            if not re.fullmatch(r"[0-9]{3}", code, re.ASCII):
                raise NoCode("The answer has no code of three digits.")
            return Answered(code, _visible(message) if isinstance(message, str) else "", {})
    raise NotTheSpecification("The answer is no JSON object.")


def _visible(text: str) -> str:
    """`text` as databases and pages bear it: control characters and halves of surrogate pairs become blanks."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]+", " ", text)


def _reqtime(text: str) -> datetime:
    if (reqtime := read_time(text, r"[0-9]{14}", "%Y%m%d%H%M%S")) is None:
        raise Malformed(Detail.REQTIME.on_the_wire())
    return reqtime


def _encrypt(plaintext: bytes, party: Party) -> bytes:
    dialect = party.dialect
    return sm2.encrypt(party.peer_key, plaintext, sm2.Layout(dialect.sm2_layout), prefix=dialect.sm2_prefix == "yes")


def _open_digital(data: str, sign: str, party: Party) -> bytes:
    key, ciphertext = _key_in(sign, party), _encoded_bytes(data)
    iv_size = sm4.BLOCK_SIZE if party.dialect.sm4_mode == "cbc" else 0
    if len(ciphertext) % sm4.BLOCK_SIZE or len(ciphertext) <= iv_size:
        raise _Unopened(Reason.BLOCK_LENGTH)
    try:
        if iv_size:
            return sm4.decrypt_cbc(key, ciphertext[:iv_size], ciphertext[iv_size:])
        return sm4.decrypt_ecb(key, ciphertext)
    except ValueError:
        raise _Unopened(Reason.PADDING) from None


def _open_long(data: LongText, sign: str, party: Party) -> Opened:
    """What a digital envelope with a long file holds: never its `data` and its plaintext whole at the same time."""
    key, pieces, iv = _key_in(sign, party), _encoded_pieces(data), None
    if party.dialect.sm4_mode == "cbc":
        first = next(pieces)
        iv, pieces = first[: sm4.BLOCK_SIZE], chain([first[sm4.BLOCK_SIZE :]], pieces)
    try:
        plaintext = sm4.decrypt_pieces(key, iv, pieces)
    except sm4.PaddingError:
        raise _Unopened(Reason.PADDING) from None
    if plaintext.tell() <= longtext.MOST_BESIDE:
        return _read_object(plaintext.getvalue())
    try:
        fields, file = longtext.read(plaintext, plaintext.tell(), party.file_field)
        return Opened(b"", {**fields, party.file_field: file.text()})
    except strictjson.JsonError as error:
        raise _Unopened(reason_of(error, Reason.NOT_JSON)) from None


def _key_in(sign: str, party: Party) -> bytes:
    """The session key that a digital envelope's `sign` holds."""
    try:
        opened = sm2.decrypt(party.own_key, _encoded_bytes(sign, Reason.SIGN_NOT_BASE64))
    except sm2.DecryptionError as error:
        raise _Unopened(reason_of(error, Reason.KEY_NOT_OURS)) from None
    return _session_key(opened)


def _seal_digital(plaintext: bytes, party: Party) -> tuple[str, str]:
    key = secrets.token_bytes(sm4.KEY_SIZE)
    if party.dialect.sm4_mode == "cbc":
        iv = secrets.token_bytes(sm4.BLOCK_SIZE)
        ciphertext = iv + sm4.encrypt_cbc(key, iv, plaintext)
    else:
        ciphertext = sm4.encrypt_ecb(key, plaintext)
    return base64.b64encode(ciphertext).decode(), _encoded_text(_encrypt(key, party), party.dialect)


def _session_key(opened: bytes) -> bytes:
    """The SM4 key as 16 raw bytes, 32 hex digits or base64 of 16, told apart by length (decisions E7)."""
    if len(opened) == sm4.KEY_SIZE:
        return opened
    text = opened.decode("ascii", "replace").strip()
    if len(text) == 2 * sm4.KEY_SIZE and re.fullmatch(r"[0-9a-fA-F]+", text):
        return bytes.fromhex(text)
    if len(text.rstrip("=")) == 22 and (key := from_base64(text)) is not None and len(key) == sm4.KEY_SIZE:
        return key
    raise _Unopened(Reason.SESSION_KEY)


def _encoded_bytes(text: str, wrong: Reason = Reason.DATA_NOT_BASE64) -> bytes:
    """Hex in either case, or base64 in either alphabet, padded or not; line breaks and blanks are passed over (E5)."""
    compact = "".join(text.split())
    if len(compact) % 2 == 0 and re.fullmatch(r"[0-9a-fA-F]+", compact):
        return bytes.fromhex(compact)
    if (found := from_base64(compact)) is None:
        raise _Unopened(wrong)
    return found


def _encoded_pieces(data: LongText) -> Iterator[bytes]:
    """The same of a long text; its first 64 kB tell hex from base64."""
    compact = ("".join(piece.split()) for piece in data.pieces())
    try:
        first = next(compact, "")
        texts = chain([first], compact)
        if re.fullmatch(r"[0-9a-fA-F]+", first):
            held = ""
            for text in texts:
                even = len(held + text) // 2 * 2
                yield bytes.fromhex((held + text)[:even])
                held = (held + text)[even:]
            yield bytes.fromhex(held)
        else:
            yield from base64text.decode(texts)
    except ValueError:
        raise _Unopened(Reason.DATA_NOT_BASE64) from None


def _encoded_text(encoded: bytes, dialect: Dialect) -> str:
    return encoded.hex() if dialect.sm2_text == "hex" else base64.b64encode(encoded).decode()
