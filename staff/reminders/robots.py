"""What each provider's group robot is sent, and what its answers mean.

Sources: 企业微信 群机器人配置说明 (developer.work.weixin.qq.com/document/path/91770), 钉钉 自定义机器人接入
(open.dingtalk.com/document/orgapp/custom-robot-access), 飞书 自定义机器人使用指南
(open.feishu.cn/document/client-docs/bot-v3/add-custom-bot). All three answer HTTP 200 to what they refuse.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from staff.models import ChannelKind
from staff.reminders.posting import NotPosted, Reply, printable

#: By these codes a robot says that it was asked too often: 20 messages a minute of WeCom's and DingTalk's, 100 of
#: Feishu's, which says so under HTTP 400. DingTalk then takes none for ten minutes.
TOO_OFTEN = {
    ChannelKind.WECOM: {45009},
    ChannelKind.DINGTALK: {130101},
    ChannelKind.FEISHU: {9499, 11232, 99991400},
}
#: The provider's own trouble, which passes.
BUSY = -1


class TooOften(NotPosted):
    """The robot was asked too often: it is asked again a while later."""


@dataclass(frozen=True)
class Request:
    """What is posted, and where: both may hold a signature."""

    address: str
    body: bytes


def request(kind: str, address: str, secret: str, text: str, now: datetime) -> Request:
    """A text message; signed at `now` where the robot has a secret and its kind signs."""
    if kind == ChannelKind.FEISHU:
        content: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if secret:
            seconds = str(int(now.timestamp()))
            content = {"timestamp": seconds, "sign": feishu_signature(seconds, secret), **content}
        return Request(address, _json(content))
    body = _json({"msgtype": "text", "text": {"content": text}})
    if kind == ChannelKind.DINGTALK and secret:
        milliseconds = str(int(now.timestamp() * 1000))
        signed = {"timestamp": milliseconds, "sign": dingtalk_signature(milliseconds, secret)}
        parts = urlsplit(address)
        query = "&".join(filter(None, (parts.query, urlencode(signed))))
        return Request(urlunsplit(parts._replace(query=query)), body)
    return Request(address, body)


def dingtalk_signature(milliseconds: str, secret: str) -> str:
    """Base64 of HMAC-SHA256 over the timestamp, a line feed and the secret, under the secret."""
    signed = hmac.digest(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(signed).decode()


def feishu_signature(seconds: str, secret: str) -> str:
    """Base64 of HMAC-SHA256 over nothing, under the timestamp, a line feed and the secret."""
    return base64.b64encode(hmac.digest(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256)).decode()


def accepted(kind: str, reply: Reply) -> str:
    """What the robot said when it took the message; raises NotPosted where it did not."""
    if reply.status == 429:
        raise TooOften(_("HTTP %(detail)s instead of 200") % {"detail": reply.status})
    if reply.status != 200 and not (kind == ChannelKind.FEISHU and reply.status == 400):
        final = 300 <= reply.status < 500 and reply.status not in (408, 425)
        raise NotPosted(_("HTTP %(detail)s instead of 200") % {"detail": reply.status}, final=final)
    code, said = _code(kind, reply.body)
    if code is None:
        raise NotPosted(_("The answer is none of this kind of robot's."), final=True)
    text = f"{code} {said}".strip()
    if code == 0:
        return text
    if code in TOO_OFTEN[ChannelKind(kind)]:
        raise TooOften(text)
    raise NotPosted(text, final=code != BUSY)


def _code(kind: str, body: bytes) -> tuple[int | None, str]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None, ""
    if not isinstance(answer, dict):
        return None, ""
    # Feishu's robots of the first kind say StatusCode where they took it.
    names = (
        [("code", "msg"), ("StatusCode", "StatusMessage")] if kind == ChannelKind.FEISHU else [("errcode", "errmsg")]
    )
    for code, said in names:
        if isinstance(answer.get(code), int):
            return answer[code], printable(str(answer.get(said, "")))
    return None, ""


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
