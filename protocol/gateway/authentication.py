"""Who speaks: the connection, its network, its signature (decisions: order of checks)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request as ApiRequest

from protocol import envelope
from protocol.errors import CannotOpen, Malformed, NotAuthenticated, Reason
from protocol.gateway.exchange import exchange_of
from protocol.models import Connection


@dataclass(frozen=True)
class Sender:
    """The platform that a request speaks for. Nothing proves it of a digital envelope (decisions E9)."""

    connection: Connection
    is_authenticated: bool = True


class SenderAuthentication(BaseAuthentication):
    """`request.user` becomes the sender, `request.auth` the 32 bytes of the signature (b"" of a digital envelope).

    Shape (103) comes first; then an unknown appid, a foreign network and a wrong signature get one and the same
    answer (101).
    """

    def authenticate(self, request: ApiRequest) -> tuple[Any, Any]:
        exchange = exchange_of(request)
        parsed = request.data
        if not isinstance(parsed, envelope.Request):
            raise Malformed("报文为空", reason=Reason.NO_ENVELOPE)
        exchange.request = parsed
        connection = Connection.objects.filter(appid=parsed.appid).first()
        if connection is None:
            raise NotAuthenticated(reason=Reason.UNKNOWN_APPID, particulars=parsed.appid)
        exchange.connection = connection
        if not connection.allows(exchange.address):
            raise NotAuthenticated(reason=Reason.FOREIGN_NETWORK, particulars=exchange.address)
        party = connection.party()
        sign = b""
        if not parsed.is_digital:
            if party.dialect.signed == "plaintext":
                try:
                    exchange.opened = envelope.open_request(parsed, party)
                except CannotOpen as error:
                    exchange.unread = error.plaintext
                    raise NotAuthenticated(reason=error.reason, particulars=error.particulars) from None
            sign = envelope.verify(parsed, party, exchange.opened)
        exchange.party = party
        return Sender(connection), sign
