"""The order of checks (decisions): what is looked at first, and what each refuses.

A request passes them from the top to the bottom; the first that is not content answers. REST framework comes to its
seams in the order in which they stand here, and refuses any method but POST between the last two.
"""

from __future__ import annotations

from protocol.errors import Reason
from protocol.gateway import arrival, authentication, idempotency, opening, parsers, permissions, throttles
from protocol.gateway.passage import Check, Seam
from protocol.gateway.stages import (
    MessageOpened,
    NetworkAllowed,
    Parsed,
    PlatformNamed,
    Received,
    SenderKnown,
    Understood,
)

#: Why a message cannot be opened (102), told only in our own record.
NOT_OPENED = (
    Reason.DATA_NOT_BASE64,
    Reason.SIGN_NOT_BASE64,
    Reason.CIPHERTEXT_SHORT,
    Reason.OFF_CURVE,
    Reason.WRONG_C3,
    Reason.KEY_NOT_OURS,
    Reason.SESSION_KEY,
    Reason.BLOCK_LENGTH,
    Reason.PADDING,
    Reason.NOT_OPENED,
    Reason.NOT_UTF8,
    Reason.NOT_JSON,
)
#: What stands against a twin that was accepted while the message was on its way.
TWIN = (Reason.REUSED, Reason.CHANGED)
SHAPE = (Reason.NO_ENVELOPE, Reason.MALFORMED, Reason.TOO_LARGE)

ORDER: tuple[Check, ...] = (
    Check(Seam.ARRIVAL, Received, arrival.known_address, (Reason.ADDRESS,)),
    Check(Seam.ARRIVAL, Received, arrival.not_too_large, (Reason.TOO_LARGE,)),
    Check(Seam.ARRIVAL, Received, arrival.arrived_whole, (Reason.NOT_RECEIVED,)),
    Check(Seam.ARRIVAL, Received, arrival.room_for_a_large_body, (Reason.BUSY,)),
    Check(Seam.PARSER, Received, parsers.shape, SHAPE),
    Check(Seam.PARSER, Parsed, parsers.transcode_of_the_address, (Reason.TRANSCODE_OF_ADDRESS,)),
    Check(Seam.PARSER, Parsed, parsers.transcode_that_we_answer, (Reason.TRANSCODE,)),
    Check(Seam.AUTHENTICATION, Parsed, authentication.known_appid, (Reason.UNKNOWN_APPID,)),
    Check(Seam.AUTHENTICATION, PlatformNamed, authentication.allowed_network, (Reason.FOREIGN_NETWORK,)),
    Check(Seam.AUTHENTICATION, NetworkAllowed, authentication.opened_where_that_is_signed, NOT_OPENED),
    Check(
        Seam.AUTHENTICATION,
        NetworkAllowed,
        authentication.right_signature,
        (Reason.SIGN_NOT_HEX, Reason.WRONG_SIGNATURE),
    ),
    Check(Seam.PERMISSION, SenderKnown, idempotency.signature_not_used, (Reason.REUSED,)),
    Check(Seam.PERMISSION, SenderKnown, idempotency.opened_where_its_name_is_used, NOT_OPENED),
    Check(Seam.PERMISSION, SenderKnown, idempotency.name_not_used, (Reason.CHANGED,)),
    Check(Seam.PERMISSION, SenderKnown, permissions.fresh, (Reason.STALE,)),
    Check(Seam.THROTTLE, SenderKnown, throttles.within_the_rate, (Reason.THROTTLED,)),
    Check(Seam.VIEW, SenderKnown, opening.opened, NOT_OPENED),
    Check(Seam.VIEW, MessageOpened, opening.not_suspended, (Reason.SUSPENDED,)),
    Check(Seam.VIEW, MessageOpened, opening.right_fields, (Reason.FIELDS,)),
    Check(Seam.VIEW, Understood, opening.done, (Reason.BUSINESS, Reason.FIELDS, *TWIN)),
)
