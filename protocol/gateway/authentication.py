"""Who speaks: the connection, its network, its signature.

Shape (103) comes first; then an unknown appid, a foreign network and a wrong signature get one and the same answer
(101).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request as ApiRequest

from protocol import envelope
from protocol.errors import CannotOpen, NotAuthenticated, Reason
from protocol.gateway.passage import Seam, passage_of
from protocol.gateway.stages import NetworkAllowed, Parsed, PlatformNamed, SenderKnown, advanced
from protocol.models import Connection


def known_appid(parsed: Parsed) -> PlatformNamed:
    appid = parsed.request.appid
    connection = Connection.objects.agreed().filter(appid=appid).first()
    if connection is None:
        raise NotAuthenticated(reason=Reason.UNKNOWN_APPID, particulars=appid)
    return advanced(parsed, PlatformNamed, connection=connection)


def allowed_network(named: PlatformNamed) -> NetworkAllowed:
    if not named.connection.allows(named.address):
        raise NotAuthenticated(reason=Reason.FOREIGN_NETWORK, particulars=named.address)
    return advanced(named, NetworkAllowed, party=named.connection.party())


def opened_where_that_is_signed(allowed: NetworkAllowed) -> NetworkAllowed:
    """Opened already, where the dialect signs the plaintext; what our key does not open has no right signature."""
    if allowed.request.is_digital or allowed.party.dialect.signed != "plaintext":
        return allowed
    try:
        return replace(allowed, opened=envelope.open_request(allowed.request, allowed.party))
    except CannotOpen as error:
        raise NotAuthenticated(reason=error.reason, particulars=error.particulars) from error


def right_signature(allowed: NetworkAllowed) -> SenderKnown:
    """A digital envelope has none: nothing proves who sent it (decisions E9)."""
    sign = b"" if allowed.request.is_digital else envelope.verify(allowed.request, allowed.party, allowed.opened)
    return advanced(allowed, SenderKnown, sign=sign)


@dataclass(frozen=True)
class Sender:
    """The platform that a request speaks for, as REST framework's user."""

    connection: Connection
    is_authenticated: bool = True


class SenderAuthentication(BaseAuthentication):
    """The checks of the sender; `request.user` is a Sender, `request.auth` the signature's 32 bytes, or b""."""

    def authenticate(self, request: ApiRequest) -> tuple[Any, Any]:
        passage = passage_of(request)
        request.data  # noqa: B018 (has the parser make its checks)
        if not isinstance(passage.stage, Parsed):  # of an empty body no parser is asked
            passage.go_on(Seam.PARSER)
        passage.go_on(Seam.AUTHENTICATION)
        if not isinstance(passage.stage, SenderKnown):
            raise TypeError(f"The sender is not known: {passage.stage}")
        return Sender(passage.stage.connection), passage.stage.sign
