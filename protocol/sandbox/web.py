"""The sandbox's own web server: the page that shows and steers the platform, and the address of notifications.

GET  /  /orders/<number>/  /orders/<number>/letter.pdf        pages and the fetched file
POST /submit  /orders/<number>/<action>                       actions of the page, from the page only
POST /notify                                                  notifications of the institution
POST /history                                                 those of the past's platforms: taken and not read
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

from django.template import Context, Engine

from protocol import envelope
from protocol.errors import SUCCESS, TEXTS
from protocol.prep.codes import InvalidType
from protocol.sandbox import pages
from protocol.sandbox.platform import NotPossible, Platform
from protocol.sandbox.server import MAX_BODY
from protocol.sandbox.store import Message

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates" / "sandbox"
STATIC = ROOT / "static" / "sandbox"
STATIC_FILES = {
    "/style.css": ("sandbox.css", "text/css; charset=utf-8"),
    "/refresh.js": ("refresh.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}

JSON = "application/json; charset=utf-8"
REASONS = {
    200: "OK",
    303: "See Other",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    500: "Internal Server Error",
}
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    # Not no-referrer: browsers would then send Origin: null with our own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class _Refused(Exception):
    def __init__(self, status: int, text: str) -> None:
        self.status = status
        self.text = text
        super().__init__(text)


#: What each button does: an order's number and the form's fields into the message that was sent.
ACTIONS: dict[str, Callable[[Platform, str, Mapping[str, str]], Message]] = {
    "fetch": lambda platform, number, form: platform.fetch(number),
    "verify": lambda platform, number, form: platform.verify(number, platform.letter(number)),
    "verify-tampered": lambda platform, number, form: platform.verify(number, platform.letter(number), tampered=True),
    "demand": lambda platform, number, form: platform.demand(number, form.get("amount", "").strip()),
    "invalidate": lambda platform, number, form: platform.invalidate(number, InvalidType.PERFORMED),
    "return": lambda platform, number, form: platform.invalidate(number, InvalidType.DEFECTIVE),
    "cancel": lambda platform, number, form: platform.cancel(number),
    "surrender": lambda platform, number, form: platform.surrender(number),
    "resend": lambda platform, number, form: platform.resend(number),
}


class Application:
    """The WSGI application. Pages and actions answer under an IP address, localhost or one of `hosts` only, so that
    no foreign name that was pointed here reaches them."""

    def __init__(self, platform: Platform, hosts: Collection[str] = ()) -> None:
        self.platform = platform
        self._hosts = {"localhost", *hosts}
        self._engine = Engine(dirs=[str(TEMPLATES)])

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        if path.rstrip("/") == "/notify":
            answer = self._notified(environ)
        elif path.rstrip("/") == "/history":
            answer = _Answer(200, envelope.answer(SUCCESS, TEXTS[SUCCESS]), JSON)
        else:
            try:
                answer = self._answer(environ, path)
            except _Refused as refused:
                answer = self._page(refused.status, "trouble.html", {"text": refused.text})
            except sqlite3.Error:
                answer = self._page(500, "trouble.html", {"text": "沙箱的数据文件暂时无法读写，请稍后重试。"})
        headers = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body)), **answer.headers}
        start_response(f"{answer.status} {REASONS[answer.status]}", list(headers.items()))
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]

    def _notified(self, environ: WSGIEnvironment) -> _Answer:
        if environ["REQUEST_METHOD"] != "POST":
            return _Answer(200, envelope.answer("103", "通知应以 POST 发送"), JSON)
        try:
            return _Answer(200, self.platform.receive(_body(environ)), JSON)
        except _Refused as refused:
            return _Answer(refused.status, envelope.answer("103", refused.text), JSON)
        except sqlite3.Error:
            return _Answer(200, envelope.answer("302"), JSON)

    def _answer(self, environ: WSGIEnvironment, path: str) -> _Answer:
        own_host = environ.get("HTTP_HOST", "")
        if not self._is_own(own_host):
            raise _Refused(400, "沙箱不以这个主机名提供服务。")
        if environ["REQUEST_METHOD"] == "POST":
            self._check_origin(environ, own_host)
            return self._act(path, _form(environ))
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            raise _Refused(405, "该地址只接受 GET 与 POST。")
        if path in STATIC_FILES:
            name, content_type = STATIC_FILES[path]
            return _Answer(200, (STATIC / name).read_bytes(), content_type, {"X-Content-Type-Options": "nosniff"})
        own_address = f"{environ['wsgi.url_scheme']}://{own_host}"
        return self._show(path, own_address, _single(environ.get("QUERY_STRING", "")))

    def _show(self, path: str, own_address: str, query: Mapping[str, str]) -> _Answer:
        if path == "/":
            return self._page(200, "home.html", pages.home(self.platform, own_address))
        match = re.fullmatch(r"/orders/([0-9A-Za-z-]+)/(letter\.pdf)?", path)
        order = self.platform.store.order(match[1]) if match else None
        if not match or order is None:
            raise _Refused(404, "没有这个页面或订单。")
        if match[2]:
            return self._letter(order.number)
        context = pages.order(self.platform, order)
        context["notice"] = NotPossible.REASONS.get(query.get("notice", ""), "")
        return self._page(200, "order.html", context)

    def _letter(self, number: str) -> _Answer:
        letter = self.platform.store.letter(number)
        if letter is None:
            raise _Refused(404, "尚未取回保函文件。")
        headers = {
            "Content-Disposition": f"inline; filename*=UTF-8''{quote(letter.name, safe='')}",
            "Content-Security-Policy": "frame-ancestors 'self'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        return _Answer(200, self.platform.store.content(letter), "application/pdf", headers)

    def _act(self, path: str, form: Mapping[str, str]) -> _Answer:
        if path == "/submit":
            return _see(self.platform.submit().number)
        match = re.fullmatch(r"/orders/([0-9A-Za-z-]+)/([a-z-]+)", path)
        if not match or match[2] not in ACTIONS or self.platform.store.order(match[1]) is None:
            raise _Refused(404, "没有这个操作或订单。")
        try:
            ACTIONS[match[2]](self.platform, match[1], form)
        except NotPossible as impossible:
            return _see(match[1], impossible.reason)
        return _see(match[1])

    def _is_own(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        try:
            return name in self._hosts or bool(ip_address(name))
        except ValueError:
            return False

    def _check_origin(self, environ: WSGIEnvironment, own_host: str) -> None:
        # The scheme is not compared: a proxy in front may speak HTTPS.
        if environ.get("HTTP_ORIGIN", "").partition("://")[2] != own_host:
            raise _Refused(403, "该操作只能由沙箱自己的页面发起。")

    def _page(self, status: int, template: str, context: Mapping[str, object]) -> _Answer:
        # Without localisation the engine asks no Django settings.
        values = Context(dict(context), use_l10n=False, use_tz=False)
        html = self._engine.get_template(template).render(values)
        return _Answer(status, html.encode(), headers=PAGE_HEADERS)


def _see(number: str, notice: str = "") -> _Answer:
    return _Answer(303, headers={"Location": f"/orders/{number}/" + (f"?notice={notice}" if notice else "")})


def _body(environ: WSGIEnvironment) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal():
        raise _Refused(400, "Content-Length 无效。")
    if int(length) > MAX_BODY:
        raise _Refused(413, "报文过大。")
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


def _form(environ: WSGIEnvironment) -> dict[str, str]:
    return _single(_body(environ).decode("utf-8", "replace"))


def _single(query: str) -> dict[str, str]:
    try:
        return {name: values[0] for name, values in parse_qs(query, max_num_fields=20).items()}
    except ValueError:
        return {}
