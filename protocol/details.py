"""What a refusal says beside its code's text: what was wrong, for whoever reads the answer. No Django."""

from __future__ import annotations

from protocol.wire_language import WireText
from protocol.wire_language import gettext_noop as _


class Detail(WireText):
    """What is wrong with a request as a whole."""

    # Before a sender is looked for.
    ADDRESS = _("the address is /gateway/ or /gateway/ and a transcode")
    METHOD = _("requests come by POST")
    EMPTY = _("the message is empty")
    TOO_LARGE = _("the message is too large")
    BEYOND_THE_MOST = _("the message is larger than %(most)s MB")
    NOT_RECEIVED = _("the HTTP request was broken, or did not arrive whole in time")
    BUSY = _("too many large messages have come at once; try again later")
    NO_JSON = _("the message is no valid JSON object (%(error)s)")
    ABSENT = _("%(name)s is required, and a string%(came_as)s")
    NAMES_IN_OTHER_CASE = _("; names of fields tell capitals from small letters, and %(names)s came")
    TOO_LONG = _("%(name)s is longer than %(longest)s")
    MSGCODE = _("msgcode is 1 to 36 letters, digits or hyphens")
    REQTIME = _("reqtime is yyyyMMddHHmmss")
    TRANSCODE = _("transcode is none that is answered here")
    TRANSCODE_OF_ADDRESS = _("the address names another transcode than the message (%(transcode)s)")
    # Who speaks, and how often.
    STALE = _("reqtime %(reqtime)s is too far from our time %(our_time)s")
    THROTTLED = _("too many requests; try again in %(seconds)s seconds")
    REUSED = _("the signature was used for another message")
    CHANGED = _("msgcode was used for a message of another content")
    # What it says.
    FIELDS_IN_ALL = _("%(count)s fields are wrong in all")
    INCIDENT = _("incident %(incident)s")


class FieldDetail(WireText):
    """What is wrong with one field; it goes on from the field's name."""

    REQUIRED = _("is required")
    NO_TEXT = _("is to be a string")
    NO_TEXT_BUT_A_NUMBER = _("is to be a string, and no number with a fraction or an exponent")
    NONE_OF = _("is to be one of %(values)s")
    TOO_LONG = _("is longer than %(longest)s")
    NO_MONEY = _("is to be an amount above 0, of at most 13 digits before the point and two behind it")
    NO_MONTHS = _("is to be 1 to %(most)s whole months")
    NO_DATE = _("is to be a date, as yyyyMMdd")
    NO_TIME = _("is to be a time, as yyyy-MM-dd HH:mm:ss")
    BLANK_IN_BASE64 = _("is to be base64; a blank in it may be a + that was lost on the way")
    NO_BASE64 = _("is to be base64")
    OTHERWISE_WRITTEN = _("is to be %(form)s")
    UNKNOWN = _("is not in the specification")
    NOT_IN_THIS_STATUS = _("is not sent in status %(status)s")
