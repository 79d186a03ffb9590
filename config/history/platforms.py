"""The history's platforms: parties of their own, which speak to the gateway in its language and in this process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO, StringIO

from django.core.handlers.wsgi import WSGIRequest
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from protocol import envelope
from protocol.crypto import keys, sm2
from protocol.dialect import Dialect
from protocol.errors import SUCCESS
from protocol.gateway.middleware import GatewayMiddleware
from protocol.models import Connection
from staff import clock

#: Name, appid, and how many of ten orders come from it.
NAMES = (
    ("内蒙古政府采购平台（演示历史）", "HISTORYNMG", 6),
    ("晋冀政府采购平台（演示历史）", "HISTORYJJ", 3),
    ("宁夏政府采购平台（演示历史）", "HISTORYNX", 1),
)
WEIGHTS = {appid: weight for _name, appid, weight in NAMES}


class NotAccepted(Exception):
    """The gateway refused a message of the history; says code and message."""


def known() -> list[Connection]:
    """The history's connections that there are, the first made first."""
    return list(Connection.objects.filter(appid__in=WEIGHTS).order_by("pk"))


@dataclass(frozen=True)
class Platform:
    """One of them, at work."""

    connection: Connection
    party: envelope.Party

    @classmethod
    def connected(cls, name: str, appid: str, address: str) -> Platform:
        """Agreed with, now where it is not yet: by the command by which every platform is."""
        key = _key(appid)
        if not Connection.objects.filter(appid=appid).exists():
            call_command(
                "connect_platform",
                name=name,
                appid=appid,
                appkey=_secret("appkey", appid),
                appsecret=_secret("appsecret", appid),
                platform_key=keys.public_text(key.public),
                address=address or None,
                stdout=StringIO(),
            )
        connection = Connection.objects.get(appid=appid)
        ours = connection.own_key().public
        party = envelope.Party(appid, connection.appkey, connection.appsecret, key, ours, Dialect())
        return cls(connection, party)

    def send(self, transcode: str, fields: Mapping[str, str], msgcode: str) -> None:
        """Posts a message and needs 000 for it. Raises NotAccepted."""
        plaintext = json.dumps(fields, ensure_ascii=False).encode()
        body = envelope.seal_request(transcode, plaintext, self.party, msgcode=msgcode, reqtime=clock.now())
        answered = envelope.read_answer(_posted(body), self.party)
        if answered.code != SUCCESS:
            raise NotAccepted(f"{transcode}: {answered.code} {answered.message}")


def msgcode_of(*parts: object) -> str:
    """32 hex digits that the same parts always give."""
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]


def _posted(body: bytes) -> bytes:
    """The gateway's answer, by the middleware that stands before all others."""
    environment = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/gateway/",
        "SERVER_NAME": "history",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
    }
    response = GatewayMiddleware(_nothing_else)(WSGIRequest(environment))
    return response.content


def _nothing_else(request: HttpRequest) -> HttpResponse:
    raise LookupError(request.path)


def _secret(what: str, appid: str) -> str:
    """Known to this installation alone, and the same when the history goes on."""
    return salted_hmac(f"config.history.{what}", appid, algorithm="sha256").hexdigest()[:32]


def _key(appid: str) -> sm2.PrivateKey:
    return keys.load_private(salted_hmac("config.history.key", appid, algorithm="sha256").hexdigest())
