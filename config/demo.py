"""The demonstration: everything on this machine, with keys, a certificate, logins and a platform of its own.

    python -m config.demo [--port 8000] [--sandbox-port 8100] [--directory .demo]

It is a module and no management command, since it makes the secrets that the settings ask for before they are read.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import IO, Any

from cryptography.fernet import Fernet

from staff import clock

ROOT = Path(__file__).resolve().parent.parent
#: The signing certificate is older than the history that is made with it.
PAST = timedelta(days=6 * 365)
INSTITUTION = {
    "INSTITUTION_NAME": "演示融资担保有限公司",
    "INSTITUTION_CODE": "91110108MA01DEM05X",
    "INSTITUTION_KIND": "guarantee-company",
    "INSTITUTION_ADDRESS": "北京市海淀区示范路1号",
    "INSTITUTION_TELEPHONE": "010-00000000",
    "PREMIUM_ACCOUNT_NAME": "演示融资担保有限公司",
    "PREMIUM_ACCOUNT_NUMBER": "0000000000000000001",
    "PREMIUM_ACCOUNT_BANK": "演示银行北京海淀支行",
}


#: Far behind what the file says, which others may so read while it is locked (Windows locks bytes).
LOCKED_BYTE = 1 << 20


@dataclass(frozen=True)
class Places:
    """Where the demonstration listens and keeps its things."""

    directory: Path
    port: int
    sandbox_port: int

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m config.demo", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=port, default=8000, help="of the desk and the gateway")
    parser.add_argument("--sandbox-port", type=port, default=8100, help="of the sandbox platform")
    parser.add_argument("--directory", type=Path, default=ROOT / ".demo", help="where everything is kept")
    parser.add_argument("--orders", type=int, default=60, help="of the past that it is filled with at first (60)")
    parser.add_argument("--no-history", action="store_true", help="begin without a past")
    given = parser.parse_args(arguments)
    if given.port == given.sandbox_port:
        parser.error("--port and --sandbox-port must differ")
    if given.directory.exists() and not given.directory.is_dir():
        parser.error(f"--directory: {given.directory} is no directory")
    places = Places(given.directory.absolute(), given.port, given.sandbox_port)
    places.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = hold(places)
    need_free("--port", places.port)
    need_free("--sandbox-port", places.sandbox_port)
    prepare_environment(places)

    import django

    django.setup()
    try:
        run(places, 0 if given.no_history else given.orders)
    except OSError as error:
        sys.exit(f"Cannot listen: {error}. Give other ports with --port and --sandbox-port.")
    finally:
        held.close()


def port(text: str) -> int:
    """A port that can be listened on. Raises ValueError, which argparse tells."""
    if not 1 <= (number := int(text)) <= 65535:
        raise ValueError(text)
    return number


def hold(places: Places) -> IO[str]:
    """Takes the directory for this process as long as the file is open: one directory, one demonstration."""
    file = (places.directory / "running").open("a+", encoding="utf-8")
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        who = file.read().strip() or "another process"
        sys.exit(f"A demonstration runs in {places.directory} already: {who}. End it, or give another --directory.")
    file.seek(0)
    file.truncate()
    file.write(f"process {os.getpid()}, {places.site}/admin/")
    file.flush()
    return file


def need_free(option: str, port: int) -> None:
    """Ends with a sentence where somebody listens on the port, before anything is written."""
    with socket.socket() as probe:
        if os.name != "nt":  # elsewhere it would let two listen at once
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            sys.exit(f"Port {port} is taken ({error.strerror}): give another one with {option}.")


def prepare_environment(places: Places) -> None:
    """The settings of the demonstration; its secrets are made once and kept in its directory."""
    certificate, anchor = _certificate(places.directory)
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEMONSTRATION": "true",
            "DATA_DIR": str(places.directory),
            "DATABASE_URL": f"sqlite:///{places.directory / 'desk.sqlite3'}",
            "REDIS_URL": "",
            "PUBLIC_URL": places.site,
            "SIGNING_CERTIFICATE": str(certificate),
            "SIGNING_PASSPHRASE": "",
            "TRUST_ANCHORS": str(anchor),
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
            **INSTITUTION,
            **_secrets(places.directory),
        }
    )


def run(places: Places, orders: int) -> None:
    """Sets up what is missing, and serves until Ctrl-C; the past, of so many orders, comes while the desk answers."""
    from django.core.management import call_command

    from config.history.filling import filling
    from config.history.people import make_logins
    from config.server import Server
    from protocol.sandbox.platform import Platform
    from protocol.sandbox.server import serve
    from protocol.sandbox.state import load_or_create
    from protocol.sandbox.store import Store
    from protocol.sandbox.web import Application

    call_command("migrate", verbosity=0)
    make_logins()
    state = load_or_create(places.directory / "sandbox")
    output = StringIO()
    call_command(
        "connect_platform",
        name="演示采购平台（沙箱）",
        appid=state.appid,
        appkey=state.appkey,
        appsecret=state.appsecret,
        platform_key=state.public_key,
        address=f"{places.sandbox}/notify",
        json=True,
        stdout=output,
    )
    agreement = json.loads(output.getvalue())
    server = Server(f"127.0.0.1:{places.port}")
    store = Store(places.directory / "sandbox" / "orders.sqlite3")
    platform = Platform(state.party(agreement["institution_key"]), agreement["gateway"], store)
    sandbox = serve(Application(platform), "127.0.0.1", places.sandbox_port)
    threading.Thread(target=sandbox.run, name="sandbox", daemon=True).start()

    def stop(*_: object) -> None:
        server.ask_to_stop()
        filling.stop()

    def fill() -> None:
        if said := filling.fill(orders, f"{places.sandbox}/history", places.directory) if orders else "":
            print(said, flush=True)  # noqa: T201 (as below)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    print(_welcome(places), flush=True)  # noqa: T201 (a command: it tells its person where to go)
    server.run(fill)
    sandbox.close()


def _welcome(places: Places) -> str:
    from config.demonstration import LOGINS, PASSWORD

    logins = "\n".join(f"    {login.username:<14} {login.role.label}（{login.name}）" for login in LOGINS)
    return (
        f"\n业务后台 The desk              {places.site}/admin/\n"
        f"演示平台 The sandbox platform  {places.sandbox}/\n\n"
        f"登录（密码均为 {PASSWORD}；登录页可一键登录） Logins, one click each on the sign-in page:\n{logins}\n\n"
        f"仅供演示，保函不具法律效力。 For demonstration only. Data: {places.directory}\n"
        "按 Ctrl-C 结束。 Ctrl-C ends it; starting again goes on where it was.\n"
    )


def _secrets(directory: Path) -> dict[str, str]:
    path = directory / "secrets.json"
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "KEY_ENCRYPTION_KEY": Fernet.generate_key().decode(),
        }
        _write_private(path, json.dumps(made).encode())
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def _certificate(directory: Path) -> tuple[Path, Path]:
    """The demonstration's signing certificate and the authority that vouches for it; made anew before it expires."""
    from guarantees.letter.signature import credentials, demonstration

    path, anchor = directory / "signing.p12", directory / "authority.pem"
    now = clock.now()
    if not path.exists() or credentials.load_pkcs12(path.read_bytes(), "").not_after < now + timedelta(days=30):
        content, authority = demonstration.credentials(INSTITUTION["INSTITUTION_NAME"], now, past=PAST)
        # Former authorities stay: letters of theirs still verify.
        former = anchor.read_bytes() if anchor.exists() else b""
        _write_private(anchor, former + authority)
        _write_private(path, content)
    return path, anchor


def _write_private(path: Path, content: bytes) -> None:
    """Written aside and moved in whole, readable by its owner alone."""
    draft = path.with_suffix(".new")
    options: Any = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(draft, options, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)


if __name__ == "__main__":
    main()
