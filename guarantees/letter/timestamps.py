"""Timestamps of a time-stamping authority, by RFC 3161 over HTTP."""

from __future__ import annotations

from asn1crypto import tsp
from django.utils.translation import gettext as _
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from protocol.transport import Address, Line, NotDelivered

CONNECT_SECONDS = 5


class TimestampService(TimeStamper):
    """One authority, asked within a deadline that it cannot stretch. Of one letter: it keeps what it was answered."""

    def __init__(self, address: Address, *, authorization: str = "", seconds: float = 10) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._address, self._seconds = address, seconds
        self._headers = {"Content-Type": "application/timestamp-query"}
        if authorization:
            self._headers["Authorization"] = authorization

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        line = Line(self._address, connect_timeout=CONNECT_SECONDS)
        try:
            reply = line.post(req.dump(), within=self._seconds, headers=self._headers)
        except NotDelivered as error:
            raise TimestampRequestError(str(error)) from error
        finally:
            line.close()
        if reply.status != 200:
            raise TimestampRequestError(_("the authority answered HTTP %(status)s") % {"status": reply.status})
        try:
            response = tsp.TimeStampResp.load(reply.body, strict=True)
            str(response.native)  # parses all of it, which `load` leaves for later
        except (ValueError, TypeError) as error:
            raise TimestampRequestError(_("the authority's answer is none of RFC 3161")) from error
        return response
