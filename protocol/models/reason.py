"""Why a message was refused, as people read it; protocol/errors.py has the reasons themselves."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from protocol.errors import Reason

REASON_TEXTS: dict[Reason, str | Promise] = {
    Reason.ADDRESS: _("no such address"),
    Reason.METHOD: _("not sent by POST"),
    Reason.TOO_LARGE: _("larger than such a message may be"),
    Reason.BUSY: _("too many large messages at once"),
    Reason.NOT_RECEIVED: _("the request was broken or did not end in time"),
    Reason.NO_ENVELOPE: _("the body is no JSON object"),
    Reason.MALFORMED: _("the envelope is malformed"),
    Reason.TRANSCODE: _("not a transcode that we answer"),
    Reason.TRANSCODE_OF_ADDRESS: _("the address names another transcode"),
    Reason.UNKNOWN_APPID: _("unknown appid"),
    Reason.FOREIGN_NETWORK: _("from a foreign network"),
    Reason.SIGN_NOT_HEX: _("sign is not 64 hex digits"),
    Reason.WRONG_SIGNATURE: _("the signature differs"),
    Reason.STALE: _("reqtime is too far from our clock"),
    Reason.THROTTLED: _("too many requests"),
    Reason.SUSPENDED: _("suspended by an operator"),
    Reason.REUSED: _("the signature belongs to another message"),
    Reason.CHANGED: _("the msgcode was used for another content"),
    Reason.DATA_NOT_BASE64: _("data is neither base64 nor hex"),
    Reason.SIGN_NOT_BASE64: _("sign is neither base64 nor hex"),
    Reason.CIPHERTEXT_SHORT: _("data is no SM2 ciphertext"),
    Reason.OFF_CURVE: _("C1 is no point of the curve"),
    Reason.WRONG_C3: _("C3 is wrong: encrypted for another key, or changed"),
    Reason.KEY_NOT_OURS: _("our key does not open the session key"),
    Reason.SESSION_KEY: _("the session key is not 16 bytes"),
    Reason.BLOCK_LENGTH: _("data is not a whole number of SM4 blocks"),
    Reason.PADDING: _("the SM4 padding is wrong: another key or mode, or changed"),
    Reason.NOT_OPENED: _("cannot be decrypted"),
    Reason.NOT_UTF8: _("decrypted, and not UTF-8"),
    Reason.NOT_JSON: _("decrypted, and no JSON object"),
    Reason.FIELDS: _("fields are wrong"),
    Reason.BUSINESS: _("names something that we do not know"),
    Reason.INTERNAL: _("a failure of ours"),
}
if missing := set(Reason) - REASON_TEXTS.keys():
    raise LookupError(f"Reasons without a text: {missing}")

REASONS = [(reason.value, text) for reason, text in REASON_TEXTS.items()]
