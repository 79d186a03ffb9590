"""The three providers' group robots, on loopback by TLS: they check what they are sent as the providers' documents say,
and answer HTTP 200 to what they refuse."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from staff import clock

SECRET = "SEC-of-the-robot"
#: Where each robot is, key included.
PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=the-key",
    "dingtalk": "/robot/send?access_token=the-key",
    "feishu": "/open-apis/bot/v2/hook/the-key",
}
#: What is answered in place of the robot's own judgement: HTTP status and body.
Answer = tuple[int, bytes]


class Robots:
    """`texts` are the messages that were taken, `calls` counts all; `answer` replaces what the robots say."""

    def __init__(self, folder: Path) -> None:
        self.texts: list[str] = []
        self.calls = 0
        self.answer: Callable[[], Answer] | None = None
        #: Seconds between one byte of an answer and the next.
        self.drips = 0.0
        self.authority = folder / "robots.pem"
        self.authority.write_text(_certificate())
        robots = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                robots.calls += 1
                status, content = robots.answer() if robots.answer else (200, robots.judged(self.path, body))
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", robots.address("wecom"))
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                for byte in content if robots.drips else ():
                    sleep(robots.drips)
                    with suppress(OSError):
                        self.wfile.write(bytes([byte]))
                if not robots.drips:
                    self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def address(self, kind: str) -> str:
        return f"https://{self.host}{PATHS[kind]}"

    def judged(self, path: str, body: bytes) -> bytes:
        said, asked = json.loads(body), parse_qs(urlsplit(path).query)
        if "/hook/" in path:
            return _json(self._feishu(said))
        if "access_token" in asked:
            return _json(self._dingtalk(said, asked))
        if asked.get("key") != ["the-key"] or said["msgtype"] != "text":
            return _json({"errcode": 93000, "errmsg": "invalid webhook url"})
        self.texts.append(said["text"]["content"])
        return _json({"errcode": 0, "errmsg": "ok"})

    def _dingtalk(self, said: dict[str, Any], asked: dict[str, list[str]]) -> dict[str, Any]:
        """The signature is Base64(HmacSHA256(key=secret, timestamp + "\\n" + secret)); the timestamp is in ms."""
        (stamp,), (sign,) = asked.get("timestamp", ["0"]), asked.get("sign", [""])
        right = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
        if base64.b64decode(sign) != right or abs(clock.now().timestamp() - int(stamp) / 1000) > 3600:
            return {"errcode": 310000, "errmsg": "sign not match"}
        self.texts.append(said["text"]["content"])
        return {"errcode": 0, "errmsg": "ok"}

    def _feishu(self, said: dict[str, Any]) -> dict[str, Any]:
        """The signature is Base64(HmacSHA256(key=timestamp + "\\n" + secret, "")); the timestamp is in s."""
        stamp = said.get("timestamp", "0")
        right = base64.b64encode(hmac.new(f"{stamp}\n{SECRET}".encode(), digestmod=hashlib.sha256).digest()).decode()
        if said.get("sign") != right or abs(clock.now().timestamp() - int(stamp)) > 3600:
            return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
        assert said["msg_type"] == "text"
        self.texts.append(said["content"]["text"])
        return {"code": 0, "msg": "success", "data": {}}


@contextmanager
def robots(folder: Path) -> Iterator[Robots]:
    found = Robots(folder)
    try:
        yield found
    finally:
        found.server.shutdown()
        found.server.server_close()


def says(content: dict[str, Any], status: int = 200) -> Callable[[], Answer]:
    return lambda: (status, _json(content))


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content).encode()


def _certificate() -> str:
    """For 127.0.0.1, its own authority, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.system()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "robots")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3650))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (made.public_bytes(serialization.Encoding.PEM) + private).decode()
